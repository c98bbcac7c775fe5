"""One argument's gradient against what is known of the slopes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gradcheck.arrays import Array, Mask
from gradcheck.function.nearby import around, between_sides
from gradcheck.function.probe import Probe
from gradcheck.function.quotients import EPS
from gradcheck.function.survey import FEW, HIDDEN, HIDDEN_AMONG_MANY, RESOLVED, Survey
from gradcheck.function.tolerance import DOUBLE, Tolerance, largest
from gradcheck.verdict.records import Status

ROUNDINGS = 64
"""The most roundings, of the largest numbers there are, that the jitter of a gradient may excuse."""


DIRECTIONS = 4
"""Along so many random directions a gradient at a kink is held against one-sided slopes."""


@dataclass(frozen=True)
class Comparison:
    """All arrays are (coordinates, numbers)."""

    survey: Survey
    yours: Array
    tolerance: Tolerance
    right: Mask
    wrong: Mask
    by_nearby: bool = False
    """Whether entries were judged at points nearby, as right or as undecided."""

    @property
    def unknown(self) -> Mask:
        """Where nobody can tell."""
        return ~self.right & ~self.wrong

    @property
    def at_kink(self) -> Mask:
        """Where differences see a kink at the point, or next to it."""
        return self.survey.slopes.kinked | (self.survey.slopes.kink > 0)

    @property
    def wrong_nearby(self) -> Mask:
        """Where something is wrong at a kink: by points nearby, since the kink itself has no one slope."""
        return self.survey.slopes.kinked & self.wrong


def compare(probe: Probe, name: str, survey: Survey, yours: Array, tolerance: Tolerance) -> Comparison:
    """Right or wrong, as far as can be told.

    Before anything is blamed that the tolerance of a report did not name, the rounding of the gradient
    itself is looked at, and what it is worth at points nearby.
    """
    judged = _held(probe, name, Comparison(survey, yours, tolerance, *np.zeros((2, *yours.shape), bool)))
    judged = _around(probe, name, _along_kinks(probe, name, _rounded(probe, name, judged)))
    if not judged.wrong.any():
        return judged
    # What there was no time for matters no more.
    looked = survey.looked & ~survey.hurried
    return replace(judged, survey=replace(survey, looked=looked), right=judged.right | ~looked[:, None])


def _held(probe: Probe, name: str, one: Comparison, rounding: Array | float = 0.0) -> Comparison:
    """Held against the slopes at the point itself; `rounding` is what is forgiven beside the tolerance."""
    slopes, looked = one.survey.slopes, one.survey.looked[:, None]
    x = probe.values[name].ravel()
    within = slopes.within(one.yours, one.tolerance.alone.slack(slopes, x) + rounding)
    with np.errstate(invalid="ignore"):
        size = np.maximum(np.maximum(np.abs(slopes.low), np.abs(slopes.high)), slopes.kink)
        sharp = slopes.error <= RESOLVED * size
    right = within & sharp
    if (within & ~sharp).any():
        right |= within & _negligible(probe, one, largest(slopes, x), probe.units[name].reshape(-1, 1))
    wrong = slopes.excludes(one.yours, one.tolerance.slack(slopes, x) + rounding) & looked
    return replace(one, right=right | ~looked, wrong=wrong)


def _rounded(probe: Probe, name: str, one: Comparison) -> Comparison:
    """With the rounding of the gradient function forgiven: beyond the bar, what double precision explains."""
    if one.right.all():
        return one
    slopes, x, unit = one.survey.slopes, probe.values[name].ravel(), probe.units[name].reshape(-1, 1)
    with np.errstate(over="ignore", invalid="ignore"):
        scale = np.maximum(largest(slopes, x), probe.variation / unit)
        most = ROUNDINGS * EPS * scale
        within = ~slopes.beyond(one.yours, one.tolerance.slack(slopes, x))
        off = np.abs(one.yours - slopes.value)
        near = slopes.settled & ~one.right & (within | (off <= most + 4 * slopes.error))
    if not near.any():
        return one
    jitter = 4 * np.nan_to_num(probe.jitter_of_gradient(name), posinf=0.0)
    return _held(probe, name, one, np.fmin(jitter, np.where(within, DOUBLE * scale, most)))


def _negligible(probe: Probe, one: Comparison, most: Array, unit: Array) -> Mask:
    """Where the slope, as far as noise hides it, is nothing beside the others, or beside what f does.

    `most` is the largest slope. Where f does not change by a single digit, 0 needs less evidence.
    """
    error = one.survey.slopes.error
    many = len(one.yours) > FEW
    with np.errstate(over="ignore", invalid="ignore"):
        scale = np.maximum(most, probe.variation / unit)
        small = error <= np.maximum(HIDDEN * scale, HIDDEN_AMONG_MANY * most if many else 0.0)
        flat = (one.survey.slopes.value == 0) & (one.yours == 0) & (error <= RESOLVED * scale)
        rounding = np.abs(one.yours) <= EPS * np.abs(probe.centre) / unit  # a product would underflow
        constant = rounding & probe.constant if (probe.variation == 0).any() else np.zeros_like(rounding)
    return np.asarray(small | flat | constant)


def _along_kinks(probe: Probe, name: str, one: Comparison) -> Comparison:
    """At kinks, what lies between the one-sided slopes of every entry must do so in other directions, too."""
    kinked = one.survey.slopes.kinked & one.right
    if not kinked.any():
        return one
    bad = np.zeros(kinked.shape[1], bool)
    # What is tied stays tied where all moves alike.
    directions = [probe.units, *map(probe.direction, range(DIRECTIONS))]
    for direction in directions:
        bad |= ~between_sides(probe, name, one.yours, kinked, direction[name])
    return replace(one, right=one.right & ~(kinked & bad))


def _around(probe: Probe, name: str, one: Comparison) -> Comparison:
    """What is not right at the point itself, by the points around it."""
    slopes = one.survey.slopes
    kinked = slopes.kinked & ~one.right
    if not (one.wrong | kinked).any():
        return one
    near = around(probe, name, np.flatnonzero((one.wrong | kinked).any(1)), slopes, one.tolerance)
    if near is None or near.status is Status.CANNOT_TELL:
        return one
    if near.status is Status.WRONG:
        return replace(one, wrong=one.wrong | kinked)
    admitted = near.admits(one.yours, slopes)
    return replace(one, right=one.right | admitted, wrong=np.zeros_like(one.wrong), by_nearby=True)
