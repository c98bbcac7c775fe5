"""Which mistakes reproduce a submission's numbers, on every case, cheapest explanation first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.mistakes.records import Fault, Faults

if TYPE_CHECKING:
    from gradcheck.diagnosis.predictions import Predictions
    from gradcheck.diagnosis.singles import SinglePredictions

EFFORT = 16_000
"""How many gradients may be worked out in the search for pairs of mistakes: some 0.6 s in small networks.

A count, so that what is found depends on no machine and no clock; a submission may be wrong by several specs.
"""
ENTRIES = 3000
"""Entries of arrays that take as long as one more gradient."""
AT_ONCE = 256
"""How many pairs are looked at together."""
ENOUGH = 12
"""How many pairs that predict the same numbers are looked for."""


def explanations(predictions: Predictions, evidence: Sequence[Evidence]) -> list[Faults]:
    """All single mistakes that explain everything; or those with an unknown number; or pairs.

    They are ordered by how often they were sighted, and by how few layers they need. Empty where
    nothing in the catalogue makes these numbers.
    """
    ordered = _wrong_first(evidence)
    return (
        unfitted(predictions, evidence)
        or _distinct(_fitted(predictions, ordered))
        or _distinct(_pairs(predictions, ordered))
    )


def looked_up(
    predictions: Predictions, evidence: Sequence[Evidence], kinds: Collection[str], value: float
) -> Fault | None:
    """The mistake that is found by edits of these kinds, with that number, where it explains everything."""
    known = (
        replace(one, unknown=value)
        for one in predictions.with_unknown
        if kinds == {one.mistake.edit} and abs(value) <= one.mistake.most
    )
    return next((one for one in known if explains(predictions, (one,), evidence)), None)


def _wrong_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The cases that show something before those that don't."""
    return sorted(evidence, key=lambda one: not one.wrong)


def unfitted(predictions: SinglePredictions, evidence: Sequence[Evidence]) -> list[Faults]:
    """The single mistakes without an unknown number that explain everything."""
    evidence = _wrong_first(evidence)
    return _distinct((f,) for f in predictions.singles if explains(predictions, (f,), evidence))


def explains(predictions: SinglePredictions, faults: Faults, evidence: Sequence[Evidence]) -> bool:
    """Whether these mistakes together make all that the evidence holds."""
    reached = predictions.reached(faults)
    if not all(reached >= {n for n in one.wrong if n in predictions.order} for one in evidence):
        return False
    for one in evidence:
        single = len(faults) == 1
        made = predictions.one(one.number, faults[0]) if single else predictions.predicted(one.number, faults)
        if made is None or not all(one.agrees(name, made.get(name, one.true[name])) for name in one.yours):
            return False
    return True


def _distinct(found: Iterator[Faults]) -> list[Faults]:
    """One explanation for each set of mistakes, that with the fewest layers; the most often sighted first."""
    by_slugs: dict[tuple[str, ...], Faults] = {}
    for faults in found:
        slugs = tuple(sorted(f.mistake.slug for f in faults))
        if slugs not in by_slugs or _layers(faults) < _layers(by_slugs[slugs]):
            by_slugs[slugs] = faults
    return sorted(by_slugs.values(), key=lambda faults: (_layers(faults), -_sightings(faults)))


def _layers(faults: Faults) -> int:
    return sum(len(f.layers) > 1 for f in faults)


def _sightings(faults: Faults) -> int:
    return min(len(f.mistake.seen) for f in faults)


def _fitted(predictions: Predictions, evidence: Sequence[Evidence]) -> Iterator[Faults]:
    """Mistakes with an unknown number that some value of it makes explain everything."""
    for fault in (one for one in predictions.with_unknown if not one.mistake.edit):
        value = _fit(predictions, fault, evidence[0])
        if value is None:
            continue
        for fitted in (replace(fault, unknown=v) for v in _plain_first(value)):
            if explains(predictions, (fitted,), evidence):
                yield (fitted,)
                break


def _plain_first(value: float) -> Iterator[float]:
    """The number with few digits, as whoever made the mistake will have chosen it, and then as it is."""
    yield from dict.fromkeys([*(float(f"{value:.{digits}g}") for digits in (1, 2, 3)), value])


def _fit(predictions: Predictions, fault: Fault, one: Evidence) -> float | None:
    """The number that comes nearest, by Gauss and Newton; None where there is none."""
    wrong = [name for name in predictions.order if name in one.wrong]
    if not predictions.reached((fault,)) >= set(wrong):
        return None
    yours = _flat(one.yours, wrong)
    value = 0.0
    for _ in range(6):
        here, there = (_flat_prediction(predictions, one, fault, v, wrong) for v in (value, value + 1e-3))
        if here is None or there is None or here.shape != yours.shape:
            return None
        slope = (there - here) / 1e-3
        if not slope.any():
            return None
        value += float(slope @ (yours - here) / (slope @ slope))
    return value if np.isfinite(value) and abs(value) > 1e-9 else None


