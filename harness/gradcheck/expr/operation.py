"""What an operation declares: its value, PyTorch's own function, its derivatives as expressions, its kinks.

Most operations are one of two kinds. An `Entrywise` one makes each entry of its value from the entries of its
arguments at the same place; an `Along` one goes over an axis. The few that move entries about have a class of
their own (`structure.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from gradcheck.expr.tree import Axes, united

if TYPE_CHECKING:
    from gradcheck.expr.named import Array, Lengths, Named
    from gradcheck.expr.tree import Apply, Expr


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
    the one that PyTorch takes. None where the value goes in steps."""
    kinks: tuple[str, ...] = ()
    """Expressions of the arguments that are 0 where there is no derivative."""
    linear: bool = False
    """Whether f is linear in each of its arguments."""
    defaults: tuple[float, ...] = ()
    """What its last arguments are where they are left out."""

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
    kinks: tuple[str, ...] = ()
    linear: bool = False
    arity: int = 1

    def axes(self, arguments: Sequence[Axes], over: Axes) -> Axes:
        """Those of the argument, with or without the axis."""
        (axes,) = arguments
        return axes if self.keeps else tuple(axis for axis in axes if axis not in over)


class Moving(Operation, Protocol):
    """An operation that moves entries about, and so says itself how they come back."""

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """What each argument gets of the adjoint `g` of its value; None where nothing comes back."""
        ...

    def value(self, known: Sequence[Named], over: Axes, lengths: Lengths) -> Named:
        """Its value by NumPy."""
        ...
