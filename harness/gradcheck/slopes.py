"""Central differences with an error bar, for many coordinates at once.

The quotients of steps h, h/2, h/4, h/8 are extrapolated to step zero (Richardson, 1911): for a smooth
function the result is of order 8. Where the last two extrapolations disagree, as they do when a kink
lies within the step, the next rung tries smaller steps, and where even the smallest steps
see two different one-sided slopes the coordinate is at a kink.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array, Mask

Rows: TypeAlias = NDArray[np.intp]
"""Indices on the first axis."""

RUNGS = (2.0**-4, 2.0**-7, 2.0**-12, 2.0**-19)
"""The largest step of each try, in units of the coordinate's own step; powers of two add exactly."""

HALVINGS = 4

EPS = float(np.finfo(np.float64).eps)

TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Slopes:
    """Difference quotients, each with an error bar; all arrays have one shape."""

    value: Array
    error: Array
    """How far the true derivative may lie from `value`."""
    low: Array
    high: Array
    """The one-sided slopes at a kink, in order; both equal `value` elsewhere. Any number from low to
    high is a subgradient."""

    @property
    def kinked(self) -> Mask:
        """Where the function has no derivative."""
        kinked: Mask = self.low < self.high
        return kinked

    def map(self, rearrange: Callable[[Array], Array]) -> Slopes:
        """The same slopes in another arrangement."""
        return Slopes(*(rearrange(getattr(self, f.name)) for f in fields(self)))

    def only(self, rows: Rows) -> Slopes:
        """Those of these rows."""
        return self.map(lambda part: part[rows])

    def replaced(self, rows: Rows, others: Slopes) -> Slopes:
        """The same with other slopes in these rows."""
        whole = self.map(np.copy)
        for f in fields(self):
            getattr(whole, f.name)[rows] = getattr(others, f.name)
        return whole

    def __add__(self, other: Slopes) -> Slopes:
        return Slopes(
            self.value + other.value, self.error + other.error, self.low + other.low, self.high + other.high
        )

    @staticmethod
    def exact(value: Array, error: Array) -> Slopes:
        """A value known by other means than differences, away from any kink."""
        return Slopes(value, error, value, value)

    @staticmethod
    def concatenate(parts: list[Slopes]) -> Slopes:
        """Parts joined along the first axis."""
        return Slopes(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Slopes)))


def slopes(
    f: Callable[[float], Array],
    step: Array,
    noise: Array | float = 0.0,
    rungs: Sequence[float] = RUNGS,
) -> Slopes:
    """The derivative of f along every coordinate, at 0.

    `f(s)` gives the function's values with every coordinate moved by s · step; `step` and `noise`
    broadcast to its result. `noise` bounds the rounding error of a value of f beyond that of its
    last digit. `rungs` are the largest steps of the tries, which end where smaller ones tell no more.
    """
    return row_slopes(
        lambda sizes, rows: np.stack([f(s) for s in sizes])[:, None], np.asarray(step)[None], noise, rungs
    ).map(lambda part: part[0])


def row_slopes(
    f: Callable[[Array, Rows], Array],
    step: Array,
    noise: Array | float = 0.0,
    rungs: Sequence[float] = RUNGS,
) -> Slopes:
    """The same of a function that takes several s at once and can leave out rows, (rows, ...).

    `f([s, ...], rows)` gives the values of these rows for each s; smaller steps are tried on those rows alone
    to which they may tell more. `step` has a length for each row.
    """
    with np.errstate(all="ignore"):
        centre, *around = f(np.concatenate([[0.0], _sizes(rungs[0])]), np.arange(len(step)))
        best = _rung(around, centre, step, noise, rungs[0])
        for largest in rungs[1:]:
            finest = largest * 0.5 ** (HALVINGS - 1)
            # What roundoff alone will make of the next error bar.
            floor = 4 * (noise + EPS * np.abs(centre)) / (finest * step) + EPS * np.abs(best.value) / finest
            settled = _settled(best, floor).reshape(len(centre), -1)
            rows = np.flatnonzero(~settled.all(1))
            if not rows.size:
                break
            tried = _rung(f(_sizes(largest), rows), centre[rows], step[rows], noise, largest)
            best = best.replaced(rows, _better(best.only(rows), tried))
    return best


