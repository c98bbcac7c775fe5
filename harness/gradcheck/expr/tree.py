"""Expressions: one frozen tree, in which every node knows the axes of its value.

Axes are matched by name, as in Chiang, Rush and Barak, "Named Tensor Notation" (2021): `gamma * xhat` repeats
gamma along every axis that xhat has besides. A matrix product is the sum of a product over the axis that
meets, sum(x * W, d), so the product rule holds for it as it stands. In which order arrays lie, and where a
transpose stands in a formula, is a matter of readers and writers alone. Where an array has a name twice (U of
axes u, u), the second one is `u'`, as long as `u`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import is_
from typing import TYPE_CHECKING, ClassVar, TypeAlias

if TYPE_CHECKING:
    from gradcheck.expr.operation import Operation

Axes: TypeAlias = tuple[str, ...]

Span: TypeAlias = tuple[int, int]
"""Where an expression stands in the text that was read: from, and up to but not including."""


def _span() -> Span:
    return field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True)
class Number:
    """A constant, finite."""

    value: float
    span: Span = _span()
    symbol: str = ""
    """What it is written as, if it has a name: pi."""
    axes: ClassVar[Axes] = ()
    reads: ClassVar[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Size:
    """The length of an axis, as a number."""

    axis: str
    span: Span = _span()
    axes: ClassVar[Axes] = ()
    reads: ClassVar[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Name:
    """A quantity of a network, with the axes of its value."""

    text: str
    axes: Axes = ()
    span: Span = _span()

    @cached_property
    def reads(self) -> frozenset[str]:
        """The quantities that it reads."""
        return frozenset((self.text,))


@dataclass(frozen=True)
class Apply:
    """An operation on smaller expressions."""

    operation: Operation
    arguments: tuple[Expr, ...]
    over: Axes = ()
    """The axes that it goes over, where it goes over any: of a sum, of a softmax."""
    span: Span = _span()

    @cached_property
    def axes(self) -> Axes:
        """The axes of its value."""
        return self.operation.axes([argument.axes for argument in self.arguments], self.over)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The quantities that it reads."""
        return frozenset().union(*(argument.reads for argument in self.arguments))

    def with_arguments(self, arguments: tuple[Expr, ...]) -> Apply:
        """The same operation on others."""
        if all(map(is_, arguments, self.arguments)):
            return self
        return Apply(self.operation, arguments, self.over, self.span)

    @cached_property
    def _hash(self) -> int:
        return hash((self.operation, self.arguments, self.over))

    def __hash__(self) -> int:
        return self._hash


Expr: TypeAlias = Number | Size | Name | Apply

ZERO, ONE = Number(0.0), Number(1.0)


def united(axes: Iterable[Axes]) -> Axes:
    """The axes of what is matched by name: as in the one that has them all, else in order of first use."""
    return _united(tuple(axes))


@lru_cache(4096)
def _united(several: tuple[Axes, ...]) -> Axes:
    every = tuple(dict.fromkeys(axis for one in several for axis in one))
    return next((one for one in several if len(one) == len(every)), every)


def axis_of(name: str) -> str:
    """The axis whose length one has: u for u', the second of that name."""
    return name.rstrip("'")


def nodes(expression: Expr) -> Iterator[Expr]:
    """The expression and all that it consists of, from the root down."""
    yield expression
    if isinstance(expression, Apply):
        for argument in expression.arguments:
            yield from nodes(argument)


def rebuilt(expression: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with every node changed, from the leaves up."""
    if isinstance(expression, Apply):
        expression = expression.with_arguments(
            tuple(rebuilt(argument, change) for argument in expression.arguments)
        )
    return change(expression)


def substituted(expression: Expr, values: Mapping[str, Expr]) -> Expr:
    """The expression with others in the place of names; those that come in stay as they are."""
    if expression.reads.isdisjoint(values):
        return expression
    if isinstance(expression, Apply):
        return expression.with_arguments(
            tuple(substituted(argument, values) for argument in expression.arguments)
        )
    assert isinstance(expression, Name)
    return values[expression.text]
