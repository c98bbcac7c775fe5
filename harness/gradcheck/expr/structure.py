"""Operations that move entries about and change none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.expr.named import Array, Lengths, Named, aligned
from gradcheck.expr.tree import ZERO, Apply, Axes, Expr, united

if TYPE_CHECKING:
    from gradcheck.expr.operation import Moving


@dataclass(frozen=True)
class Rename:
    """The same entries, with other names for some axes: what meets `u` meets `u'` afterwards."""

    pairs: tuple[tuple[str, str], ...]
    """(name before, name after), all changed at once."""
    name: str = "rename"

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Those of the argument, renamed, in the same order."""
        names = dict(self.pairs)
        return tuple(names.get(axis, axis) for axis in arguments[0])

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """The adjoint, named as before."""
        return (renamed(g, {new: old for old, new in self.pairs}),)

    def value(self, known: Sequence[Named], over: Axes, lengths: Lengths) -> Named:
        """The same array."""
        names = dict(self.pairs)
        return Named(known[0].array, tuple(names.get(axis, axis) for axis in known[0].axes))


@dataclass(frozen=True)
class Previous:
    """`previous(h, h0)` over T: at each time the entry of h at the time before it, and h0 at the first."""

    name: str = "previous"

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Those of h."""
        return arguments[0]

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """To h what came back a time later, to h0 what came back at the first time."""
        return Apply(NEXT, (g,), node.over), Apply(FIRST, (g,), node.over)

    def value(self, known: Sequence[Named], over: Axes, lengths: Lengths) -> Named:
        """The entries, one place on."""
        h, first = known
        (time,) = over
        (h_array, first_array), axes = aligned(
            [h, Named(np.expand_dims(first.array, -1), (*first.axes, time))]
        )
        where = axes.index(time)
        early = np.take(h_array, range(lengths[time] - 1), where)
        return Named(_joined([first_array, early], where), axes)


@dataclass(frozen=True)
class Next:
    """`next(g)` over T: at each time the entry of g at the time after it, and 0 at the last."""

    name: str = "next"

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Those of g."""
        return arguments[0]

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """What came back a time earlier."""
        return (Apply(PREVIOUS, (g, ZERO), node.over),)

    def value(self, known: Sequence[Named], over: Axes, lengths: Lengths) -> Named:
        """The entries, one place back."""
        array, axes = known[0]
        where = axes.index(over[0])
        late = np.take(array, range(1, lengths[over[0]]), where)
        return Named(_joined([late, np.zeros_like(np.take(array, [0], where))], where), axes)


@dataclass(frozen=True)
class First:
    """`first(g)` over T: the entry of g at the first time."""

    name: str = "first"

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Those of g without T."""
        return tuple(axis for axis in arguments[0] if axis not in over)

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """The adjoint at the first time, 0 at the others."""
        return (Apply(ONLY_FIRST, (g,), node.over),)

    def value(self, known: Sequence[Named], over: Axes, lengths: Lengths) -> Named:
        """The first entry."""
        array, axes = known[0]
        if over[0] not in axes:
            return known[0]
        return Named(np.take(array, 0, axes.index(over[0])), tuple(axis for axis in axes if axis != over[0]))


@dataclass(frozen=True)
class OnlyFirst:
    """`only_first(g)` over T: g at the first time, 0 at the others."""

    name: str = "only_first"

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Those of g, and T."""
        return united([over, arguments[0]])

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """What came back at the first time."""
        return (Apply(FIRST, (g,), node.over),)

    def value(self, known: Sequence[Named], over: Axes, lengths: Lengths) -> Named:
        """Zeros behind the first entry."""
        array, axes = known[0]
        whole = np.zeros((lengths[over[0]], *array.shape), array.dtype)
        whole[0] = array
        return Named(whole, (over[0], *axes))


PREVIOUS, NEXT, FIRST, ONLY_FIRST = Previous(), Next(), First(), OnlyFirst()

STRUCTURE: tuple[Moving, ...] = (PREVIOUS, NEXT, FIRST, ONLY_FIRST)


def renamed(expression: Expr, names: dict[str, str]) -> Expr:
    """The expression with other names for axes of its value, where it has them."""
    pairs = tuple((old, new) for old, new in names.items() if old in expression.axes and old != new)
    if not pairs:
        return expression
    if isinstance(expression, Apply) and isinstance(expression.operation, Rename):
        # Two renamings in a row are one, or none.
        after = dict(pairs)
        (inner,) = expression.arguments
        whole = {old: after.get(new, new) for old, new in zip(inner.axes, expression.axes, strict=True)}
        return renamed(inner, whole)
    return Apply(Rename(pairs), (expression,))


def _joined(parts: Sequence[Array], where: int) -> Array:
    """Parts put one behind the other along an axis, each repeated along axes on which it has length one."""
    rest = np.broadcast_shapes(*(np.delete(part.shape, where).tolist() for part in map(np.asarray, parts)))
    shapes = [(*rest[:where], part.shape[where], *rest[where:]) for part in parts]
    return np.concatenate(
        [np.broadcast_to(part, shape) for part, shape in zip(parts, shapes, strict=True)], where
    )
