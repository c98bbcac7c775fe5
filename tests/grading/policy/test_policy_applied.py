"""What points become."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.grading.policy.apply import days_late, final_grade, late_penalty, letter, rounded
from gradcheck.grading.policy.read import read
from gradcheck.grading.policy.records import FinalGrade, Penalty, Policy
from gradcheck.grading.records import Origin, Override, Standing
from gradebooks import SPECS, columns, row


def read_text(text: str) -> Policy:
    """The policy in a file with this text."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return read(path)


DEADLINE = datetime(2026, 10, 1, 23, 59, tzinfo=UTC)
PENALTIES = st.builds(Penalty, st.floats(0, 1), is_part=st.just(True)) | st.builds(
    Penalty, st.floats(0, 10), is_part=st.just(False)
)
POLICIES = st.builds(
    Policy,
    deadline=st.just(DEADLINE),
    grace_minutes=st.integers(0, 60),
    late_days=st.integers(0, 3),
    penalty_per_day=PENALTIES,
    most_penalty=st.none() | PENALTIES,
    closes_after_days=st.none() | st.integers(0, 5),
    extra_credit=st.sampled_from([(), SPECS[1:], SPECS]),
    per_case=st.booleans(),
    round_to=st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0, 3.0]),
    rounding=st.sampled_from(["nearest", "up", "down"]),
)
POINTS = st.floats(0, 2)
HOURS = st.floats(-100, 300)


def final(
    policy: Policy,
    points: tuple[float, float] = (2.0, 2.0),
    *,
    hours: float | None = None,
    override: float | None = None,
    by_case: dict[str, float] | None = None,
) -> FinalGrade:
    """Of a submission with so many of 2 points each for two specs, handed in so long after the deadline."""
    grades = {spec: row("ann", spec, points=own) for spec, own in zip(SPECS, points, strict=True)}
    given = Override(submission="ann", spec=SPECS[0], points=override or 0.0, reason="ill", given="")
    return final_grade(
        Standing(submission="ann", absent=False, grades=grades),
        columns(*SPECS),
        policy,
        overrides=None if override is None else {SPECS[0]: given},
        origin=None
        if hours is None
        else Origin(submission="ann", system="x", submitted=DEADLINE + timedelta(hours=hours)),
        by_case=by_case,
    )


@given(POLICIES, st.tuples(POINTS, POINTS), HOURS, st.none() | st.floats(0, 9))
def test_within_bounds(
    policy: Policy, points: tuple[float, float], hours: float, override: float | None
) -> None:
    """Never negative; never above the maximum but by specs for extra credit, and finite."""
    grade = final(policy, points, hours=hours, override=override)
    assert 0 <= grade.points < math.inf
    assert grade.penalty >= 0
    if not policy.extra_credit:
        assert grade.points <= grade.max_points == 4.0
    if override is None:
        assert grade.points <= 4.0
        assert grade.graded_points == math.fsum(points)


@given(POLICIES, st.tuples(POINTS, POINTS), st.tuples(POINTS, POINTS), HOURS)
def test_more_is_never_less(
    policy: Policy, one: tuple[float, float], other: tuple[float, float], hours: float
) -> None:
    """Whoever has at least as much for every spec, at the same time, has at least as much in the end."""
    low, high = (tuple(map(choose, one, other)) for choose in (min, max))
    less, more = (final(policy, (points[0], points[1]), hours=hours).points for points in (low, high))
    assert less <= more + 1e-9


@given(POLICIES, st.tuples(POINTS, POINTS), HOURS, HOURS)
def test_later_is_never_more(policy: Policy, points: tuple[float, float], one: float, other: float) -> None:
    """Nor is an earlier one ever worth less."""
    early, late = (final(policy, points, hours=hours).points for hours in sorted((one, other)))
    assert late <= early + 1e-9


@given(st.tuples(POINTS, POINTS))
def test_the_plain_policy_changes_nothing(points: tuple[float, float]) -> None:
    """Whatever was graded is what there is."""
    grade = final(Policy(), points)
    assert grade.points == grade.graded_points
    assert (grade.late_days, grade.penalty, grade.letter, grade.notes) == (0, 0.0, "", ())


@given(st.floats(0, 1e6), st.sampled_from([0.01, 0.1, 0.25, 0.5, 1.0, 2.0]))
def test_rounding(points: float, step: float) -> None:
    """Down, nearest and up lie in this order, less than a step off, and what is a multiple stays one."""
    nearest = rounded(points, Policy(round_to=step))
    down = rounded(points, Policy(round_to=step, rounding="down"))
    up = rounded(points, Policy(round_to=step, rounding="up"))
    assert points - step - 1e-6 <= down <= nearest <= up <= points + step + 1e-6
    assert math.isclose(rounded(nearest, Policy(round_to=step)), nearest)


@pytest.mark.parametrize(
    ("hours", "days"), [(-1, 0), (0, 0), (0.1, 0), (0.3, 1), (24, 1), (24.1, 2), (48, 2), (240.5, 11)]
)
def test_days_late(hours: float, days: int) -> None:
    """Begun days; none within the minutes of grace."""
    policy = Policy(deadline=DEADLINE, grace_minutes=10)
    assert days_late(policy, "ann", DEADLINE + timedelta(hours=hours)) == days


