"""Single precision, recognised by its pattern over the answer as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import numpy as np

from gradcheck.arrays import Array, Mask
from gradcheck.function.comparison import Comparison
from gradcheck.function.probe import Probe
from gradcheck.function.progress import Silent
from gradcheck.function.survey import Surveyor
from gradcheck.function.tolerance import sizes
from gradcheck.verdict.pattern import LEAST, Trace, are_alike, is_single
from gradcheck.verdict.tolerance import EPS_SINGLE, SINGLE

EXACT = 1e-9
"""Double precision is better than this in an entry, whatever rounds in it."""

SHARP = 1e-8
"""How sharp differences have to be to tell one precision from the other."""

SAMPLE = 32
"""The most entries of a gradient that are looked at."""

MOST = 0.5
"""The least part of a gradient's entries that single precision leaves its mark in, as far as differences are
sharp enough to see it."""

ENOUGH = 8
"""So many entries show a pattern where the gradient function itself doesn't jitter, ..."""

DATA = 4 * EPS_SINGLE
"""... and rounded data alone leave no more than that, relative to the largest slope."""


def single_throughout(probe: Probe, comparisons: Mapping[str, Comparison]) -> bool:
    """Whether what is not right is no more than float32's rounding, which most entries show.

    `comparisons` are those of all arguments, by their names. A wrong formula may be off as little, and in as
    many entries, but it is smooth; so is float32 where only data have been rounded that the gradient function
    brings along.
    """
    if all(one.right.all() for one in comparisons.values()):
        return False
    if not all(_no_larger(one, SINGLE) for one in comparisons.values()):
        return False
    samples = [sample for name, one in comparisons.items() if (sample := _sample(probe, name, one)).off.size]
    if not samples or _is_factor(np.concatenate([sample.off for sample in samples])):
        return False
    shares = [float(sample.marked.mean()) for sample in samples]
    if not is_single([Trace(part, bounded=True, contrary=part <= LEAST) for part in shares], MOST):
        return False
    if any(_jitters(probe, name, one) for name, one in comparisons.items()):
        return True
    enough = sum(sample.off.size for sample in samples) >= ENOUGH
    return enough and all(_no_larger(one, DATA) for one in comparisons.values())


def _no_larger(one: Comparison, relative: float) -> bool:
    """Whether nothing is off by more than that, relative to the largest slope."""
    slopes, size = one.survey.slopes, sizes(one.survey.slopes)
    with np.errstate(invalid="ignore"):
        off = np.abs(one.yours - slopes.value) > relative * size.max(axis=0, initial=0.0) + slopes.error
    return not (off & ~one.right & slopes.settled).any()


@dataclass(frozen=True)
class _Sample:
    """Some entries of a gradient that are known, and not 0."""

    off: Array
    """How far they are off, relative to the slope."""
    marked: Mask
    """Where that is more than double precision leaves."""


def _is_factor(off: Array) -> bool:
    """Whether all entries are off by one factor: rounding leaves that to no three."""
    return off.size >= 3 and are_alike(off)


def _sample(probe: Probe, name: str, one: Comparison) -> _Sample:
    count = len(one.yours)
    at = np.array(sorted(Random(f"precision {name}").sample(range(count), min(count, SAMPLE))), np.intp)
    slopes = Surveyor(probe, name, one.yours, one.tolerance, 0.0, Silent()).climb(at)
    size, yours = sizes(slopes), one.yours[at]
    with np.errstate(invalid="ignore"):
        known = slopes.settled & (size > 0) & (yours != 0) & (slopes.error <= SHARP * size)
        marked = np.abs(yours - slopes.value) > slopes.error + EXACT * size
    off = yours[known] / slopes.value[known] - 1
    return _Sample(off, marked[known])


def _jitters(probe: Probe, name: str, one: Comparison) -> bool:
    """Whether the gradient function itself is as rough as float32 in most entries."""
    known = one.yours != 0
    rough = probe.jitter_of_gradient(name, all_floats=True) > EXACT * np.abs(one.yours)
    return bool(known.any() and rough[known].mean() >= MOST)
