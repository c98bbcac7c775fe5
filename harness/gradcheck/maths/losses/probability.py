"""Losses that are the negative logarithm of a likelihood, or of a ratio of probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradcheck.maths._arrays import Array
from gradcheck.maths.elementary import log_softmax, logistic, softmax, softplus
from gradcheck.maths.losses._loss import Function, Guard, Loss, loss


def _of_classes(value: Function) -> Guard:
    """An epsilon beside each probability of Σ y log a: log(a + ε), y / (a + ε)."""
    return Guard(
        value=lambda epsilon: lambda a, y: value(a + epsilon, y),
        slope=lambda epsilon: lambda a, y: -y / (a + epsilon),
    )


def _binary_value(epsilon: float) -> Function:
    return lambda a, y: -(y * np.log(a + epsilon) + (1 - y) * np.log(1 - a + epsilon)).sum(-1)


def _binary_slope(epsilon: float) -> Function:
    return lambda a, y: (1 - y) / (1 - a + epsilon) - y / (a + epsilon)


_BINARY = (
    Guard(value=_binary_value, slope=_binary_slope),
    Guard(
        value=lambda _: _binary_value(0.0),
        slope=lambda epsilon: lambda a, y: (a - y) / (a * (1 - a) + epsilon),
    ),
)


def _of_scores(guard: Guard, probabilities: Function, back: Callable[[Array, Array], Array]) -> Guard:
    """The same, of a loss of scores whose probabilities a program works out first."""
    return Guard(
        value=lambda epsilon: lambda a, y: guard.value(epsilon)(probabilities(a, y), y),
        slope=lambda epsilon: (
            lambda a, y: back(guard.slope(epsilon)(probabilities(a, y), y), probabilities(a, y))
        ),
    )


def _through_softmax(dp: Array, p: Array) -> Array:
    """∂ℓ/∂ the scores from ∂ℓ/∂ the probabilities."""
    rest: Array = dp - (dp * p).sum(-1, keepdims=True)
    return p * rest


@loss
def binary_cross_entropy() -> Loss:
    """ℓ = -Σ (y log a + (1-y) log(1-a)), for probabilities a."""
    return Loss(
        name="binary_cross_entropy",
        formula="-sum (y log(a) + (1 - y) log(1 - a))",
        value=lambda a, y: -(y * np.log(a) + (1 - y) * np.log1p(-a)).sum(-1),
        slope=lambda a, y: (a - y) / (a * (1 - a)),
        twin=lambda torch, a, y: torch.nn.functional.binary_cross_entropy(a, y, reduction="none").sum(-1),
        targets="binary",
        also=("one_hot", "probabilities", "real"),
        within=(0, 1),
        domain=(0, 1),
        guards=_BINARY,
    )


@loss
def binary_cross_entropy_with_logits() -> Loss:
    """ℓ = Σ (ζ(a) - y a), the binary cross-entropy of σ(a)."""
    return Loss(
        name="binary_cross_entropy_with_logits",
        formula="sum (log(1 + exp(a)) - y a)",
        value=lambda a, y: (softplus(a) - y * a).sum(-1),
        slope=lambda a, y: logistic(a) - y,
        twin=lambda torch, a, y: torch.nn.functional.binary_cross_entropy_with_logits(
            a, y, reduction="none"
        ).sum(-1),
        targets="binary",
        also=("one_hot", "probabilities", "real"),
        within=(0, 1),
        guards=tuple(
            _of_scores(guard, lambda a, y: logistic(a), lambda dp, p: dp * p * (1 - p)) for guard in _BINARY
        ),
    )


@loss
def cross_entropy() -> Loss:
    """ℓ = -Σ y log a, for probabilities a that add up to 1."""

    def twin(torch: Any, a: Any, y: Any) -> Any:
        # PyTorch's cross_entropy takes logits, so this is its divergence plus the entropy of y.
        divergence = torch.nn.functional.kl_div(torch.log(a), y, reduction="none")
        return (divergence + torch.special.entr(y)).sum(-1)

    return Loss(
        name="cross_entropy",
        formula="-sum y log(a)",
        value=lambda a, y: -(y * np.log(a)).sum(-1),
        slope=lambda a, y: -y / a,
        twin=twin,
        targets="one_hot",
        also=("probabilities",),
        domain=(0, 1),
        wants_distribution=True,
        guards=(_of_classes(lambda a, y: -(y * np.log(a)).sum(-1)),),
    )


@loss
def cross_entropy_with_logits() -> Loss:
    """ℓ = -Σ y log softmax(a), for y that add up to 1."""
    return Loss(
        name="cross_entropy_with_logits",
        formula="-sum y log(softmax(a))",
        value=lambda a, y: -(y * log_softmax(a)).sum(-1),
        slope=lambda a, y: softmax(a) - y,
        twin=lambda torch, a, y: torch.nn.functional.cross_entropy(a, y, reduction="none"),
        targets="one_hot",
        also=("probabilities",),
        guards=(
            _of_scores(
                _of_classes(lambda a, y: -(y * np.log(a)).sum(-1)), lambda a, y: softmax(a), _through_softmax
            ),
        ),
    )


@loss
def nll() -> Loss:
    """ℓ = -Σ y a, for log-probabilities a."""
    return Loss(
        name="nll",
        formula="-sum y a",
        value=lambda a, y: -(y * a).sum(-1),
        slope=lambda a, y: -y * np.ones_like(a),
        twin=lambda torch, a, y: torch.nn.functional.nll_loss(a, y.argmax(-1), reduction="none"),
        targets="one_hot",
    )


@loss
def kl_divergence() -> Loss:
    """ℓ = Σ y log(y/a), for probabilities y and a that add up to 1, with 0 log 0 = 0."""
    return Loss(
        name="kl_divergence",
        formula="sum y log(y/a)",
        value=lambda a, y: (y * (np.log(np.where(y > 0, y, 1)) - np.log(a))).sum(-1),
        slope=lambda a, y: -y / a,
        twin=lambda torch, a, y: torch.nn.functional.kl_div(torch.log(a), y, reduction="none").sum(-1),
        targets="probabilities",
        also=("one_hot",),
        domain=(0, 1),
        wants_distribution=True,
        guards=(_of_classes(lambda a, y: (y * (np.log(np.where(y > 0, y, 1)) - np.log(a))).sum(-1)),),
    )


@loss
def poisson_nll() -> Loss:
    """ℓ = Σ (eᵃ - y a), for the logarithm a of a rate; log y!, the same for every a, is left out."""
    return Loss(
        name="poisson_nll",
        formula="sum (exp(a) - y a)",
        value=lambda a, y: (np.exp(a) - y * a).sum(-1),
        slope=lambda a, y: np.exp(a) - y,
        twin=lambda torch, a, y: torch.nn.functional.poisson_nll_loss(a, y, reduction="none").sum(-1),
        targets="counts",
        also=("binary", "real"),
        within=(0, np.inf),
    )
