"""Arrays whose axes have names, matched by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.tree import Axes, axis_of, united

Lengths = Mapping[str, int]
"""Axis -> how long it is."""


class Named(NamedTuple):
    """An array and the names of its axes, in their order; a constant may be a float of Python's."""

    array: Array
    axes: Axes


def aligned(several: Sequence[Named]) -> tuple[list[Array], Axes]:
    """The arrays with their axes in one order, so that they broadcast against each other."""
    axes = united(one.axes for one in several)
    return [lying(one, axes) for one in several], axes


def lying(value: Named, axes: Axes) -> Array:
    """The array with its axes in this order, of length one where it lacks them but for those in front."""
    if value.axes == axes[len(axes) - len(value.axes) :]:
        return value.array
    order = sorted(range(len(value.axes)), key=lambda n: axes.index(value.axes[n]))
    turned = value.array.transpose(order)
    return turned[tuple(slice(None) if axis in value.axes else None for axis in axes)]


def arranged(value: Named, axes: Axes, lengths: Lengths) -> Array:
    """The value as an array of exactly these axes, repeated along those it lacks."""
    array = np.asarray(lying(value, axes))
    shape = tuple(lengths[axis_of(axis)] for axis in axes)
    return array if array.shape == shape else np.broadcast_to(array, shape)


def filled(value: Named, axes: Axes, lengths: Lengths) -> Named:
    """The value with all of these axes, repeated along those that it lacks; axes it has besides stay."""
    missing = tuple(axis for axis in axes if axis not in value.axes)
    if not missing:
        return value
    shape = (*(lengths[axis_of(axis)] for axis in missing), *np.shape(value.array))
    return Named(np.broadcast_to(value.array, shape), (*missing, *value.axes))
