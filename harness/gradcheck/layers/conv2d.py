"""The two-dimensional convolution, in the sense of deep learning: a cross-correlation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.activation import Activation
from gradcheck.layers.layer import Place, Statement, layer


@layer
@dataclass(frozen=True)
class Conv2d:
    """Every filter slides over the input's channels."""

    kind: ClassVar[str] = "conv2d"
    about: ClassVar[str] = "z = W ⋆ x + b, a = g(z); x (channels, height, width)"

    filters: int
    size: int
    stride: int = 1
    padding: int = 0
    activation: Activation = Activation("identity")
    bias: bool = True

    def stated(self, at: Place) -> Statement:
        """W (filters, channels, size, size), b (filters,); ValueError where no window fits.

        For the sizes see Dumoulin and Visin, "A guide to convolution arithmetic" (2016).
        """
        if len(at.axes) != 3:
            raise ValueError(f"conv2d takes an array of channels, height and width, not of shape {at.shape}")
        rows, columns = (1 + (n + 2 * self.padding - self.size) // self.stride for n in at.shape[1:])
        if min(rows, columns) < 1:
            raise ValueError(
                f"a window of {self.size} does not fit into {at.shape[1]} x {at.shape[2]} "
                f"with padding {self.padding}"
            )
        (c, h, w), (f, p, q, i, j, W, b, z, a) = at.axes, at.named("f p q i j W b z a")
        slides = f"{self.stride}, {self.padding}"
        windows = f"windows(windows({at.source}, {h}, {p}, {i}, {slides}), {w}, {q}, {j}, {slides})"
        return Statement(
            equations=f"{z} = sum({W} * {windows}, {c}, {i}, {j}){f' + {b}' if self.bias else ''}\n"
            f"{a} = {self.activation.of(z, q)}",
            out=(f, p, q),
            sizes={f: self.filters, p: rows, q: columns, i: self.size, j: self.size},
            parameters={W: (f, c, i, j), **({b: (f,)} if self.bias else {})},
            layouts={z: ("n", f, p, q)},
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By `conv2d`."""
        strides = {"stride": self.stride, "padding": self.padding}
        z = torch.nn.functional.conv2d(x, parameters["W"], parameters.get("b"), **strides)
        return self.activation.torch(torch, z)
