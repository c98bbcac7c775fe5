"""Why final points are not the graded ones."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.grading.policy.apply import final_grade
from gradcheck.grading.policy.reasons import spec_reason, total_is_changed, total_reason
from gradcheck.grading.policy.records import FinalGrade, Penalty, Policy
from gradcheck.grading.records import Origin, Override, Standing
from gradebooks import SPECS, columns, row

DEADLINE = datetime(2026, 10, 1, tzinfo=UTC)


def final(policy: Policy, *, points: float = 8.0, days: int = 0, by_case: float = 0.0) -> FinalGrade:
    """One spec of ten points, handed in so many days late."""
    came = DEADLINE + timedelta(days=days) - timedelta(hours=1)
    grade = row("ann", points=points, max_points=10.0)
    return final_grade(
        Standing(submission="ann", absent=False, grades={SPECS[0]: grade}),
        columns(SPECS[0], max_points=10.0),
        policy,
        origin=Origin(submission="ann", system="test", submitted=came),
        by_case={SPECS[0]: by_case},
    )


@pytest.mark.parametrize(
    ("policy", "days", "text"),
    [
        (Policy(), 0, ""),
        (Policy(deadline=DEADLINE), 1, ""),
        (Policy(deadline=DEADLINE, penalty_per_day=Penalty(2, is_part=False)), 1,
         "8 points, less 2 for being 1 day late"),
        (Policy(deadline=DEADLINE, penalty_per_day=Penalty(0.1, is_part=True), round_to=0.5), 2,
         "8 points, less 1.6 for being 2 days late, rounded to 6.5"),
        (Policy(deadline=DEADLINE, closes_after_days=1), 3,
         "8 points, less 8 for being 3 days late, after the last day for late work"),
        (Policy(round_to=3), 0, "8 points, rounded to 9"),
        (Policy(extra_credit=("one",)), 0, "8 points, 8 of them for extra credit"),
    ],
)  # fmt: skip
def test_a_total(policy: Policy, days: int, text: str) -> None:
    """Sum, extra credit, lateness and rounding, in the order in which they apply."""
    assert total_reason(final(policy, days=days)) == text


def test_more_by_case() -> None:
    """Points that a wrong gradient earns by its right cases."""
    (one,) = final(Policy(per_case=True), points=2.0, by_case=3.5).specs.values()
    assert spec_reason(one) == (
        "2 as graded, and more because a wrong gradient also earns points for the cases in which it is right"
    )
    (one,) = final(Policy(per_case=True), points=2.0, by_case=1.0).specs.values()
    assert spec_reason(one) == ""


def test_fewer_than_graded() -> None:
    """A spec that has fewer points by now."""
    (one,) = final(Policy(), points=12.0).specs.values()
    assert spec_reason(one) == "12 as graded, and at most 10 count"


@given(
    points=st.floats(0, 10).map(lambda x: round(x, 2)),
    days=st.integers(0, 5),
    penalty=st.builds(Penalty, st.floats(0, 1), is_part=st.booleans()),
    round_to=st.sampled_from([0.0, 0.25, 1.0]),
    override=st.none() | st.floats(0, 10),
)
def test_every_change_has_a_reason(
    points: float, days: int, penalty: Penalty, round_to: float, override: float | None
) -> None:
    """Whatever the policy: a total that is not the graded one is explained by a spec's reason or its own."""
    policy = Policy(deadline=DEADLINE, penalty_per_day=penalty, round_to=round_to)
    given_ = None
    if override is not None:
        given_ = {SPECS[0]: Override(submission="ann", spec=SPECS[0], points=override, reason="x", given="")}
    grade = final_grade(
        Standing(submission="ann", absent=False, grades={SPECS[0]: row("ann", points=points)}),
        columns(SPECS[0], max_points=10.0),
        policy,
        overrides=given_,
        origin=Origin(submission="ann", system="test", submitted=DEADLINE + timedelta(days=days)),
    )
    reasons = [total_reason(grade), *map(spec_reason, grade.specs.values())]
    if total_is_changed(grade) and not math.isclose(grade.points, points, abs_tol=1e-6):
        assert any(reasons)
    if not any(reasons):
        assert math.isclose(grade.points, points, abs_tol=1e-6)
