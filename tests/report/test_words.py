"""What every form of a report says."""

from __future__ import annotations

import pytest
from hypothesis import given
from report_examples import EXAMPLES, TRACEBACK, error, right, verdict
from report_strategies import quantities

from gradcheck.report.words import explanation, finding, standing, summary, without_failure
from gradcheck.submission.text import is_printable
from gradcheck.text import columns
from gradcheck.verdict.records import Quantity, Status


def _quantity(example: str, symbol: str) -> Quantity:
    return next(q for q in EXAMPLES[example].quantities if q.symbol == symbol)


@pytest.mark.parametrize(
    ("example", "text"),
    [
        ("all_right", "3 of 3 right, 12 of 12 points"),
        ("wrong_matrix", "2 of 3 right, 8 of 12 points"),
        ("undecided", "1 of 3 right, 1 undecided, 4 of 12 points"),
        ("crash", "0 of 3 right, 0 of 12 points"),
        ("function", "0 of 1 right"),
    ],
)
def test_standing(example: str, text: str) -> None:
    """How much is right and how many points it earns, where there are points."""
    assert standing(EXAMPLES[example]) == text


def test_half_points_are_told() -> None:
    """Points need not be whole."""
    assert standing(verdict([right("dW", points=2.5)])) == "1 of 1 right, 2.5 of 4 points"


@pytest.mark.parametrize(
    ("example", "symbol", "text"),
    [
        ("all_right", "dW3", "3 weights in each of 3 cases (tolerance 1e-9)"),
        ("wrong_matrix", "dW2", "6 of 6 weights, in 2 of 3 cases (tolerance 1e-9)"),
        ("undecided", "dW2", "5 of 6 weights, 1 undecided, in 2 of 3 cases (tolerance 1e-9)"),
        ("single", "dW3", "3 weights in each of 3 cases (float32, tolerance 1e-5)"),
        ("large", "dW1", "11,810 of 60,000 weights, in 2 of 3 cases (tolerance 1e-9)"),
        ("function", "x", "1 of 8 entries (tolerance 1e-9)"),
        ("missing", "dW2", "run sets no dW2"),
    ],
)
def test_findings(example: str, symbol: str, text: str) -> None:
    """Counts and the tolerance where there are numbers, else what is the matter."""
    assert finding(_quantity(example, symbol)) == text


def test_a_quantity_without_a_message_still_has_a_reason() -> None:
    """Nobody is left with an empty line."""
    assert finding(error("dW", "shape")) == "no numbers to compare: shape"


def test_a_failure_is_shown_once() -> None:
    """Where it is shown as a whole, a quantity repeats no more than what is its own."""
    failed = error("dW", "failed", message=f"{TRACEBACK.message} (asker.py:12) [case 2 of 3]")
    assert without_failure(failed, TRACEBACK).message == "no numbers (asker.py:12) [case 2 of 3]"
    assert without_failure(failed, None) == failed
    missing = error("dW", "missing", message="dW was not set")
    assert without_failure(missing, TRACEBACK) == missing


@given(quantities())
def test_cannot_tell_says_that_it_costs_no_points(quantity: Quantity) -> None:
    """Of a quantity that nobody can judge, and of no other; points are not spoken of where there are none."""
    undecided = quantity.status is Status.CANNOT_TELL
    assert ("This costs no points." in explanation(quantity)) == (undecided and quantity.max_points > 0)


@pytest.mark.parametrize(
    ("example", "symbol", "text"),
    [
        ("all_right", "dW3", "dW3 right: 3 weights in each of 3 cases (tolerance 1e-9)"),
        (
            "wrong_matrix",
            "dW2",
            "dW2 wrong: 6 of 6 weights, in 2 of 3 cases, W[1, 0] -0.0604 instead of 0.0201",
        ),
        ("wrong_shape", "dW2", "dW2 error: the shape is (2, 3), not (3, 2)"),
    ],
)
def test_summaries(example: str, symbol: str, text: str) -> None:
    """Status, counts and the worst weight on one line."""
    assert summary(_quantity(example, symbol)) == text


@pytest.mark.slow
@given(quantities())
def test_a_summary_is_one_short_line(quantity: Quantity) -> None:
    """At most 100 columns, and fit to print."""
    text = summary(quantity)
    assert all(map(is_printable, text))
    assert columns(text) <= 100
