"""Group normalisation (Wu and He, 2018)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.layer import Position, Statement, layer


@layer
@dataclass(frozen=True)
class GroupNorm:
    """Each example by the mean and the variance of each group of its channels."""

    kind: ClassVar[str] = "group_norm"
    about: ClassVar[str] = (
        "a = gamma * xhat + beta, xhat = (x - mu) / sqrt(var + eps), mu and var over a group"
    )

    groups: int
    eps: float = 1e-5

    def stated(self, at: Position) -> Statement:
        """Gamma and beta, as many as channels; g is the axis of groups, r that of channels in a group.

        ValueError where an example has neither one axis nor channels, height and width, or no such groups.
        """
        if len(at.axes) not in (1, 3):
            raise ValueError(f"group_norm takes vectors, or channels, height and width, not shape {at.shape}")
        channels = at.shape[0]
        if channels % self.groups:
            raise ValueError(f"{channels} channels can't be put into {self.groups} groups of one size")
        (c, *rest), x = at.axes, at.source
        g, r, G, mu, var, xhat, gamma, beta, a = at.named("g r G mu var xhat gamma beta a")
        over = ", ".join([r, *rest])
        return Statement(
            equations=f"{G} = unflatten({x}, {c}, {g}, {r})\n"
            f"{mu} = mean({G}, {over})\n"
            f"{var} = mean(({G} - {mu})^2, {over})\n"
            f"{xhat} = flatten(({G} - {mu}) / sqrt({var} + {self.eps!r}), {g}, {r}, {c})\n"
            f"{a} = {gamma} * {xhat} + {beta}",
            out=at.axes,
            sizes={g: self.groups, r: channels // self.groups},
            parameters={gamma: (c,), beta: (c,)},
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By `group_norm` without the check of its functional form, which refuses a group of one number."""
        return torch.group_norm(x, self.groups, parameters["gamma"], parameters["beta"], self.eps)
