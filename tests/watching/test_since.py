"""What a save has changed, in one sentence."""

from __future__ import annotations

import pytest

from gradcheck.watching.since import Standing, since

ARE = "are right now"
W, R, E, U = "wrong", "right", "error", "cannot tell"


@pytest.mark.parametrize(
    ("before", "now", "sentence"),
    [
        (None, {"dW1": W, "db1": R}, "1 quantity to go"),
        (None, {"dW1": R}, "all is right"),
        ({"dW1": W, "dW2": W}, {"dW1": W, "dW2": R}, "dW2 is right now; 1 quantity to go"),
        ({"a": W, "b": E, "c": U}, {"a": R, "b": R, "c": R}, "a, b and c are right now; all is right"),
        ({"a": R, "b": R}, {"a": W, "b": U}, "a and b are not right any more; 2 quantities to go"),
        ({"a": R, "b": W}, {"a": W, "b": R}, "b is right now; a is not right any more; 1 quantity to go"),
        ({"a": W}, {"a": E}, "the same quantities are right as before; 1 quantity to go"),
        ({"a": R}, {"a": R}, "the same quantities are right as before; all is right"),
        ({"a": R}, {"b": W}, "the same quantities are right as before; 1 quantity to go"),
        (dict.fromkeys("abcde", W), dict.fromkeys("abcde", R), f"a, b, c and 2 more {ARE}; all is right"),
    ],
)
def test_the_sentence(before: Standing | None, now: Standing, sentence: str) -> None:
    assert since(before, now) == sentence
