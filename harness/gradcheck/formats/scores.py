"""Points and outcomes as other systems count them: from all that is asked, whatever happened to run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from gradcheck.submission.records import PASSING
from gradcheck.verdict.credit import FAIR
from gradcheck.verdict.records import Quantity, Status, Verdict

_DIGITS = 10
"""Decimals of points: beyond them is what adding up does."""
_UNGRADABLE = ("missing", "unreadable", *PASSING)
"""Kinds of failures in which there was nothing to grade."""


def passed(quantity: Quantity) -> bool:
    """Whether nothing is held against it: it is right, or nobody can tell."""
    return quantity.status in FAIR


def points(values: Iterable[float]) -> float:
    """Their exact sum, rounded to ten decimals."""
    return round(math.fsum(values), _DIGITS)


def earned(verdicts: Iterable[Verdict]) -> float:
    """The points of all verdicts."""
    return points(quantity.points for verdict in verdicts for quantity in verdict.quantities)


def possible(verdicts: Iterable[Verdict]) -> float:
    """The points to be had, also for what gave no numbers."""
    return points(quantity.max_points for verdict in verdicts for quantity in verdict.quantities)


def fraction(verdicts: Sequence[Verdict]) -> float:
    """The share of the points that is earned, from 0 to 1; where there are no points, 1 if all is passed."""
    most = possible(verdicts)
    if most > 0:
        return min(max(points([earned(verdicts) / most]), 0.0), 1.0)
    every = [quantity for verdict in verdicts for quantity in verdict.quantities]
    return float(bool(every) and all(map(passed, every)))


def lost(verdicts: Iterable[Verdict]) -> bool:
    """Whether anything is unknown because gradcheck itself has failed."""
    return any(verdict.status is Status.INTERNAL for verdict in verdicts)


def is_gradable(verdict: Verdict) -> bool:
    """Whether the verdict is about the submission's code: there was some, and gradcheck could judge it."""
    nothing = verdict.failure is not None and verdict.failure.kind in _UNGRADABLE
    return verdict.status is not Status.INTERNAL and not nothing
