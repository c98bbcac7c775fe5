"""A spec shown: its network, and every quantity by name and shape, in its notation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.arrays import Shape
from gradcheck.report import outline_equations, outline_layers
from gradcheck.specification.quantity import STRENGTH
from gradcheck.specification.records import Spec
from gradcheck.specification.shapes import shapes


def render(spec: Spec) -> str:
    """The outline as plain text."""
    return "\n".join(_lines(spec))


def _lines(spec: Spec) -> Iterator[str]:
    plan = spec.cases[0]
    stated = outline_layers if spec.model is None else outline_equations
    known = shapes(spec, plan)
    yield f"{spec.path}: {spec.title}"
    yield f"\nnotation   {spec.notation.name}: {spec.notation.about}"
    yield from stated.lines(spec, known)
    yield f"cases      {', '.join(map(stated.case, spec.cases))}"
    yield f"file       {spec.contract.file}"
    yield "run        " + spec.contract.run.rstrip().replace("\n", "\n" + 11 * " ")
    yield f"\nvariables of `run`, for {plan.words}:"
    strength = [(STRENGTH, (), "a float")] if STRENGTH in spec.contract.names else []
    yield from _table([*(_row(spec, known, name) for name in stated.given(spec) if name in known), *strength])
    yield "\nchecked:"
    yield from _table([_row(spec, known, name, _points(spec, name)) for name in spec.check])
    if spec.accept:
        yield "\naccepted too, for no points:" if any(spec.points.values()) else "\naccepted too:"
        yield from _table([_row(spec, known, name) for name in spec.accept])


def _points(spec: Spec, name: str) -> str:
    points = spec.points[name]
    return f"{points:g} point{'' if points == 1 else 's'}" if any(spec.points.values()) else ""


def _row(spec: Spec, known: dict[str, Shape], name: str, remark: str = "") -> tuple[str, Shape, str]:
    return spec.notation.symbol(name), known[name], remark


def _table(rows: Sequence[tuple[str, Shape, str]]) -> Iterator[str]:
    width = max(len(name) for name, _, _ in rows)
    wide = max(14, *(len(str(shape)) + 2 for _, shape, _ in rows))
    for name, shape, remark in rows:
        yield f"  {name:{width}}  {shape!s:{wide}}{remark}".rstrip()
