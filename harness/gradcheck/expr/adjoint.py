"""What the arguments of operations get of the adjoint of their value, by the rules that those declare."""

from __future__ import annotations

import math
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from gradcheck.expr.arithmetic import ADD, POWER, SUBTRACT
from gradcheck.expr.blocks import REPEAT
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.operation import REAL, Along, Entrywise, Interval, Moving
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.simplify import product, simplified, subtracted, sum_of, summed
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Number, nodes, substituted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


NOTHING: Mapping[str, Interval] = MappingProxyType({})


@lru_cache(4096)
def adjoints(expression: Expr, value: Expr, g: Expr) -> tuple[tuple[Name, Expr], ...]:
    """(a name that the expression reads, what it gets of g) for each time it reads one.

    `g` is the adjoint of the expression's value, and `value` an expression for that value: a name where it
    has one, as 1 - a^2 is written where a = tanh(z).
    """
    return tuple(_handed_back(expression, value, g))


def _handed_back(expression: Expr, value: Expr, g: Expr) -> Iterator[tuple[Name, Expr]]:
    match expression:
        case Name():
            yield expression, g
        case Apply(_, arguments):
            for argument, term in zip(arguments, _adjoint_terms(expression, value, g), strict=True):
                if term is not None and argument.reads:
                    repeated = expression.axes if isinstance(expression.operation, Entrywise) else ()
                    yield from _handed_back(argument, argument, _within(term, argument.axes, repeated))


def gradient(expression: Expr, name: str, value: Expr, g: Expr) -> Expr:
    """All that a name gets of g, the adjoint of the expression's value."""
    return sum_of(term for read, term in adjoints(expression, value, g) if read.text == name)


def derivative(node: Apply, argument: int, value: Expr) -> Expr | None:
    """∂value/∂ an argument of an entrywise operation; None where the value goes in steps."""
    assert isinstance(node.operation, Entrywise)
    rule = node.operation.derivatives[argument]
    return None if rule is None else _read(rule, node, value)


def kinks(expression: Expr) -> Iterator[Expr]:
    """Expressions that are 0 where one of the expression's operations has no derivative by what it reads."""
    for node in nodes(expression):
        if isinstance(node, Apply) and node.reads and isinstance(node.operation, Entrywise | Along):
            yield from _kinks_of(node)


def bends(expression: Expr) -> Iterator[Expr]:
    """Those of its kinks on either side of which an operation has another rule."""
    for node in nodes(expression):
        if isinstance(node, Apply) and node.reads and isinstance(node.operation, Entrywise):
            yield from _kinks_of(node) if node.operation.sided else ()


def _kinks_of(node: Apply) -> Iterator[Expr]:
    assert isinstance(node.operation, Entrywise | Along)
    return (_read(rule, node, node) for rule in node.operation.kinks)


def interval(e: Expr, known: Mapping[str, Interval] = NOTHING) -> Interval:
    """An open interval that holds all its values, as far as operations declare one.

    `known` are those of names.
    """
    match e:
        case Name(text):
            return known.get(text, REAL)
        case Apply(operation, (x, Number(c))) if operation in (ADD, SUBTRACT):
            low, high = interval(x, known)
            return (low + c, high + c) if operation is ADD else (low - c, high - c)
        case Apply(Entrywise() | Along() as operation, (_, *options)) if operation.range:
            numbers = [option.value for option in options if isinstance(option, Number)]
            return operation.range(*numbers) if len(numbers) == len(options) else REAL
    return REAL


def edges(expression: Expr, known: Mapping[str, Interval] = NOTHING) -> Iterator[Expr]:
    """Expressions that are positive where all the expression's operations have values, and 0 at the edge.

    There is none where all of an argument's values lie within, as of a softmax: see `interval`.
    """
    if not isinstance(expression, Apply):
        return
    for argument in expression.arguments:
        yield from edges(argument, known)
    operation, exponent = expression.operation, _whole_power(expression)
    if exponent is not None:  # negative numbers have whole powers, too
        if exponent < 0 and expression.reads:
            yield Apply(BY_NAME["abs"], expression.arguments[:1])
    elif isinstance(operation, Entrywise):
        for argument, (low, high) in zip(expression.arguments, operation.domain, strict=False):
            least, most = interval(argument, known)
            if argument.reads and math.isfinite(low) and least < low:
                yield subtracted(argument, Number(low))
            if argument.reads and math.isfinite(high) and most > high:
                yield subtracted(Number(high), argument)


def _whole_power(expression: Apply) -> float | None:
    """The exponent of x^2 or x^-1."""
    if expression.operation is not POWER:
        return None
    exponent = simplified(expression.arguments[1])
    if isinstance(exponent, Number) and exponent.value == int(exponent.value):
        return exponent.value
    return None


def _adjoint_terms(node: Apply, value: Expr, g: Expr) -> tuple[Expr | None, ...]:
    """What each argument gets of g, not yet summed over axes that it lacks."""
    operation = node.operation
    match operation:
        case Entrywise():
            partials = [
                derivative(node, n, value) if argument.reads else None
                for n, argument in enumerate(node.arguments)
            ]
            return tuple(None if partial is None else product(g, partial) for partial in partials)
        case Along(rule=rule):
            lacking = tuple(axis for axis in node.over if operation.keeps and axis not in g.axes)
            whole = Apply(REPEAT, (g,), lacking) if lacking else g
            return (None if rule is None else _read(rule, node, value, whole),)
    assert isinstance(operation, Moving)
    return operation.backward(node, g)


def _within(term: Expr, axes: Axes, whole: Axes) -> Expr:
    """What comes back to an argument along the axes that it lacks, and was repeated along, added up."""
    return summed(term, tuple(axis for axis in dict.fromkeys((*term.axes, *whole)) if axis not in axes))


def _read(rule: str, node: Apply, value: Expr, g: Expr | None = None) -> Expr:
    """A rule's expression with a node's arguments, its value, its adjoint and its axes put in."""
    arguments = node.arguments
    letters = letters_of(len(arguments))
    meant = {**dict(zip(letters, arguments, strict=True)), "y": value, **({"g": g} if g is not None else {})}
    axes = tuple((letter, e.axes) for letter, e in meant.items())
    return simplified(substituted(rule_of(rule, axes, node.over), meant))


def letters_of(count: int) -> tuple[str, ...]:
    """What rules call so many arguments: x, or x1, x2."""
    return ("x",) if count == 1 else tuple(f"x{n}" for n in range(1, count + 1))


@lru_cache(4096)
def rule_of(text: str, axes: tuple[tuple[str, Axes], ...], over: Axes) -> Expr:
    """The expression of a rule whose letters have these axes."""
    letters = {letter: Name(letter, of) for letter, of in axes}
    scope = Scope(names={name: (e, e.axes) for name, e in letters.items()}, axes={"over": over})
    return read(text, scope).expression
