"""Axes cut into parts, joined, made one and taken apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.expr.named import Lengths
from gradcheck.expr.operation import Move, Moving
from gradcheck.expr.simplify import product, summed
from gradcheck.expr.tree import ONE, Apply, Axes, Expr


@dataclass(frozen=True)
class Part(Move):
    """`part(x, g, u, k)`: of axis g the block k, as long as axis u; from the end where k is negative."""

    block: int = 0
    name: ClassVar[str] = "part"
    form: ClassVar[str] = "part(x, g, u, k=0)"
    numpy: ClassVar[str] = """def part(x, length, block):
    start = block * length if block >= 0 else x.shape[-1] + block * length
    return x[..., start : start + length]
"""

    @property
    def transposed(self) -> Move:
        """Zeros around."""
        return Pad(self.block)

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """A view."""
        start = _start(self.block, lengths[0], arrays[0].shape[-1])
        return arrays[0][..., start : start + lengths[0]]

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """By `narrow`."""
        return tensors[0].narrow(-1, _start(self.block, lengths[0], tensors[0].shape[-1]), lengths[0])

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """The block lies inside."""
        whole, part = over
        return _outside(self.block, part, whole, lengths)


@dataclass(frozen=True)
class Pad(Move):
    """`pad(x, u, g, k)`: x as block k of axis g, among zeros."""

    block: int = 0
    name: ClassVar[str] = "pad"
    form: ClassVar[str] = "pad(x, u, g, k=0)"
    numpy: ClassVar[str] = """def pad(x, length, block):
    start = block * x.shape[-1] if block >= 0 else length + block * x.shape[-1]
    return np.pad(x, [(0, 0)] * (x.ndim - 1) + [(start, length - start - x.shape[-1])])
"""

    @property
    def transposed(self) -> Move:
        """The block alone."""
        return Part(self.block)

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Put into zeros."""
        (x,) = arrays
        start = _start(self.block, x.shape[-1], lengths[0])
        whole = np.zeros((*x.shape[:-1], lengths[0]), x.dtype)
        whole[..., start : start + x.shape[-1]] = x
        return whole

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """PyTorch's own."""
        length = tensors[0].shape[-1]
        start = _start(self.block, length, lengths[0])
        return torch.nn.functional.pad(tensors[0], (start, lengths[0] - length - start))

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """The block lies inside."""
        part, whole = over
        return _outside(self.block, part, whole, lengths)


