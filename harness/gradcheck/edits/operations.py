"""Operations that mistakes alone need: entries at wrong places, one for all, a derivative by its prime."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.expr.blocks import Later
from gradcheck.expr.layout import Laid
from gradcheck.expr.lookup import Scatter
from gradcheck.expr.named import Lengths
from gradcheck.expr.operation import Along, Entrywise, Move, Moving, Operation
from gradcheck.expr.structure import PREVIOUS, Previous
from gradcheck.expr.tree import Apply, Axes, Expr, rebuilt
from gradcheck.expr.windows import Overlap, Windows
from gradcheck.layers.activation import Activation

_SIGNS = {"sigmoid": "σ", "relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "custom": "g"}


@lru_cache(maxsize=256)
def prime(activation: Activation) -> Entrywise:
    """g′(z) of an activation of each unit by itself, which writers print by its prime: σ′(z)."""
    slope, value, name = activation.derivative, activation.value, activation.name
    assert slope is not None
    return Entrywise(
        name=f"{'g' if name == 'custom' else name}′",
        value=lambda z: slope(z, value(z)),
        torch=lambda torch, z: None,
        derivatives=(None,),
        symbol=f"{_SIGNS.get(name, name)}′",
        numpy=f"{'g' if name == 'custom' else name}′",
    )


@dataclass(frozen=True)
class Entry(Move):
    """The first or the last entry along an axis."""

    index: int
    symbol: str
    name: ClassVar[str] = "entry"
    form: ClassVar[str] = "entry(x, n)"

    @property
    def transposed(self) -> Move:
        """Zeros but for that entry."""
        return OneEntry(self.index, f"only_{self.symbol}")

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """That entry."""
        entry: Array = arrays[0][..., self.index]
        return entry


@dataclass(frozen=True)
class OneEntry(Move):
    """The first or the last entry along a new axis, of zeros else."""

    index: int
    symbol: str
    name: ClassVar[str] = "one_entry"
    form: ClassVar[str] = "one_entry(x, n)"
    split: ClassVar[int | None] = 0

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Put into zeros."""
        array: Array = np.zeros((*arrays[0].shape, lengths[0]))
        array[..., self.index] = arrays[0]
        return array


@dataclass(frozen=True)
class Only(Move):
    """The array with 0 everywhere but at the first, or at the last, entry along an axis."""

    index: int
    symbol: str
    name: ClassVar[str] = "only"
    form: ClassVar[str] = "only(x, u)"
    split: ClassVar[int | None] = None

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """The axis stays."""
        return (over,), over

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Put into zeros."""
        only = np.zeros_like(arrays[0])
        only[..., self.index] = arrays[0][..., self.index]
        return only


@dataclass(frozen=True)
class Without(Only):
    """The array with 0 at the first, or at the last, entry along an axis."""

    name: ClassVar[str] = "without"
    form: ClassVar[str] = "without(x, u)"

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """All others."""
        rest = arrays[0].copy()
        rest[..., self.index] = 0
        return rest


@dataclass(frozen=True)
class Rolled(Only):
    """The entries along an axis moved by some places, what falls off at one end put in at the other."""

    name: ClassVar[str] = "rolled"
    form: ClassVar[str] = "rolled(x, u)"

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Moved."""
        return np.roll(arrays[0], self.index, -1)


@dataclass(frozen=True)
class Diagonal(Move):
    """`diagonal(W, d, u)`: of each row the entry of its own number; the axis u is left."""

    symbol: str = "diag"
    name: ClassVar[str] = "diagonal"
    form: ClassVar[str] = "diagonal(W, d, u)"

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """Both axes, of which the second is left."""
        return (over,), over[1:]

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Raises ValueError where there are not as many rows as columns."""
        (square,) = arrays
        if square.shape[-1] != square.shape[-2]:
            raise ValueError("no square array")
        return np.diagonal(square, axis1=-2, axis2=-1)


@dataclass(frozen=True)
class Swapped(Move):
    """`swapped(W, f, c)`: the two axes in each other's place. Raises ValueError where they are not equal."""

    symbol: str = "swapped"
    name: ClassVar[str] = "swapped"
    form: ClassVar[str] = "swapped(W, f, c)"

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """Both axes stay."""
        return (over,), over

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The transpose."""
        if arrays[0].shape[-1] != arrays[0].shape[-2]:
            raise ValueError("no square array")
        return arrays[0].swapaxes(-1, -2)


@dataclass(frozen=True)
class Reordered(Moving):
    """The entries written in one order and read in another."""

    columns: bool
    """Whether the first axis is fastest in what is read, or else in what is written."""
    symbol: str = "reordered"
    name: ClassVar[str] = "reordered"
    form: ClassVar[str] = "reordered(x)"

    def called(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Any."""
        return over

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """All axes stay."""
        return (over,), over

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The axes in front are those of examples, each of which is laid out anew."""
        (x,) = arrays
        front, shape = x.shape[:batch], x.shape[batch:]
        backwards = (*range(batch), *range(x.ndim - 1, batch - 1, -1))
        if self.columns:
            return x.transpose(backwards).reshape(x.shape)
        return x.reshape(*front, *shape[::-1]).transpose(backwards)


@dataclass(frozen=True)
class NotBefore(Later):
    """As `later`, and where both places are the same."""

    symbol: str = "not_before"
    compares: ClassVar[str] = ">="

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The diagonal, and above it."""
        return arrays[0][..., None, None] * np.triu(np.ones(lengths))


