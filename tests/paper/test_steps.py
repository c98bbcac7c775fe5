"""Formulas for all layers or times: each is tried for every one of them that the text's definitions make."""

from __future__ import annotations

import pytest

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.formulas.dialect import read
from gradcheck.paper.check import check
from gradcheck.paper.rewriting.normal import normal
from gradcheck.paper.rewriting.steps import steps

RIGHT, WRONG, CANNOT_TELL, DEFINED = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL, Standing.DEFINED
BACK = r"$\delta^l = (W^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)$"
LAYERS = (
    r"$z^l = W^l a^{l-1} + b^l$, $a^l = \sigma(z^l)$, $C = \frac12 \|a^L - y\|^2$,"
    r" $\delta^l = \frac{\partial C}{\partial z^l}$, "
)
RECURRENT = (
    r"$h_t = \tanh(W h_{t-1} + U x_t + b)$, $o_t = V h_t$, $L = \frac12 \sum_{t=1}^T \|o_t - y_t\|^2$,"
    r" $\delta_t = \frac{\partial L}{\partial h_t}$, "
)


def judged(text: str) -> Derivation:
    return check(text, "text")


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        (r"$\delta^L = (a^L - y) \odot \sigma'(z^L)$", RIGHT),
        (r"$\delta^L = a^L - y$", WRONG),
        (BACK, RIGHT),
        (r"$\delta^l = (W^{l})^T \delta^{l+1} \odot \sigma'(z^l)$", WRONG),
        (r"$\delta^l = (W^{l+1})^T \delta^{l+1} \odot \sigma'(z^{l+1})$", WRONG),
        (r"$\delta^l_j = \sum_k W^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)$", RIGHT),
        (r"$\frac{\partial C}{\partial W^l} = \delta^l (a^{l-1})^T$", RIGHT),
        (r"$\frac{\partial C}{\partial W^l} = \delta^l (a^{l})^T$", WRONG),
        (r"$\frac{\partial C}{\partial W^l_{jk}} = a^{l-1}_k \delta^l_j$", RIGHT),
        (r"$\frac{\partial C}{\partial W^l_{jk}} = a^{l-1}_j \delta^l_k$", WRONG),
        (r"$\frac{\partial C}{\partial b^l} = \delta^l$", RIGHT),
        (r"$\frac{\partial C}{\partial W^2} = \delta^2 (a^1)^T$", RIGHT),
    ],
)
def test_layers(claim: str, standing: Standing) -> None:
    """For every layer that has one before it, or behind it."""
    assert judged(LAYERS + claim).claims[-1].standing is standing


def test_a_layer_may_be_worked_out() -> None:
    """δ^{1+1} is δ^2."""
    layer = r"$z^{(2)} = W^{(2)} a^{(1)}$, $C = \|z^{(2)} - y\|^2$, $\delta^{(1+1)} = 2 (z^{(2)} - y)$, "
    claim = r"$\frac{\partial C}{\partial W^{(3-1)}} = \delta^{(2)} "
    assert judged(layer + claim + "(a^{(1)})^T$").claims[-1].standing is RIGHT
    assert judged(layer + claim + "a^{(1)}$").claims[-1].standing is WRONG


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        (r"$\frac{\partial L}{\partial V} = \sum_{t=1}^T (o_t - y_t) h_t^T$", RIGHT),
        (r"$\frac{\partial L}{\partial V} = \sum_t (o_t - y_t) h_t^T$", RIGHT),
        (r"$\frac{\partial L}{\partial V} = \sum_t (o_t - y_t) h_{t-1}^T$", WRONG),
        (r"$\delta_t = V^T (o_t - y_t) + W^T (\delta_{t+1} \odot (1 - h_{t+1}^2))$", RIGHT),
        (r"$\delta_t = V^T (o_t - y_t) + W^T (\delta_{t+1} \odot (1 - h_t^2))$", WRONG),
        (r"$\frac{\partial L}{\partial W} = \sum_{t=1}^T (\delta_t \odot (1 - h_t^2)) h_{t-1}^T$", RIGHT),
        (r"$\frac{\partial L}{\partial W} = \sum_{t=1}^T \delta_t h_{t-1}^T$", WRONG),
        (r"$\frac{\partial L}{\partial W} = \delta_t h_{t-1}^T$", CANNOT_TELL),
    ],
)
def test_times(claim: str, standing: Standing) -> None:
    """A parameter that every time has part in gets the sum."""
    assert judged(RECURRENT + claim).claims[-1].standing is standing


def test_the_last_layer_may_be_another_one() -> None:
    """What is said of it alone goes before what is said of all."""
    text = LAYERS + r"$a^L = z^L$, $\delta^L = a^L - y$, " + BACK
    *_, last, others = judged(text).claims
    assert (last.standing, others.standing) == (RIGHT, RIGHT)


def test_what_holds_for_some_is_neither_right_nor_wrong() -> None:
    """It is said for which it holds."""
    text = LAYERS + r"$a^L = z^L$, $\delta^l = \frac{\partial C}{\partial a^l} \odot \sigma'(z^l)$"
    claim = judged(text).claims[-1]
    assert claim.standing is CANNOT_TELL
    assert any("it holds for l = 1, 2, but not for l = 3" in step.message for step in claim.steps)


def test_a_number_says_how_many_layers_there_are() -> None:
    """As in C = (a^4 - y)^2."""
    text = LAYERS.replace("a^L", "a^4") + r"$\delta^4 = (a^4 - y) \odot \sigma'(z^4)$"
    assert judged(text).claims[-1].standing is RIGHT


@pytest.mark.parametrize(
    "text",
    [
        "x_i = i",  # no step is taken
        "L = x_{i+1} - x_i",  # nothing is made for each
        "y = A x; y_i = x_{i-1}",  # entries of an array
    ],
)
def test_other_letters_are_left_alone(text: str) -> None:
    """Only what is made of the one before it is a layer or a time."""
    claims = normal(read(text).claims)
    assert list(steps(claims).claims) == claims


def test_nothing_runs_away() -> None:
    """However many letters and steps there are."""
    text = "a^l_t = a^{l-1}_t + a^l_{t-1}; " * 5 + "b^{l}_{t} = " + " + ".join(["a^{l-1}_{t-1}"] * 60)
    assert judged(text).claims
