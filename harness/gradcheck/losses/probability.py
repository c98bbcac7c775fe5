"""Losses that are the negative logarithm of a likelihood, or of a ratio of probabilities."""

from __future__ import annotations

import math
from typing import Any

from gradcheck.losses.loss import Guard, Loss, loss

_CLASSES = (Guard(equation="-sum(y * log(p + epsilon), k)", derivative="-y / (p + epsilon)"),)
"""An epsilon beside each probability of Σ y log p."""

_BINARY = (
    Guard(equation="-sum(y * log(p + epsilon) + (1 - y) * log(1 - p + epsilon), k)"),
    Guard(
        equation="-sum(y * log(p) + (1 - y) * log(1 - p), k)", derivative="(p - y) / (p * (1 - p) + epsilon)"
    ),
)


@loss("bce", "log_loss", "logistic_loss", "binary_crossentropy")
def binary_cross_entropy() -> Loss:
    """ℓ = -Σ (y log a + (1-y) log(1-a)), for probabilities a."""
    return Loss(
        name="binary_cross_entropy",
        equation="-sum(y * log(a) + (1 - y) * log(1 - a), k)",
        definition="-sum (y log(a) + (1 - y) log(1 - a))",
        torch=lambda torch, a, y: torch.nn.functional.binary_cross_entropy(a, y, reduction="none").sum(-1),
        targets="binary",
        also=("one_hot", "probabilities", "real"),
        within=(0, 1),
        domain=(0, 1),
        probabilities="a",
        guards=_BINARY,
    )


@loss("bce_with_logits", "sigmoid_cross_entropy")
def binary_cross_entropy_with_logits() -> Loss:
    """ℓ = Σ (log(1+eᵃ) - y a), the binary cross-entropy of σ(a)."""
    return Loss(
        name="binary_cross_entropy_with_logits",
        equation="sum(softplus(a) - y * a, k)",
        definition="sum (log(1 + exp(a)) - y a)",
        torch=lambda torch, a, y: torch.nn.functional.binary_cross_entropy_with_logits(
            a, y, reduction="none"
        ).sum(-1),
        targets="binary",
        also=("one_hot", "probabilities", "real"),
        within=(0, 1),
        probabilities="sigmoid(a)",
        guards=_BINARY,
    )


@loss("ce", "categorical_cross_entropy", "categorical_crossentropy", "sparse_categorical_crossentropy")
def cross_entropy() -> Loss:
    """ℓ = -Σ y log a, for probabilities a that add up to 1."""

    def by_torch(torch: Any, a: Any, y: Any) -> Any:
        # PyTorch's cross_entropy takes logits, so this is its divergence plus the entropy of y.
        divergence = torch.nn.functional.kl_div(torch.log(a), y, reduction="none")
        return (divergence + torch.special.entr(y)).sum(-1)

    return Loss(
        name="cross_entropy",
        equation="-sum(y * log(a), k)",
        definition="-sum y log(a)",
        torch=by_torch,
        targets="one_hot",
        also=("probabilities",),
        domain=(0, 1),
        wants_distribution=True,
        probabilities="a",
        guards=_CLASSES,
    )


@loss("softmax_cross_entropy", "softmax_cross_entropy_with_logits", "softmax_loss")
def cross_entropy_with_logits() -> Loss:
    """ℓ = -Σ y log softmax(a), for y that add up to 1."""
    return Loss(
        name="cross_entropy_with_logits",
        equation="-sum(y * log_softmax(a, k), k)",
        definition="-sum y log(softmax(a))",
        torch=lambda torch, a, y: torch.nn.functional.cross_entropy(a, y, reduction="none"),
        targets="one_hot",
        also=("probabilities",),
        probabilities="softmax(a, k)",
        guards=_CLASSES,
    )


@loss("negative_log_likelihood")
def nll() -> Loss:
    """ℓ = -Σ y a, for log-probabilities a."""
    return Loss(
        name="nll",
        equation="-sum(y * a, k)",
        definition="-sum y a",
        torch=lambda torch, a, y: torch.nn.functional.nll_loss(a, y.argmax(-1), reduction="none"),
        targets="one_hot",
        probabilities="exp(a)",
    )


@loss("kl", "kld", "kl_div", "kullback_leibler")
def kl_divergence() -> Loss:
    """ℓ = Σ y log(y/a), for probabilities y and a that add up to 1, with 0 log 0 = 0."""
    return Loss(
        name="kl_divergence",
        equation="sum(y * (log(where(y > 0, y, 1)) - log(a)), k)",
        definition="sum y log(y/a)",
        torch=lambda torch, a, y: torch.nn.functional.kl_div(torch.log(a), y, reduction="none").sum(-1),
        targets="probabilities",
        also=("one_hot",),
        domain=(0, 1),
        wants_distribution=True,
        probabilities="a",
        guards=_CLASSES,
    )


@loss("poisson")
def poisson_nll() -> Loss:
    """ℓ = Σ (eᵃ - y a), for the logarithm a of a rate; log y!, the same for every a, is left out."""
    return Loss(
        name="poisson_nll",
        equation="sum(exp(a) - y * a, k)",
        definition="sum (exp(a) - y a)",
        torch=lambda torch, a, y: torch.nn.functional.poisson_nll_loss(a, y, reduction="none").sum(-1),
        targets="counts",
        also=("binary", "real"),
        within=(0, math.inf),
    )