@dataclass(frozen=True)
class Rearranged(Move):
    """All entries, each at another place: `over` are the axes as they lie, and then as they are read."""

    @property
    def transposed(self) -> Move:
        """The same, back."""
        return self

    def ends(self, over: Axes) -> tuple[Axes, Axes]:
        """The two halves."""
        half = len(over) // 2
        return over[:half], over[half:]


@dataclass(frozen=True)
class Reshaped(Rearranged):
    """The entries in the order in which they lie, read as an array whose axes lie in another order."""

    symbol: str = "reshaped"
    name: ClassVar[str] = "reshaped"
    form: ClassVar[str] = "reshaped(x)"

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The axes in front stay."""
        (x,) = arrays
        return x.reshape(*x.shape[:batch], *lengths)


@dataclass(frozen=True)
class Reversed(Rearranged):
    """The entries along axes in the other order."""

    symbol: str = "reversed"
    name: ClassVar[str] = "reversed"
    form: ClassVar[str] = "reversed(x, i)"

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The last first."""
        (x,) = arrays
        return np.flip(x, tuple(range(batch, x.ndim)))


@dataclass(frozen=True)
class Behind(Previous):
    """`behind(x, first, u)`: as `previous`, along units."""

    symbol: str = "shifted"
    name: ClassVar[str] = "behind"


@dataclass(frozen=True)
class FirstWindows(Windows):
    """As many windows as the axis is long, of those that there are."""

    symbol: str = "windows_one_apart"

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """The first of them."""
        return super().value(lengths, batch, *arrays)[..., : lengths[0], :]

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """None: there are more than enough."""
        return None


@dataclass(frozen=True)
class Bordered(Windows):
    """As `windows`, but what lies outside is the border again, as `mode` of NumPy's `pad` says."""

    mode: str = "edge"
    symbol: str = "windows_of_repeated_border"

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Views of the wider array. Raises ValueError where it is too short to be reflected."""
        (x,) = arrays
        wide = np.pad(x, [(0, 0)] * batch + [(self.padding, self.padding)], self.mode)  # type: ignore[call-overload]
        return Windows(self.stride).value(lengths, batch, wide)


@dataclass(frozen=True)
class FirstOverlap(Overlap):
    """As few windows as there are, on an axis that has room for more."""

    symbol: str = "overlap_add_one_apart"

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """None: there is more than enough room."""
        return None


@dataclass(frozen=True)
class Cropped(Overlap):
    """As `overlap`, but all of the padding is cut off at one end."""

    at_start: bool = False
    symbol: str = "cropped"

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """At the start, or at the end."""
        wide = Overlap(self.stride).value((lengths[0] + 2 * self.padding,), batch, *arrays)
        start = 2 * self.padding if self.at_start else 0
        return wide[..., start : start + lengths[0]]


@dataclass(frozen=True)
class Overwriting(Overlap):
    """As `overlap`, but of what meets at one place only one entry is left: of the last window, or weight."""

    last_window: bool = False
    symbol: str = "overwritten"

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Place by place of the windows, from the last on where the last window is to stay."""
        (g,) = arrays
        windows, places = g.shape[-2:]
        wide = np.zeros((*g.shape[:-2], lengths[0] + 2 * self.padding), g.dtype)
        # An entry lies in a later window the nearer it is to that window's first place.
        for i in range(places)[:: -1 if self.last_window else 1]:
            wide[..., i : i + self.stride * (windows - 1) + 1 : self.stride] = g[..., i]
        return wide[..., self.padding : self.padding + lengths[0]]


@dataclass(frozen=True)
class ScatterLast(Scatter):
    """As `scatter`, but of what meets at one place only the last entry is left."""

    symbol: str = "assigned"

    def write(self, whole: Array, where: Any, entries: Array) -> None:
        """One after the other."""
        for n in range(where.shape[-1]):
            np.put_along_axis(whole, where[..., n : n + 1], entries[..., n : n + 1], -1)


