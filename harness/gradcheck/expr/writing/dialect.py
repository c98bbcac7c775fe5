"""What a dialect says: how each part of a formula is written, once the walk has decided what stands where."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradcheck.expr import along
from gradcheck.expr.layout import UNNAMED, joined
from gradcheck.expr.operation import Along, Entrywise, Moving, replaced
from gradcheck.expr.tree import Axes

COMPARISON, SUM, TOTAL, PRODUCT, MATRIX, SIGN, POWER, ATOM = range(8)
"""How tightly the outermost part of a formula binds; TOTAL is for Σ x, MATRIX for a product of matrices."""


@dataclass(frozen=True)
class Piece:
    """A formula, how tightly it binds, and how its value's array lies."""

    text: str
    level: int
    layout: Axes = ()
    is_boolean: bool = False
    """Whether its value is true or false, of a comparison, however its array has been turned since."""

    @property
    def is_array(self) -> bool:
        """Whether its value has an axis that has a name."""
        return any(axis != UNNAMED for axis in self.layout)


@dataclass(frozen=True)
class Moment:
    """A time: a loop's own, one before or after it, or a fixed one."""

    axis: str
    index: str
    """What stands for the loop's own time, `t`; empty for fixed times."""
    offset: int = 0

    def moved(self, by: int) -> Moment:
        """The time so many later."""
        return replace(self, offset=self.offset + by)

    def written(self, form: str = "{}{}{}") -> str:
        """`t`, `t-1`, `0`; the form is that of index, sign and distance."""
        if not self.index or not self.offset:
            return self.index or str(self.offset)
        return form.format(self.index, "-" if self.offset < 0 else "+", abs(self.offset))


def broadcasts(layout: Axes, target: Axes) -> bool:
    """Whether an array that lies so meets the right axes of another by their places."""
    pairs = zip(reversed(layout), reversed(target), strict=False)
    return len(layout) <= len(target) and all(axis in (UNNAMED, other) for axis, other in pairs)


def gone(operation: Along, layout: Axes, over: Axes) -> Axes:
    """How the value of an operation over axes lies."""
    return layout if operation.keeps else tuple(axis for axis in layout if axis not in over)


def moved_layout(operation: Moving, layouts: Sequence[Axes], over: Axes) -> Axes:
    """How the value of an operation that moves entries lies, as the reader has it."""
    cores, new = operation.core(layouts, over)
    return replaced(joined(layouts), {axis for core in cores for axis in core}, new)


def options(operation: Moving) -> list[str]:
    """The whole numbers that an operation is called with, but for those at the end that it has anyway."""
    numbers, usual = list(operation.numbers.values()), list(type(operation)().numbers.values())
    while numbers and numbers[-1] == usual[len(numbers) - 1]:
        numbers.pop()
    return [str(number) for number in numbers]


