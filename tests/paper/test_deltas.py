"""δ of a text that does not say what it is: by ∂L/∂W = δ xᵀ it is the derivative by what W leads to."""

from __future__ import annotations

import pytest

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.paper.check import check

RIGHT, WRONG, CANNOT_TELL = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL
FORWARD = "z1 = W1 x + b1\nh = tanh(z1)\nz2 = W2 h + b2\nL = 1/2 (z2 - y)^2\n"
WEIGHTS = "dL/dW2 = delta2 h^T\ndL/dW1 = delta1 x^T\n"
LAYERS = r"$z^l = W^l a^{l-1} + b^l$, $a^l = \sigma(z^l)$" + "\n\n"


def _found(text: str) -> Derivation:
    return check(text, "text")


def _standings(text: str) -> list[Standing]:
    return [claim.standing for claim in _found(text).claims if claim.standing is not Standing.DEFINED]


def test_a_delta_is_what_the_weights_say() -> None:
    """Each is shown with what it is taken for."""
    found = _found(FORWARD + WEIGHTS + "delta1 = W2^T delta2 * (1 - h^2)")
    assert [claim.standing for claim in found.claims[-3:]] == [RIGHT, RIGHT, RIGHT]
    assert [line for _, line in found.readings][:2] == ["delta2 is ∂L/∂z2", "delta1 is ∂L/∂z1"]


@pytest.mark.parametrize(
    ("recursion", "standing"),
    [
        ("delta1 = W2^T delta2 * (1 - h^2)", RIGHT),
        ("delta1 = W2^T delta2 * (1 - h)", WRONG),
        ("delta1 = W2^T delta2", WRONG),
    ],
)
def test_what_is_made_of_deltas_is_tried(recursion: str, standing: Standing) -> None:
    """As soon as a claim by which they are known holds."""
    assert _standings(FORWARD + WEIGHTS + recursion) == [RIGHT, RIGHT, standing]


def test_a_bias_that_is_off() -> None:
    """Beside a claim about the weights that holds."""
    text = FORWARD + WEIGHTS + "delta1 = W2^T delta2 * (1 - h^2)\ndL/db2 = 2 delta2"
    assert _standings(text) == [RIGHT, RIGHT, RIGHT, WRONG]


def test_a_delta_that_stands_in_one_claim_is_asked_for() -> None:
    """There is nothing to try: the claim says what it is."""
    assert _standings(FORWARD + WEIGHTS) == [CANNOT_TELL, CANNOT_TELL]


def test_another_delta_is_asked_for() -> None:
    """Here it is ∂L/∂h: nobody is blamed for a meaning that gradcheck has chosen."""
    text = FORWARD + "dL/dW2 = delta2 h^T\ndL/dW1 = (delta1 * (1 - h^2)) x^T\ndelta1 = W2^T delta2"
    assert _standings(text) == [RIGHT, CANNOT_TELL, CANNOT_TELL]
    messages = [step.message for step in _found(text).claims[-1].steps if step.message]
    assert messages == ["the text does not say what delta1 is"]


def test_deltas_of_all_layers() -> None:
    """The recursion is a claim, and no definition."""
    right = LAYERS + r"$\frac{\partial C}{\partial W^l} = \delta^l (a^{l-1})^T$" + "\n\n"
    text = right + r"$\delta^l = (W^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)$"
    assert _standings(text) == [RIGHT, RIGHT]
    assert next(line for _, line in _found(text).readings) == "δ^1 is ∂C/∂z^1"
    assert _standings(text.replace("'", "")) == [RIGHT, WRONG]


def test_a_delta_that_the_text_defines_is_that() -> None:
    """Nothing is taken for something else than the text says."""
    text = "z = w x + b\nL = (z - y)^2\ndelta = z - y\n"
    assert _standings(f"{text}dL/dw = 2 delta x\ndL/dw = delta x") == [RIGHT, WRONG]


def test_what_a_definition_of_no_part_of_the_network_reads_is_asked_for() -> None:
    """u stands in what defines v, which the loss is not made of."""
    assert _standings("L = (x - y)^2\nv = 3 u\ndL/dx = u (x - y)\ndL/dx = v") == [CANNOT_TELL, CANNOT_TELL]
