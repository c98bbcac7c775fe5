"""The layer that lays an example's array out as a vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from gradcheck.layers.layer import Position, Statement, layer


@layer
@dataclass(frozen=True)
class Flatten:
    """Row by row, the last axis fastest."""

    kind: ClassVar[str] = "flatten"
    about: ClassVar[str] = "a = vec(x), row by row"

    def stated(self, at: Position) -> Statement:
        """All axes of an example become one; a vector stays as it is."""
        u, a = at.named("u a")
        if len(at.axes) == 1:
            return Statement(equations=f"{a} = {at.source}", out=at.axes)
        return Statement(
            equations=f"{a} = flatten({', '.join([at.source, *at.axes, u])})",
            out=(u,),
            sizes={u: prod(at.shape)},
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By `flatten`."""
        return torch.flatten(x, 1)
