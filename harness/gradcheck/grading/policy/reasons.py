"""Why final points are not the graded ones: sentences that a student understands."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gradcheck.digits import points_text
from gradcheck.grading.policy.records import FinalGrade, SpecPoints
from gradcheck.text import amount

EXTRA_CREDIT = "Extra credit: these points come on top of the maximum."
_ROUNDING = 1e-9
"""What adding points up may leave of a difference."""


def is_changed(one: SpecPoints) -> bool:
    """Whether the final points for the spec are others than the graded ones."""
    return one.points is not None and (one.graded_points is None or not _equal(one.points, one.graded_points))


def total_is_changed(grade: FinalGrade) -> bool:
    """Whether the final points are known, and others than the graded ones."""
    return grade.is_known and not _equal(grade.points, grade.graded_points)


def spec_reason(one: SpecPoints) -> str:
    """Who or what has changed the graded points for a spec; empty where nothing has."""
    if one.override:
        graded = "not graded" if one.graded_points is None else f"{points_text(one.graded_points)} as graded"
        return f"Points set by the instructor ({graded}): {one.override.reason}"
    if one.points is None or one.graded_points is None or not is_changed(one):
        return ""
    if one.points > one.graded_points:
        return (
            f"{points_text(one.graded_points)} as graded, and more because a wrong gradient also earns "
            "points for the cases in which it is right"
        )
    return f"{points_text(one.graded_points)} as graded, and at most {points_text(one.points)} count"


def total_reason(grade: FinalGrade) -> str:
    """How the total follows from the points for the specs; empty where it is just their sum."""
    if parts := list(_parts(grade)):
        return ", ".join([_points(grade.earned_points), *parts])
    return ""


def _parts(grade: FinalGrade) -> Iterator[str]:
    """What is to be said behind the sum, such as: less 2 for being 1 day late."""
    extra = math.fsum(one.points or 0.0 for one in grade.specs.values() if one.is_extra)
    if extra:
        yield f"{points_text(extra)} of them for extra credit"
    if grade.penalty:
        closed = ", after the last day for late work" if grade.is_closed else ""
        late = amount(grade.late_days, "day")
        yield f"less {points_text(grade.penalty)} for being {late} late{closed}"
    if not _equal(grade.points, grade.earned_points - grade.penalty):
        yield f"rounded to {points_text(grade.points)}"


def _points(points: float) -> str:
    return f"{points_text(points)} {'point' if points == 1 else 'points'}"


def _equal(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_ROUNDING, abs_tol=_ROUNDING)
