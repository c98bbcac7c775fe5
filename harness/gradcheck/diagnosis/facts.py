"""What can be said of numbers that no mistake explains: ratios, signs, shapes, patterns, noise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.evidence import NOISE, Evidence, decimals
from gradcheck.diagnosis.findings import Whereabouts, is_sibling
from gradcheck.diagnosis.point import Point, StackPoint
from gradcheck.diagnosis.truths import Truths
from gradcheck.diagnosis.where import read_off

CLOSE = 1e-6
"""How near numbers that are read off others come to what they should be, relative to their size."""

Kind = Literal[
    "noise",
    "rounded",
    "zero",
    "sign",
    "ratio",
    "batch",
    "shape",
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
    """One thing that is true of a wrong quantity, in every case."""

    kind: Kind
    name: str
    """The quantity, by its canonical name."""
    number: float = 0.0
    """A ratio, a relative error, a number of decimals."""
    other: str = ""
    """Another quantity that it has to do with, by its canonical name; a row or a column; what a ratio grows
    with."""
    is_derivative: bool = False
    """Whether it has to do with the activation's derivative at that quantity."""


@dataclass(frozen=True)
class Pair:
    """One case's numbers of a quantity beside the right ones."""

    one: Evidence
    yours: Array
    true: Array
    tolerance: float
    """How far right numbers may be off: by the verdict, or by what reading them off leaves open."""
    examples: int

    def are(self, predicted: Array) -> bool:
        """Whether the numbers are these, by the tolerance in proportion to their size."""
        return self.yours.shape == predicted.shape and self.near(self.yours, predicted)

    def near(self, yours: Array, predicted: Array) -> bool:
        """The same of other arrays of one shape."""
        size, own = (float(np.abs(a).max(initial=0.0)) for a in (predicted, self.true))
        tolerance = self.tolerance * (max(size / own, 1.0) if own else 1.0) + self.one.rounded
        return bool(np.abs(yours - predicted).max(initial=0.0) <= tolerance)


def facts_at(
    truths: Truths, evidence: Sequence[Evidence], place: Whereabouts, folded: Collection[int]
) -> Sequence[Fact]:
    """Those on the first wrong quantity, or else on what was handed in of it."""
    found = facts(truths, evidence, place.first, folded)
    for name in () if found else _handed_in(truths, place):
        found = [*found, *facts(truths, evidence, name, folded)[:1]]
    return found[:2]


def _handed_in(truths: Truths, place: Whereabouts) -> list[str]:
    """The wrong gradients that a delta which was not offered shows in."""
    first, known = place.first, truths.known
    if first in place.wrong:
        return []
    return [name for name in place.wrong if is_sibling(known, first, name)]


def facts(
    truths: Truths, evidence: Sequence[Evidence], name: str, folded: Collection[int] = ()
) -> list[Fact]:
    """The facts on one quantity that is not right, each of them true in every case.

    A delta that was not offered is read off the gradients: in every case, or there are no facts on it. In
    the `folded` layers dW is spoken of together with db, its row 0.
    """
    pairs = [pair for one in evidence if (pair := _pair(truths, one, name, folded)) is not None]
    if not pairs or len(pairs) < len(evidence):
        return []
    found = [Fact("example", name)] if _lacks_an_example(truths, pairs, name) else []
    found += _of_all(name, pairs)
    found += _of_quantities(truths, name, pairs)
    return found[:2]


def _pair(truths: Truths, one: Evidence, name: str, folded: Collection[int]) -> Pair | None:
    examples = truths.points[one.number].examples
    of = truths.known[name]
    bias = replace(of, base="b").name
    if of.letter == "dW" and of.layer in folded and {name, bias} <= one.yours.keys():
        yours, true = (np.concatenate([of[bias][np.newaxis], of[name]]) for of in (one.yours, one.true))
        return Pair(one, yours, true, max(map(one.tolerance_of, (name, bias))), examples)
    if name in one.yours:
        return Pair(one, one.yours[name], one.true[name], one.tolerance_of(name), examples)
    delta = read_off(truths, one, of.layer or 0) if of.letter == "dz" else None
    if delta is None:
        return None
    right = truths.right[one.number][name]
    return Pair(one, delta, right, CLOSE * float(np.abs(right).max(initial=0.0)), examples)


def _of_all(name: str, pairs: Sequence[Pair]) -> Iterator[Fact]:
    """What the numbers alone tell, the plainest first."""
    if all(p.yours.size and not p.yours.any() for p in pairs):
        yield Fact("zero", name)
        return
    if near := _nearly(name, pairs):
        yield near
        return
    yield from _of_ratios(name, pairs)
    yield from _of_order(name, pairs)
    if part := _part(pairs):
        yield Fact("part", name, other=part)


def _nearly(name: str, pairs: Sequence[Pair]) -> Fact | None:
    """How near the numbers are to the right ones, where they are near."""
    off = [_relative(p.yours, p.true) for p in pairs]
    places = decimals({str(number): p.yours for number, p in enumerate(pairs)})
    half = 0.0 if places is None else 0.51 * 10.0**-places
    if places is not None and all(
        p.yours.shape == p.true.shape and np.abs(p.yours - p.true).max(initial=0.0) <= half for p in pairs
    ):
        return Fact("rounded", name, places)
    return Fact("noise", name, max(off)) if max(off) <= NOISE else None


