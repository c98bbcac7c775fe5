"""The contract of losses, over every entry of their table: a new one is under it at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import stack_contract
from gradcheck.losses import LOSSES
from halves import some
from planting import wrong
from stack_contract import check_gradients, losses

count = pytest.mark.parametrize("count", [2, pytest.param(200, marks=pytest.mark.slow)])
every_loss = pytest.mark.parametrize("name", some(LOSSES, 5))


@count
@every_loss
def test_losses(name: str, count: int) -> None:
    """Equations = PyTorch's own loss = differences; batch = one by one; single stays single."""
    stack_contract.check(losses(name, count))


@pytest.mark.slow
@every_loss
def test_kinks_of_losses(name: str) -> None:
    """Derivatives jump where kinks are declared, and nowhere else; without kinks they never do."""
    drawn = [one for one in losses(name, 20) if one.stack.penalty is None]
    found = [stack_contract.kinks_on_a_line(one, np.random.default_rng(0)) for one in drawn]
    jumps, declared = np.sum(found, 0)
    smooth = name == "squared_hinge"  # the maximum has a kink, and its square has none
    assert bool(jumps) == (bool(declared) and not smooth)


@pytest.mark.parametrize(
    "name", some([name for name in LOSSES if name != "custom"], 5)
)  # which has no reference
def test_a_wrong_equation_of_a_loss_breaks_the_contract(name: str) -> None:
    for right in losses(name, 2):
        loss = replace(right.stack.loss, equation=f"1.001 * ({right.stack.loss.equation})")
        with pytest.raises(AssertionError):
            check_gradients(stack_contract.draw_loss(loss, np.random.default_rng(0)))


@every_loss
def test_a_wrong_derivative_of_a_loss_breaks_the_contract(name: str) -> None:
    for right in losses(name, 2):
        with pytest.raises(AssertionError):
            check_gradients(stack_contract.with_wrong_derivative(right, wrong, "J"))
