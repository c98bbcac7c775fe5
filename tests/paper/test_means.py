"""Names that are arrays of examples, since a sum or a mean would go over a single number otherwise."""

from __future__ import annotations

import pytest

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.paper.check import check

RIGHT, WRONG, CANNOT_TELL = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL
LINE = "L = mean((w x + b - y)^2), "
SQUASHED = "L = mean((tanh(x) - y)^2), "
NEURON = "z = w x + b, a = sigmoid(z), L = mean((a - y)^2), "


def judged(text: str, *, shapes: str = "") -> Derivation:
    return check(text, "text", shapes=shapes)


def last(text: str, *, shapes: str = "") -> Standing:
    """What is said of the text's last claim."""
    return judged(text, shapes=shapes).claims[-1].standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (LINE + "dL/dw = 2 mean((w x + b - y) x)", RIGHT),
        (LINE + "dL/dw = 2 (w x + b - y) x", WRONG),
        (LINE + "dL/db = 2 mean(w x + b - y)", RIGHT),
        (LINE + "dL/db = 2 (w x + b - y)", WRONG),
        ("L = np.mean((w * x + b - y)**2)\ndw = 2 * np.mean((w * x + b - y) * x)", RIGHT),
        ("L = np.mean((w * x + b - y)**2)\ndw = 2 * (w * x + b - y) * x", WRONG),
        (r"$L = \operatorname{mean}((w x - y)^2)$, $\frac{\partial L}{\partial w} = 2 (w x - y) x$", WRONG),
        (r"$L = \text{mean}((w x - y)^2)$, $\frac{dL}{dw} = 2\,\text{mean}((w x - y) x)$", RIGHT),
        ("l = (w x - y)^2, L = mean(l), dL/dw = 2 (w x - y) x", WRONG),
        ("l = (w x - y)^2, L = mean(l), dL/dw = mean(2 (w x - y) x)", RIGHT),
        ("L = mean((m x + c - y)^2), dL/dm = 2 (m x + c - y) x", WRONG),
        ("L = mean((w x - y)^2) + lambda w^2, dL/dw = 2 mean((w x - y) x) + 2 lambda w", RIGHT),
        ("L = mean((w x - y)^2) + lambda w^2, dL/dw = 2 mean((w x - y) x) + lambda w", WRONG),
        ("L = 1/n sum((w x + b - y)^2), dL/dw = 2/n sum((w x + b - y) x)", RIGHT),
        ("L = sum((w x - y)^2), dL/dw = sum(2 (w x - y) x)", RIGHT),
    ],
)  # fmt: skip
def test_parameters_are_numbers_for_all_examples(text: str, standing: Standing) -> None:
    assert last(text) is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (SQUASHED + "dL/dx = 2 (tanh(x) - y) (1 - tanh(x)^2)", WRONG),
        (r"$L = \operatorname{mean}((x - y)^2)$, $\frac{\partial L}{\partial x} = 2 (x - y)$", WRONG),
        ("d/dx mean(x^2) = 2 x", WRONG),
        ("L = ((x - y)^2).mean(), dL/dx = 2 (x - y)", WRONG),
        ("L = mean(alpha^2), dL/dalpha = 2 alpha", WRONG),
        ("L = sum((x - y)^2), dL/dx = 2 (x - y)", RIGHT),
        ("L = sum((x - y)^2), dL/dx = x - y", WRONG),
        ("L = 1/n sum((x - y)^2), dL/dx = 2/n (x - y)", RIGHT),
    ],
)
def test_each_example_has_its_part_in_a_mean(text: str, standing: Standing) -> None:
    assert last(text) is standing


@pytest.mark.parametrize("count", [3, 4, 7, 50])
@pytest.mark.parametrize("name", ["n", "N", "m"])
def test_a_text_says_how_many_examples_there_are(count: int, name: str) -> None:
    gradient = "dL/dx = 2 (tanh(x) - y) (1 - tanh(x)^2)"
    assert last(f"{name} = {count}, {SQUASHED}{gradient} / {name}") is RIGHT
    assert last(f"{name} = {count}, {SQUASHED}{gradient}") is WRONG


@pytest.mark.parametrize(
    "claim",
    [
        "dL/dx = 2 (tanh(x) - y) (1 - tanh(x)^2) / 3",  # right of three examples alone
        "dL/dx = 2 (tanh(x) - y) (1 - tanh(x)^2) / 5",
        "dL/dy = -2 mean(tanh(x) - y)",  # right of a single y for all
    ],
)
def test_what_is_right_of_some_examples_is_asked_for(claim: str) -> None:
    assert last(SQUASHED + claim) is CANNOT_TELL


