"""The network of a spec in equations, shown as it is stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradcheck.arrays import Shape
from gradcheck.expr.layout import shown
from gradcheck.specification.records import CasePlan, Spec


def lines(spec: Spec, known: Mapping[str, Shape]) -> Iterator[str]:
    """What is given, and the equations."""
    assert spec.model is not None
    model = spec.model
    for kind, names in (
        ("inputs", [name for name in model.network.given if name not in model.parameters]),
        ("parameters", [name for name in model.network.given if name in model.parameters]),
    ):
        if names:
            yield f"{kind:11}" + ", ".join(f"{name} {shown(model.network.given[name])}" for name in names)
    text = spec.network["model"]["equations"].rstrip()
    yield "equations  " + text.replace("\n", "\n" + 11 * " ")
    if model.upstream:
        yield f"upstream   {', '.join(f'd{name} is given' for name in model.upstream)}"


def given(spec: Spec) -> list[str]:
    """Names of what `run` is given, but for λ."""
    assert spec.model is not None
    return [*spec.model.handed_over, *spec.contract.given]


def case(plan: CasePlan) -> str:
    """How large a case is."""
    return f"({plan.words})"
