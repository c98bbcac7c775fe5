"""Where a gradient comes from, and how its function is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.function import frameworks
from gradcheck.function.arguments import Arguments
from gradcheck.function.signature import Signature, accepts, name_of
from gradcheck.function.subject import Reply, StoppedError, call

Upstream: TypeAlias = Literal["nothing", "given", "entrywise"]
"""What a gradient function is told of the function's value.

Nothing, where the value is a number or the gradient a whole Jacobian. It is given the gradient of a loss by
the value as its last argument. Or nothing, of an array: the function should work entry by entry, and this is
its derivative at each.
"""


class Gradient:
    """Something that gives the gradient at the point."""

    reply: Reply | None = None
    """The gradient, where it is there already."""
    is_called = True
    """Whether it is a function that gets an upstream gradient as its last argument, if it gets any."""

    @property
    def name(self) -> str:
        """How a report calls it."""
        raise NotImplementedError

    def upstream(self, shape: Shape) -> Upstream:
        """What it is told of a value of that shape."""
        raise NotImplementedError

    def at(self, arguments: Arguments) -> Gradient:
        """The same at another point."""
        raise NotImplementedError

    def ask(self, upstream: Array | None) -> Reply:
        """The gradient, through an upstream gradient where it is given one. Raises StoppedError."""
        raise NotImplementedError


@dataclass(frozen=True)
class Given(Gradient):
    """A function of the same arguments."""

    df: Callable[..., Any]
    arguments: Arguments
    f: Callable[..., Any]
    value: Any
    """What f returned."""

    @property
    def name(self) -> str:
        """The function's own."""
        return name_of(self.df, "df")

    def upstream(self, shape: Shape) -> Upstream:
        """By what the function accepts; where it doesn't tell, an array's has an upstream gradient."""
        alone, more = self._accepts(), self._accepts(None)
        if np.prod(shape) == 1:
            return "given" if more and alone is False else "nothing"
        return "entrywise" if more is False and alone else "given"

    def _accepts(self, *extra: Any) -> bool | None:
        plain, named = self.arguments.given(lambda a: a.value)
        # A second parameter that f has, too, is no upstream gradient.
        known = Signature.of(self.f).plain if extra else ()
        return accepts(self.df, [*plain, *extra], named, known)

    def at(self, arguments: Arguments) -> Gradient:
        """The same at another point."""
        return replace(self, arguments=arguments)

    def ask(self, upstream: Array | None) -> Reply:
        """One call, with an upstream gradient of the kind that f's value is."""
        with frameworks.precise():
            extra = [] if upstream is None else [frameworks.like(self.value, upstream)]
        return call(self.df, self.arguments, *extra)


@dataclass(frozen=True)
class Paired(Gradient):
    """The second part of what f returns."""

    f: Callable[..., Any]
    arguments: Arguments
    pair: Reply
    """What f returned."""

    @property
    def name(self) -> str:
        """That of f."""
        return name_of(self.f)

    @property
    def reply(self) -> Reply:  # type: ignore[override]
        """What came with the value."""
        return self._second(self.pair)

    def upstream(self, shape: Shape) -> Upstream:
        """Nothing. Raises StoppedError where f returns an array."""
        if np.prod(shape) == 1:
            return "nothing"
        raise StoppedError(
            "missing",
            f"{self.name} returns an array of shape {shape} with its gradient",
            "let it return a number, or give the gradient as a function of x and an upstream gradient",
        )

    def at(self, arguments: Arguments) -> Gradient:
        """The same at another point."""
        return replace(self, arguments=arguments)

    def ask(self, upstream: Array | None) -> Reply:
        """f's second value."""
        return self._second(call(self.f, self.arguments))

    @staticmethod
    def _second(pair: Reply) -> Reply:
        return replace(pair, answer=pair.answer[1])


def works_entrywise(value: Callable[[Array], Array], x: Array) -> bool:
    """Whether every entry of a function's value depends on the same entry of x alone.

    Entries are moved in sets: each two are in different sets at least once, for every digit in which their
    positions differ.
    """
    position = np.arange(x.size).reshape(x.shape)
    before = value(x)
    for digit in range(max(x.size - 1, 0).bit_length()):
        for side in (0, 1):
            moved = (position >> digit) % 2 == side
            after = value(np.where(moved, x * 1.1 + 0.1, x))
            if before.shape != x.shape or not np.array_equal(before[~moved], after[~moved], equal_nan=True):
                return False
    return True
