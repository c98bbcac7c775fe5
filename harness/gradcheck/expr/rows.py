"""Expressions of one axis as functions of NumPy's arrays that have it last: compiled once, and run often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.arithmetic import ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SUBTRACT
from gradcheck.expr.blocks import REPEAT
from gradcheck.expr.operation import Along, Entrywise, Operation
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.tree import Apply, Expr, Name, Number

AXIS = ("k",)


def read_rows(text: str, *known: str) -> Expr:
    """The expression of arrays [k] of these names; raises ExprError where the text can't be read."""
    scope = Scope(names={name: (Name(name, AXIS), AXIS) for name in known}, axes={"k": AXIS})
    return read(text, scope).expression


def filled(expression: Expr, *names: str) -> Callable[..., Array]:
    """The function of `compiled`; its value is an array of its own, of the first one's shape and dtype."""
    function = compiled(expression, *names)

    def run(first: Array, *others: Array) -> Array:
        value = function(first, *others)
        fits = _same(value, first) and all(value is not array for array in (first, *others))
        return value if fits else np.full(first.shape, value, first.dtype)

    return run


def _same(value: Any, like: Array) -> bool:
    """Whether it is an array in memory of its own, of the other's shape and dtype."""
    own = isinstance(value, np.ndarray) and value.base is None
    return own and bool(value.shape == like.shape and value.dtype == like.dtype)


def compiled(expression: Expr, *names: str) -> Callable[..., Any]:
    """The function of arrays [..., k] of these names, in this order, the first of which has the whole axis.

    What lacks the axis is of length one along it, or a number; axes in front broadcast by their places. The
    expression may have entrywise operations, functions along the axis, and repetition along it.
    """
    code = _Code(names[0])
    value = code.word(expression)
    lines = [f"def run({', '.join(names)}):", *code.lines, f"return {value}"]
    exec("\n ".join(lines), code.functions)  # made of our own words alone
    run: Callable[..., Any] = code.functions["run"]
    return run


_INFIX: dict[Operation, str] = {ADD: "+", SUBTRACT: "-", MULTIPLY: "*", DIVIDE: "/", POWER: "**"}


class _Code:
    """Lines of Python, one for each different value on the way to the expression's."""

    def __init__(self, first: str) -> None:
        self.first = first
        self.lines: list[str] = []
        self.functions: dict[str, Any] = {}
        self.words: dict[Expr, str] = {}

    def word(self, e: Expr) -> str:
        """The variable or the number that stands for the expression's value."""
        match e:
            case Name(text=text):
                return text
            case Number(value=value):
                return f"({value!r})"
        if e not in self.words:
            number = _constant(e)
            self.words[e] = self._variable(e) if number is None else f"({number!r})"
        return self.words[e]

    def _variable(self, e: Expr) -> str:
        made = self._made(e)
        name = f"_{len(self.lines)}"
        self.lines.append(f"{name} = {made}")
        return name

    def _made(self, e: Expr) -> str:
        if not isinstance(e, Apply):
            return f"{self.first}.shape[-1]"  # the length of the axis
        words = [self.word(argument) for argument in e.arguments]
        if e.operation in _INFIX:
            return f" {_INFIX[e.operation]} ".join(words)
        if e.operation is NEGATE:
            return f"-{words[0]}"
        if e.operation is REPEAT:
            return self._called(_repeated, [self.first, *words])
        if isinstance(e.operation, Along):
            kept = "" if e.operation.keeps else "[..., None]"
            return self._called(e.operation.value, [*words, "-1"]) + kept
        assert isinstance(e.operation, Entrywise), e.operation.name
        return self._called(e.operation.value, words)

    def _called(self, function: Callable[..., Any], words: Sequence[str]) -> str:
        name = f"_f{len(self.functions)}"
        self.functions[name] = function
        return f"{name}({', '.join(words)})"


def _constant(e: Expr) -> float | None:
    """What an expression of numbers alone comes to."""
    if isinstance(e, Number):
        return e.value
    if not isinstance(e, Apply) or not isinstance(e.operation, Entrywise):
        return None
    known = [_constant(argument) for argument in e.arguments]
    return None if None in known else float(e.operation.value(*map(np.float64, known)))


def _repeated(first: Array, x: Any) -> Array:
    return np.broadcast_to(x, np.broadcast_shapes(np.shape(x), first.shape[-1:]))
