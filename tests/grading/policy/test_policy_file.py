"""A policy's file."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gradcheck.errors import SpecError
from gradcheck.grading.policy.read import policy_beside, read
from gradcheck.grading.policy.records import Penalty, Policy

BERLIN = ZoneInfo("Europe/Berlin")
EVERYTHING = """\
timezone: Europe/Berlin
deadline: 2026-10-01 23:59
grace_minutes: 10
late_days: 2
penalty_per_day: 10%
most_penalty: 5
closes_after_days: 7
extensions:
  jane: 2026-10-05 23:59
  4321: 2026-10-05 23:59 +00:00
extra_credit: [specs/bonus.yaml, "extra/*"]
per_case: true
round_to: 0.5
rounding: up
letters: {B: 75%, A: 90%, F: 0%}
"""


def test_everything(tmp_path: Path) -> None:
    """Every key, as it is meant."""
    path = tmp_path / "policy.yaml"
    path.write_text(EVERYTHING, encoding="utf-8")
    assert read(path) == Policy(
        deadline=datetime(2026, 10, 1, 23, 59, tzinfo=BERLIN),
        grace_minutes=10,
        late_days=2,
        penalty_per_day=Penalty(0.1, is_part=True),
        most_penalty=Penalty(5.0, is_part=False),
        closes_after_days=7,
        extensions={
            "jane": datetime(2026, 10, 5, 23, 59, tzinfo=BERLIN),
            "4321": datetime(2026, 10, 5, 23, 59, tzinfo=timezone(timedelta(0))),
        },
        extra_credit=("specs/bonus.yaml", "extra/*"),
        per_case=True,
        round_to=0.5,
        rounding="up",
        letters=(("A", 0.9), ("B", 0.75), ("F", 0.0)),
    )


def test_without_a_file(tmp_path: Path) -> None:
    """Nothing changes."""
    assert policy_beside(tmp_path / "gradebook.sqlite") == Policy()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("deadline: tomorrow", "1:11: write a time as 2026-10-01 23:59"),
        ("deadline: 2026-13-01 23:59 +00:00", "1:11: month must be in 1..12"),
        ("deadline: 2026-10-01 23:59", "1:11: the time zone is missing"),
        ("timezone: Mars/North", "1:11: Mars/North is not a time zone"),
        ("timezone: ../../etc/passwd", "is not a time zone"),
        ("late_days: -1", "1:12: write a whole number that is not negative"),
        ("late_days: 1.5", "a whole number"),
        ("penalty_per_day: 110%", "write a part of the points, from 0% to 100%"),
        ("penalty_per_day: ten", "write a part of the points"),
        ("penalty_per_day: .nan", "write a number that is not negative"),
        ("per_case: 1", "write true or false"),
        ("extra_credit: specs/bonus.yaml", "write a list of specs"),
        ("letters: [A, B]", "write letters and the part"),
        ("letters: {A: 90}", "write a part of the points"),
        ("rounding: sideways", "sideways is not nearest, up or down"),
        ("extensions: [jane]", "write submissions with their deadlines"),
        ("late_dayz: 1", "did you mean late_days?"),
        ("- deadline", "1:1:"),
    ],
)
def test_what_is_wrong_says_where(tmp_path: Path, text: str, says: str) -> None:
    """Line, column, and what is meant there."""
    path = tmp_path / "policy.yaml"
    path.write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(SpecError) as told:
        read(path)
    assert says in str(told.value)


def test_all_at_once(tmp_path: Path) -> None:
    """Every complaint of a file is in one error."""
    path = tmp_path / "policy.yaml"
    path.write_text("late_days: -1\nround_to: x\nnonsense: 1\n", encoding="utf-8")
    with pytest.raises(SpecError) as told:
        read(path)
    assert len(told.value.complaints) == 3
