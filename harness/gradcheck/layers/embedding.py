"""The layer that looks up a vector for each of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.layer import Position, Statement, layer
from gradcheck.network.draws import Draw


@layer
@dataclass(frozen=True)
class Embedding:
    """A row of E for every number, counted from 0."""

    kind: ClassVar[str] = "embedding"
    about: ClassVar[str] = "a = E[x]; x whole numbers below the vocabulary"

    vocabulary: int
    units: int

    def stated(self, at: Position) -> Statement:
        """E (vocabulary, units); ValueError behind another layer, whose output are no whole numbers."""
        if at.number > 1:
            raise ValueError("embedding takes whole numbers, and so the network's input: let it be layer 1")
        v, u, E, a = at.named("v u E a")
        return Statement(
            equations=f"{a} = take({E}, {at.source}, {v})",
            out=(*at.axes, u),
            sizes={v: self.vocabulary, u: self.units},
            parameters={E: (v, u)},
            layouts={a: ("n", *at.axes, u)},
            draws={at.source: Draw("integers", below=v)},
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By `embedding`."""
        return torch.nn.functional.embedding(x.long(), parameters["E"])
