"""Batch normalisation (Ioffe and Szegedy, 2015), as in training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.layer import SAMPLES, Position, Statement, layer


@layer
@dataclass(frozen=True)
class BatchNorm:
    """Each unit, or each channel, by its mean and its variance over the batch: its examples depend on all."""

    kind: ClassVar[str] = "batch_norm"
    aliases: ClassVar[tuple[str, ...]] = ("bn",)
    about: ClassVar[str] = (
        "a = gamma * xhat + beta, xhat = (x - mu) / sqrt(var + eps), mu and var over a batch"
    )

    eps: float = 1e-5

    def stated(self, at: Position) -> Statement:
        """Gamma and beta, as many as units or channels; the variance is that by n, not n - 1.

        ValueError where an example has neither one axis nor channels, height and width.
        """
        if len(at.axes) not in (1, 3):
            raise ValueError(f"batch_norm takes vectors, or channels, height and width, not shape {at.shape}")
        unit, *rest = at.axes
        x, over = at.source, ", ".join([SAMPLES, *rest])
        mu, var, xhat, gamma, beta, a = at.named("mu var xhat gamma beta a")
        return Statement(
            equations=f"{mu} = mean({x}, {over})\n"
            f"{var} = mean(({x} - {mu})^2, {over})\n"
            f"{xhat} = ({x} - {mu}) / sqrt({var} + {self.eps!r})\n"
            f"{a} = {gamma} * {xhat} + {beta}",
            out=at.axes,
            parameters={gamma: (unit,), beta: (unit,)},
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By `batch_norm` without the check of its functional form, which refuses a single example."""
        gamma, beta = parameters["gamma"], parameters["beta"]
        return torch.batch_norm(x, gamma, beta, None, None, True, 0.0, self.eps, False)