class Dialect(ABC):
    """How the parts of a formula are written.

    What is said here holds where operands are matched by the names of their axes, as in the plain dialect.
    """

    plus, minus, times, divided, product = "{} + {}", "{} - {}", "{} * {}", "{} / {}", "{} @ {}"
    entrywise = times
    """A product of arrays, entry by entry."""
    transpose = "{}.T"
    sign = "-"
    outer = ""
    """A product of two vectors that gives a matrix, where that is not written as one entry by entry."""
    has_columns = False
    """Whether an array of one axis is a column, so that a matrix stands on its left."""
    binds_tightly = False
    """Whether a product of matrices binds more tightly than one of numbers."""
    by_place = False
    """Whether axes are matched by their places, and any can be turned round; else by their names."""

    @abstractmethod
    def name(self, text: str, layout: Axes, time: Moment | None) -> Piece:
        """A quantity, or its entry at a time; `layout` is that of the whole quantity."""

    @abstractmethod
    def size(self, axis: str) -> Piece:
        """The length of an axis."""

    @abstractmethod
    def powered(self, base: Piece, exponent: Piece) -> Piece:
        """A power."""

    @abstractmethod
    def called(self, operation: Entrywise, arguments: Sequence[Piece]) -> Piece:
        """A function of numbers; the result's layout is put in afterwards."""

    @abstractmethod
    def gone_over(self, operation: Along, of: Piece, over: Axes, want: Axes) -> Piece:
        """A function of all entries along axes; `want` is how the array lies that the result will meet.

        The result has its layout.
        """

    @abstractmethod
    def moved(self, operation: Moving, arguments: Sequence[Piece], over: Axes) -> Piece:
        """An operation that moves entries; the result has its layout."""

    @abstractmethod
    def summed_over_time(self, term: Piece, time: Moment) -> Piece:
        """The sum of a term over all times."""

    def contracted(self, parts: Sequence[Piece], over: Axes, want: Axes) -> Piece:
        """The product of arrays none of which has all axes, summed over some."""
        whole, *rest = parts
        for part in rest:
            layout = self.joined([whole.layout, part.layout])
            whole = replace(self.multiplied(whole, part), layout=layout)
        return self.gone_over(along.SUM, whole, over, want)

    def entry(self, piece: Piece, time: Moment) -> str:
        """At a time, of an array that is worked out for all times."""
        raise NotImplementedError

    def renamed(self, piece: Piece, old: str, new: str) -> str:
        """The piece with another name for an axis."""
        return piece.text

    def zeros(self, layout: Axes) -> Piece:
        """What stands where there is nothing."""
        return self.number(0)

    def at_time(self, inside: Piece, time: Moment, otherwise: Piece) -> Piece:
        """What is read at a time that there may not be."""
        return inside

    def loop(self, time: Moment, *, backwards: bool) -> str:
        """The line above the lines of a loop."""
        return f"for {time.index} in {f'reversed({time.axis})' if backwards else time.axis}:"

    def commented(self, line: str, comment: str) -> str:
        """A line with a comment behind it."""
        return f"{line}  # {comment}"

    def remark(self, text: str) -> str:
        """A line that says something of those below."""
        return f"# {text}"

    def compared(self, sign: str, left: Piece, right: Piece) -> Piece:
        """1 where it holds, else 0."""
        return Piece(f"{self.least(left, SUM)} {sign} {self.least(right, SUM)}", COMPARISON, is_boolean=True)

    def number(self, value: float) -> Piece:
        """A constant that is not negative."""
        text = repr(value)
        return Piece(re.sub(r"\.0$|(?<=e-)0|(?<=e)\+0?", "", text), ATOM)

    def constant(self, symbol: str) -> Piece:
        """A constant that has a name: pi."""
        return Piece(symbol, ATOM)

    def fitted(self, piece: Piece, target: Axes) -> Piece:
        """The piece as it meets an array that lies like the target."""
        turned = piece.layout[::-1]
        if len(turned) == 2 and not broadcasts(piece.layout, target) and broadcasts(turned, target):
            return self.turned(piece)
        return piece

    def whole(self, piece: Piece, target: Axes) -> Piece:
        """The piece as an equation's right side whose array lies like the target."""
        return self.fitted(piece, target)

    def joined(self, layouts: Sequence[Axes]) -> Axes:
        """How the result of an entrywise operation lies."""
        return joined(layouts)

    def turned(self, piece: Piece) -> Piece:
        """The piece with its two axes turned round."""
        text = self.transpose.format(self.least(piece, ATOM))
        return replace(piece, text=text, level=self.transposed_level, layout=piece.layout[::-1])

    transposed_level = ATOM

    def least(self, piece: Piece, level: int, *, right: bool = False) -> str:
        """The piece's text, in brackets where it binds less tightly than this."""
        if piece.level < level or (right and piece.text.startswith(self.sign)):
            return self.bracketed(piece.text)
        return piece.text

    def bracketed(self, text: str) -> str:
        """The text in brackets."""
        return f"({text})"

    def multiplied(self, left: Piece, right: Piece) -> Piece:
        """A product of numbers, or of arrays entry by entry."""
        form = self.entrywise if left.is_array and right.is_array else self.times
        return self._product(form, left, right)

    def matrix_product(self, left: Piece, right: Piece) -> Piece:
        """A product of matrices; the result's layout is put in afterwards."""
        text = self.product.format(self.least(left, MATRIX), self.least(right, SIGN, right=True))
        return Piece(text, MATRIX)

    def outer_product(self, left: Piece, right: Piece) -> Piece:
        """The matrix of the products of the entries of two vectors, in a dialect that has it."""
        return Piece(self.outer.format(left.text, right.text), ATOM)

    def quotient(self, left: Piece, right: Piece) -> Piece:
        """A fraction."""
        return self._product(self.divided, left, right)

    def _product(self, form: str, left: Piece, right: Piece) -> Piece:
        least = MATRIX if self.binds_tightly else SIGN
        return Piece(form.format(self.least(left, PRODUCT), self.least(right, least, right=True)), PRODUCT)

    def added(self, left: Piece, right: Piece) -> Piece:
        """A sum, or a difference where a sign stands in front of the second term."""
        if right.text.startswith(self.sign) and right.level >= TOTAL:
            return self.subtracted(left, replace(right, text=right.text[len(self.sign) :]))
        return Piece(self.plus.format(self.least(left, SUM), self.least(right, SUM, right=True)), SUM)

    def subtracted(self, left: Piece, right: Piece) -> Piece:
        """A difference."""
        return Piece(self.minus.format(self.least(left, SUM), self.least(right, SUM + 1, right=True)), SUM)

    def negative(self, of: Piece) -> Piece:
        """-x: a sign goes in front of a product."""
        if of.text.startswith(self.sign) or of.level < TOTAL:
            return Piece(self.sign + self.bracketed(of.text), SIGN, of.layout)
        return Piece(self.sign + of.text, min(of.level, SIGN), of.layout)