@dataclass(frozen=True)
class Concat(Moving):
    """`concat(x1, x2, v)`: x2 behind x1, along the axis in which they differ, which becomes v.

    Where both have the axis u, it is named: `concat(x1, x2, u, v)`.
    """

    name: ClassVar[str] = "concat"
    form: ClassVar[str] = "concat(x1, x2, v)"
    numpy: ClassVar[str] = """def concat(x1, x2):
    front = np.broadcast_shapes(x1.shape[:-1], x2.shape[:-1])
    return np.concatenate([np.broadcast_to(x, (*front, x.shape[-1])) for x in (x1, x2)], -1)
"""
    arrays: ClassVar[int] = 2

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """Of each its axis."""
        first, second, whole = over
        return ((first,), (second,)), (whole,)

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """The first block to one, the last to the other."""
        first, second, whole = node.over
        return Apply(Part(0), (g,), (whole, first)), Apply(Part(-1), (g,), (whole, second))

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """One behind the other."""
        front = np.broadcast_shapes(*(array.shape[:-1] for array in arrays))
        return np.concatenate([np.broadcast_to(x, (*front, x.shape[-1])) for x in arrays], -1)

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """PyTorch's own."""
        front = torch.broadcast_shapes(*(x.shape[:-1] for x in tensors))
        return torch.cat([x.expand(*front, x.shape[-1]) for x in tensors], -1)

    def called(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """The two axes that are joined, and what they become."""
        if len(over) == 3:
            return over
        if len(over) == 2:
            return over[0], over[0], over[1]
        one, other = arguments
        first = [axis for axis in one if axis not in other]
        second = [axis for axis in other if axis not in one]
        if not over or not len(first) == len(second) == 1:
            kinds = " and ".join(f"[{', '.join(axes)}]" for axes in arguments)
            raise ValueError(
                "concat joins two arrays along the one axis in which they differ, which becomes the axis "
                f"named last: concat(x1, x2, v), or concat(x1, x2, u, v) where both have u; these are {kinds}"
            )
        return first[0], second[0], over[0]

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """The whole is as long as both."""
        first, second, whole = over
        both = lengths[first] + lengths[second]
        if both == lengths[whole]:
            return None
        return (
            f"{first} = {lengths[first]} and {second} = {lengths[second]} give {whole} = {both}, and `sizes` "
            f"says {whole} = {lengths[whole]}"
        )


@dataclass(frozen=True)
class Flatten(Move):
    """`flatten(x, c, h, w, f)`: axes c, h, w, in this order, become f; the last one runs fastest."""

    name: ClassVar[str] = "flatten"
    form: ClassVar[str] = "flatten(x, c, h, w, f)"
    numpy: ClassVar[str] = """def flatten(x, core):
    return x.reshape(*x.shape[: x.ndim - core], -1)
"""
    split: ClassVar[int | None] = -1

    @property
    def transposed(self) -> Move:
        """Taken apart."""
        return UNFLATTEN

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The same numbers."""
        return arrays[0].reshape(*arrays[0].shape[:batch], *lengths)

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """PyTorch's own."""
        return tensors[0].flatten(batch)

    def called(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Two axes or more, and what they become."""
        if len(over) < 3:
            raise ValueError(f"{self.name} is called {self.form}, with two axes or more for the one")
        return over

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """The one is as long as the product of the others."""
        return _unequal(over[:-1], over[-1], lengths)


@dataclass(frozen=True)
class Unflatten(Flatten):
    """`unflatten(x, f, c, h, w)`: axis f becomes c, h, w; the last one runs fastest."""

    name: ClassVar[str] = "unflatten"
    form: ClassVar[str] = "unflatten(x, f, c, h, w)"
    numpy: ClassVar[str] = """def unflatten(x, lengths):
    return x.reshape(*x.shape[:-1], *lengths)
"""
    split: ClassVar[int | None] = 1

    @property
    def transposed(self) -> Move:
        """Made one again."""
        return FLATTEN

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """PyTorch's own."""
        return tensors[0].unflatten(-1, lengths)

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """The one is as long as the product of the others."""
        return _unequal(over[1:], over[0], lengths)


@dataclass(frozen=True)
class Repeat(Moving):
    """`repeat(x, n)`: x all along an axis that it lacks, where that is not left to the matching of names."""

    name: ClassVar[str] = "repeat"
    form: ClassVar[str] = "repeat(x, n)"
    numpy: ClassVar[str] = """def repeat(x, length):
    return np.broadcast_to(np.expand_dims(x, -1), (*np.shape(x), length))
"""

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """From none to the new one."""
        return ((),), over

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """The sum of what comes back."""
        return (summed(g, node.over),)

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """A view."""
        return np.broadcast_to(arrays[0][..., None], (*arrays[0].shape, *lengths))

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """By `expand`."""
        return tensors[0].unsqueeze(-1).expand(*tensors[0].shape, *lengths)


@dataclass(frozen=True)
class Later(Moving):
    """`later(x, T, s)`: x where the place on s is behind that on T, and 0 elsewhere."""

    name: ClassVar[str] = "later"
    form: ClassVar[str] = "later(x, T, s)"
    compares: ClassVar[str] = ">"
    numpy: ClassVar[str] = """def later(x, lengths):
    return np.asarray(x)[..., None, None] * np.triu(np.ones(lengths), 1)
"""

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """From none to both."""
        return ((),), over

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """The sum of what comes back there."""
        return (summed(product(g, Apply(self, (ONE,), node.over)), node.over),)

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Above the diagonal."""
        (x,) = arrays
        return x[..., None, None] * np.triu(np.ones(lengths, x.dtype), 1)

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """By `triu`."""
        return tensors[0][..., None, None] * torch.ones(*lengths, dtype=tensors[0].dtype).triu(1)


@dataclass(frozen=True)
class Flip(Moving):
    """`flip(x, T)`: the entries along an axis in the other order."""

    name: ClassVar[str] = "flip"
    form: ClassVar[str] = "flip(x, T)"
    numpy: ClassVar[str] = """def flip(x):
    return x[..., ::-1]
"""

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """The axis."""
        return (over,), over

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """The other order again."""
        return (Apply(self, (g,), node.over),)

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """A view."""
        return arrays[0][..., ::-1]

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """PyTorch's own."""
        return tensors[0].flip(-1)


FLATTEN, UNFLATTEN, REPEAT, LATER, FLIP = Flatten(), Unflatten(), Repeat(), Later(), Flip()


def _start(block: int, length: int, whole: int) -> int:
    """Where a block begins; -1 is the last one."""
    return block * length if block >= 0 else whole + block * length


def _outside(block: int, part: str, whole: str, lengths: Lengths) -> str | None:
    start = _start(block, lengths[part], lengths[whole])
    if 0 <= start <= lengths[whole] - lengths[part]:
        return None
    return f"block {block} of length {part} = {lengths[part]} is not within {whole} = {lengths[whole]}"


def _unequal(several: Axes, one: str, lengths: Lengths) -> str | None:
    whole = math.prod(lengths[axis] for axis in several)
    if whole == lengths[one]:
        return None
    factors = " * ".join(f"{axis} = {lengths[axis]}" for axis in several)
    return f"{factors} give {one} = {whole}, and `sizes` says {one} = {lengths[one]}"
