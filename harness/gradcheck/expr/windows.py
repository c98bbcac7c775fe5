"""Windows that slide along an axis, of which convolutions and poolings are sums and maxima.

For the lengths see Dumoulin and Visin (2016), "A guide to convolution arithmetic for deep learning".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.expr.named import Lengths
from gradcheck.expr.operation import Move
from gradcheck.expr.tree import Axes


@dataclass(frozen=True)
class Windows(Move):
    """`windows(x, h, p, i)`: axis h becomes p, a window, and i, a place in it.

    The entry is that of x at stride · p + i - padding, and 0 outside.
    """

    stride: int = 1
    padding: int = 0
    name: ClassVar[str] = "windows"
    form: ClassVar[str] = "windows(x, h, p, i, stride=1, padding=0)"
    numpy: ClassVar[str] = """def windows(x, length, stride, padding):
    wide = np.zeros((*x.shape[:-1], x.shape[-1] + 2 * padding))
    wide[..., padding : padding + x.shape[-1]] = x
    starts = np.arange(0, wide.shape[-1] - length + 1, stride)
    return wide[..., starts[:, None] + np.arange(length)]
"""

    def __post_init__(self) -> None:
        _check(self.stride, self.padding)

    @property
    def transposed(self) -> Move:
        """Windows added up."""
        return Overlap(self.stride, self.padding)

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Views of the array between its zeros."""
        (x,) = arrays
        wide = np.pad(x, [(0, 0)] * batch + [(self.padding, self.padding)]) if self.padding else x
        views: Array = np.lib.stride_tricks.sliding_window_view(wide, lengths[1], -1)[..., :: self.stride, :]
        return views

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """By `unfold`."""
        wide = torch.nn.functional.pad(tensors[0], (self.padding, self.padding))
        return wide.unfold(-1, lengths[1], self.stride)

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """There are as many windows as fit."""
        return _misfit(over, self.stride, self.padding, lengths)


@dataclass(frozen=True)
class Overlap(Move):
    """`overlap(g, p, i, h)`: the entries of windows added up at the places on h that they were taken from."""

    stride: int = 1
    padding: int = 0
    name: ClassVar[str] = "overlap"
    form: ClassVar[str] = "overlap(g, p, i, h, stride=1, padding=0)"
    numpy: ClassVar[str] = """def overlap(g, length, stride, padding):
    wide = np.zeros((*g.shape[:-2], length + 2 * padding))
    for i in range(g.shape[-1]):
        wide[..., i : i + stride * (g.shape[-2] - 1) + 1 : stride] += g[..., i]
    return wide[..., padding : padding + length]
"""
    split: ClassVar[int | None] = 2

    def __post_init__(self) -> None:
        _check(self.stride, self.padding)

    @property
    def transposed(self) -> Move:
        """Windows."""
        return Windows(self.stride, self.padding)

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Place by place of the windows."""
        (g,) = arrays
        windows, places = g.shape[-2:]
        wide = np.zeros((*g.shape[:-2], lengths[0] + 2 * self.padding), g.dtype)
        for i in range(places):
            wide[..., i : i + self.stride * (windows - 1) + 1 : self.stride] += g[..., i]
        return wide[..., self.padding : self.padding + lengths[0]]

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """All entries added to zeros, by their places."""
        (g,) = tensors
        windows, places = g.shape[-2:]
        where = self.stride * torch.arange(windows).unsqueeze(1) + torch.arange(places)
        wide = torch.zeros(*g.shape[:-2], lengths[0] + 2 * self.padding, dtype=g.dtype)
        return wide.index_add(-1, where.flatten(), g.flatten(-2)).narrow(-1, self.padding, lengths[0])

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """There are as many windows as fit."""
        windows, places, axis = over
        return _misfit((axis, windows, places), self.stride, self.padding, lengths)


@dataclass(frozen=True)
class Windows2d(Move):
    """Windows along rows and columns at once, of which only code is written: (..., p, q, i, j)."""

    stride: int = 1
    padding: int = 0
    name: ClassVar[str] = "windows_2d"
    form: ClassVar[str] = "windows_2d(x, h, w, p, q, i, j, stride=1, padding=0)"
    numpy: ClassVar[str] = '''def windows_2d(x, size, stride, padding):
    """Every window of that size of the images x, zeros around them: (..., rows, columns, *size)."""
    x = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(padding, padding)] * 2)
    return np.lib.stride_tricks.sliding_window_view(x, size, (-2, -1))[..., ::stride, ::stride, :, :]
'''

    @property
    def transposed(self) -> Move:
        """Windows added up."""
        return Overlap2d(self.stride, self.padding)

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """From rows and columns to windows."""
        return (over[:2],), over[2:]


@dataclass(frozen=True)
class Overlap2d(Move):
    """Windows of images added up where they lie, of which only code is written: (..., h, w)."""

    stride: int = 1
    padding: int = 0
    name: ClassVar[str] = "overlap_2d"
    form: ClassVar[str] = "overlap_2d(g, p, q, i, j, h, w, stride=1, padding=0)"
    numpy: ClassVar[str] = '''def overlap_2d(g, lengths, stride, padding):
    """Images of these lengths in which the windows g, (..., rows, columns, *size), are added up."""
    *front, rows, columns, high, wide = g.shape
    x = np.zeros((*front, *(length + 2 * padding for length in lengths)))
    for i in range(high):
        for j in range(wide):
            x[..., i : i + stride * rows : stride, j : j + stride * columns : stride] += g[..., i, j]
    return x[..., padding : padding + lengths[0], padding : padding + lengths[1]]
'''

    @property
    def transposed(self) -> Move:
        """Windows."""
        return Windows2d(self.stride, self.padding)

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """From windows to rows and columns."""
        return (over[:4],), over[4:]


def _check(stride: int, padding: int) -> None:
    if stride < 1:
        raise ValueError(f"the stride is 1 or more, not {stride}")
    if padding < 0:
        raise ValueError(f"the padding is 0 or more, not {padding}")


def _misfit(over: Axes, stride: int, padding: int, lengths: Lengths) -> str | None:
    axis, windows, places = over
    length, size = lengths[axis], lengths[places]
    fit = (length + 2 * padding - size) // stride + 1
    if fit == lengths[windows] and fit >= 1:
        return None
    what = f"windows of {places} = {size}, with stride {stride} and padding {padding}, over {axis} = {length}"
    if fit < 1:
        return f"{what} do not fit in"
    return f"{what} give {windows} = {fit}, and `sizes` says {windows} = {lengths[windows]}"
