"""The two-dimensional convolution, in the sense of deep learning: a cross-correlation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.activation import Activation
from gradcheck.layers.layer import Position, Statement, layer
from gradcheck.layers.sliding import slid


@layer
@dataclass(frozen=True)
class Conv2d:
    """Every filter slides over the input's channels."""

    kind: ClassVar[str] = "conv2d"
    aliases: ClassVar[tuple[str, ...]] = ("conv", "convolution", "convolutional")
    about: ClassVar[str] = "z = W ⋆ x + b, a = g(z); x (channels, height, width)"

    filters: int
    size: int
    stride: int = 1
    padding: int = 0
    activation: Activation = Activation("identity")
    bias: bool = True

    def stated(self, at: Position) -> Statement:
        """W (filters, channels, size, size), b (filters,); ValueError where no window fits."""
        windows, sizes = slid(at, self.kind, self.size, self.stride, self.padding)
        (p, q, i, j), c, (f, W, b, z, a) = sizes, at.axes[0], at.named("f W b z a")
        return Statement(
            equations=f"{z} = sum({W} * {windows}, {c}, {i}, {j}){f' + {b}' if self.bias else ''}\n"
            f"{a} = {self.activation.of(z, q)}",
            out=(f, p, q),
            sizes={f: self.filters, **sizes},
            parameters={W: (f, c, i, j), **({b: (f,)} if self.bias else {})},
            layouts={z: ("n", f, p, q)},
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By `conv2d`."""
        strides = {"stride": self.stride, "padding": self.padding}
        z = torch.nn.functional.conv2d(x, parameters["W"], parameters.get("b"), **strides)
        return self.activation.torch(torch, z)
