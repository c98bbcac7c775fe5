"""A policy applied to one submission's points: no files, no clock."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import PurePath

from gradcheck.digits import points_text
from gradcheck.grading.names import short_names
from gradcheck.grading.policy.records import FinalGrade, Policy, SpecPoints
from gradcheck.grading.records import Column, Grade, Origin, Override, Standing

_SLACK = 1e-9
"""How far off a multiple points may lie by rounding in float64, and still be that multiple."""
_DAY = timedelta(days=1)


def final_grade(
    standing: Standing,
    columns: Sequence[Column],
    policy: Policy,
    *,
    overrides: Mapping[str, Override] | None = None,
    origin: Origin | None = None,
    by_case: Mapping[str, float] | None = None,
    notes: Mapping[str, Sequence[str]] | None = None,
) -> FinalGrade:
    """What the submission has by the policy.

    `overrides`, `by_case` (the points where cases earn their share) and `notes` (of its reports) go by spec.
    """
    overrides, by_case = overrides or {}, by_case or {}
    specs = {
        column.spec: _spec_points(
            column, standing.grades.get(column.spec), overrides.get(column.spec), policy, by_case
        )
        for column in columns
    }
    earned = math.fsum(one.points or 0.0 for one in specs.values())
    submission, submitted = standing.submission, origin.submitted if origin else None
    days = days_late(policy, submission, submitted, late=bool(origin and origin.late))
    penalty = late_penalty(policy, earned, days)
    most = math.fsum(_most(column, specs[column.spec]) for column in columns)
    points = min(rounded(max(earned - penalty, 0.0), policy), most)
    whole = max_points(columns, policy)
    is_known = all(one.points is not None for one in specs.values())
    return FinalGrade(
        submission=submission,
        absent=standing.absent,
        specs=specs,
        graded_points=standing.points,
        points=points,
        max_points=whole,
        submitted=submitted,
        late_days=days,
        penalty=penalty,
        letter=letter(points, whole, policy) if is_known else "",
        people=origin.people if origin else (),
        notes=(*_notes(specs, notes or {}), *_unknown_time(policy, origin)),
        is_closed=is_closed(policy, days),
    )


def max_points(columns: Sequence[Column], policy: Policy) -> float:
    """The maximum, to which specs for extra credit do not add."""
    return math.fsum(column.max_points for column in columns if not is_extra(column.spec, policy))


def is_extra(spec: str, policy: Policy) -> bool:
    """Whether the spec is for extra credit."""
    return any(fits(spec, pattern) for pattern in policy.extra_credit)


def fits(spec: str, pattern: str) -> bool:
    """Whether the pattern is the spec's path, its name without folder and ending, or fits the path."""
    return pattern in (spec, PurePath(spec).stem) or fnmatchcase(spec, pattern)


def days_late(policy: Policy, submission: str, submitted: datetime | None, *, late: bool = False) -> int:
    """Begun days after the submission's deadline, none within the minutes of grace.

    A day ends at the time of day of the deadline, whatever clocks were changed in between. A submission that
    is `late` by its system's word is a day late where nobody knows when it came. A time without a zone is one
    of the deadline's zone.
    """
    deadline = policy.extensions.get(submission, policy.deadline)
    if deadline is None:
        return 0
    if submitted is None:
        return int(late and submission not in policy.extensions)
    if submitted.tzinfo is None:
        submitted = submitted.replace(tzinfo=deadline.tzinfo)
    if submitted.astimezone(UTC) - deadline.astimezone(UTC) <= timedelta(minutes=policy.grace_minutes):
        return 0
    by_the_clock = submitted.astimezone(deadline.tzinfo).replace(tzinfo=None) - deadline.replace(tzinfo=None)
    return max(math.ceil(by_the_clock / _DAY), 1)


def late_penalty(policy: Policy, earned: float, days: int) -> float:
    """The points that so many days late cost: from 0 to what was earned."""
    if is_closed(policy, days):
        return earned
    penalty = policy.penalty_per_day.of(earned) * max(days - policy.late_days, 0)
    if policy.most_penalty is not None:
        penalty = min(penalty, policy.most_penalty.of(earned))
    return min(penalty, earned)


def is_closed(policy: Policy, days: int) -> bool:
    """Whether nothing is earned any more so many days late."""
    return policy.closes_after_days is not None and days > policy.closes_after_days


def rounded(points: float, policy: Policy) -> float:
    """Points ≥ 0 as a multiple of what the policy rounds to."""
    if not policy.round_to:
        return points
    steps = points / policy.round_to
    match policy.rounding:
        case "up":
            whole = math.ceil(steps - _SLACK)
        case "down":
            whole = math.floor(steps + _SLACK)
        case _:
            whole = math.floor(steps + 0.5 + _SLACK)
    return max(whole, 0) * policy.round_to


def letter(points: float, whole: float, policy: Policy) -> str:
    """The letter for so many of the points that there are; empty below the lowest threshold."""
    if not whole:
        return ""
    part = points / whole + _SLACK
    return next((name for name, least in policy.letters if part >= least), "")


def _spec_points(
    column: Column,
    grade: Grade | None,
    override: Override | None,
    policy: Policy,
    by_case: Mapping[str, float],
) -> SpecPoints:
    graded = SpecPoints(grade=grade, override=override, points=None, is_extra=is_extra(column.spec, policy))
    known = graded.graded_points
    if known is not None and policy.per_case:
        known = max(known, by_case.get(column.spec, 0.0))
    if override is not None:
        known = override.points
    if known is not None:
        known = max(known if graded.is_extra else min(known, column.max_points), 0.0)
    return replace(graded, points=known)


def _most(column: Column, one: SpecPoints) -> float:
    """The most that the spec can give: what it has; for extra credit what somebody gave, if that is more."""
    return max(column.max_points, one.points or 0.0) if one.is_extra else column.max_points


def _notes(specs: Mapping[str, SpecPoints], notes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    names = short_names(specs)
    for spec, one in specs.items():
        if one.override:
            was = "not graded" if one.graded_points is None else points_text(one.graded_points)
            points = points_text(one.override.points)
            yield f"{names[spec]}: {points} instead of {was}: {one.override.reason}"
        for note in notes.get(spec, ()):
            yield f"{names[spec]}: {note}"


def _unknown_time(policy: Policy, origin: Origin | None) -> Iterator[str]:
    if policy.deadline and origin and origin.late and origin.submitted is None:
        yield "late by an unknown time: it counts as one day"
