"""What formulas are made of, whatever is made of them: shapes first, then expressions.

One walk over a formula (`meaning.py`) finds out what has to be as long as what, and makes the expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from gradcheck.derivation.errors import Kind
from gradcheck.derivation.errors import MeaningError as Unmeant
from gradcheck.expr.operation import Along, Entrywise
from gradcheck.paper.names import Index, Key

ONE = "1"
"""An axis of length one, without a name."""
ONCE = "once"
"""What a letter runs over that has one value."""
Shape = tuple[str, ...]
"""Rows and columns, (n, 1) of a column; () of a number."""
NUMBER: Shape = ()
JOINT = "⊗"
"""Between the axes of which one is made, the last running fastest."""


NOWHERE = (0, 0)


class MeaningError(Unmeant):
    """Why a formula means nothing here, and what to do; its place is added on the way up."""

    def __init__(self, message: str, advice: str = "", kind: Kind = "unsupported") -> None:
        super().__init__(kind, message, NOWHERE, advice)


class LetterError(MeaningError):
    """A letter that runs over two axes which need not be as long as each other."""

    def __init__(self, letter: str, one: str, other: str) -> None:
        message = f"{letter} runs over axes that need not be as long as each other"
        if one.isdigit() and other.isdigit():
            message = f"{letter} runs from 1 to {other} here, and to {one} before"
        super().__init__(message, kind="index")
        self.letter = letter


T = TypeVar("T")


class Algebra(Protocol[T]):
    """Operations on arrays of at most two axes, which may have entries along letters besides."""

    def shape(self, x: T) -> Shape:
        """Rows and columns."""

    def constant(self, value: float) -> T:
        """A number."""

    def quantity(self, key: Key) -> T:
        """What the text calls so; MeaningError where nothing is known of it."""

    def entry(self, x: T, indices: tuple[Index, ...]) -> T:
        """An entry of an array, for each value of the letters; a row of a matrix, as a column, for one."""

    def example(self, x: T, index: Index, *, columns: bool) -> T:
        """One example of a batch: a row, or a column."""

    def once(self, x: T, letter: str) -> T:
        """The same, for a letter that has one value."""

    def position(self, letter: str) -> T:
        """The value of a letter."""

    def size(self, letter: str) -> T:
        """How many values a letter has."""

    def length(self, x: T, axis: int) -> T:
        """How many entries an array has along its rows (0) or columns (1)."""

    def entrywise(self, operation: Entrywise, *arguments: T) -> T:
        """An operation on each entry."""

    def can_meet(self, a: T, b: T) -> bool:
        """Whether two arrays fit entry by entry."""

    def can_multiply(self, a: T, b: T) -> bool:
        """Whether two arrays fit as matrices do."""

    def matmul(self, a: T, b: T) -> T:
        """The matrix product."""

    def transposed(self, x: T) -> T:
        """The array turned round."""

    def summed(self, x: T, letter: str) -> T:
        """The sum over a letter."""

    def over(self, operation: Along, x: T, letter: str) -> T:
        """The operation over a letter: a product, the largest."""

    def as_long(self, letter: str, length: int) -> None:
        """A letter has so many values."""

    def count(self, key: Key, letter: str) -> None:
        """A quantity is how many values a letter has."""

    def whole(self, x: T) -> T:
        """The sum of all entries of an array."""

    def reduced(self, operation: Along, x: T, axis: int) -> T:
        """An operation over rows (0) or columns (1), of which one is left."""

    def trace(self, x: T) -> T:
        """The sum of the diagonal."""

    def determinant(self, x: T) -> T:
        """The determinant of a matrix."""

    def diagonal(self, x: T) -> T:
        """The matrix that has a vector as its diagonal, or the diagonal of a matrix, as a column."""

    def written_out(self, rows: Sequence[Sequence[T]]) -> T:
        """The array with these numbers as entries."""

    def stacked(self, x: T) -> T:
        """A matrix's columns below each other."""

    def kronecker(self, a: T, b: T) -> T:
        """The Kronecker product."""

    def inverse(self, x: T) -> T:
        """The inverse of a matrix."""

    def along(self, operation: Along, x: T, letter: str | None) -> T:
        """An operation over a letter, or over the array's only axis, or its columns."""

    def derivative(self, of: T, by: Key, at: tuple[Index, ...]) -> T:
        """The derivative of what something makes by a quantity or one of its entries."""

    def stacked_derivative(self, of: T, by: Key) -> T:
        """The derivative by vec of a quantity: a Jacobian of a vector, a column of a number."""

    def differential(self, of: T, changes: Mapping[Key, T]) -> T:
        """How a value changes where quantities change by these."""

    def evaluated(self, x: T, places: Mapping[Key, T]) -> T:
        """A value where quantities are these."""

    def depends(self, of: T, by: Key) -> bool:
        """Whether a value can change with a quantity."""

    def slope(self, function: Callable[[T], T], x: T) -> T:
        """The derivative of a function of numbers, at x."""

    def note(self, text: str) -> None:
        """What something was taken for."""

    def doubt(self, weight: float) -> None:
        """What was read is unusual."""

    def bound(self, letter: str, body: Callable[[], T]) -> T:
        """The body's value, where the letter is the body's own."""


def can_be_multiplied(left: Shape, right: Shape) -> bool:
    """Whether a matrix product may be meant: what meets are two axes, or two of length one."""
    return (left[1] == ONE) == (right[0] == ONE)


def form(shape: Shape) -> tuple[bool, ...]:
    """Which of its axes have length one: the same of all columns."""
    return tuple(axis == ONE for axis in shape)


def reduced(shape: Shape, axis: int) -> Shape:
    """What is left where an operation goes over an axis, counted from 0 or, below it, from the end."""
    if not -len(shape) <= axis < len(shape):
        raise MeaningError(f"there is no axis {axis}", kind="shape")
    if len(shape) > 2:
        left = tuple(name for n, name in enumerate(shape) if n != axis % len(shape))
        return left if len(left) > 1 else (ONE, *left)
    return tuple(ONE if n == axis % len(shape) else name for n, name in enumerate(shape))
