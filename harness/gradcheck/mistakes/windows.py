"""The reverse of a convolution in two products, which can be done wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradcheck.arrays import Array
from gradcheck.maths.layers import ignore
from gradcheck.maths.layers.conv2d import Convolution


@dataclass(frozen=True)
class Windows:
    """A convolution's windows on its input x (examples, channels, height, width)."""

    convolution: Convolution
    x: Array

    def spread(self, dz: Array, W: Array, stride: int | None = None) -> Array:
        """Every dz laid over the window that it came from, weighted by its filter, and added up: ∂J/∂x."""
        dx, _ = self._reverse(dz, self.x, W, stride)
        return dx

    def gathered(self, x: Array, dz: Array, stride: int | None = None) -> Array:
        """For every weight the input that it met times the dz that came of it, added up: ∂J/∂W."""
        size, filters = self.convolution.size, self.convolution.filters
        W = np.zeros((filters, x.shape[1], size, size), x.dtype)
        return self._reverse(dz, x, W, stride)[1]["W"]

    def overwritten(self, dz: Array, W: Array) -> Array:
        """`spread`, but of what meets at one input only the part by the last of the weights counts."""
        return self._overwritten(dz, W, list(np.ndindex(W.shape[2:])))

    def overwritten_windows(self, dz: Array, W: Array) -> Array:
        """`spread`, but of what meets at one input only the part from the last of the windows counts."""
        # An input lies in a later window the nearer it is to that window's first weight.
        return self._overwritten(dz, W, list(np.ndindex(W.shape[2:]))[::-1])

    def _overwritten(self, dz: Array, W: Array, weights: Sequence[tuple[int, ...]]) -> Array:
        dx = np.zeros_like(self.x)
        for u, v in weights:
            only = np.zeros_like(W)
            only[:, :, u, v] = 1
            dx = np.where(self.spread(np.ones_like(dz), only) > 0, self.spread(dz, W * only), dx)
        return dx

    def _reverse(self, dz: Array, x: Array, W: Array, stride: int | None) -> tuple[Array, dict[str, Array]]:
        """The convolution's own reverse, with dz in the first places where a shorter stride makes more."""
        convolution = replace(self.convolution, stride=stride or self.convolution.stride)
        dout = np.zeros((len(x), *convolution.outputs(x.shape[1:])), dz.dtype)
        dout[:, :, : dz.shape[2], : dz.shape[3]] = dz
        return convolution.reverse(dout, x, dout, {"W": W}, ignore)