def _sizes(largest: float) -> Array:
    """The steps of a try, to the right and to the left."""
    right = largest * 0.5 ** np.arange(HALVINGS)
    return np.concatenate([right, -right])


def _rung(
    values: Sequence[Array] | Array, centre: Array, step: Array, noise: Array | float, largest: float
) -> Slopes:
    """The slopes that the function's values at `_sizes` show."""
    sizes = _sizes(largest)[:HALVINGS]
    right = np.stack([(up - centre) / (s * step) for s, up in zip(sizes, values[:HALVINGS], strict=True)])
    left = np.stack([(centre - down) / (s * step) for s, down in zip(sizes, values[HALVINGS:], strict=True)])
    # At a minimum of 0 the values beside it have the digits that count.
    beside = np.maximum(np.abs(right[-1]), np.abs(left[-1])) * np.abs(sizes[-1] * step)
    finest = (noise + EPS * (np.abs(centre) + beside)) / (sizes[-1] * step)
    value, truncation = _extrapolated((right + left) / 2, orders=(2, 4, 6))
    jump, uncertain = _extrapolated(right - left, orders=(1, 3, 5))
    error = truncation + 4 * finest + 2 * EPS * np.abs(value) / sizes[-1]
    error = np.where(np.isfinite(error), error, np.inf)
    kinked = np.isfinite(error) & (np.abs(jump) > 16 * (finest + EPS * np.abs(value) / sizes[-1]) + uncertain)
    right_slope, left_slope = (_extrapolated(side, orders=(1, 2, 3))[0] for side in (right, left))
    low = np.where(kinked, np.minimum(right_slope, left_slope), value)
    high = np.where(kinked, np.maximum(right_slope, left_slope), value)
    return Slopes(value, error, low, high)


def _extrapolated(table: Array, orders: tuple[int, ...]) -> tuple[Array, Array]:
    """The table's limit for step zero, and how far it may be off.

    Row i holds the quotients of step h/2ⁱ, whose error starts with powers `orders` of the step. Once
    extrapolated, the quotients of a smooth function lie much closer together than before. Where they
    don't, the function isn't smooth within the step, and no more is believed than the plain quotients
    bear out.
    """
    plain, columns = table, []
    for order in orders:
        table = table[1:] + (table[1:] - table[:-1]) / (2.0**order - 1)
        columns.append(table)
    once, twice, limit = columns
    apart, apart_once, apart_twice = (np.abs(np.diff(t, axis=0)) for t in (plain, once, twice))
    # Terms of two orders may cancel in the last two alone; the distances of columns fall about geometrically.
    # Roundoff alone may leave them in any order, and two quotients may be the same by chance.
    expected = apart_once[0] ** 2 / np.maximum(np.maximum(apart[0], apart_once[0]), TINY)
    off = np.abs(limit[-1] - twice[-1]) + apart_twice[-1] + expected / 8
    rough = (apart_once > apart[1:] / 10).any(0)
    return limit[-1], np.where(rough, off + apart_once[-1] + 2 * apart[-1], off)


def _settled(slopes: Slopes, floor: Array) -> Mask:
    """Where smaller steps could tell nothing more: smooth, and known to 9 digits or below a floor."""
    enough = np.maximum(1e-9 * np.abs(slopes.value) + 1e-13, floor)
    settled: Mask = (slopes.error <= enough) & ~slopes.kinked
    return settled


def _better(one: Slopes, other: Slopes) -> Slopes:
    """The smaller error bar, coordinate by coordinate; a kink may lie outside a smaller step."""
    take = ~(one.error <= other.error) | (one.kinked & np.isfinite(other.error))
    return Slopes(*(np.where(take, getattr(other, f.name), getattr(one, f.name)) for f in fields(Slopes)))