def _flat_prediction(
    predictions: Predictions, one: Evidence, fault: Fault, value: float, names: Sequence[str]
) -> Array | None:
    made = predictions.predicted(one.number, (replace(fault, unknown=value),))
    return None if made is None else _flat({**one.true, **made}, names)


def _flat(arrays: Mapping[str, Array], names: Sequence[str]) -> Array:
    return np.concatenate([np.ravel(arrays[name]) for name in names]) if names else np.zeros(0)


def _pairs(predictions: Predictions, evidence: Sequence[Evidence]) -> Iterator[Faults]:
    """Pairs of mistakes that explain everything.

    Mostly one of the two alone explains the first wrong quantity, and the other what is left; only
    where none does, both are at work before it.
    """
    affordable = EFFORT // _effort(predictions, evidence[0])
    found = 0
    for pair in islice(_candidates(predictions, evidence), affordable):
        if pair and explains(predictions, pair, evidence):
            found += 1
            yield pair
        if found >= ENOUGH:
            return


def _effort(predictions: Predictions, one: Evidence) -> int:
    """What it takes to work out what one pair predicts for a case, counted in gradients."""
    right = predictions.right[one.number]
    return len(right) + sum(array.size for array in right.values()) // ENTRIES


def _candidates(predictions: Predictions, evidence: Sequence[Evidence]) -> Iterator[Faults | None]:
    """Pairs that may make all numbers; None for those that are tried and don't, as they are counted, too."""
    one = evidence[0]
    observed = [name for name in predictions.order if name in one.yours]
    first = next((name for name in observed if name in one.wrong), None)
    if first is None:
        return
    upto = observed[: observed.index(first) + 1]
    before = frozenset(upto[:-1])
    near = [f for f in predictions.singles if first in predictions.reached((f,))]
    starters = [f for f in near if _starts(predictions, one, f, upto)]
    for starter in starters:
        left = _left(predictions, starter, evidence)
        if left is None:
            continue
        agreeing = {name for one in evidence for name in one.yours} - left - predictions.reached((starter,))
        for other in predictions.singles:
            reached = predictions.reached((other,))
            if starter.mistake.submits_others or (reached >= left and not reached & agreeing):
                yield from _ordered(starter, other)
    wrong = frozenset(observed).intersection(*(one.wrong for one in evidence))
    changing = [f for f in near if f not in starters and not predictions.reached((f,)) & before]
    pairs = (
        pair
        for i, other in enumerate(changing)
        for another in changing[:i]
        if predictions.reached((other, another)) >= wrong
        for pair in _ordered(other, another)
    )
    while several := [*islice(pairs, AT_ONCE)]:
        for pair, may in zip(several, predictions.may_make(one, several, first), strict=True):
            made = predictions.together(one.number, pair, first) if may else None
            yield pair if made is not None and one.agrees(first, made) else None


def _left(predictions: Predictions, fault: Fault, evidence: Sequence[Evidence]) -> frozenset[str] | None:
    """What a mistake does not explain in some case; None where it can't be made in all."""
    left: set[str] = set()
    for one in evidence:
        made = predictions.one(one.number, fault)
        if made is None:
            return None
        left |= {name for name in one.yours if not one.agrees(name, made.get(name, one.true[name]))}
    return frozenset(left)


def _starts(predictions: Predictions, one: Evidence, fault: Fault, names: Sequence[str]) -> bool:
    """Whether the mistake alone makes these quantities, the last of which is the first wrong one."""
    made = predictions.one(one.number, fault)
    return made is not None and all(one.agrees(name, made.get(name, one.true[name])) for name in names)


_DELTA = frozenset({"a", "z"})
_FACTORS = ("factor", "index", "term")


def _ordered(a: Fault, b: Fault) -> Iterator[Faults]:
    """The pair, in the order in which neither mistake undoes the other; none for one mistake twice.

    Nor for two constants, nor for two factors of one delta: together they can stand for many another
    mistake.
    """
    common = set(a.layers) & set(b.layers)
    if a is b or (a.mistake is b.mistake and common) or a.mistake.kind == b.mistake.kind == "scale":
        return
    if common and all(_DELTA & set(f.mistake.of) and f.mistake.kind in _FACTORS for f in (a, b)):
        return
    is_same_part = a.mistake.part == b.mistake.part and set(a.mistake.of) & set(b.mistake.of)
    if not common or not is_same_part or _keeps(a, b):
        yield (a, b)
    elif _keeps(b, a):
        yield (b, a)


def _keeps(a: Fault, b: Fault) -> bool:
    """Whether something of a is left when b is made after it: b builds on it, or has fewer layers."""
    return b.mistake.builds_on or set(b.layers) < set(a.layers)
