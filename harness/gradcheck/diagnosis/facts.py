"""What can be said of numbers that no mistake explains: ratios, signs, shapes, patterns, noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gradcheck.diagnosis.evidence import Evidence, decimals
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.where import read_off
from gradcheck.maths._arrays import Array
from gradcheck.mistakes.reverse import reverse
from gradcheck.mistakes.scene import Scene
from gradcheck.spec.quantity import split

CLOSE = 1e-6
NOISE = 1e-3
"""Numbers this near the right ones are right, but for something that blurs them."""

Kind = Literal[
    "noise",
    "rounded",
    "zero",
    "sign",
    "ratio",
    "batch",
    "transpose",
    "permutation",
    "elsewhere",
    "factor",
    "missing_factor",
    "part",
    "example",
]


@dataclass(frozen=True)
class Fact:
    """One thing that is true of the first wrong quantity, in every case."""

    kind: Kind
    name: str
    """The quantity, by its canonical name."""
    number: float = 0.0
    """A ratio, a relative error, a number of decimals."""
    other: str = ""
    """Another quantity that it has to do with: its canonical name, or slope(z1)."""


def facts(predictions: Predictions, evidence: Sequence[Evidence], name: str) -> list[Fact]:
    """The facts on one quantity that is not right; read off the gradients where it was not offered."""
    pairs = [pair for one in evidence if (pair := _pair(predictions, one, name)) is not None]
    if not pairs:
        return []
    examples = [len(predictions.scenes[one.number].case.x) for one, _, _ in pairs]
    batches = [pair for pair, n in zip(pairs, examples, strict=True) if n > 1]
    found = [Fact("example", name)] if batches and all(_lacks_one(predictions, p) for p in batches) else []
    found += _of_all(name, [p[1:] for p in pairs], examples)
    found += _of_quantities(predictions, name, pairs)
    return found[:2]


Pair = tuple[Evidence, Array, Array]


def _pair(predictions: Predictions, one: Evidence, name: str) -> Pair | None:
    if name in one.yours:
        return one, one.yours[name], one.true[name]
    layer = split(name)[1] or 0
    delta = read_off(predictions, one, layer) if name.startswith("dz") else None
    return None if delta is None else (one, delta, predictions.right[one.number][name])


def _of_all(name: str, pairs: Sequence[tuple[Array, Array]], examples: Sequence[int]) -> Iterator[Fact]:
    """What the numbers alone tell, the plainest first."""
    if all(not yours.any() for yours, _ in pairs):
        yield Fact("zero", name)
        return
    off = [_relative(yours, true) for yours, true in pairs]
    places = decimals({str(number): yours for number, (yours, _) in enumerate(pairs)})
    if places is not None and all(
        y.shape == t.shape and np.abs(y - t).max(initial=0.0) <= 0.51 * 10.0**-places for y, t in pairs
    ):
        yield Fact("rounded", name, places)
    elif max(off) <= NOISE:
        yield Fact("noise", name, max(off))
    if max(off) <= NOISE:
        return
    yield from _of_ratios(name, pairs, examples)
    if all(y.T.shape == t.shape and y.ndim == 2 and _relative(y.T, t) <= CLOSE for y, t in pairs):
        yield Fact("transpose", name)
    elif all(
        y.size == t.size > 1 and _relative(np.sort(y.ravel()), np.sort(t.ravel())) <= CLOSE for y, t in pairs
    ):
        yield Fact("permutation", name)
    if part := _part(pairs):
        yield Fact("part", name, other=part)


def _of_ratios(name: str, pairs: Sequence[tuple[Array, Array]], examples: Sequence[int]) -> Iterator[Fact]:
    """One factor for all entries of a case: the same in all cases, or the number of examples."""
    ratios = [_constant_ratio(yours, true) for yours, true in pairs]
    known = np.array([r for r in ratios if r is not None])
    if len(known) < len(ratios):
        return
    if np.ptp(known) <= CLOSE * abs(known[0]):
        yield Fact("sign", name) if abs(known[0] + 1) <= CLOSE else Fact("ratio", name, float(known[0]))
    for power in (1.0, -1.0):
        if max(examples) > 1 and np.allclose(known, np.array(examples, float) ** power, CLOSE, 0):
            yield Fact("batch", name, power)


def _of_quantities(predictions: Predictions, name: str, pairs: Sequence[Pair]) -> Iterator[Fact]:
    """Which known quantity of the chain stands between the numbers and the right ones."""
    factors = _factors(predictions.scenes[pairs[0][0].number], split(name)[1] or 0)
    for label, factor in factors.items():
        if all(_fits(predictions, p, factor, lambda t, f: t * f) for p in pairs):
            yield Fact("factor", name, other=label)
        elif all(_fits(predictions, p, factor, lambda t, f: t / f) for p in pairs):
            yield Fact("missing_factor", name, other=label)
    others = [n for n in predictions.order if n != name]
    for other in others:
        if all(_is_other(predictions, p, other) for p in pairs):
            yield Fact("elsewhere", name, other=other)


def _factors(scene: Scene, layer: int) -> dict[str, Callable[[Scene], Array]]:
    """What a delta of that layer may have too often, or not at all."""
    found: dict[str, Callable[[Scene], Array]] = {}
    for at in (layer, layer + 1, layer - 1):
        if at in scene.activations and scene.activations[at].elementwise:
            found[f"slope(z{at})"] = lambda s, at=at: s.activations[at].slope(
                s.values[f"z{at}"], s.values[f"a{at}"]
            )  # type: ignore[misc]
        for letter in ("a", "z"):
            if f"{letter}{at}" in scene.values:
                found[f"{letter}{at}"] = lambda s, n=f"{letter}{at}": s.values[n]  # type: ignore[misc]
    return found


def _fits(
    predictions: Predictions,
    pair: Pair,
    factor: Callable[[Scene], Array],
    times: Callable[[Array, Array], Array],
) -> bool:
    one, yours, true = pair
    known = factor(predictions.scenes[one.number])
    if known.shape != true.shape or not known.all() or yours.shape != true.shape:
        return False
    return _relative(yours, times(true, known)) <= CLOSE


def _lacks_one(predictions: Predictions, pair: Pair) -> bool:
    """Whether a parameter's gradient is what it would be with one example fewer, however it is averaged."""
    one, yours, true = pair
    case = predictions.scenes[one.number].case
    name = next((n for n, a in one.true.items() if a is true), "")
    if name.removeprefix("d") not in case.parameters or yours.shape != true.shape:
        return False
    m = len(case.x)
    for left_out in range(m):
        kept = [n for n in range(m) if n != left_out]
        without = reverse(Scene(replace(case, x=case.x[kept], y=case.y[kept])))[name]
        if any(_relative(yours, without * scale) <= CLOSE for scale in (1.0, (m - 1) / m)):
            return True
    return False


