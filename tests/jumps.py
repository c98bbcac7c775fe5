"""Where the derivative of a function of one number jumps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradcheck.arrays import Array


def jumps(value: Callable[..., Array], grid: Array) -> Array:
    """Intervals [a, b], of width 1e-6 or less, in which the derivative jumps: shape (jumps, 2)."""
    ends = np.stack([grid[:-1], grid[1:]], -1)
    while True:
        size, scale = _bend(value, ends)
        ends = ends[~(size <= 1e-3 * (1 + scale))]
        if not len(ends) or ends[0, 1] - ends[0, 0] < 1e-6:
            return ends[_stays(value, ends)] if len(ends) else ends
        a, b = ends.T
        ends = np.concatenate([np.stack([a, (a + b) / 2], -1), np.stack([(a + b) / 2, b], -1)])


def _stays(value: Callable[..., Array], ends: Array) -> Any:
    """Whether a wider interval bends about as much: a jump does, and a smooth function more by its width."""
    middle = ends.mean(-1, keepdims=True)
    return _bend(value, middle + 64 * (ends - middle))[0] < 8 * _bend(value, ends)[0]


def _bend(value: Callable[..., Array], ends: Array) -> tuple[Array, Array]:
    """(how far the chord's slope is from those outside of the interval, how steep these are)."""
    a, b = ends.T
    h = (b - a) / 4
    chord = (value(b) - value(a)) / (b - a)
    before, after = (value(a) - value(a - h)) / h, (value(b + h) - value(b)) / h
    return (
        np.maximum(np.abs(chord - before), np.abs(chord - after)),
        np.minimum(np.abs(before), np.abs(after)),
    )
