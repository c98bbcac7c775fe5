"""Derivatives of vectors as links of a chain rule, and entry by entry."""

from __future__ import annotations

import pytest

from gradcheck.derivation.records import Standing
from gradcheck.paper.check import check

RIGHT, WRONG, CANNOT_TELL = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL
LAYER = "z = W x + b; a = tanh(z); L = ‖a - y‖²; "
SHAPES = "W: 3x2, x: 2, b: 3"


def last(text: str, *, shapes: str = "") -> Standing:
    """What is said of the text's last claim."""
    return check(text, "text", shapes=shapes).claims[-1].standing


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        ("dL/dz = dL/da da/dz", RIGHT),
        ("dL/dz = dL/da · da/dz", RIGHT),
        ("dL/dz = dL/da ⊙ da/dz", RIGHT),
        ("dL/dz = 2 (a - y) ⊙ da/dz", RIGHT),
        ("dL/dz = 2 (a - y) da/dz", RIGHT),
        ("dL/dz = (a - y) da/dz", WRONG),
        ("dL/dx = dL/da da/dz dz/dx", RIGHT),
        ("dL/dx = dz/dx da/dz dL/da", RIGHT),  # in the other layout
        ("dL/dx = dL/da da/dz W", RIGHT),
        ("dL/dx = dL/da W", WRONG),
        ("dL/dx = dL/dz W^T", WRONG),
        ("dL/dx = dL/dz ⊙ dz/dx", WRONG),
        ("dL/dW = dL/da da/dz dz/dW", RIGHT),
        ("dL/db = dL/dz dz/db", RIGHT),
    ],
)
def test_a_chain_rule_of_vectors_holds_in_whichever_layout(claim: str, standing: Standing) -> None:
    assert last(LAYER + claim, shapes=SHAPES) is standing


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        ("da/dz = 1 - a^2", RIGHT),
        ("da/dz = (1 - a) ⊙ (1 + a)", RIGHT),
        ("dz/db = 1", RIGHT),
        ("da/dz = 1 - a", WRONG),
        ("da/dz = 1", WRONG),
        ("dz/db = 2", WRONG),
    ],
)
def test_the_derivative_of_what_is_worked_out_entry_by_entry_is_one_for_each(
    claim: str, standing: Standing
) -> None:
    assert last(LAYER + claim, shapes=SHAPES) is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("z = w x + b; a = σ(z); L = 1/n Σ_i (a_i - y_i)^2; dL/dz = dL/da · da/dz", RIGHT),
        ("L = 1/n Σ_i (a_i - y_i)^2; a_i = tanh(z_i); z_i = w x_i + b; dL/dw = dL/dz_i dz_i/dw", WRONG),
        ("L = 1/n Σ_i (a_i - y_i)^2; a_i = tanh(z_i); z_i = w x_i + b; dL/dw = Σ_i dL/dz_i dz_i/dw", RIGHT),
        (
            r"$\hat y_i = \sigma(z_i)$, $z_i = w^T x_i + b$, $L = \frac{1}{n}\sum_i (\hat y_i - y_i)^2$. "
            r"$\frac{\partial L}{\partial w} = \frac{\partial L}{\partial \hat y}"
            r"\frac{\partial \hat y}{\partial z}\frac{\partial z}{\partial w}$",
            RIGHT,
        ),
        # z changes L by another way, too
        ("z = W x; a = tanh(z); L = ‖a - y‖² + ‖z‖²; dL/dW = dL/da da/dz dz/dW", CANNOT_TELL),
    ],
)
def test_whole_quantities_and_their_entries_may_stand_in_one_chain(text: str, standing: Standing) -> None:
    assert last(text) is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("Z = X @ W.T + b\nL = 0.5 * ((Z - Y)**2).sum()\ndb = (Z - Y).sum(0)", RIGHT),
        ("Z = X @ W.T + b\nL = 0.5 * ((Z - Y)**2).sum()\ndb = np.sum(Z - Y, 0)", RIGHT),
        ("Z = X @ W.T + b\nL = 0.5 * ((Z - Y)**2).sum()\ndb = (Z - Y).sum()", WRONG),
        ("Z = X @ W.T + b\nL = 0.5 * ((Z - Y)**2).sum()\ndb = Z - Y", WRONG),
        ("Z = W @ X + b\nL = 0.5 * ((Z - Y)**2).sum()\ndb = (Z - Y).sum(axis=1)", RIGHT),
        ("z = np.dot(X, w) + b\nL = np.mean((z - y)**2)\ndb = np.mean(2 * (z - y))", RIGHT),
        ("z = A x + b\nL = ‖z‖²\ndL/db = 2 z", RIGHT),
    ],
)
def test_a_bias_lies_along_the_units_of_a_batch(text: str, standing: Standing) -> None:
    assert last(text) is standing
