"""A spec shown: its network layer by layer, and every quantity by name and shape, in its notation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.maths._arrays import Shape
from gradcheck.maths.chain import Chain
from gradcheck.maths.layers import Layer
from gradcheck.spec.quantity import STRENGTH, handed_over
from gradcheck.spec.records import CasePlan, Spec
from gradcheck.spec.shapes import shapes

_KINDS = {
    "real": "real numbers",
    "binary": "0 or 1",
    "one_hot": "one-hot rows",
    "probabilities": "probabilities",
    "signs": "-1 or 1",
    "counts": "natural numbers",
}


def render(spec: Spec) -> str:
    """The outline as plain text."""
    return "\n".join(_lines(spec))


def _lines(spec: Spec) -> Iterator[str]:
    plan = spec.cases[0]
    chain = spec.chain(plan)
    yield f"{spec.path}: {spec.title}"
    yield f"\nnotation   {spec.notation.name}: {spec.notation.about}"
    yield f"inputs     {' x '.join(map(str, chain.inputs))}"
    known = shapes(spec, plan)
    for number, layer in enumerate(chain.layers, start=1):
        yield f"layer {number}    {layer.kind}{_activation(layer)}: {_quantities(spec, chain, number, known)}"
    yield f"loss       {spec.loss.name}: {spec.loss.formula}, {_reduction(chain)}{_penalty(spec)}"
    yield from _targets(spec)
    yield f"cases      {', '.join(_case(plan) for plan in spec.cases)}"
    yield f"file       {spec.contract.file}"
    yield "run        " + spec.contract.run.rstrip().replace("\n", "\n" + 11 * " ")
    yield f"\nvariables of `run`, for a batch of {plan.batch}:"
    given = [name for name in (*handed_over(chain), *spec.contract.given) if name in known]
    strength = [(STRENGTH, (), "a float")] if spec.penalty else []
    yield from _table([*(_row(spec, known, name) for name in given), *strength])
    yield "\nchecked:"
    yield from _table([_row(spec, known, name, _points(spec, name)) for name in spec.check])
    if spec.accept:
        yield "\naccepted too, for no points:" if any(spec.points.values()) else "\naccepted too:"
        yield from _table([_row(spec, known, name) for name in spec.accept])


def _activation(layer: Layer) -> str:
    activation = getattr(layer, "activation", None)
    return f", {activation.name} {activation.formula}" if activation else ""


def _quantities(spec: Spec, chain: Chain, number: int, known: dict[str, Shape]) -> str:
    """What the layer has and makes, with shapes: W2 (3, 2), z2 (3, 1), a2 (3, 1)."""
    steps = [step for step in chain.steps if step.layer == number]
    names = [name for step in steps for name in (*step.parameters, *step.inside, step.out)]
    return ", ".join(f"{spec.notation.symbol(name)} {known[name]}" for name in names if name in known)


def _reduction(chain: Chain) -> str:
    return "averaged over the batch" if chain.reduction == "mean" else "summed over the batch"


def _penalty(spec: Spec) -> str:
    if spec.penalty is None:
        return ""
    size = "sum of squares" if spec.penalty.norm == "l2" else "sum of sizes"
    return f", plus {spec.penalty.constant} times the {size} of {', '.join(sorted(spec.penalty.covers))}"


def _targets(spec: Spec) -> Iterator[str]:
    """What y is drawn from."""
    loss, sampling = spec.loss, spec.loss.sampling
    if loss.targets in ("upstream", "none"):
        return
    kind = sampling.kind if sampling else loss.targets
    text = _KINDS[kind]
    if sampling and sampling.low is not None:
        text = f"real numbers from {sampling.low:g} to {sampling.high:g}"
    if spec.labels:
        text = f"the numbers of classes, which stand for {text}"
    if sampling and sampling.every:
        text += "; the last class in every case, every class where there is room"
    yield f"targets    {text}"


def _case(plan: CasePlan) -> str:
    sizes = plan.widths or plan.inputs
    return f"batch of {plan.batch}" + (f" with sizes {'-'.join(map(str, sizes))}" if sizes else "")


def _points(spec: Spec, name: str) -> str:
    points = spec.points[name]
    return f"{points:g} point{'' if points == 1 else 's'}" if any(spec.points.values()) else ""


def _row(spec: Spec, known: dict[str, Shape], name: str, remark: str = "") -> tuple[str, Shape, str]:
    return spec.notation.symbol(name), known[name], remark


def _table(rows: Sequence[tuple[str, Shape, str]]) -> Iterator[str]:
    width = max(len(name) for name, _, _ in rows)
    for name, shape, remark in rows:
        yield f"  {name:{width}}  {shape!s:14}{remark}".rstrip()
