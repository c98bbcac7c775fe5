"""The network of a spec in layers, shown layer by layer."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.maths._arrays import Shape
from gradcheck.maths.chain import Chain
from gradcheck.maths.layers import Layer
from gradcheck.spec.quantity import handed_over
from gradcheck.spec.records import CasePlan, Spec

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
    chain = spec.chain(spec.cases[0])
    yield f"inputs     {' x '.join(map(str, chain.inputs))}"
    for number, layer in enumerate(chain.layers, start=1):
        yield f"layer {number}    {layer.kind}{_activation(layer)}: {_quantities(spec, chain, number, known)}"
    yield f"loss       {spec.loss.name}: {spec.loss.formula}, {_reduction(chain)}{_penalty(spec)}"
    yield from _targets(spec)


def given(spec: Spec) -> list[str]:
    """Canonical names of what `run` is given, but for λ."""
    return [*handed_over(spec.chain(spec.cases[0])), *spec.contract.given]


def case(plan: CasePlan) -> str:
    """How large a case is."""
    sizes = plan.widths or plan.inputs
    return f"batch of {plan.batch}" + (f" with sizes {'-'.join(map(str, sizes))}" if sizes else "")


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
