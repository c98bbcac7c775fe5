"""Expressions evaluated by NumPy, on arrays whose axes are matched by name.

An array may have axes that its name does not know, such as one of copies in which single entries were moved:
they are matched like any other, so a network runs for all copies at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from itertools import pairwise
from math import prod
from typing import TypeAlias, cast

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.along import SUM
from gradcheck.expr.named import Lengths, Named, aligned, filled, lying
from gradcheck.expr.operation import Along, Entrywise, Moving
from gradcheck.expr.simplify import factors
from gradcheck.expr.structure import NEXT, PREVIOUS, is_whole_over
from gradcheck.expr.tree import ZERO, Apply, Axes, Expr, Name, Number, Size, axis_of, united

Values = Mapping[str, Named]

Change: TypeAlias = Callable[[Apply, Named], Named]
"""(operation applied, its value) -> what to go on with instead."""


class Moment(Mapping[str, Named]):
    """The values of a network at one time of a loop, with the times before and after it."""

    def __init__(self, whole: Values, axis: str, time: int) -> None:
        self.whole, self.axis, self.time = whole, axis, time
        self.here: dict[str, Named] = {}
        """Values at this time."""
        self.previous: Moment | None = None
        self.next: Moment | None = None

    def __getitem__(self, name: str) -> Named:
        if name not in self.here:
            self.here[name] = self.cut(self.whole[name])
        return self.here[name]

    def cut(self, value: Named) -> Named:
        """What a whole array holds at this time."""
        array, axes = value
        if self.axis not in axes:
            return value
        where = axes.index(self.axis)
        return Named(np.take(array, self.time, where), (*axes[:where], *axes[where + 1 :]))

    def __iter__(self) -> Iterator[str]:
        return iter(self.here)

    def __len__(self) -> int:
        return len(self.here)


@contextmanager
def in_order(moments: Sequence[Moment]) -> Iterator[None]:
    """Let each moment know the times before and after it, as long as this lasts.

    After that it would be a cycle that keeps the arrays until the garbage is collected.
    """
    for earlier, later in pairwise(moments):
        earlier.next, later.previous = later, earlier
    try:
        yield
    finally:
        for moment in moments:
            moment.previous = moment.next = None


def _neighbouring(node: Apply, moment: Moment, lengths: Lengths, change: Change | None) -> Named:
    """What stands a time before or after, and at the ends what there is instead."""
    before = node.operation is PREVIOUS
    other = moment.previous if before else moment.next
    if other is not None:
        return evaluate(node.arguments[0], other, lengths, change)
    axes = tuple(axis for axis in node.axes if axis != moment.axis)
    if before and node.arguments[1] != ZERO:
        return filled(evaluate(node.arguments[1], moment, lengths, change), axes, lengths)
    shape = [lengths[axis_of(axis)] for axis in axes]
    return Named(np.zeros(shape, np.float16), axes)  # of the lowest precision: it raises no other's


def _elsewhere(node: Apply, moment: Moment, lengths: Lengths, change: Change | None) -> Named | None:
    """The value of what is read of other times than a moment; None of anything else."""
    if node.operation is PREVIOUS or node.operation is NEXT:
        return _neighbouring(node, moment, lengths, change)
    if is_whole_over(node, moment.axis):
        return moment.cut(evaluate(node, moment.whole, lengths, change))
    return None


def evaluate(expression: Expr, values: Values, lengths: Lengths, change: Change | None = None) -> Named:
    """The expression's value. Outside a function's domain it is NaN or infinite, silently.

    What is made of constants alone is a float of Python's, beside which arrays keep their precision. `change`
    is applied to the value of every operation on the way.
    """
    if isinstance(expression, Name):
        return values[expression.text]
    if isinstance(expression, Number):
        return _constant(expression.value)
    if isinstance(expression, Size):
        return _constant(float(lengths[axis_of(expression.axis)]))
    if isinstance(values, Moment) and (elsewhere := _elsewhere(expression, values, lengths, change)):
        return elsewhere
    value = _operated(expression, lambda part: evaluate(part, values, lengths, change), lengths)
    return change(expression, value) if change else value


def remembered(expression: Expr, values: Values, lengths: Lengths, memory: dict[Expr, Named]) -> Named:
    """The same, with the values of all parts taken from the memory, or left there for the next expression."""
    known = memory.get(expression)
    if known is not None:
        return known
    if not isinstance(expression, Apply):
        return evaluate(expression, values, lengths)
    if isinstance(values, Moment) and (elsewhere := _elsewhere(expression, values, lengths, None)):
        return elsewhere
    value = _operated(expression, lambda part: remembered(part, values, lengths, memory), lengths)
    memory[expression] = value
    return value


def _operated(node: Apply, value_of: Callable[[Expr], Named], lengths: Lengths) -> Named:
    """The node's value, of those of its parts."""
    if node.operation is SUM:  # a sum of a product needs no product where that saves work
        return contracted([value_of(factor) for factor in factors(node.arguments[0])], node.over)
    return applied(node, [value_of(argument) for argument in node.arguments], lengths)


