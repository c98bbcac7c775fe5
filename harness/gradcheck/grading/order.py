"""Final grades in an order that somebody asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from gradcheck.errors import UsageError
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.names import short_names
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Status

_WORST_FIRST = (Status.INTERNAL, Status.ERROR, Status.WRONG, Status.CANNOT_TELL, Status.RIGHT)


def in_order(grades: FinalGrades, sort: str) -> Iterable[FinalGrade]:
    """By "name"; by "points", the most first; by "status", the worst first; or by the points for a spec.

    Unknown points come last; equal ones go by name. Raises UsageError where nothing is called so.
    """
    if sort == "name":
        return grades  # as they lie in the gradebook, one at a time
    return sorted(grades, key=_key(grades, sort))


def _key(grades: FinalGrades, sort: str) -> Callable[[FinalGrade], float]:
    if sort == "points":
        return lambda grade: _falling(grade.total)
    if sort == "status":
        return _worst
    names = short_names(column.spec for column in grades.columns)
    spec = next((path for path, name in names.items() if sort in (path, name)), None)
    if spec is None:
        there = ", ".join(["name", "points", "status", *names.values()])
        raise UsageError(f"{one_line(sort)}: --sort takes one of {there}")
    return lambda grade: _falling(grade.specs[spec].points)


def _falling(points: float | None) -> float:
    """A key by which the most points come first, and unknown ones last."""
    return math.inf if points is None else -points


def _worst(grade: FinalGrade) -> int:
    """How far down the list of statuses the worst of its specs stands; what is not graded comes last."""
    places = [_WORST_FIRST.index(one.grade.status) for one in grade.specs.values() if one.grade]
    return min(places, default=len(_WORST_FIRST))