def _is_other(predictions: Predictions, pair: Pair, other: str) -> bool:
    one, yours, _ = pair
    right = predictions.right[one.number][other]
    return right.size > 1 and yours.shape == right.shape and _relative(yours, right) <= CLOSE


def _relative(yours: Array, true: Array) -> float:
    if yours.shape != true.shape:
        return float("inf")
    size = float(np.abs(true).max(initial=0.0))
    off = float(np.abs(yours - true).max(initial=0.0))
    return off / size if size else off


def _constant_ratio(yours: Array, true: Array) -> float | None:
    if yours.shape != true.shape or not true.any():
        return None
    ratio = float(np.vdot(true, yours) / np.vdot(true, true))
    return ratio if ratio and _relative(yours, ratio * true) <= CLOSE * max(abs(ratio), 1) else None


def _part(pairs: Sequence[tuple[Array, Array]]) -> str:
    """The word row or column, where all that is wrong lies in one of several."""
    masks = [
        np.abs(y - t) > CLOSE * np.abs(t).max(initial=0.0)
        for y, t in pairs
        if y.shape == t.shape and y.ndim == 2
    ]
    if not masks or len(masks) < len(pairs):
        return ""
    for axis, word in ((1, "row"), (0, "column")):
        lines = [mask.any(axis) for mask in masks]
        if all(line.size > 1 and line.sum() == 1 for line in lines):
            return word
    return ""