def _constant(value: float) -> Named:
    return Named(cast("Array", value), ())


def applied(node: Apply, known: Sequence[Named], lengths: Lengths) -> Named:
    """The node's operation on the values of its arguments."""
    operation = node.operation
    if isinstance(operation, Entrywise):
        arrays, axes = aligned(known)
        if {*map(type, arrays)} == {float}:
            return _constant(float(operation.value(*map(np.asarray, arrays))))
        return Named(operation.value(*arrays), axes)
    if isinstance(operation, Along):
        (over,) = node.over
        array, axes = known[0]
        rest = axes if operation.keeps else tuple(axis for axis in axes if axis != over)
        return Named(operation.value(array, axes.index(over)), rest)
    assert isinstance(operation, Moving)
    return _moved(operation, node, known, lengths)


def _moved(operation: Moving, node: Apply, known: Sequence[Named], lengths: Lengths) -> Named:
    """The operation on arrays that have its axes last, and all others in one order in front."""
    cores, new = operation.core([argument.axes for argument in node.arguments], node.over)
    whole = [filled(one, core, lengths) for one, core in zip(known, cores, strict=True)]
    front = united(
        tuple(axis for axis in one.axes if axis not in core) for one, core in zip(whole, cores, strict=True)
    )
    arrays = [_ending(one, front, core) for one, core in zip(whole, cores, strict=True)]
    shape = tuple(lengths[axis_of(axis)] for axis in new)
    return Named(operation.value(shape, len(front), *arrays), (*front, *new))


def _ending(value: Named, front: Axes, last: Axes) -> Array:
    """The array with these axes last, and of length one where it lacks one of those in front."""
    mine = tuple(axis for axis in front if axis in value.axes)
    turned = np.asarray(value.array).transpose([value.axes.index(axis) for axis in (*mine, *last)])
    return np.expand_dims(turned, [n for n, axis in enumerate(front) if axis not in mine])


def contracted(several: Sequence[Named], over: Axes) -> Named:
    """The product of all, summed over axes: by matrix products where two are left that differ in axes."""
    rest = list(several)
    while len(rest) > 2 or (len(rest) == 2 and _one_holds(rest[0], rest[1])):
        pair = next(
            (
                (i, j)
                for i in range(len(rest))
                for j in range(i + 1, len(rest))
                if _one_holds(rest[i], rest[j])
            ),
            (0, 1),
        )
        second, first = rest.pop(pair[1]), rest.pop(pair[0])
        rest.append(_entrywise_product([first, second]))
    return _matrix_product(rest[0], rest[1], over) if len(rest) == 2 else _summed(rest[0], over)


def _one_holds(one: Named, other: Named) -> bool:
    return set(one.axes) <= set(other.axes) or set(other.axes) <= set(one.axes)


def _entrywise_product(several: Sequence[Named]) -> Named:
    arrays, axes = aligned(several)
    return Named(reduce(np.multiply, arrays), axes)


def _summed(value: Named, over: Axes) -> Named:
    if not over:
        return value
    where = tuple(value.axes.index(axis) for axis in over)
    return Named(value.array.sum(where), tuple(axis for axis in value.axes if axis not in over))


def _matrix_product(left: Named, right: Named, over: Axes) -> Named:
    """Σ left · right over axes, as one product of matrices for each entry of the axes that both keep."""
    left, right = (_summed(one, tuple(a for a in one.axes if a in over and a not in other.axes))
                   for one, other in ((left, right), (right, left)))  # fmt: skip
    met = tuple(axis for axis in left.axes if axis in over)
    both = tuple(axis for axis in left.axes if axis in right.axes and axis not in met)
    mine = tuple(axis for axis in left.axes if axis not in (*met, *both))
    others = tuple(axis for axis in right.axes if axis not in (*met, *both))
    a, b = _matrices(left, both, mine, met), _matrices(right, both, met, others)
    length = dict(zip(left.axes, left.array.shape, strict=True)) | dict(
        zip(right.axes, right.array.shape, strict=True)
    )
    axes, product = (*both, *mine, *others), a @ b
    if len(mine) == len(others) == 1:
        return Named(product, axes)
    return Named(product.reshape([length[axis] for axis in axes]), axes)


def _matrices(value: Named, both: Axes, rows: Axes, columns: Axes) -> Array:
    """The array as matrices: axes in front of their rows, their rows, their columns."""
    turned = lying(value, (*both, *rows, *columns))
    if len(rows) == len(columns) == 1:
        return turned
    lengths = turned.shape
    split = len(both) + len(rows)
    size = [prod(part) for part in (lengths[len(both) : split], lengths[split:])]
    return turned.reshape(*lengths[: len(both)], *size)
