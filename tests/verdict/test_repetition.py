"""Whether a second call gave the same."""

import numpy as np
import pytest

from gradcheck.submission.records import Array, Failure, Outcome
from gradcheck.verdict.repetition import is_same


def outcome(value: Array) -> Outcome:
    return Outcome({"dW": value}, {}, ())


ONE = np.array([[1.0, -0.0, np.nan]])


def test_two_calls_are_the_same_bit_by_bit() -> None:
    assert is_same(outcome(ONE), outcome(ONE.copy()), "dW")


@pytest.mark.parametrize(
    "again",
    [
        outcome(np.array([[1.0, 0.0, np.nan]])),
        outcome(ONE.ravel()),
        outcome(ONE.astype(np.float32)),
        Outcome({}, {}, ()),
        Failure("exception", "ZeroDivisionError"),
    ],
    ids=["sign of zero", "shape", "precision", "nothing", "failure"],
)
def test_what_differs_at_all_is_not_the_same(again: Outcome | Failure) -> None:
    assert not is_same(outcome(ONE), again, "dW")
    assert not is_same(again, outcome(ONE), "dW")
