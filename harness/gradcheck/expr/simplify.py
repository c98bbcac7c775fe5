"""Expressions put together as a person writes them: no factor 1, signs in front, a sum of a sum as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SUBTRACT
from gradcheck.expr.tree import ONE, ZERO, Apply, Axes, Expr, Number, Size, rebuilt

if TYPE_CHECKING:
    from gradcheck.expr.operation import Operation


def simplified(expression: Expr) -> Expr:
    """The expression put together anew, from the leaves up."""
    return rebuilt(expression, _node)


def _node(e: Expr) -> Expr:
    if not isinstance(e, Apply):
        return e
    if e.operation is SUM:
        return summed(e.arguments[0], e.over)
    builder = _BUILDERS.get(e.operation)
    return builder(*e.arguments) if builder else e


def sum_of(terms: Iterable[Expr]) -> Expr:
    """The terms added up, in their order; 0 where there is none."""
    whole: Expr = ZERO
    for term in terms:
        whole = added(whole, term)
    return whole


def added(x: Expr, y: Expr) -> Expr:
    """X + y."""
    if x == ZERO or y == ZERO:
        return y if x == ZERO else x
    if isinstance(x, Number) and isinstance(y, Number):
        return Number(x.value + y.value)
    return Apply(SUBTRACT, (x, _positive(y))) if _negative(y) else Apply(ADD, (x, y))


def subtracted(x: Expr, y: Expr) -> Expr:
    """X - y."""
    return added(x, negated(y))


def negated(x: Expr) -> Expr:
    """-x."""
    if isinstance(x, Number):
        return Number(-x.value)
    if _negative(x):
        return _positive(x)
    if _applies(x, SUBTRACT):
        return Apply(SUBTRACT, (x.arguments[1], x.arguments[0]))  # type: ignore[union-attr]
    return Apply(NEGATE, (x,))


def product(x: Expr, y: Expr) -> Expr:
    """X y."""
    if ZERO in (x, y):
        return ZERO
    if x == ONE or y == ONE:
        return y if x == ONE else x
    if _negative(x) or _negative(y):
        both = _negative(x) and _negative(y)
        positive = product(_positive(x), _positive(y))
        return positive if both else negated(positive)
    if isinstance(x, Number) and isinstance(y, Number):
        return Number(x.value * y.value)
    if _applies(y, DIVIDE):
        top, bottom = y.arguments  # type: ignore[union-attr]
        return quotient(product(x, top), bottom)
    if _applies(y, MULTIPLY):
        first, second = y.arguments  # type: ignore[union-attr]
        return product(product(x, first), second)
    return Apply(MULTIPLY, (x, y))


def quotient(x: Expr, y: Expr) -> Expr:
    """X / y."""
    if x == ZERO or y == ONE:
        return x
    if _negative(x) or _negative(y):
        both = _negative(x) and _negative(y)
        positive = quotient(_positive(x), _positive(y))
        return positive if both else negated(positive)
    return Apply(DIVIDE, (x, y))


def power(x: Expr, y: Expr) -> Expr:
    """x^y."""
    if y in (ONE, ZERO):
        return x if y == ONE else ONE
    return Apply(POWER, (x, y))


def summed(x: Expr, axes: Axes) -> Expr:
    """The sum of x over axes; where x lacks one it is the same all along it."""
    for axis in axes:
        if axis not in x.axes:
            x = product(Size(axis), x)
    over = tuple(axis for axis in axes if axis in x.axes)
    if not over:
        return x
    if _applies(x, NEGATE):
        return negated(summed(_positive(x), over))
    if isinstance(x, Apply) and x.operation is SUM:
        return Apply(SUM, x.arguments, (*x.over, *over))
    return Apply(SUM, (x,), over)


def factors(x: Expr) -> list[Expr]:
    """The factors of a product, in their order; of anything else, itself."""
    if isinstance(x, Apply) and x.operation is MULTIPLY:
        return [factor for argument in x.arguments for factor in factors(argument)]
    return [x]


def terms(x: Expr) -> list[Expr]:
    """The terms of a sum, in their order and with their signs; of anything else, itself."""
    if isinstance(x, Apply) and x.operation in (ADD, SUBTRACT):
        left, right = x.arguments
        return [*terms(left), *(map(negated, terms(right)) if x.operation is SUBTRACT else terms(right))]
    return [x]


_BUILDERS: Mapping[Operation, Callable[..., Expr]] = {
    ADD: added,
    SUBTRACT: subtracted,
    NEGATE: negated,
    MULTIPLY: product,
    DIVIDE: quotient,
    POWER: power,
}


def _applies(x: Expr, operation: Operation) -> bool:
    return isinstance(x, Apply) and x.operation is operation


def _negative(x: Expr) -> bool:
    return (isinstance(x, Number) and x.value < 0) or _applies(x, NEGATE)


def _positive(x: Expr) -> Expr:
    """X without its minus."""
    if isinstance(x, Number):
        return Number(abs(x.value))
    return x.arguments[0] if _applies(x, NEGATE) else x  # type: ignore[union-attr]
