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
    largest: float
    """How far off the worst wrong weight is whose error is a number; 0 where there is none."""
    has_infinite: bool
    """Whether marks of the highest level may stand for what is infinite or no number."""
    shape: Shape
    """Of the array."""
    block: tuple[int, int]
    """The rows and columns of that matrix which one mark stands for."""

    @property
    def matrix(self) -> tuple[int, int]:
        """The rows and columns of the array, laid out as rows of its last axis."""
        return (math.prod(self.shape[:-1]), self.shape[-1]) if self.shape else (1, 1)

    @property
    def worst(self) -> str:
        """What a mark of the highest level stands for."""
        infinite = ["not finite"] if self.has_infinite else []
        off = [f"by up to {short(self.largest)}"] if self.largest else []
        return ", or ".join([*off, *infinite])

    @property
    def captions(self) -> list[str]:
        """What the marks mean that occur, and how they stand for the array where that is not plain."""
        return [text for text in (self._legend(), *self.layout) if text]

    @property
    def layout(self) -> list[str]:
        """How the marks stand for the array where that is not plain."""
        return [text for text in (self._laid_out(), self._grain()) if text]

    def _legend(self) -> str:
        levels = set(self.levels.flat)
        parts = [f"{LEVELS[RIGHT]} right"] if RIGHT in levels else []
        if max(levels) >= WRONG:
            shown = LEVELS[WRONG:] if self.largest else LEVELS[-1]
            parts.append(" ".join(filter(None, (shown, "wrong", self.worst))))
        if UNKNOWN in levels:
            parts.append(f"{LEVELS[UNKNOWN]} cannot tell")
        return ", ".join(parts)

    def _laid_out(self) -> str:
        if len(self.shape) <= 2:
            return ""
        sizes = " × ".join(map(str, self.shape))
        return f"the {sizes} array is laid out as {self.matrix[0]} rows of {self.matrix[1]}"

    def _grain(self) -> str:
        high, wide = self.block
        return f"each mark is the worst of {high} × {wide} weights" if high * wide > 1 else ""


def heat_map(table: Table, *, rows: int = 12, columns: int = 40) -> HeatMap | None:
    """The picture of a table with at most so many marks; None where it would show no pattern."""
    made = picture(table, rows=rows, columns=columns)
    if made is None or made.levels.min() == made.levels.max():
        return None
    all_wrong = bool(table.wrong.all())
    return None if table.wrong.size < (2 * _FEWEST if all_wrong else _FEWEST) else made


def picture(table: Table, *, rows: int = 12, columns: int = 40) -> HeatMap | None:
    """The same, pattern or not; None of a single number."""
    levels, off = _levels(table)
    if levels.size < 2:
        return None
    matrix = (math.prod(levels.shape[:-1]), levels.shape[-1])
    block = (-(-matrix[0] // rows), -(-matrix[1] // columns))
    finite = np.isfinite(off)
    return HeatMap(
        levels=_pooled(levels.reshape(matrix), block),
        largest=float(off[finite].max(initial=0.0)),
        has_infinite=not bool(finite.all()),
        shape=levels.shape,
        block=block,
    )


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
