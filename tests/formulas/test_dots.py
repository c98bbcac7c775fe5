"""Dots between terms and in lists."""

from __future__ import annotations

import pytest
from formula_texts import complaints, said


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("y = x_1 + … + x_n", "y = Σ_{i=1}^{n} x_{i}"),
        ("y = w_1*x_1 + w_2*x_2 + ... + w_n*x_n + b", "y = Σ_{i=1}^{n} w_{i} * x_{i} + b"),
        (r"y = a + x_2^2 + x_3^2 + \dots + x_5^2", "y = a + Σ_{i=2}^{5} x^2_{i}"),
        (r"f(x_1, \dots, x_n) = 0", "f(x) = 0"),
        (r"C(\dots) = 0", "C = 0"),
    ],
)
def test_a_plain_pattern_is_a_sum_or_an_array(text: str, plain: str) -> None:
    """The terms before the dots and the one behind say where the index begins and ends."""
    assert said(text) == [plain]


@pytest.mark.parametrize("text", ["x_1 + … + y_n", "x + … + z", "x_1 + … - x_n", "f(x_1, …, y)"])
def test_other_dots_are_refused(text: str) -> None:
    """Nobody else knows what they stand for."""
    (complaint,) = complaints(f"s = {text}")
    assert complaint == "…: dots stand for terms that only you know: write them out, or write a sum"


def test_dots_between_commas_say_which_values_a_letter_has() -> None:
    """They claim nothing."""
    assert said(r"a_i = b_i, i = 1, \dots, n") == ["a_{i} = b_{i}"]
