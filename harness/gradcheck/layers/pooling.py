"""Pooling: of each window of a channel one number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.layer import Position, Statement, layer
from gradcheck.layers.sliding import slid


@dataclass(frozen=True)
class _Pooling:
    """Square windows; as far from each other as they are long, unless the stride is another."""

    kind: ClassVar[str]
    function: ClassVar[str]

    size: int
    stride: int | None = None

    def stated(self, at: Position) -> Statement:
        """ValueError where no window fits."""
        windows, sizes = slid(at, self.kind, self.size, self.stride or self.size)
        (a,), (p, q, i, j) = at.named("a"), sizes
        return Statement(f"{a} = {self.function}({windows}, {i}, {j})", (at.axes[0], p, q), sizes)

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By the function of the layer's name."""
        return getattr(torch.nn.functional, self.kind)(x, self.size, self.stride)


@layer
@dataclass(frozen=True)
class MaxPool2d(_Pooling):
    """The largest number of a window; of equal ones each gets an equal part of what comes back."""

    kind: ClassVar[str] = "max_pool2d"
    aliases: ClassVar[tuple[str, ...]] = ("max_pool", "max_pooling", "pool")
    about: ClassVar[str] = "a = the largest number of each window; x (channels, height, width)"
    function: ClassVar[str] = "max"


@layer
@dataclass(frozen=True)
class AvgPool2d(_Pooling):
    """The mean of a window."""

    kind: ClassVar[str] = "avg_pool2d"
    aliases: ClassVar[tuple[str, ...]] = ("avg_pool", "average_pooling", "mean_pool")
    about: ClassVar[str] = "a = the mean of each window; x (channels, height, width)"
    function: ClassVar[str] = "mean"
