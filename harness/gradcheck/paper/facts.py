"""What two sides' numbers say by themselves: shapes, entries, a constant ratio."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradcheck.arrays import Array
from gradcheck.digits import short
from gradcheck.paper.judge import CLOSE, same


def one_entry(true: Sequence[Array], yours: Sequence[Array]) -> str:
    """Which entry alone is not what it should be."""
    masks = []
    for right, own in zip(true, yours, strict=True):
        if right.shape != own.shape or right.size < 2:
            return ""
        masks.append(np.abs(right - own) > CLOSE * np.abs(right).max())
    mask = np.logical_or.reduce(masks) if len({m.shape for m in masks}) == 1 else np.zeros(0)
    if mask.sum() != 1:
        return ""
    place = [int(i) + 1 for i, n in zip(np.argwhere(mask)[0], mask.shape, strict=True) if n > 1]
    return f"Only entry {', '.join(map(str, place))} is not what it should be."


def ratio(true: Array, yours: Array) -> Array | None:
    """Entry by entry; None where there is none."""
    if true.size == yours.size == 1:
        true, yours = true.reshape(()), yours.reshape(())
    if true.shape != yours.shape or not true.all():
        return None
    return np.asarray(yours / true)


def constant(ratios: Sequence[Array]) -> float | None:
    """The ratio, where it is the same everywhere."""
    first = float(ratios[0].ravel()[0])
    return first if all(np.allclose(r, first, CLOSE, 0) for r in ratios) else None


def times(ratio: float) -> str:
    """What a side is that is a number of times the one before it."""
    if ratio == 0:
        return "It is 0, and what stands before it is not."
    if np.isclose(ratio, -1, CLOSE, 0):
        return "It is what stands before it with the other sign."
    return f"It is {short(ratio, 4)} times what stands before it, everywhere."


def shapes_differ(true: Array, yours: Array) -> str:
    """The shapes, where they aren't the same."""
    if true.shape == yours.shape or true.size == yours.size == 1:
        return ""
    turned = ": it is the transpose" if true.T.shape == yours.shape and same(true.T, yours) else ""
    return f"It has the shape {_shape(yours)}, and {_shape(true)} is due{turned}."


def _shape(a: Array) -> str:
    return " × ".join(map(str, a.shape)) if a.size > 1 else "of a number"
