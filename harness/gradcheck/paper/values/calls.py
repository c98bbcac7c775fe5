"""Functions applied to what stands behind them, in any algebra."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from gradcheck.expr import arithmetic
from gradcheck.expr.along import MEAN, SUM
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.operation import Along
from gradcheck.expr.registry import called
from gradcheck.formulas.tree import Arguments, Bracket, Keyword, Negative, Node, Number, Scripted, Symbol
from gradcheck.paper.names import Key, walk
from gradcheck.paper.rewriting.normal import FUNCTIONS, slope_of
from gradcheck.paper.values.algebra import ONE, MeaningError, can_be_multiplied
from gradcheck.paper.words import ALONG, ANYTHING

if TYPE_CHECKING:
    from gradcheck.paper.values.meaning import Reader

T = TypeVar("T")

_TOTALS = frozenset({"sum", "mean"})
_TRACES = frozenset({"tr", "trace", "Tr"})
_ENTRYWISE = {
    "max": arithmetic.MAXIMUM,
    "maximum": arithmetic.MAXIMUM,
    "min": arithmetic.MINIMUM,
    "minimum": arithmetic.MINIMUM,
    "multiply": arithmetic.MULTIPLY,
    "power": arithmetic.POWER,
}
_OF_TWO = frozenset({*_ENTRYWISE, "dot", "outer", "matmul"})


class Calls(Generic[T]):
    """The functions of a text."""

    def __init__(self, reader: Reader[T]) -> None:
        self.reader, self.algebra, self.text = reader, reader.algebra, reader.text
        self.added_numbers: list[Node] = []
        """What is a number, and was read within a sum or a mean of all entries."""

    def is_function(self, node: Node) -> bool:
        """Whether a name is one of a function."""
        head = node.base if isinstance(node, Scripted) else node
        return isinstance(head, Symbol) and self.function(head.text, 0) is not None

    def function(self, name: str, primes: int) -> Callable[[Node], T] | None:
        """What a name makes of what stands behind it; None where it is no function."""
        course = self.text.names.course
        if course is not None and name in course.functions and name in self.text.functions:
            return lambda argument: self._activated(name, primes, argument)
        if name in self.text.functions:
            return lambda argument: self._defined(name, primes, argument)
        if Key(name) in self.reader.known:
            return None
        return self._of_arrays(name, primes) or self._of_entries(name, primes)

    def _of_arrays(self, name: str, primes: int) -> Callable[[Node], T] | None:
        if name in _OF_TWO:
            return lambda argument: self._of_two(name, argument)
        if name == "where":
            return self._where
        if name in ALONG and not primes:
            return lambda argument: self._along(ALONG[name], argument)
        if name == "norm":
            return self.norm
        if name in ("len", "size"):
            return lambda argument: self._length(name, argument)
        if name in _TRACES:
            return lambda argument: self.algebra.trace(self.reader.read(argument))
        if name in _TOTALS:
            return lambda argument: self._reduced(name, argument)
        whole = {"det": self.algebra.determinant, "diag": self.algebra.diagonal, "vec": self.algebra.stacked}
        if name in whole and not primes:
            return lambda argument: whole[name](self.reader.read(argument))
        return None

    def _of_entries(self, name: str, primes: int) -> Callable[[Node], T] | None:
        if name == "sigma" and name not in self.text.names.applied:
            return None
        if of := slope_of(name):
            name, primes = of, primes + 1
        operation = called(FUNCTIONS.get(name, name))
        if operation is None or len(operation.derivatives) != 1:
            return None
        function = self._sloped(lambda x: self.algebra.entrywise(operation, x), primes)
        return lambda argument: function(self.reader.read(argument))

    def _activated(self, letter: str, primes: int, argument: Node) -> T:
        """The activation of the layer that an argument is of."""
        course = self.text.names.course
        name = "" if course is None else course.activation(letter, argument)
        function = self._of_arrays(name, primes) or self._of_entries(name, primes)
        if function is None:
            raise MeaningError("which function is this?", "name it: sigmoid, tanh, relu", "unknown")
        return function(argument)

    def _defined(self, name: str, primes: int, argument: Node) -> T:
        """The body of a function, or its derivative, with its arguments put in."""
        keys, body = self.text.functions[name]
        if len(keys) > 1:
            return self._of_several(name, primes, argument)
        (key,) = keys

        def function(x: T) -> T:
            self.reader.arguments.append({key: x})
            try:
                return self._anything(name, x) if key == ANYTHING else self.reader.read(body)
            finally:
                self.reader.arguments.pop()

        return self._sloped(function, primes)(self.reader.read(argument))

    def _of_several(self, name: str, primes: int, argument: Node) -> T:
        """A function of several arguments; those that only stand below names in it are letters."""
        keys, body = self.text.functions[name]
        inner = argument.inner if isinstance(argument, Bracket) else argument
        items = inner.items if isinstance(inner, Arguments) else (inner,)
        if len(items) != len(keys) or primes:
            what = "a derivative of it is written ∂/∂x" if primes else f"{name} has {len(keys)} arguments"
            raise MeaningError(what)
        below = self.text.letter_arguments(name)
        values = {
            key: self.reader.read(item)
            for key, item in zip(keys, items, strict=True)
            if str(key) not in below
        }
        letters = {
            str(key): item.text
            for key, item in zip(keys, items, strict=True)
            if str(key) in below and isinstance(item, Symbol)
        }
        self.reader.arguments.append(values)
        try:
            return self.reader.with_letters(letters, body)
        finally:
            self.reader.arguments.pop()

    def _anything(self, name: str, x: T) -> T:
        """A function of which nothing is known: one that has no property of another, for each name."""
        unlike = 0.9 + 0.23 * [*self.text.functions].index(name)
        wave = self.algebra.entrywise(BY_NAME["tanh"], self._scaled(unlike, x))
        return self.algebra.entrywise(
            arithmetic.ADD, wave, self._scaled(0.3 / unlike, self.algebra.entrywise(BY_NAME["sin"], x))
        )

    def _scaled(self, factor: float, x: T) -> T:
        return self.algebra.entrywise(arithmetic.MULTIPLY, self.algebra.constant(factor), x)

    def _sloped(self, function: Callable[[T], T], primes: int) -> Callable[[T], T]:
        for _ in range(primes):
            function = self._slope(function)
        return function

    def _of_two(self, name: str, argument: Node) -> T:
        inner = argument.inner if isinstance(argument, Bracket) else argument
        if not isinstance(inner, Arguments) or len(inner.items) != 2:
            raise MeaningError(f"{name} has two arguments")
        x, y = map(self.reader.read, inner.items)
        a = self.algebra
        if name in _ENTRYWISE:
            return a.entrywise(_ENTRYWISE[name], x, y)
        if not a.shape(x) or not a.shape(y):
            a.doubt(1.5)
            return a.entrywise(arithmetic.MULTIPLY, x, y)
        if name == "outer":
            return self.outer(x, y)
        return a.matmul(x, y) if can_be_multiplied(a.shape(x), a.shape(y)) else a.matmul(a.transposed(x), y)

    def outer(self, x: T, y: T) -> T:
        """x yᵀ of two vectors. Raises MeaningError of others."""
        a = self.algebra
        if ONE not in a.shape(x) or ONE not in a.shape(y):
            raise MeaningError("outer is tried of vectors alone")
        return a.matmul(self._upright(x), a.transposed(self._upright(y)))

    def _where(self, argument: Node) -> T:
        inner = argument.inner if isinstance(argument, Bracket) else argument
        if not isinstance(inner, Arguments) or len(inner.items) != 3:
            raise MeaningError("where has three arguments")
        return self.algebra.entrywise(arithmetic.WHERE, *map(self.reader.read, inner.items))

    def _upright(self, x: T) -> T:
        return x if self.algebra.shape(x)[1] == ONE else self.algebra.transposed(x)

    def _slope(self, function: Callable[[T], T]) -> Callable[[T], T]:
        return lambda x: self.algebra.slope(function, x)

    def _along(self, operation: Along, argument: Node) -> T:
        letters = [
            index
            for node in walk(argument)
            if (reference := self.reader.reference(node)) is not None
            for index in reference.indices
            if isinstance(index, str)
        ]
        return self.algebra.along(operation, self.reader.read(argument), letters[0] if letters else None)

    def _reduced(self, name: str, argument: Node) -> T:
        inner = argument.inner if isinstance(argument, Bracket) else argument
        if isinstance(inner, Arguments):
            x = self.reader.sums.entries(inner.items[0])
            axis = _axis_of(inner.items)
            if axis is not None:
                operation = SUM if name == "sum" else MEAN
                for number in sorted(_axes(axis), reverse=True):
                    x = self.algebra.reduced(operation, x, number)
                return x
        else:
            x = self.reader.sums.entries(inner)
        if not self.algebra.shape(x):
            self.added_numbers.append(inner.items[0] if isinstance(inner, Arguments) else inner)
        if name == "sum":
            return self.algebra.whole(x)
        for number in (0, 1):
            x = self.algebra.reduced(MEAN, x, number) if self.algebra.shape(x) else x
        return x

    def _length(self, name: str, argument: Node) -> T:
        """How many entries an array has along an axis, the first one of len(X), or in all."""
        inner = argument.inner if isinstance(argument, Bracket) else argument
        of, *axis = inner.items if isinstance(inner, Arguments) else (inner,)
        shape = self.algebra.shape(x := self.reader.read(of))
        if not shape:
            raise MeaningError("a number has no length", kind="shape")
        if name == "size":
            rows, columns = (self.algebra.length(x, axis) for axis in (0, 1))
            return self.algebra.entrywise(arithmetic.MULTIPLY, rows, columns)
        number = axis[0] if axis else Number(0.0)
        is_vector = ONE in shape and number == Number(0.0)
        return self.algebra.length(x, 1 - shape.index(ONE) if is_vector else _axes(number)[0])

    def norm_of(self, node: Node, kind: Node) -> T:
        """‖A‖_F, and ‖x‖_2 and ‖x‖_1 of a vector."""
        if kind == Symbol("F"):
            x = self.reader.read(node)
            self.algebra.doubt(1.5 * (ONE in self.algebra.shape(x) or not self.algebra.shape(x)))
            return self._root(x)
        shape = self.algebra.shape(x := self.reader.read(node))
        if shape and ONE not in shape:
            raise MeaningError("of a matrix, only the norm of all entries is tried", "write ‖A‖_F")
        if kind == Number(1.0):
            self.algebra.doubt(1.5 * (not shape))
            return self.algebra.whole(self.algebra.entrywise(BY_NAME["abs"], x))
        if kind != Number(2.0):
            raise MeaningError("this norm is not tried")
        return self.norm(node)

    def norm(self, node: Node) -> T:
        """The root of the sum of squares."""
        x = self.reader.read(node)
        self.algebra.doubt(1.5 * (not self.algebra.shape(x)) + 0.5 * (ONE not in self.algebra.shape(x)))
        return self._root(x)

    def _root(self, x: T) -> T:
        return self.algebra.entrywise(BY_NAME["sqrt"], self._square(x))

    def _square(self, x: T) -> T:
        return self.algebra.whole(self.algebra.entrywise(arithmetic.POWER, x, self.algebra.constant(2.0)))


def _axis_of(items: Sequence[Node]) -> Node | None:
    """0 of sum(X, axis=0), and of sum(X, 0)."""
    named = (item.value for item in items if isinstance(item, Keyword) and item.name == "axis")
    second = (item for item in items[1:2] if not isinstance(item, Keyword))
    return next(iter((*named, *second)), None)


def _axes(node: Node) -> tuple[int, ...]:
    """The axes of axis=0 or axis=(0, 2), counted from 0."""
    match node:
        case Number(value):
            return (int(value),)
        case Negative(Number(value)):
            return (-int(value),)
        case Bracket(Arguments(items)):
            return tuple(axis for item in items for axis in _axes(item))
    raise MeaningError("an axis is a number")
