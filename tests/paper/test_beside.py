"""A text beside a spec: names mean what the spec's network has, unless the text says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.paper.check import check_beside
from gradcheck.paper.reconcile import BY_ITSELF

RIGHT, WRONG, CANNOT_TELL = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL
DEFINED = Standing.DEFINED
NETWORKS = Path(__file__).parents[2] / "benchmarks" / "networks"
WIDE = """\
title: Three layers
notation: nielsen
network:
  inputs: 3
  layers:
  - dense: {units: 4, activation: tanh}
  - dense: {units: 3, activation: tanh}
  - dense: {units: 2}
loss: half_squared_error
check: [delta2]
"""


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A network with layers of several sizes."""
    path = tmp_path / "wide.yaml"
    path.write_text(WIDE)
    return path


def _standings(found: Derivation) -> list[Standing]:
    return [claim.standing for claim in found.claims]


def test_letters_of_the_text_are_no_activations(wide: Path) -> None:
    """`g` is the activation in many books; here the text says that it is a vector."""
    text = r"$g = \nabla_{a^4} C$, $\nabla_{W^4} C = g (a^3)^T$, $\nabla_{W^4} C = g a^3$"
    assert _standings(check_beside(text, "t", wide)) == [DEFINED, RIGHT, WRONG]


def test_a_word_is_asked_for(wide: Path) -> None:
    """`Co` may be the cost's name, and not C times o."""
    assert _standings(check_beside("${Co} = (a_L - y)^2$", "t", wide)) == [CANNOT_TELL]


def test_a_claim_is_tried_for_every_layer(wide: Path) -> None:
    """With the slope of tanh, which the last layer does not have: there is nothing behind it, either."""
    text = r"$\delta^l = \nabla_{z^l} C = (W^{l+1})^T \delta^{l+1} \odot (1 - a^l \odot a^l)$"
    assert _standings(check_beside(text, "t", wide)) == [RIGHT]


def test_the_report_names_the_layers_where_a_claim_fails(wide: Path) -> None:
    """What holds for the last layer is claimed of all."""
    (claim,) = check_beside(r"$\delta^l = a^l - y$", "t", wide).claims
    assert claim.standing is WRONG
    assert claim.notes == ("it fails for l = 2, 3, and holds for other values",)


@pytest.mark.parametrize("text", ["∂²C/∂a^3_1² = 1", "∂C/∂W^2 = ?"])
def test_what_is_not_done_is_declined(text: str, wide: Path) -> None:
    """With what to do instead, or why."""
    (claim,) = check_beside(text, "t", wide).claims
    assert claim.standing is CANNOT_TELL
    assert any(step.message for step in claim.steps)


def test_deltas_of_one_example_beside_a_loss_that_the_text_defines() -> None:
    """dZ2 is what the spec's notation calls so, whatever the text's J is."""
    lines = (
        "J = -(1/m) np.sum(Y * np.log(A2))",
        "dA2 = -Y/A2 + (1 - Y)/(1 - A2)",
        "dZ2 = dA2 * A2 * (1 - A2)",
        "dW2 = dZ2 A1^T / m",
    )
    found = check_beside("\n".join(lines), "text", NETWORKS / "binary_2_4_1.yaml")
    assert _standings(found)[1:] == [RIGHT] * 3


def test_what_is_right_by_the_text_itself_is_not_wrong_beside_a_spec(wide: Path) -> None:
    """Where its letters mean something else than the spec's."""
    text = "C = (a - y)^2; a = tanh(z)\ndC/dz = 2(a - y)(1 - a^2)"
    (*_, claim) = check_beside(text, "text", wide).claims
    assert (claim.standing, claim.notes) == (RIGHT, (BY_ITSELF,))
    wrong = "C = (a - y)^2; a = tanh(z)\ndC/dz = 2(a - y)(1 - a)"
    assert _standings(check_beside(wrong, "text", wide))[-1] is WRONG


def test_letters_that_may_number_layers_are_asked_for(wide: Path) -> None:
    """As in Bishop's recursion."""
    text = r"$$\delta_j = \sigma'(z_j) \sum_k w_{kj} \delta_k$$"
    assert WRONG not in _standings(check_beside(text, "text", wide))
