"""Losses that compare numbers with numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcheck.losses.loss import OUTCOMES, Loss, loss, positive


def _functional(name: str, **options: float) -> Callable[[Any, Any, Any], Any]:
    """PyTorch's loss of that name, summed over the outputs."""
    return lambda torch, a, y: getattr(torch.nn.functional, name)(a, y, reduction="none", **options).sum(-1)


def _regression(name: str, definition: str, equation: str, torch: Callable[[Any, Any, Any], Any]) -> Loss:
    return Loss(
        name=name, equation=equation, definition=definition, torch=torch, targets="real", also=OUTCOMES
    )


@loss("l2", "sse", "sum_of_squares", "quadratic")
def squared_error() -> Loss:
    """ℓ = Σ (a - y)²."""
    return _regression("squared_error", "sum (a - y)^2", "sum((a - y)^2, k)", _functional("mse_loss"))


@loss()
def half_squared_error() -> Loss:
    """ℓ = ½ Σ (a - y)²."""
    squares = _functional("mse_loss")
    half = "sum((a - y)^2, k) / 2"
    return _regression(
        "half_squared_error", "1/2 sum (a - y)^2", half, lambda torch, a, y: squares(torch, a, y) / 2
    )


@loss("mse")
def mean_squared_error() -> Loss:
    """ℓ = (1/n) Σ (a - y)², the mean over one example's n outputs."""
    return _regression(
        "mean_squared_error",
        "1/n sum (a - y)^2",
        "mean((a - y)^2, k)",
        lambda torch, a, y: torch.nn.functional.mse_loss(a, y, reduction="none").mean(-1),
    )


@loss("l1", "mae", "mean_absolute_error")
def absolute_error() -> Loss:
    """ℓ = Σ |a - y|."""
    return _regression("absolute_error", "sum |a - y|", "sum(abs(a - y), k)", _functional("l1_loss"))


@loss()
def huber(*, delta: float = 1.0) -> Loss:
    """ℓ = Σ ½r² near 0, a line of slope ±δ where |r| > δ, with r = a - y.

    Raises ValueError where `delta` is not positive.
    """
    positive(delta=delta)
    definition = f"sum (r^2/2 if |r| <= {delta:g} else {delta:g} (|r| - {delta:g}/2)), r = a - y"
    return _regression(
        "huber", definition, f"sum(huber(a - y, {delta!r}), k)", _functional("huber_loss", delta=delta)
    )


@loss()
def smooth_l1(*, beta: float = 1.0) -> Loss:
    """Huber's loss with δ = β, divided by β: ½r²/β near 0, a line of slope ±1 far out.

    Raises ValueError where `beta` is not positive.
    """
    positive(beta=beta)
    equation = f"sum(huber(a - y, {beta!r}), k) / {beta!r}"
    definition = f"sum (r^2/2/{beta:g} if |r| <= {beta:g} else |r| - {beta:g}/2), r = a - y"
    return _regression("smooth_l1", definition, equation, _functional("smooth_l1_loss", beta=beta))


@loss()
def log_cosh() -> Loss:
    """ℓ = Σ log cosh(a - y)."""
    return _regression(
        "log_cosh",
        "sum log(cosh(a - y))",
        "sum(log_cosh(a - y), k)",
        lambda torch, a, y: torch.log(torch.cosh(a - y)).sum(-1),
    )
