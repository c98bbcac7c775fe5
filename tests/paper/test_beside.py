"""A text beside a spec: names mean what the spec's network has, unless the text says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.paper.check import check_beside

RIGHT, WRONG, CANNOT_TELL = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL
DEFINED = Standing.DEFINED
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
