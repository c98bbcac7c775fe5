"""No verdict hangs on how long arrays happen to be where a claim is tried."""

from __future__ import annotations

import pytest

from gradcheck.derivation.records import Judged, Standing
from gradcheck.paper.check import check

RIGHT, WRONG, CANNOT_TELL = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL
LEAST = "L = mean((X w - y)^2)\n"
COUNTED = "J = 1/n Σ_{i=1}^n (w x_i - y_i)^2\n"
DIVIDED = "J = 1/n ||Xw - y||^2\n"


def last(text: str) -> Judged:
    """The text's last claim."""
    return check(text, "text").claims[-1]


@pytest.mark.parametrize("number", [3, 4, 12])
@pytest.mark.parametrize(
    ("text", "where"),
    [
        (LEAST + "dL/dw = 2/{} X^T(X w - y)", "y has {} entries"),
        (COUNTED + "dJ/dw = 2/{} Σ_{{i=1}}^n (w x_i - y_i) x_i", "n is {}"),
        (DIVIDED + "dJ/dw = 2/{} X^T(X w - y)", "n is {}"),
        ("L = mean((tanh(x) - y)^2)\ndL/dx = 2/{} (tanh(x) - y) (1 - tanh(x)^2)", "x has {} entries"),
    ],
)
def test_a_number_in_the_place_of_a_length_is_asked_for(number: int, text: str, where: str) -> None:
    claim = last(text.replace("{}", str(number)).replace("{{", "{").replace("}}", "}"))
    assert claim.standing is CANNOT_TELL
    assert f"this holds where {where.format(number)}, and not otherwise" in [s.message for s in claim.steps]


@pytest.mark.parametrize("length", [3, 7])
@pytest.mark.parametrize(
    "text",
    [
        "n = {}\n" + LEAST + "dL/dw = ~ X^T(X w - y)",
        "n = {}\n" + DIVIDED + "dJ/dw = ~ X^T(Xw - y)",
        "n = {}\n" + COUNTED + "dJ/dw = ~ Σ_i (w x_i - y_i) x_i",
    ],
)
def test_a_number_that_the_text_gives_is_the_length(length: int, text: str) -> None:
    text = text.replace("{}", str(length))
    assert last(text.replace("~", "2/n")).standing is RIGHT
    assert last(text.replace("~", f"2/{length}")).standing is RIGHT
    assert last(text.replace("~", f"2/{length + 1}")).standing is WRONG
    assert last(text.replace("~", "2")).standing is WRONG


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (LEAST + "dL/dw = 2/n X^T(X w - y)", RIGHT),
        (LEAST + "dL/dw = 1/n X^T(X w - y)", WRONG),
        ("L = mean(z)\ndL/dz = 1/n", RIGHT),
        ("y = X w + b\nL = mean((y - t)^2)\ndL/db = 2/n sum(y - t)", RIGHT),
    ],
)
def test_n_is_how_many_entries_a_mean_goes_over(text: str, standing: Standing) -> None:
    assert last(text).standing is standing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (COUNTED + "dJ/dw = Σ_{i=1}^n (w x_i - y_i) x_i", "It is 0.5 n times what stands before it"),
        (LEAST + "dL/dw = X^T(X w - y)", "It is 0.5 N times what stands before it, everywhere, where y has"),
        ("m = mean(x^2)\ndm/dx = 2 x", "It is N times what stands before it, everywhere, where x has N"),
        ("s = sum(x^2)\nds/dx = 6 x", "It is 3 times what stands before it"),
    ],
)
def test_a_factor_that_is_a_length_is_called_so(text: str, said: str) -> None:
    claim = last(text)
    assert claim.standing is WRONG
    assert claim.mistake.startswith(said)


def test_an_accident_of_the_first_lengths_is_no_truth() -> None:
    """The mean over two entries takes back the 2 of the square; over others it doesn't."""
    text = "z = W x\nL = sum(z^2) + mean(x^2)\ndL/dx = 2 W^T z + x"
    assert last(text).standing is WRONG


def test_a_sum_over_fewer_entries_than_the_text_has_is_not_taken_for_the_whole() -> None:
    text = "L = Σ_{i=1}^{5} (w x_i - y_i)^2\ndL/dw = 2 Σ_{i=1}^{~} (w x_i - y_i) x_i"
    assert last(text.replace("~", "5")).standing is RIGHT
    assert last(text.replace("~", "3")).standing is CANNOT_TELL
