"""A policy's file."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gradcheck.errors import SpecError
from gradcheck.grading.policy.read import policy_beside, read
from gradcheck.grading.policy.records import Penalty, Policy
from gradcheck.specification.content import LARGEST

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
        ("letters: {A: 90%, A: 50%}", "1:19: the key A was given before"),
        ("letters: {A: 90%, B: 90%}", "1:22: B begins where A begins"),
        ("letters: {A: 50%, B: 90%}", "1:22: B begins above A, which is the better letter"),
        ("letters: {B+: 70%, F: 0%, B-: 60%, B: 75%}", "1:39: B begins above B+"),
        ("letters: {A: 90%, ' ': 0%}", "1:19: this letter has no name"),
        ("letters:", "1:1: letters has no value"),
        ("timezone:", "1:1: timezone has no value"),
        ("- deadline", "1:1: a policy is a mapping of keys to values, not a list"),
        ("late_days: 1\n---\n", "2:1: a second document starts here"),
        ("grace_minutes: 1e300", "1:16: write a number of at most"),
        ("round_to: 1e-320", "1:11: write a step of at least"),
        ("deadline: 9999-12-31 23:59 -05:00", "1:11: write a year from"),
        ("deadline: 2026-10-01 23:59 +99:99", "1:11: write a time as"),
    ],
)
def test_what_is_wrong_says_where(tmp_path: Path, text: str, says: str) -> None:
    """Line, column, and what is meant there."""
    path = tmp_path / "policy.yaml"
    path.write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(SpecError) as error:
        read(path)
    assert says in str(error.value)
    assert " spec " not in str(error.value)


@pytest.mark.parametrize("text", ["", "# no rules yet\n", "---\n", "null\n"])
def test_every_key_is_optional(tmp_path: Path, text: str) -> None:
    """A file without keys changes nothing."""
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    assert read(path) == Policy()


def test_a_policy_that_cannot_be_read(tmp_path: Path) -> None:
    """It is called a policy, whatever is wrong with the file."""
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(SpecError, match="a policy has at most"):
        read(path)
    with pytest.raises(SpecError, match="the policy can't be read"):
        read(tmp_path / "none.yaml")


def test_all_at_once(tmp_path: Path) -> None:
    """Every complaint of a file is in one error."""
    path = tmp_path / "policy.yaml"
    path.write_text("late_days: -1\nround_to: x\nnonsense: 1\n", encoding="utf-8")
    with pytest.raises(SpecError) as error:
        read(path)
    assert len(error.value.complaints) == 3
