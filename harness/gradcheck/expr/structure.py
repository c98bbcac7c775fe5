"""Renaming axes, and what a loop over times does with entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.expr.named import Lengths
from gradcheck.expr.operation import Move, Moving
from gradcheck.expr.tree import ZERO, Apply, Axes, Expr, axis_of


@dataclass(frozen=True)
class Rename(Moving):
    """The same entries, with other names for some axes: what meets `u` meets `u'` afterwards."""

    pairs: tuple[tuple[str, str], ...]
    """(name before, name after), all changed at once."""
    name: ClassVar[str] = "rename"
    form: ClassVar[str] = "rename(x, k, n)"

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """The names before, and those after."""
        old, new = zip(*self.pairs, strict=True)
        return (old,), new

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Those of the argument, renamed, in the same order."""
        names = dict(self.pairs)
        return tuple(names.get(axis, axis) for axis in arguments[0])

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """The adjoint, named as before."""
        return (renamed(g, {new: old for old, new in self.pairs}),)

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The same array."""
        return arrays[0]

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """The same tensor."""
        return tensors[0]

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """An axis stays as long as it is."""
        for old, new in self.pairs:
            before, after = lengths[axis_of(old)], lengths[axis_of(new)]
            if before != after:
                return f"{old} = {before} is renamed {new}, and `sizes` says {new} = {after}"
        return None


@dataclass(frozen=True)
class Previous(Moving):
    """`previous(h, h0)` over T: at each time the entry of h at the time before it, and h0 at the first."""

    name: ClassVar[str] = "previous"
    numpy: ClassVar[str] = """def previous(h, first):
    front = np.broadcast_shapes(h.shape[:-1], np.shape(first))
    early = np.broadcast_to(h[..., :-1], (*front, h.shape[-1] - 1))
    return np.concatenate([np.broadcast_to(first, front)[..., None], early], -1)
"""
    form: ClassVar[str] = "previous(h, h0, T)"
    arrays: ClassVar[int] = 2

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """Times; what stands before the first has none."""
        return (over, ()), over

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """To h what came back a time later, to h0 what came back at the first time."""
        return Apply(NEXT, (g,), node.over), Apply(FIRST, (g,), node.over)

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The entries, one place on."""
        h, first = arrays
        shape = np.broadcast_shapes(h.shape[:-1], first.shape)
        early = np.broadcast_to(h[..., :-1], (*shape, lengths[0] - 1))
        return np.concatenate([np.broadcast_to(first, shape)[..., None], early], -1)

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """The same by PyTorch."""
        h, first = tensors
        first, _ = torch.broadcast_tensors(first[..., None], h[..., :1])
        h, _ = torch.broadcast_tensors(h, first)
        return torch.cat([first, h.narrow(-1, 0, lengths[0] - 1)], -1)


@dataclass(frozen=True)
class Next(Moving):
    """`next(g)` over T: at each time the entry of g at the time after it, and 0 at the last."""

    name: ClassVar[str] = "next"
    numpy: ClassVar[str] = """def next_(g):
    return np.concatenate([g[..., 1:], 0 * g[..., :1]], -1)
"""
    form: ClassVar[str] = "next(g, T)"

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """Times."""
        return (over,), over

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """What came back a time earlier."""
        return (Apply(PREVIOUS, (g, ZERO), node.over),)

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The entries, one place back."""
        (g,) = arrays
        return np.concatenate([g[..., 1:], np.zeros_like(g[..., :1])], -1)

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """The same by PyTorch."""
        return torch.nn.functional.pad(tensors[0], (0, 1)).narrow(-1, 1, lengths[0])


@dataclass(frozen=True)
class First(Move):
    """`first(g)` over T: the entry of g at the first time."""

    name: ClassVar[str] = "first"
    numpy: ClassVar[str] = """def first(g):
    return g[..., 0]
"""
    form: ClassVar[str] = "first(g, T)"

    @property
    def transposed(self) -> Move:
        """The adjoint at the first time, 0 at the others."""
        return ONLY_FIRST

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The first entry."""
        first: Array = arrays[0][..., 0]
        return first

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """The same by PyTorch."""
        return tensors[0].select(-1, 0)


@dataclass(frozen=True)
class OnlyFirst(Move):
    """`only_first(g)` over T: g at the first time, 0 at the others."""

    name: ClassVar[str] = "only_first"
    numpy: ClassVar[str] = """def only_first(g, length):
    return np.concatenate([g[..., None], np.zeros((*np.shape(g), length - 1))], -1)
"""
    form: ClassVar[str] = "only_first(g, T)"
    split: ClassVar[int | None] = 0

    @property
    def transposed(self) -> Move:
        """What came back at the first time."""
        return FIRST

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Zeros behind the first entry."""
        (g,) = arrays
        return np.concatenate([g[..., None], np.zeros((*g.shape, lengths[0] - 1), g.dtype)], -1)

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """The same by PyTorch."""
        return torch.nn.functional.pad(tensors[0].unsqueeze(-1), (0, lengths[0] - 1))


PREVIOUS, NEXT, FIRST, ONLY_FIRST = Previous(), Next(), First(), OnlyFirst()

TIMES: tuple[Moving, ...] = (PREVIOUS, NEXT, FIRST, ONLY_FIRST)


def is_whole_over(node: Apply, axis: str) -> bool:
    """Whether an operation needs all entries along an axis: in a loop over it, those of whole arrays."""
    pairs = node.operation.pairs if isinstance(node.operation, Rename) else ()
    return axis in node.over or any(axis in pair for pair in pairs)


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
