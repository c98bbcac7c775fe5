"""The two-dimensional convolution, in the sense of deep learning: a cross-correlation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.layers.activation import Activation
from gradcheck.maths.layers._link import Activate, Link, Note, Parameters, layer


@dataclass(frozen=True)
class Convolution:
    """z_fpq = b_f + Σ_cuv W_fcuv x̄_c,sp+u,sq+v, with x̄ the input with `padding` zeros around it.

    x (examples, channels, height, width), W (filters, channels, size, size), b (filters,),
    s the stride. See Dumoulin & Visin, "A guide to convolution arithmetic" (2016), for the sizes.
    """

    filters: int
    size: int
    stride: int = 1
    padding: int = 0
    bias: bool = True
    out: str = "z"

    def inside(self, inputs: Shape) -> dict[str, Shape]:
        """Nothing: one step makes the output."""
        return {}

    def parameters(self, inputs: Shape) -> dict[str, Shape]:
        """W (filters, channels, size, size) and, where there is a bias, b (filters,)."""
        W = (self.filters, inputs[0], self.size, self.size)
        return {"W": W} | ({"b": (self.filters,)} if self.bias else {})

    def outputs(self, inputs: Shape) -> Shape:
        """(filters, rows, columns)."""
        if len(inputs) != 3:
            raise ValueError(f"conv2d takes an array of channels, height and width, not of shape {inputs}")
        rows, columns = (1 + (n + 2 * self.padding - self.size) // self.stride for n in inputs[1:])
        if min(rows, columns) < 1:
            raise ValueError(
                f"a window of {self.size} does not fit into {inputs[1]} x {inputs[2]} "
                f"with padding {self.padding}"
            )
        return (self.filters, rows, columns)

    def forward(self, x: Array, p: Parameters, note: Note) -> Array:
        """Every window's product with every filter."""
        z = np.zeros((len(x), *self.outputs(x.shape[1:])), x.dtype)
        for u, v, window in self._windows(self._padded(x)):
            z += np.einsum("fc,ncpq->nfpq", p["W"][:, :, u, v], window)
        return z + p["b"][:, None, None] if self.bias else z

    def reverse(
        self, dout: Array, x: Array, out: Array, p: Parameters, note: Note
    ) -> tuple[Array, dict[str, Array]]:
        """Each weight gathers from, and each input from, the places where they met."""
        x̄ = self._padded(x)
        dx̄, dW = np.zeros_like(x̄), np.empty_like(p["W"])
        for (u, v, window), (_, _, dwindow) in zip(self._windows(x̄), self._windows(dx̄), strict=True):
            dW[:, :, u, v] = np.einsum("nfpq,ncpq->fc", dout, window)
            dwindow += np.einsum("fc,nfpq->ncpq", p["W"][:, :, u, v], dout)
        db = {"b": dout.sum((0, 2, 3))} if self.bias else {}
        return self._trimmed(dx̄), {"W": dW} | db

    def _windows(self, x̄: Array) -> Iterator[tuple[int, int, Array]]:
        """(u, v, view of x̄ at that offset in every window: (examples, channels, rows, columns))."""
        s, k = self.stride, self.size
        rows, columns = (1 + (n - k) // s for n in x̄.shape[2:])
        for u, v in product(range(k), repeat=2):
            yield u, v, x̄[:, :, u : u + s * rows : s, v : v + s * columns : s]

    def _padded(self, x: Array) -> Array:
        around = 2 * self.padding
        x̄ = np.zeros((*x.shape[:2], x.shape[2] + around, x.shape[3] + around), x.dtype)
        self._trimmed(x̄)[:] = x
        return x̄

    def _trimmed(self, x̄: Array) -> Array:
        height, width = x̄.shape[2:]
        return x̄[:, :, self.padding : height - self.padding, self.padding : width - self.padding]


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

    def links(self) -> tuple[Link, ...]:
        """z, then a."""
        convolution = Convolution(self.filters, self.size, self.stride, self.padding, self.bias)
        return convolution, Activate(self.activation)
