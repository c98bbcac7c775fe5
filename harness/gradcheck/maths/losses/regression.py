"""Losses that compare numbers with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradcheck.maths._options import positive
from gradcheck.maths.losses._loss import OUTCOMES, Loss, loss

if TYPE_CHECKING:
    from gradcheck.maths._arrays import Array


@loss
def squared_error() -> Loss:
    """ℓ = Σ (a - y)²."""
    return Loss(
        name="squared_error",
        formula="sum (a - y)^2",
        value=lambda a, y: ((a - y) ** 2).sum(-1),
        slope=lambda a, y: 2 * (a - y),
        twin=lambda torch, a, y: torch.nn.functional.mse_loss(a, y, reduction="none").sum(-1),
        targets="real",
        also=OUTCOMES,
    )


@loss
def half_squared_error() -> Loss:
    """ℓ = ½ Σ (a - y)²."""
    return Loss(
        name="half_squared_error",
        formula="1/2 sum (a - y)^2",
        value=lambda a, y: ((a - y) ** 2).sum(-1) / 2,
        slope=lambda a, y: a - y,
        twin=lambda torch, a, y: torch.nn.functional.mse_loss(a, y, reduction="none").sum(-1) / 2,
        targets="real",
        also=OUTCOMES,
    )


@loss
def mean_squared_error() -> Loss:
    """ℓ = (1/n) Σ (a - y)², the mean over one example's n outputs."""
    return Loss(
        name="mean_squared_error",
        formula="1/n sum (a - y)^2",
        value=lambda a, y: ((a - y) ** 2).mean(-1),
        slope=lambda a, y: 2 * (a - y) / a.shape[-1],
        twin=lambda torch, a, y: torch.nn.functional.mse_loss(a, y, reduction="none").mean(-1),
        targets="real",
        also=OUTCOMES,
    )


@loss
def absolute_error() -> Loss:
    """ℓ = Σ |a - y|."""
    return Loss(
        name="absolute_error",
        formula="sum |a - y|",
        value=lambda a, y: np.abs(a - y).sum(-1),
        slope=lambda a, y: np.sign(a - y),
        twin=lambda torch, a, y: torch.nn.functional.l1_loss(a, y, reduction="none").sum(-1),
        targets="real",
        also=OUTCOMES,
    )


@loss
def huber(*, delta: float = 1.0) -> Loss:
    """ℓ = Σ c (|r| - c/2) with r = a - y, c = min(|r|, δ): ½r² near 0, a line of slope ±δ far out.

    Raises ValueError where `delta` is not positive.
    """
    positive(delta=delta)
    return Loss(
        name="huber",
        formula=f"sum (r^2/2 if |r| <= {delta:g} else {delta:g} (|r| - {delta:g}/2)), r = a - y",
        value=lambda a, y: _huber(a - y, delta),
        slope=lambda a, y: np.clip(a - y, -delta, delta),
        twin=lambda torch, a, y: torch.nn.functional.huber_loss(a, y, reduction="none", delta=delta).sum(-1),
        targets="real",
        also=OUTCOMES,
    )


@loss
def smooth_l1(*, beta: float = 1.0) -> Loss:
    """Huber's loss with δ = β, divided by β: ½r²/β near 0, a line of slope ±1 far out.

    Raises ValueError where `beta` is not positive.
    """
    positive(beta=beta)
    return Loss(
        name="smooth_l1",
        formula=f"sum (r^2/2/{beta:g} if |r| <= {beta:g} else |r| - {beta:g}/2), r = a - y",
        value=lambda a, y: _huber(a - y, beta) / beta,
        slope=lambda a, y: np.clip((a - y) / beta, -1, 1),
        twin=lambda torch, a, y: torch.nn.functional.smooth_l1_loss(a, y, reduction="none", beta=beta).sum(
            -1
        ),
        targets="real",
        also=OUTCOMES,
    )


@loss
def log_cosh() -> Loss:
    """ℓ = Σ log cosh(a - y)."""
    return Loss(
        name="log_cosh",
        formula="sum log(cosh(a - y))",
        value=lambda a, y: _log_cosh(a - y).sum(-1),
        slope=lambda a, y: np.tanh(a - y),
        twin=lambda torch, a, y: torch.log(torch.cosh(a - y)).sum(-1),
        targets="real",
        also=OUTCOMES,
    )


def _log_cosh(r: Array) -> Array:
    # cosh c = 1 + 2 sinh²(c/2): all digits are kept where r is small. Beyond 20, log cosh is a line.
    c = np.minimum(np.abs(r), 20)
    loss: Array = np.log1p(2 * np.sinh(c / 2) ** 2) + (np.abs(r) - c)
    return loss


def _huber(r: Array, delta: float) -> Array:
    c = np.minimum(np.abs(r), delta)
    losses: Array = (c * (np.abs(r) - c / 2)).sum(-1)
    return losses
