"""A small picture of where in an array the wrong weights lie."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array, Shape
from gradcheck.digits import short
from gradcheck.verdict.records import Table

_T = TypeVar("_T", bound=np.generic)

LEVELS = "·?░▒▓█"
"""One mark a level: right, cannot tell, and wrong by up to 1/4, 2/4, 3/4, 4/4 of the largest."""

RIGHT, UNKNOWN, WRONG = 0, 1, 2
_HAIR = 1e-6
_FEWEST = 6
"""A picture of fewer weights shows no more than their table; it takes twice as many where all are wrong."""


@dataclass(frozen=True)
class HeatMap:
    """Levels, row by row, each the highest one of a block of weights."""

    levels: NDArray[np.intp]
    """(rows, columns) of indices into LEVELS."""
    off: Array
    """(rows, columns): how far the worst wrong weight of the block lies from its true value; inf for nan."""
    shape: Shape
    """Of the array."""
    matrix: tuple[int, int]
    """Of the array, laid out as rows of its last axis."""
    block: tuple[int, int]
    """The rows and columns of that matrix which one mark stands for."""

    def title(self, row: int, column: int) -> str:
        """What one mark says, in words."""
        index = ", ".join(
            _span(i * size, min((i + 1) * size, end))
            for i, size, end in zip((row, column), self.block, self.matrix, strict=True)
        )
        level, off = self.levels[row, column], self.off[row, column]
        word = ("right", "cannot tell", f"wrong, off by {short(off)}")[min(level, WRONG)]
        return f"[{index}] {word if np.isfinite(off) else 'not finite'}"

    @property
    def captions(self) -> list[str]:
        """What the marks mean that occur, and how they stand for the array where that is not plain."""
        return [text for text in (self._legend(), self._layout(), self._grain()) if text]

    def _legend(self) -> str:
        levels = set(self.levels.flat)
        parts = [f"{LEVELS[RIGHT]} right"] if RIGHT in levels else []
        if max(levels) >= WRONG:
            largest = self.off[np.isfinite(self.off)].max(initial=0.0)
            scale = f"{LEVELS[WRONG:]} wrong by up to {short(largest)}"
            parts.append(scale if largest else f"{LEVELS[-1]} wrong")
        if UNKNOWN in levels:
            parts.append(f"{LEVELS[UNKNOWN]} cannot tell")
        return ", ".join(parts)

    def _layout(self) -> str:
        if len(self.shape) <= 2:
            return ""
        sizes = " × ".join(map(str, self.shape))
        return f"the {sizes} array is laid out as {self.matrix[0]} rows of {self.matrix[1]}"

    def _grain(self) -> str:
        high, wide = self.block
        return f"each mark is the worst of {high} × {wide} weights" if high * wide > 1 else ""


def heat_map(table: Table, *, rows: int = 12, columns: int = 40) -> HeatMap | None:
    """The picture of a table with at most so many marks; None where it would show no pattern."""
    levels, off = _levels(table)
    fewest = 2 * _FEWEST if levels.min(initial=WRONG) == WRONG else _FEWEST
    if levels.size < fewest:
        return None
    matrix = (math.prod(levels.shape[:-1]), levels.shape[-1])
    block = (-(-matrix[0] // rows), -(-matrix[1] // columns))
    marks = _pooled(levels.reshape(matrix), block)
    if marks.min() == marks.max():
        return None
    return HeatMap(marks, _pooled(off.reshape(matrix), block), levels.shape, matrix, block)


def _levels(table: Table) -> tuple[NDArray[np.intp], Array]:
    with np.errstate(all="ignore"):
        off = np.where(table.wrong, np.nan_to_num(table.off, nan=np.inf, posinf=np.inf), 0.0)
        largest = off[np.isfinite(off)].max(initial=0.0) or 1.0
        # A weight that is off by half of the largest is so on every machine, whatever rounding adds.
        quarter = np.clip(np.ceil(4 * (off / largest) - _HAIR), 1, 4).astype(np.intp)
    return np.select([table.wrong, table.unknown], [WRONG - 1 + quarter, UNKNOWN], RIGHT), off


def _pooled(matrix: NDArray[_T], block: tuple[int, int]) -> NDArray[_T]:
    for axis, size in enumerate(block):
        matrix = np.maximum.reduceat(matrix, range(0, matrix.shape[axis], size), axis=axis)
    return matrix


def _span(start: int, stop: int) -> str:
    return str(start) if stop == start + 1 else f"{start}:{stop}"
