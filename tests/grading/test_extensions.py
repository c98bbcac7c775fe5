"""Whose deadline a policy extends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gradcheck.grading.extensions import by_submission
from gradcheck.grading.records import Origin, Person

FIRST, SECOND = datetime(2026, 10, 5, tzinfo=UTC), datetime(2026, 10, 7, tzinfo=UTC)
JANE = Person(name="Doe, Jane", email="Jane@example.edu", login="jd", number="A1")
JOHN = Person(name="John Roe", email="john@example.edu")
ORIGINS = {
    "doejane": Origin(submission="doejane", system="Canvas", people=(Person(name="doejane", canvas_id="1"),)),
    "s_1": Origin(submission="s_1", system="Gradescope", people=(JANE,)),
    "group": Origin(submission="group", system="Gradescope", people=(JOHN, Person(name="Eve"))),
}
NAMES = ("anna", *ORIGINS)


@pytest.mark.parametrize(
    ("name", "submission"),
    [
        ("anna", "anna"),
        ("s_1", "s_1"),
        ("jane@EXAMPLE.edu", "s_1"),
        ("jd", "s_1"),
        ("A1", "s_1"),
        ("Roe, John", "group"),
        ("eve", "group"),
        ("1", "doejane"),
    ],
)
def test_whoever_is_known_by_a_name(name: str, submission: str) -> None:
    """A submission's name, or what a course system calls its people."""
    found = by_submission({name: FIRST}, NAMES, ORIGINS)
    assert found.deadlines == {submission: FIRST}
    assert found.complaints == ()


def test_of_a_group_the_latest_counts() -> None:
    """In whichever order they are written."""
    for order in ({"Eve": FIRST, "John Roe": SECOND}, {"John Roe": SECOND, "Eve": FIRST}):
        assert by_submission(order, NAMES, ORIGINS).deadlines == {"group": SECOND}


def test_who_is_not_known_or_not_alone_has_none() -> None:
    """And it is said who."""
    found = by_submission({"Jane Doe": FIRST, "Zoe": FIRST}, NAMES, ORIGINS)
    assert found.deadlines == {}
    assert found.complaints == (
        "extensions: Jane Doe: may be doejane, s_1; name one of them",
        "extensions: Zoe: the gradebook has nothing of that name",
    )
