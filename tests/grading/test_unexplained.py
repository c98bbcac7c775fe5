"""Wrong numbers that are compared with others', and those that are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from gradcheck.grading.unexplained import Answer, unexplained
from gradcheck.verdict.records import Status
from gradebooks import quantity, row

UNEXPLAINED: dict[str, Any] = {"corrections": [], "category": None}
VARIED = (0.123456, -0.0456789, 2.34567)


def discrepancy(n: int, yours: float | str, true: float = 0.0, status: str = "wrong") -> dict[str, Any]:
    return {
        "symbol": f"w{n}",
        "index": [n],
        "status": status,
        "yours": yours,
        "autograd": true + n + 1,
        "differences": true + n + 1,
    }


def graded(*discrepancies: dict[str, Any], diagnosis: Any = UNEXPLAINED, **fields: Any) -> Answer | None:
    """What is compared of a wrong grade."""
    wrong = quantity("dW1", case=0, cases=3, discrepancies=list(discrepancies))
    return unexplained(row("ann", quantities=[wrong], report={"diagnosis": diagnosis}, **fields))


WRONG = [discrepancy(n, yours) for n, yours in enumerate(VARIED)]


def test_what_is_compared() -> None:
    """The wrong numbers in the order of their places, whichever is furthest off."""
    found = graded(*reversed(WRONG), discrepancy(7, 1.5, status="cannot tell"))
    assert found is not None
    assert [(d.quantity, d.index, d.yours, d.true) for d in found.discrepancies] == [
        ("dW1", (n,), yours, n + 1) for n, yours in enumerate(VARIED)
    ]


@pytest.mark.parametrize(
    "numbers",
    [
        (0.0, 0.0, 0.0, 0.0),
        (2.0, 4.0, 6.0, 8.0),
        (-1.0, -2.0, -3.0, -4.0),
        (0.5, 0.25, 0.5, 0.25),
        (0.3, 0.7),
        (4.0, 1.0, 2.0, 3.0),
        (-4.0, 1.0, -2.0, 3.5),
        (1.3, 2.3, 3.3, 4.3),
    ],
)
def test_numbers_with_little_room_are_not_compared(numbers: Sequence[float]) -> None:
    """Zeros, the right ones (1, 2, 3, 4) times a factor, in other places, or with a summand; too few."""
    assert graded(*(discrepancy(n, yours) for n, yours in enumerate(numbers))) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"explanations": (("sign",),)},
        {"diagnosis": {**UNEXPLAINED, "category": "a factor left out"}},
        {"diagnosis": {**UNEXPLAINED, "corrections": [{"yours": "a", "right": "b", "change": "c"}]}},
        {"diagnosis": None},
        {"status": Status.ERROR},
    ],
)
def test_what_is_explained_is_not_compared(fields: dict[str, Any]) -> None:
    """A mistake that two make gives the same numbers; where nobody has looked for one, nothing is said."""
    assert graded(*WRONG) is not None
    assert graded(*WRONG, **fields) is None


def test_the_case_that_is_drawn_anew_is_not_compared() -> None:
    """It is the last one."""
    wrong = quantity("dW1", case=2, cases=3, discrepancies=WRONG)
    assert unexplained(row("ann", quantities=[wrong], report={"diagnosis": UNEXPLAINED})) is None


def test_what_is_not_finite_is_not_compared() -> None:
    assert graded(*WRONG, discrepancy(5, "nan")) is None
