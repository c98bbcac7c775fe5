"""Entries looked up by whole numbers: rows of an embedding, the score of the true class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.expr.operation import Moving
from gradcheck.expr.tree import Apply, Axes, Expr


@dataclass(frozen=True)
class Take(Moving):
    """`take(E, ids, v)`: of E along v the entries whose numbers, from 0, are in `ids`.

    The axes of ids take the place of v, but for those that E has besides: take(P, y, k), with P [n, k] and
    y [n], is [n], for each example the entry of its own number.
    """

    name: ClassVar[str] = "take"
    form: ClassVar[str] = "take(E, ids, v)"
    numpy: ClassVar[str] = """def take(x, ids, core):
    front = np.broadcast_shapes(x.shape[:-1], ids.shape[: ids.ndim - core])
    x = np.broadcast_to(x, (*front, x.shape[-1]))
    where = np.broadcast_to(ids, (*front, *ids.shape[ids.ndim - core :])).astype(int)
    return np.take_along_axis(x, where.reshape(*front, -1), -1).reshape(where.shape)
"""
    arrays: ClassVar[int] = 2

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """v, and the axes of ids that E has not."""
        whole, ids = arguments
        new = tuple(axis for axis in ids if axis not in whole or axis in over)
        return (over, new), new

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """To E what comes back to each of its entries; to whole numbers nothing."""
        ids = node.arguments[1]
        new = self.core([argument.axes for argument in node.arguments], node.over)[1]
        return Apply(SCATTER, (g, ids), (*new, *node.over)), None

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The entries."""
        whole, ids = arrays
        front, where = _flat(ids, batch, whole.shape[-1], whole.shape[:batch])
        entries = np.take_along_axis(np.broadcast_to(whole, (*front, whole.shape[-1])), where, -1)
        return entries.reshape((*front, *lengths))

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """By `gather`."""
        whole, ids = tensors
        front = torch.broadcast_shapes(whole.shape[:batch], ids.shape[:batch])
        where = ids.long().expand((*front, *ids.shape[batch:])).reshape(*front, -1)
        return whole.expand(*front, -1).gather(-1, where).reshape((*front, *lengths))


@dataclass(frozen=True)
class Scatter(Moving):
    """`scatter(g, ids, n, v)`: the entries of g along n added up, at the places on v that ids says."""

    name: ClassVar[str] = "scatter"
    form: ClassVar[str] = "scatter(g, ids, n, v)"
    numpy: ClassVar[str] = """def scatter(g, ids, core, length):
    g, ids = np.broadcast_arrays(g, ids)
    where = ids.astype(int).reshape(*ids.shape[: ids.ndim - core], -1)
    whole = np.zeros((*where.shape[:-1], length))
    np.add.at(whole, (*np.indices(where.shape, sparse=True)[:-1], where), g.reshape(where.shape))
    return whole
"""
    arrays: ClassVar[int] = 2

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """The axes that go, of both, and v."""
        return (over[:-1], over[:-1]), over[-1:]

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """To g the entry at its place."""
        return Apply(TAKE, (g, node.arguments[1]), node.over[-1:]), None

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Added to zeros."""
        g, ids = arrays
        front, where = _flat(ids, batch, lengths[0], g.shape[:batch])
        whole = np.zeros((*front, lengths[0]), g.dtype)
        entries = np.broadcast_to(g, (*front, *g.shape[batch:])).reshape(where.shape)
        self.write(whole, where, entries)
        return whole

    def write(self, whole: Array, where: Any, entries: Array) -> None:
        """Put entries into an array, both [..., all], at the places `where` along its last axis."""
        np.add.at(whole, (*np.indices(where.shape, sparse=True)[:-1], where), entries)

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """By `scatter_add`."""
        g, ids = torch.broadcast_tensors(*tensors)
        front = g.shape[:batch]
        zeros = torch.zeros(*front, lengths[0], dtype=g.dtype)
        return zeros.scatter_add(-1, ids.long().reshape(*front, -1), g.reshape(*front, -1))

    def called(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """The axes that go, if any, and v."""
        if not over:
            raise ValueError(f"{self.name} is called {self.form}")
        return over


TAKE, SCATTER = Take(), Scatter()


def _flat(ids: Array, batch: int, length: int, other: Shape) -> tuple[Shape, Any]:
    """Lengths of the axes in front, and the numbers as [..., all]; raises ValueError for one too large."""
    where = ids.astype(np.intp)
    if where.size and not 0 <= where.min() <= where.max() < length:
        raise ValueError(f"there are entries 0 to {length - 1}, and no {where.min()} or {where.max()}")
    front = np.broadcast_shapes(other, ids.shape[:batch])
    return front, np.broadcast_to(where, (*front, *ids.shape[batch:])).reshape(*front, -1)