def test_zones() -> None:
    """A time without a zone is one of the deadline's; others are compared as what they are."""
    zone = timezone(timedelta(hours=2))
    policy = Policy(deadline=datetime(2026, 10, 1, 23, 59, tzinfo=zone))
    assert days_late(policy, "ann", datetime(2026, 10, 1, 23, 58)) == 0
    assert days_late(policy, "ann", datetime(2026, 10, 1, 21, 58, tzinfo=UTC)) == 0
    assert days_late(policy, "ann", datetime(2026, 10, 1, 22, 30, tzinfo=UTC)) == 1


@pytest.mark.parametrize(
    ("hour", "days"), [((25, 23, 30), 1), ((25, 23, 59), 1), ((26, 0, 0), 2), ((24, 23, 59), 0)]
)
def test_a_day_ends_when_the_clock_says_so(hour: tuple[int, int, int], days: int) -> None:
    """Also on the day that has 25 hours."""
    berlin = ZoneInfo("Europe/Berlin")
    policy = Policy(deadline=datetime(2026, 10, 24, 23, 59, tzinfo=berlin))
    day, hours, minutes = hour
    submitted = datetime(2026, 10, day, hours, minutes, tzinfo=berlin)
    assert days_late(policy, "ann", submitted) == days
    assert days_late(policy, "ann", submitted.astimezone(UTC)) == days


def test_extensions() -> None:
    """Who has another deadline is late after that one."""
    policy = Policy(deadline=DEADLINE, extensions={"ann": DEADLINE + timedelta(days=3)})
    late = DEADLINE + timedelta(days=2)
    assert (days_late(policy, "ann", late), days_late(policy, "bob", late)) == (0, 2)


def test_late_by_the_systems_word() -> None:
    """Where nobody knows by how much it is a day, and that is said."""
    policy = Policy(deadline=DEADLINE, penalty_per_day=Penalty(0.5, is_part=True))
    grade = final_grade(
        Standing(submission="ann", absent=False, grades={SPECS[0]: row("ann")}),
        columns(SPECS[0]),
        policy,
        origin=Origin(submission="ann", system="Canvas", late=True),
    )
    assert (grade.late_days, grade.points) == (1, 1.0)
    assert grade.notes == ("late by an unknown time: it counts as one day",)


@pytest.mark.parametrize(
    ("policy", "days", "penalty"),
    [
        (Policy(penalty_per_day=Penalty(0.1, is_part=True)), 2, 1.6),
        (Policy(penalty_per_day=Penalty(0.1, is_part=True), late_days=2), 2, 0.0),
        (Policy(penalty_per_day=Penalty(3.0, is_part=False)), 2, 6.0),
        (Policy(penalty_per_day=Penalty(5.0, is_part=False)), 2, 8.0),
        (Policy(penalty_per_day=Penalty(0.4, is_part=True), most_penalty=Penalty(0.5, is_part=True)), 3, 4.0),
        (Policy(closes_after_days=2), 2, 0.0),
        (Policy(closes_after_days=2), 3, 8.0),
    ],
)
def test_penalties(policy: Policy, days: int, penalty: float) -> None:
    """Of 8 points."""
    assert late_penalty(policy, 8.0, days) == pytest.approx(penalty)


def test_an_override_stands_beside_the_graded_points() -> None:
    """It counts, it is named with its reason, and what was graded is still there."""
    grade = final(Policy(), (0.5, 1.0), override=2.0)
    assert (grade.points, grade.graded_points) == (3.0, 1.5)
    assert grade.notes == ("one: 2 instead of 0.5: ill",)
    graded = grade.specs[SPECS[0]].grade
    assert graded is not None
    assert graded.points == 0.5


def test_points_by_case() -> None:
    """They count where the policy says so, and where they are more."""
    by_case = {SPECS[0]: 1.5, SPECS[1]: 0.0}
    assert final(Policy(per_case=True), (0.0, 1.0), by_case=by_case).points == 2.5
    assert final(Policy(), (0.0, 1.0), by_case=by_case).points == 1.0


def test_extra_credit() -> None:
    """It adds to the points, and not to the maximum."""
    grade = final(Policy(extra_credit=(SPECS[1],)), (2.0, 1.0))
    assert (grade.points, grade.max_points) == (3.0, 2.0)


@pytest.mark.parametrize(
    ("points", "expected"), [(10, "A"), (9, "A"), (8.99, "B"), (5, "B"), (4.9, ""), (2.7, ""), (0, "")]
)
def test_letters(points: float, expected: str) -> None:
    """The highest whose threshold is reached; below all of them there is none."""
    policy = Policy(letters=(("A", 0.9), ("B", 0.5)))
    assert letter(points, 10.0, policy) == expected
    assert letter(points, 0.0, policy) == ""


THRESHOLDS = st.lists(st.integers(0, 100), min_size=1, max_size=8, unique=True)
"""In percent."""


@given(THRESHOLDS, st.integers(0, 130), st.integers(0, 130))
def test_more_points_are_never_a_worse_letter(percents: list[int], one: int, other: int) -> None:
    """And a letter is for those alone who reach its threshold, whatever the order in the file."""
    text = f"letters: {{{', '.join(f'at {percent}: {percent}%' for percent in percents)}}}"
    policy = read_text(text)
    least = {f"at {percent}": percent for percent in percents}
    few, many = (least.get(letter(points, 100.0, policy), -1) for points in sorted((one, other)))
    assert few <= many
    assert few <= min(one, other)
    assert many <= max(one, other)
    assert letter(one, 100.0, policy) or one < min(percents)
