"""Layer normalisation (Ba, Kiros and Hinton, 2016)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.layer import Position, Statement, layer


@layer
@dataclass(frozen=True)
class LayerNorm:
    """Each example, or each time of it, by its own mean and variance along the last axis."""

    kind: ClassVar[str] = "layer_norm"
    aliases: ClassVar[tuple[str, ...]] = ("ln",)
    about: ClassVar[str] = "a = gamma * xhat + beta, xhat = (x - mu) / sqrt(var + eps), mu and var over units"

    eps: float = 1e-5

    def stated(self, at: Position) -> Statement:
        """Gamma and beta, as long as the last axis."""
        d, x = at.axes[-1], at.source
        mu, var, xhat, gamma, beta, a = at.named("mu var xhat gamma beta a")
        return Statement(
            equations=f"{mu} = mean({x}, {d})\n"
            f"{var} = mean(({x} - {mu})^2, {d})\n"
            f"{xhat} = ({x} - {mu}) / sqrt({var} + {self.eps!r})\n"
            f"{a} = {gamma} * {xhat} + {beta}",
            out=at.axes,
            parameters={gamma: (d,), beta: (d,)},
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By `layer_norm`."""
        shape = x.shape[-1:]
        return torch.nn.functional.layer_norm(x, shape, parameters["gamma"], parameters["beta"], self.eps)