def test_a_name_that_may_be_either_is_asked_for() -> None:
    """A slope a is a number, activations a are not; what is wrong of both is wrong."""
    text = "L = mean((a x + b - y)^2), "
    assert last(text + "dL/da = 2 mean((a x + b - y) x)") is CANNOT_TELL
    assert last(text + "dL/da = 2 (a x + b - y) x") is WRONG


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        ("da/dz = a (1 - a)", RIGHT),
        ("da/dz = a", WRONG),
        ("dz/dx = w", RIGHT),
        ("dz/dw = x", RIGHT),
        ("dz/db = 1", RIGHT),
        ("dz/dx = x", WRONG),
    ],
)
def test_a_claim_about_a_single_example_needs_no_arrays(claim: str, standing: Standing) -> None:
    assert last(NEURON + claim) is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("L = sum(x), dL/dx = 1", RIGHT),
        ("n = 4, L = mean(2 x), dL/dx = 2/n", RIGHT),
        ("n = 4, L = mean(2 x), dL/dx = 2", WRONG),
        ("z = W x + b, L = sum(z), dL/dz = 1", RIGHT),
        ("z = W x + b, L = sum(z), dL/dz = 2", WRONG),
        (r"$L = \sum_i z_i$, so $\frac{\partial L}{\partial z} = 1$", RIGHT),
        (r"$L = \mathbf{1}^T z$, $\frac{\partial L}{\partial z} = 1$", RIGHT),
        ("L = c sum(x), dL/dx = c", RIGHT),
        ("L = ½‖x - y‖², dL/dx = sum(x - y)", WRONG),  # a sum where entries are due
        ("f = tr(X), df/dX = 1", WRONG),
    ],
)
def test_a_number_may_be_every_entry(text: str, standing: Standing) -> None:
    assert last(text) is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("y = sum(w * x) + b, L = (y - t)^2, dL/dw = 2 (y - t) x", RIGHT),
        ("y = sum(w * x) + b, L = (y - t)^2, dL/dw = (y - t) x", WRONG),
        ("y = np.sum(w * x) + b\nL = (y - t)**2\ndw = 2 * (y - t) * x", RIGHT),
        ("L = -sum(t log(a)), dL/da = -t/a", RIGHT),
        ("L = -sum(t log(a)), dL/da = t/a", WRONG),
        ("KL = sum(p log(p/q)), dKL/dq = -p/q", RIGHT),
        ("p = softmax(z), L = -sum(y log(p)), dL/dp = -y/p", RIGHT),
        ("L = mean((w x - y)^2) + lambda sum(w^2), dL/dw = 2 mean((w x - y) x) + 2 lambda w", RIGHT),
        ("L = mean((w x - y)^2) + lambda sum(w^2), dL/dw = 2 mean((w x - y) x) + lambda w", WRONG),
    ],
)
def test_sums_over_entries_of_a_single_example(text: str, standing: Standing) -> None:
    """Inner products, cross-entropies and penalties."""
    assert last(text) is standing


@pytest.mark.parametrize(
    ("text", "shapes", "standing"),
    [
        ("L = mean((x - y)^2), dL/dx = 2 (x - y)", "x: 1, y: 1", RIGHT),
        ("L = mean((x - y)^2), dL/dx = 2 (x - y) / 4", "x: 4, y: 4", RIGHT),
        ("L = mean((x - y)^2), dL/dx = 2 (x - y) / 3", "x: 4, y: 4", WRONG),
        ("x = 3, L = mean(x^2), dL/dx = 2 x", "", RIGHT),
        ("L = mean(||x - y||^2), dL/dx = 2 (x - y)", "", RIGHT),
        ("L = (w x - y)^2, dL/dw = 2 (w x - y) x", "", RIGHT),
    ],
)
def test_what_is_known_stays_so(text: str, shapes: str, standing: Standing) -> None:
    """Of declared shapes, defined numbers and sums over arrays nothing is taken for examples."""
    assert last(text, shapes=shapes) is standing


def test_what_was_taken_is_shown() -> None:
    (reading,) = (text for _, text in judged(LINE + "dL/db = 2 mean(w x + b - y)").readings)
    assert reading == "x: 3, y: 3 (or say it with --shapes)"
