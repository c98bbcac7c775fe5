"""Losses that ask for a margin between right and wrong; where it is just reached, the slope is 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.maths._options import positive
from gradcheck.maths.losses._loss import Loss, loss

if TYPE_CHECKING:
    from gradcheck.maths._arrays import Array


@loss
def hinge() -> Loss:
    """ℓ = Σ max(0, 1 - y a)."""
    return Loss(
        name="hinge",
        formula="sum max(0, 1 - y a)",
        value=lambda a, y: np.maximum(0, 1 - y * a).sum(-1),
        slope=lambda a, y: -y * np.heaviside(1 - y * a, 0),
        twin=lambda torch, a, y: _hinges(torch, a, y).sum(-1),
        targets="signs",
    )


@loss
def squared_hinge() -> Loss:
    """ℓ = Σ max(0, 1 - y a)²."""
    return Loss(
        name="squared_hinge",
        formula="sum max(0, 1 - y a)^2",
        value=lambda a, y: (np.maximum(0, 1 - y * a) ** 2).sum(-1),
        slope=lambda a, y: -2 * y * np.maximum(0, 1 - y * a),
        twin=lambda torch, a, y: _hinges(torch, a, y).square().sum(-1),
        targets="signs",
    )


@loss
def multiclass_hinge(*, margin: float = 1.0, averaged: bool = False) -> Loss:
    """ℓ = Σ_{j≠t} max(0, aⱼ - aₜ + margin), t being the class where y is 1.

    `averaged` divides by the number of classes.
    Weston and Watkins (1999), "Support vector machines for multi-class pattern recognition".
    Raises ValueError where `margin` is not positive.
    """
    positive(margin=margin)

    def terms(a: Array) -> int:
        return a.shape[-1] if averaged else 1

    def short(a: Array, y: Array) -> Array:
        """By how much each wrong class falls short of the margin, where positive."""
        amount: Array = (1 - y) * (a - (y * a).sum(-1, keepdims=True) + margin)
        return amount

    def slope(a: Array, y: Array) -> Array:
        wrong = np.heaviside(short(a, y), 0)
        dl_da: Array = (wrong - y * wrong.sum(-1, keepdims=True)) / terms(a)
        return dl_da

    def twin(torch: Any, a: Any, y: Any) -> Any:
        # PyTorch always divides by the number of classes.
        mean = torch.nn.functional.multi_margin_loss(a, y.argmax(-1), margin=margin, reduction="none")
        return mean if averaged else mean * a.shape[-1]

    return Loss(
        name="multiclass_hinge",
        formula=("1/n " if averaged else "") + f"sum_(j != t) max(0, a_j - a_t + {margin:g})",
        value=lambda a, y: np.maximum(0, short(a, y)).sum(-1) / terms(a),
        slope=slope,
        twin=twin,
        targets="one_hot",
    )


def _hinges(torch: Any, a: Any, y: Any) -> Any:
    """max(0, 1 - y a), as PyTorch's loss for ranking a above 0 (y = 1) or below it (y = -1)."""
    zero = torch.zeros_like(a)
    return torch.nn.functional.margin_ranking_loss(a, zero, y, margin=1, reduction="none")