def _of_order(name: str, pairs: Sequence[Pair]) -> Iterator[Fact]:
    """The right numbers in another shape, or at other places."""
    if all(p.yours.shape == p.true.shape for p in pairs):
        if all(
            p.yours.ndim == 2 and p.yours.T.shape == p.true.shape and p.near(p.yours.T, p.true) for p in pairs
        ):
            yield Fact("transpose", name)
        elif all(
            p.true.size > 1 and p.near(np.sort(p.yours.ravel()), np.sort(p.true.ravel())) for p in pairs
        ):
            yield Fact("permutation", name)
    elif all(p.yours.T.shape == p.true.shape and p.near(p.yours.T, p.true) for p in pairs):
        yield Fact("transpose", name)
    elif all(p.yours.size == p.true.size and p.near(p.yours.reshape(p.true.shape), p.true) for p in pairs):
        yield Fact("shape", name)


def _of_ratios(name: str, pairs: Sequence[Pair]) -> Iterator[Fact]:
    """One factor for all entries: the same in all cases, or in proportion to the number of examples."""
    if any(p.yours.shape != p.true.shape for p in pairs):
        return
    for kind, power in (("ratio", 0.0), ("batch", 1.0), ("batch", -1.0)):
        grown = [p.true * float(p.examples) ** power for p in pairs]
        size = sum(float(np.vdot(g, g)) for g in grown)
        ratio = (
            sum(float(np.vdot(g, p.yours)) for g, p in zip(grown, pairs, strict=True)) / size if size else 0.0
        )
        if not ratio or not all(p.are(ratio * g) for g, p in zip(grown, pairs, strict=True)):
            continue
        if kind == "ratio":
            sign = all(p.are(-p.true) for p in pairs)
            yield Fact("sign", name) if sign else Fact("ratio", name, ratio)
        elif max(p.examples for p in pairs) > 1 and (
            len({p.examples for p in pairs}) > 1 or abs(ratio - 1) < CLOSE
        ):
            yield Fact("batch", name, ratio, other="m" if power > 0 else "1/m")


def _of_quantities(truths: Truths, name: str, pairs: Sequence[Pair]) -> Iterator[Fact]:
    """Which known quantity of the chain stands between the numbers and the right ones."""
    factors = _factors(truths.points[pairs[0].one.number], truths.known[name].layer or 0)
    for (other, is_derivative), factor in factors.items():
        known = [factor(truths.points[p.one.number]) for p in pairs]
        if any(k.shape != p.true.shape or not k.all() for k, p in zip(known, pairs, strict=True)):
            continue
        if all(p.are(p.true * k) for k, p in zip(known, pairs, strict=True)):
            yield Fact("factor", name, other=other, is_derivative=is_derivative)
        elif all(p.are(p.true / k) for k, p in zip(known, pairs, strict=True)):
            yield Fact("missing_factor", name, other=other, is_derivative=is_derivative)
    for other in truths.order:
        right = [truths.right[p.one.number][other] for p in pairs]
        if other != name and all(
            r.size > 1 and r.any() and p.are(r) for r, p in zip(right, pairs, strict=True)
        ):
            yield Fact("elsewhere", name, other=other)


def _factors(point: Point, layer: int) -> dict[tuple[str, bool], Callable[[Point], Array]]:
    """What a delta of that layer may have too often, or not at all: quantities, or derivatives at them."""
    found: dict[tuple[str, bool], Callable[[Point], Array]] = {}
    if not isinstance(point, StackPoint):
        return found
    for at in (layer, layer + 1, layer - 1):
        activation, z, a = point.stack.activations.get(at), f"z{at}", f"a{at}"
        if activation and activation.derivative and z in point.forward:
            slope = activation.derivative
            found[z, True] = lambda p, s=slope, z=z, a=a: s(p.forward[z], p.forward[a])  # type: ignore[misc]
        for name in (a, z):
            if name in point.forward:
                found[name, False] = lambda p, n=name: p.forward[n]  # type: ignore[misc]
    return found


def _lacks_an_example(truths: Truths, pairs: Sequence[Pair], name: str) -> bool:
    """Whether a parameter's gradient is, in each batch of several, what one example fewer would make it."""
    batches = [p for p in pairs if p.examples > 1]
    of = truths.known[name]
    is_parameters = of.is_gradient and of.value.name in truths.parameters
    return is_parameters and bool(batches) and all(_lacks_one(truths, p, name) for p in batches)


def _lacks_one(truths: Truths, pair: Pair, name: str) -> bool:
    """However the others are averaged."""
    point, m = truths.points[pair.one.number], pair.examples
    for left_out in range(m):
        without = point.without(left_out).array(name)
        if any(pair.are(without * scale) for scale in (1.0, (m - 1) / m)):
            return True
    return False


def _relative(yours: Array, true: Array) -> float:
    if yours.shape != true.shape:
        return float("inf")
    size = float(np.abs(true).max(initial=0.0))
    off = float(np.abs(yours - true).max(initial=0.0))
    return off / size if size else off


def _part(pairs: Sequence[Pair]) -> str:
    """The word row or column, where all that is wrong lies in one of several, as the arrays lie here."""
    if any(p.yours.shape != p.true.shape or p.yours.ndim != 2 for p in pairs):
        return ""
    masks = [np.abs(p.yours - p.true) > p.tolerance + p.one.rounded for p in pairs]
    for axis, word in ((1, "row"), (0, "column")):
        lines = [mask.any(axis) for mask in masks]
        if all(line.size > 1 and line.sum() == 1 for line in lines):
            return word
    return ""
