"""The network of a spec in layers, shown layer by layer."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.arrays import Shape
from gradcheck.layers import Layer, Stack
from gradcheck.specification.quantity import handed_over
from gradcheck.specification.records import CasePlan, Spec

_KINDS = {
    "real": "real numbers",
    "binary": "0 or 1",
    "one_hot": "one-hot rows",
    "probabilities": "probabilities",
    "signs": "-1 or 1",
    "counts": "natural numbers",
}


def lines(spec: Spec, known: dict[str, Shape]) -> Iterator[str]:
    """The layers, the loss and the targets."""
    stack = spec.sized(spec.cases[0])
    yield f"inputs     {' x '.join(map(str, stack.inputs))}"
    for number, layer in enumerate(stack.layers, start=1):
        yield f"layer {number}    {layer.kind}{_activation(layer)}: {_quantities(spec, stack, number, known)}"
    equation = stack.loss.of("a", stack.target or "", "k")
    yield f"loss       {stack.loss.name}: {equation}, {_reduction(stack)}{_penalty(stack)}"
    yield from _targets(spec)


def given(spec: Spec) -> list[str]:
    """Canonical names of what `run` is given, but for λ."""
    return [*handed_over(spec.stack), *spec.contract.given]


def case(plan: CasePlan) -> str:
    """How large a case is."""
    sizes = "-".join(map(str, plan.widths or plan.inputs or ()))
    axes = ", ".join(f"{axis} = {length}" for axis, length in (plan.sizes or {}).items())
    both = " and ".join(part for part in (sizes, axes) if part)
    return f"batch of {plan.batch}" + (f" with sizes {both}" if both else "")


def _activation(layer: Layer) -> str:
    activation = getattr(layer, "activation", None)
    if activation is None:
        return ""
    return f", {'identity' if activation.name == 'identity' else activation.of('z', 'k')}"


def _quantities(spec: Spec, stack: Stack, number: int, known: dict[str, Shape]) -> str:
    """What the layer has and makes, with shapes: W2 (3, 2), z2 (3, 1), a2 (3, 1)."""
    names = [name for name in (*stack.parameters, *stack.shapes(1)) if stack.quantities[name].layer == number]
    return ", ".join(f"{spec.notation.symbol(name)} {known[name]}" for name in names if name in known)


def _reduction(stack: Stack) -> str:
    return "averaged over the batch" if stack.reduction == "mean" else "summed over the batch"


def _penalty(stack: Stack) -> str:
    if stack.penalty is None:
        return ""
    norm, constant, covers = (stack.penalty[key] for key in ("norm", "constant", "covers"))
    size = "sum of squares" if norm == "l2" else "sum of sizes"
    return f", plus {constant} times the {size} of {', '.join(sorted(covers))}"


def _targets(spec: Spec) -> Iterator[str]:
    """What y is drawn from."""
    loss, sampling = spec.stack.loss, spec.stack.loss.sampling
    if not loss.compares:
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
