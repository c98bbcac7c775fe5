"""What an operation declares: its value, PyTorch's own function, its derivatives as expressions, its kinks.

Most operations are one of two kinds. An `Entrywise` one makes each entry of its value from the entries of its
arguments at the same place; an `Along` one goes over an axis. Those that move entries about have
a class each (`structure.py`, `windows.py`, `blocks.py`, `lookup.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias

from gradcheck.expr.tree import Apply, Axes, united

if TYPE_CHECKING:
    from gradcheck.arrays import Array, Shape
    from gradcheck.expr.named import Lengths
    from gradcheck.expr.tree import Expr

Interval: TypeAlias = tuple[float, float]

REAL, POSITIVE = (-math.inf, math.inf), (0.0, math.inf)


class Operation(Protocol):
    """Anything that an expression can apply."""

    @property
    def name(self) -> str:
        """What it is called in the plain dialect: tanh, sum, +."""
        ...

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """The axes of its value."""
        ...


@dataclass(frozen=True, eq=False, kw_only=True)
class Entrywise:
    """y = f(x) or f(x1, x2, ...), entry by entry, of arguments whose axes are matched by name."""

    name: str
    value: Callable[..., Array]
    """By NumPy, of arrays that broadcast against each other; keeps their precision."""
    torch: Callable[..., Any]
    """(torch, tensors ...) -> tensor, by PyTorch's own function."""
    derivatives: tuple[str | None, ...]
    """∂y/∂ each argument, an expression of the arguments (x, or x1, x2, ...) and of the value y; at a kink
    one from between those of its sides. None where the value goes in steps."""
    kinks: tuple[str, ...] = ()
    """Expressions of the arguments that are 0 where there is no derivative."""
    sided: bool = True
    """Whether the rule is another one on either side of a kink. At a pole, and where the kink alone is
    singled out, it is not."""
    linear: bool = False
    """Whether f is linear in each of its arguments."""
    exact: bool = False
    """Whether nothing is rounded: the value is that of an argument, or a constant, up to its sign."""
    defaults: tuple[float, ...] = ()
    """What its last arguments are where they are left out."""
    options: tuple[str, ...] = ()
    """What a spec calls those arguments."""
    domain: tuple[Interval, ...] = ()
    """The open interval in which each argument may be drawn; any number where it is left out."""
    range: Callable[..., Interval] | None = None
    """(options) -> the open interval that holds every value. Where it is given, a layer may have the function
    as its activation, and its loss may rely on it."""
    numpy: str = ""
    """For code: the name of NumPy's function where `value` is not that itself; where NumPy has none, Python
    that ends in an expression for y, of x or x1, x2, ..., and of other functions here."""
    aliases: tuple[str, ...] = ()
    """Other names by which it may be called."""
    symbol: str = ""
    """On paper: `σ`, or with # for the argument `|#|`; else its name."""
    latex: str = ""
    """The same in LaTeX; else the symbol or name, upright."""

    @property
    def arity(self) -> int:
        """How many arguments it takes."""
        return len(self.derivatives)

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Those of all arguments together."""
        return united(arguments)


@dataclass(frozen=True, eq=False, kw_only=True)
class Along:
    """A function of all entries along an axis: sum(x, n), softmax(z, k)."""

    name: str
    value: Callable[[Array, int], Array]
    """(array, which axis) -> array, by NumPy; without the axis unless it is kept."""
    torch: Callable[[Any, Any, int], Any]
    """(torch, tensor, which axis) -> tensor; without the axis unless it is kept."""
    rule: str | None
    """What x gets of g: an expression of g, x, the value y and the axis `over`."""
    keeps: bool = False
    """Whether the axis is one of the value's."""
    range: Callable[..., Interval] | None = None
    """As of an entrywise operation."""
    distribution: bool = False
    """Whether the entries along the axis are positive and add up to 1."""
    kinks: tuple[str, ...] = ()
    """Expressions of x, the value y and `over` that come near 0 near where there is no derivative."""
    linear: bool = False
    exact: bool = False
    """As of an entrywise operation."""
    arity: int = 1
    numpy: str = ""
    """For code: where NumPy has no function of this name, Python that ends in an expression for y, of x and
    axis."""
    symbol: str = ""
    """On paper, where that is not its name."""

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Those of the argument, with or without the axis."""
        (axes,) = arguments
        return axes if self.keeps else tuple(axis for axis in axes if axis not in over)


class Moving:
    """Moves entries from some axes to others, adds up what meets and changes none: windows, part, take.

    As in NumPy's generalised ufuncs an operation knows only its `core` axes: its value is worked out on
    arrays that have those last; all others are matched by name, and stand in front, broadcasting.
    """

    name: ClassVar[str]
    form: ClassVar[str]
    """How it is called in the plain dialect."""
    arrays: ClassVar[int] = 1
    """How many arguments are arrays; axes and, last, whole numbers follow."""
    linear: ClassVar[bool] = True
    symbol: str = ""
    """How it is written of its arrays alone, where nobody needs to be told of axes: `diag`."""
    compares: ClassVar[str] = ""
    """Of a mask, how a place on its second axis is to that on its first where a 1 stands: `>`."""
    numpy: ClassVar[str] = ""
    """For code: a function of arrays that have their core axes last and of what it needs of these: how many
    are `core`, the `lengths` of the new axes or the last one's `length`, its whole numbers by their names."""

    @property
    def numbers(self) -> dict[str, int]:
        """The whole numbers that it is called with, by their names."""
        return dict(vars(self))

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """The axes of each argument that entries are moved from, and those of the value they are moved to."""
        raise NotImplementedError

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """What each argument gets of the adjoint `g` of the value; None where nothing comes back."""
        raise NotImplementedError

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """By NumPy, of arrays [..., core]: [..., `lengths`], behind `batch` axes that broadcast."""
        raise NotImplementedError

    def torch(self, torch: Any, lengths: Shape, batch: int, *tensors: Any) -> Any:
        """The same by PyTorch."""
        raise NotImplementedError

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Those of the arguments, with the new ones in the place of the old."""
        old, new = self.core(arguments, over)
        gone = {axis for core in old for axis in core}
        return replaced(united(arguments), gone, new)

    def called(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """The axes it goes over, of those that a call names. Raises ValueError where it names too few."""
        names = [word for word in self.form[:-1].split(", ")[self.arrays :] if "=" not in word]
        if len(over) != len(names):
            raise ValueError(f"{self.name} is called {self.form}")
        return over

    def misfit(self, over: Axes, lengths: Lengths) -> str | None:
        """What is wrong with the lengths of its axes; None where they fit."""
        return None


class Move(Moving):
    """A linear map of one array, which has another move as its transpose."""

    split: ClassVar[int | None] = 1
    """How many of the axes in `over` are those that entries are moved from."""

    @property
    def transposed(self) -> Move:
        """The move that goes back, over the same axes in the other order."""
        raise NotImplementedError

    def ends(self, over: Axes) -> tuple[Axes, Axes]:
        """The axes from which, and those to which."""
        return over[: self.split], over[self.split :]

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """The ends."""
        old, new = self.ends(over)
        return (old,), new

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """The transpose of the adjoint."""
        old, new = self.ends(node.over)
        return (Apply(self.transposed, (g,), (*new, *old)),)


def replaced(axes: Axes, old: Collection[str], new: Axes) -> Axes:
    """The axes with new ones where the first of the old ones stood; behind all others where none did."""
    where = next((n for n, axis in enumerate(axes) if axis in old), len(axes))
    front, rest = axes[:where], axes[where:]
    return (*front, *new, *(axis for axis in rest if axis not in old))
