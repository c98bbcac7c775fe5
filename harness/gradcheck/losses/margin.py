"""Losses that ask for a margin between right and wrong; where it is just reached, the slope is 0."""

from __future__ import annotations

from typing import Any

from gradcheck.losses.loss import Loss, loss, positive


@loss()
def hinge() -> Loss:
    """ℓ = Σ max(0, 1 - y a)."""
    return Loss(
        name="hinge",
        equation="sum(max(0, 1 - y * a), k)",
        definition="sum max(0, 1 - y a)",
        torch=lambda torch, a, y: _hinges(torch, a, y).sum(-1),
        targets="signs",
    )


@loss()
def squared_hinge() -> Loss:
    """ℓ = Σ max(0, 1 - y a)²."""
    return Loss(
        name="squared_hinge",
        equation="sum(max(0, 1 - y * a)^2, k)",
        definition="sum max(0, 1 - y a)^2",
        torch=lambda torch, a, y: _hinges(torch, a, y).square().sum(-1),
        targets="signs",
    )


@loss("svm", "multi_margin")
def multiclass_hinge(*, margin: float = 1.0, averaged: bool = False) -> Loss:
    """ℓ = Σ_{j≠t} max(0, aⱼ - aₜ + margin), t being the class where y is 1.

    `averaged` divides by the number of classes.
    Weston and Watkins (1999), "Support vector machines for multi-class pattern recognition".
    Raises ValueError where `margin` is not positive.
    """
    positive(margin=margin)

    def by_torch(torch: Any, a: Any, y: Any) -> Any:
        # PyTorch always divides by the number of classes.
        mean = torch.nn.functional.multi_margin_loss(a, y.argmax(-1), margin=margin, reduction="none")
        return mean if averaged else mean * a.shape[-1]

    over = "mean" if averaged else "sum"
    return Loss(
        name="multiclass_hinge",
        equation=f"{over}((1 - y) * max(0, a - sum(y * a, k) + {margin!r}), k)",
        definition=("1/n " if averaged else "") + f"sum_(j != t) max(0, a_j - a_t + {margin:g})",
        torch=by_torch,
        targets="one_hot",
    )


def _hinges(torch: Any, a: Any, y: Any) -> Any:
    """max(0, 1 - y a), as PyTorch's loss for ranking a above 0 (y = 1) or below it (y = -1)."""
    zero = torch.zeros_like(a)
    return torch.nn.functional.margin_ranking_loss(a, zero, y, margin=1, reduction="none")