@dataclass(frozen=True)
class LastOfCell(Move):
    """`last_of_cell(g, u, i)`: 0 where a later entry has the same two numbers: it is written over."""

    symbol: str = "last_of_cell"
    name: ClassVar[str] = "last_of_cell"
    form: ClassVar[str] = "last_of_cell(g, u, i, n)"
    arrays: ClassVar[int] = 3

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """The axis of the entries, which stays."""
        return (over, over, over), over

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """Entry by entry."""
        g, u, i = arrays
        same = (u[..., :, None] == u[..., None, :]) & (i[..., :, None] == i[..., None, :])
        last: Array = np.where(np.triu(same, 1).any(-1), 0.0, g)
        return last


@dataclass(frozen=True)
class FirstLargest(Only):
    """`first_largest(x, i)`: of the entries that are 1 the first alone, as `argmax` finds it."""

    name: ClassVar[str] = "first_largest"
    form: ClassVar[str] = "first_largest(x, i)"

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """All others are 0."""
        (hits,) = arrays
        first: Array = np.where(np.cumsum(hits, -1) == 1, hits, 0.0)
        return first


def _last_of_all(x: Array, axis: int) -> Array:
    """The last entry that is not 0, or 0."""
    at = x.shape[axis] - 1 - np.argmax(np.flip(x != 0, axis), axis)
    return np.take_along_axis(x, np.expand_dims(at, axis), axis).squeeze(axis)


LAST_OF_ALL = Along(
    name="last_nonzero", value=_last_of_all, torch=lambda torch, x, axis: x, rule=None, symbol="last_nonzero"
)
"""What is left of a sum whose terms overwrite each other, where those that are 0 are passed over."""


def laid_by(change: Callable[[Expr], Expr]) -> Callable[[Laid], Laid]:
    """The same change, of an expression with the order of its axes."""
    return lambda right: replace(right, expression=change(right.expression))


def overwritten(right: Expr, *, last_window: bool = False) -> Expr:
    """The expression with nothing added up where windows overlap."""

    def change(operation: Operation) -> Operation:
        if isinstance(operation, Overlap):
            symbol = "overwritten_by_windows" if last_window else "overwritten_by_weights"
            return Overwriting(operation.stride, operation.padding, last_window, symbol)
        return operation

    return _operated(right, change)


def one_apart(right: Expr) -> Expr:
    """The expression with windows one step apart."""

    def change(operation: Operation) -> Operation:
        if isinstance(operation, Windows) and operation.stride > 1:
            return FirstWindows(1, operation.padding)
        return FirstOverlap(1, operation.padding) if isinstance(operation, Overlap) else operation

    return _operated(right, change)


def cropped(right: Expr, *, at_start: bool) -> Expr:
    """The expression with the padding cut off at one end."""

    def change(operation: Operation) -> Operation:
        if isinstance(operation, Overlap) and operation.padding:
            return Cropped(operation.stride, operation.padding, at_start)
        return operation

    return _operated(right, change)


def bordered(right: Expr, *, mirrored: bool) -> Expr:
    """The expression with the border in the place of the zeros around it, repeated or mirrored."""

    def change(operation: Operation) -> Operation:
        if isinstance(operation, Windows) and operation.padding:
            mode, word = ("reflect", "mirrored") if mirrored else ("edge", "repeated")
            return Bordered(operation.stride, operation.padding, mode, f"windows_of_{word}_border")
        return operation

    return _operated(right, change)


def scattered_once(right: Expr) -> Expr:
    """The expression with nothing added up where one entry is looked up several times."""
    return _operated(right, lambda one: ScatterLast() if isinstance(one, Scatter) else one)


def same_time(right: Expr) -> Expr:
    """The expression with the entry of the same time in the place of the one before it."""

    def change(e: Expr) -> Expr:
        return e.arguments[0] if isinstance(e, Apply) and e.operation is PREVIOUS else e

    return rebuilt(right, change)


def columns_first(right: Laid) -> Laid:
    """Each example's entries read with the first axis fastest, where they are written with the last."""
    return replace(right, expression=Apply(Reordered(False), (right.expression,), right.layout[1:]))


def _operated(right: Expr, change: Callable[[Operation], Operation]) -> Expr:
    def node(e: Expr) -> Expr:
        return replace(e, operation=change(e.operation)) if isinstance(e, Apply) else e

    return rebuilt(right, node)


FURTHER: dict[str, Operation] = {
    "first_sample": Entry(0, "first_sample"),
    "last_sample": Entry(-1, "last_sample"),
    "first_time": Entry(0, "first_time"),
    "first_channel": Entry(0, "first_channel"),
    "last_entry": Entry(-1, "last_unit"),
    "first_unit": Only(0, "only_first_unit"),
    "last_unit": Only(-1, "only_last_unit"),
    "diagonal": Diagonal(),
    "swapped": Swapped(),
    "reordered": Reordered(True),
    "shifted": Behind(),
}
"""What a mistake's formula may call besides the operations of the registry."""
