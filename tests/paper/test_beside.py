"""A text beside a spec: names mean what the spec's network has, unless the text says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.paper.check import check_beside
from gradcheck.paper.course.reconcile import BY_ITSELF
from gradcheck.paper.judge import AS_A_ROW

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

LOGISTIC = """\
title: Logistic regression
notation: ng
letters: {x: X, W: theta, z: z, a: h}
network:
  inputs: 3
  layers:
  - dense: {units: 1, activation: sigmoid, bias: false}
loss: binary_cross_entropy
cases:
- {batch: 5}
check: [dz]
"""


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A network with layers of several sizes."""
    path = tmp_path / "wide.yaml"
    path.write_text(WIDE)
    return path


@pytest.fixture
def logistic(tmp_path: Path) -> Path:
    """A network with one number for each example."""
    path = tmp_path / "logistic.yaml"
    path.write_text(LOGISTIC)
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


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (r"$C = \frac{1}{n} \sum_x C_x$", RIGHT),
        (r"$\nabla_{b^2} C = \frac{1}{n} \sum_{k=1}^n \frac{\partial C_k}{\partial b^2}$", RIGHT),
        (r"$\frac{\partial C}{\partial W^2} = \sum_{k=1}^n \frac{\partial C_k}{\partial W^2}$", WRONG),
        (r"$\nabla_{W^2} C = \frac{1}{n} \sum_{k=0}^{n-1} \nabla_{W^2} C_k$", RIGHT),
    ],
)
def test_the_loss_is_the_mean_of_the_examples_losses(text: str, standing: Standing, wide: Path) -> None:
    """As in Nielsen's second chapter."""
    assert _standings(check_beside(text, "t", wide)) == [standing]


@pytest.mark.parametrize(
    ("text", "standings"),
    [
        (r"$\nabla J(\theta) = \frac{1}{m} (h - y) X^T$", [RIGHT]),
        (r"$\nabla_\theta J(\theta) = \frac{1}{m} (h - y) X^T$", [RIGHT]),
        (r"$\nabla_\theta J(\theta) = \frac{1}{m} (y - h) X^T$", [WRONG]),
        (r"$\frac{\partial J}{\partial \theta} = \frac{1}{m} X (h - y)$", [RIGHT]),
        (r"$\frac{\partial J}{\partial \theta} = \frac{1}{m} X (y - h)$", [WRONG]),
        (r"$dJ = \frac{1}{m} X (h - y) : d\theta$, $dh = (h - h \odot h) \odot dz$", [DEFINED, DEFINED]),
    ],
)
def test_other_ways_to_write_a_gradient(text: str, standings: list[Standing], logistic: Path) -> None:
    """With what the loss depends on, with columns for rows, and with changes."""
    assert _standings(check_beside(text, "t", logistic)) == standings


def test_a_note_names_the_row_that_is_read_as_a_column(logistic: Path) -> None:
    """The spec has them the other way round."""
    text = r"$\frac{\partial J}{\partial \theta} = \frac{1}{m} X (h - y)$"
    assert check_beside(text, "t", logistic).claims[0].notes == (AS_A_ROW,)


def test_a_definition_that_the_spec_has_otherwise_is_the_texts(wide: Path, logistic: Path) -> None:
    """Its sum has two terms where the spec has three inputs; what a function is has to be said, though."""
    assert _standings(check_beside("z = w_1 x_1 + w_2 x_2 + b", "t", wide)) == [DEFINED]
    assert _standings(check_beside("dz = dh * slope(h)", "t", logistic)) == [CANNOT_TELL]


def test_layers_that_letters_number_are_the_texts(wide: Path) -> None:
    """o_i is of the layer before o_j."""
    text = r"$a_j = \tanh(z_j)$, $z_j = \sum_i w_{ij} a_i + b$"
    assert WRONG not in _standings(check_beside(text, "t", wide))


def test_a_wrong_claim_stays_wrong_when_it_is_repeated() -> None:
    """The second time it is what the text defines, and no more right for that."""
    text = "delta2 = (W3 delta3) * sigmoid'(z2)\ndW2 = delta2 z2^T\ndb2 = 2 delta2\n"
    found = check_beside(2 * text, "text", NETWORKS.parents[1] / "specs" / "two_layer.yaml")
    assert _standings(found) == [WRONG] * 6


AVERAGED = """\
title: Logistic regression of four examples
notation: ng
network:
  inputs: 3
  layers:
    - dense: {units: 1, activation: sigmoid}
loss: binary_cross_entropy
check: [dW1, db1]
cases:
  - {batch: 4}
"""


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("dZ = A - Y; dW = 1/m * dZ X^T", RIGHT),
        ("dZ = A - Y; dW = 1/4 * dZ X^T", RIGHT),  # the spec's own batch
        ("m = 7; dZ = A - Y; dW = 1/7 * dZ X^T", RIGHT),
        ("dZ = A - Y; dW = 1/5 * dZ X^T", CANNOT_TELL),  # five examples are tried
        ("dZ = A - Y; dW = 1/6 * dZ X^T", CANNOT_TELL),
        ("dZ = A - Y; dW = 2/4 * dZ X^T", WRONG),
    ],
)
def test_a_number_may_be_that_of_the_examples(tmp_path: Path, text: str, standing: Standing) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(AVERAGED)
    assert check_beside(text, "text", spec).claims[-1].standing is standing


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        ("dC/dz2 = dC/da2 da2/dz2", RIGHT),
        ("dC/dz2 = dC/dz3 dz3/da2 da2/dz2", RIGHT),
        ("dC/dx = dC/dz2 W2", RIGHT),
        ("dC/dx = dC/da2 dz2/dx", WRONG),
        ("∂a²/∂z² = a² ⊙ (1 - a²)", RIGHT),
        ("∂z²/∂b² = 1", RIGHT),
        ("∂a²/∂z² = a²", WRONG),
    ],
)
def test_derivatives_of_vectors_are_links_and_diagonals(claim: str, standing: Standing) -> None:
    spec = NETWORKS.parents[1] / "specs" / "two_layer.yaml"
    assert check_beside(claim, "text", spec).claims[-1].standing is standing
