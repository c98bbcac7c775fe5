"""A network run by NumPy, one equation after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.expr.by_numpy import Change, Moment, evaluate, in_order
from gradcheck.expr.named import Lengths, Named, aligned, arranged, filled
from gradcheck.expr.tree import axis_of
from gradcheck.network.records import Loop, Network, named

if TYPE_CHECKING:
    from gradcheck.arrays import Array
    from gradcheck.expr.tree import Axes


def run(
    network: Network, given: Mapping[str, Named], lengths: Lengths, change: Change | None = None
) -> dict[str, Named]:
    """Every quantity by name, what is given among them.

    They have the precision of what is given. Arrays may have axes that the network does not know (see
    `by_numpy`); they are carried through. `change` is applied to the value of every operation.
    """
    values = dict(given)
    floats = [value.array.dtype for value in given.values() if value.array.dtype.kind == "f"]
    precision = np.result_type(*floats) if floats else np.dtype(np.float64)
    with np.errstate(all="ignore"):
        for step in network.steps:
            if isinstance(step, Loop):
                values |= _looped(step, values, lengths, precision, change)
            else:
                value = evaluate(step.expression, values, lengths, change)
                values[step.name] = whole(value, named(step.layout), lengths, precision)
    return values


def whole(value: Named, axes: Axes, lengths: Lengths, precision: np.dtype[Any]) -> Named:
    """The value with all its axes; constants get the precision of what is given."""
    return filled(Named(np.asarray(value.array, precision), value.axes), axes, lengths)


def laid(network: Network, name: str, value: Named, lengths: Lengths) -> Array:
    """A quantity's array as the network has it lie, each axis at its length."""
    layout = network.layouts[name]
    array = arranged(value, named(layout), lengths)
    where = [n for n, axis in enumerate(layout) if axis == "1"]
    return np.expand_dims(array, tuple(where)) if where else array


def as_named(network: Network, name: str, array: Array, lengths: Lengths) -> Named:
    """A quantity's value by its array as the network has it lie: `laid` undone."""
    axes = named(network.layouts[name])
    return Named(array.reshape([lengths[axis_of(axis)] for axis in axes]), axes)


def _looped(
    loop: Loop,
    values: Mapping[str, Named],
    lengths: Lengths,
    precision: np.dtype[Any],
    change: Change | None,
) -> dict[str, Named]:
    """What a loop makes, each time's entries put one behind the other along the loop's axis."""
    moments = [Moment(values, loop.axis, t) for t in range(lengths[loop.axis])]
    with in_order(moments):
        for moment in reversed(moments) if loop.backwards else moments:
            for equation in loop.equations:
                axes = tuple(axis for axis in named(equation.layout) if axis != loop.axis)
                value = evaluate(equation.expression, moment, lengths, change)
                moment.here[equation.name] = whole(value, axes, lengths, precision)
    return {
        equation.name: stacked([moment.here[equation.name] for moment in moments], loop.axis)
        for equation in loop.equations
    }


def stacked(slices: list[Named], axis: str) -> Named:
    """Slices of one quantity put one behind the other along a new axis in front."""
    arrays, axes = aligned(slices)
    return Named(np.stack(np.broadcast_arrays(*arrays)), (axis, *axes))
