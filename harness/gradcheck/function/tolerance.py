"""How far a right gradient may lie from the true one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gradcheck.arrays import Array
from gradcheck.function.quotients import EPS, Slopes
from gradcheck.verdict.tolerance import SINGLE

DOUBLE = 1e-7
"""How far float64 may be off, relative to the entry: a tenth of what must be caught."""

ROUNDED = 4 * EPS
"""How far the rounding of the largest entry may take another one, relative to the largest."""

ROUNDINGS = 16
"""How many roundings of its largest neighbouring quotient an entry may be off."""


@dataclass(frozen=True)
class Tolerance:
    """What is forgiven, beside the error bar of the differences."""

    entry: float = DOUBLE
    """Relative to the entry itself."""
    largest: float = 0.0
    """Relative to the argument's largest entry."""
    rounded: float = ROUNDED
    """The same: what rounding of the largest in double precision may do to another."""
    absolute: float = 0.0
    """Whatever the entries."""

    @property
    def relative(self) -> float:
        """The one that a report gives."""
        return max(self.entry, self.largest, self.rounded)

    def slack(self, slopes: Slopes, x: Array) -> Array:
        """(coordinates, numbers), for entries of the argument at `x`, (coordinates,)."""
        with np.errstate(over="ignore"):
            rounding = ROUNDINGS * EPS * slopes.size
            part = max(self.largest, self.rounded)
            relative = self.entry * sizes(slopes) + part * largest(slopes, x)
            slack: Array = relative + rounding + self.absolute
        return slack

    @property
    def alone(self) -> Tolerance:
        """Without what rounding of the largest entry may do to another in double precision."""
        return replace(self, rounded=0.0)

    @staticmethod
    def given(relative: float | None, absolute: float, single: bool) -> Tolerance:
        """The one that was asked for, relative to the largest entry, or that of the precision."""
        if relative is not None:
            return Tolerance(0.0, max(relative, SINGLE) if single else relative, 0.0, absolute)
        return Tolerance(largest=SINGLE if single else 0.0, absolute=absolute)


def largest(slopes: Slopes, x: Array) -> Array:
    """The largest slope by any entry; where entries are of very different size, the largest relative change.

    (coordinates, numbers): what is small beside it is small whichever way one measures.
    """
    size, x = sizes(slopes), np.abs(x)[:, None]
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        plain = size.max(axis=0, initial=0.0)
        relative = np.fmax((size * x).max(axis=0, initial=0.0) / x, size)
        return np.asarray(np.where(x > 0, np.fmin(plain, relative), plain))


def sizes(slopes: Slopes) -> Array:
    """|slope| where it is known, else 0."""
    size = np.maximum(np.abs(slopes.low), np.abs(slopes.high))
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(slopes.error) & (slopes.error <= size / 4), size, 0.0)
