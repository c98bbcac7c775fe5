"""Expressions put together as a person writes them: no factor 1, signs in front, a sum of a sum as one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import (
    ADD,
    COMPARISONS,
    DIVIDE,
    EQUAL,
    MAX_EXPONENT,
    MULTIPLY,
    NEGATE,
    OPPOSITES,
    POWER,
    SUBTRACT,
    UNEQUAL,
    WHERE,
)
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.tree import ONE, ZERO, Apply, Axes, Expr, Number, Size, rebuilt

if TYPE_CHECKING:
    from gradcheck.expr.operation import Entrywise, Operation


_SQRT = BY_NAME["sqrt"]


def simplified(expression: Expr) -> Expr:
    """The expression put together anew, from the leaves up."""
    return rebuilt(expression, _node)


def simplified_anew(expression: Expr, known: dict[Expr, Expr]) -> Expr:
    """The same, with the parts that are known already taken from there, and all parts left there."""
    if not isinstance(expression, Apply):
        return expression
    if expression not in known:
        several = tuple(simplified_anew(argument, known) for argument in expression.arguments)
        known[expression] = _node(expression.with_arguments(several))
    return known[expression]


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
    """X + y; what both have but for a number in front is there once."""
    if x == ZERO or y == ZERO:
        return y if x == ZERO else x
    known, more = terms(x), terms(y)
    if len(more) > 1:
        return sum_of([*known, *more])
    other = Monomial.of(y)
    for n, term in enumerate(known):
        one = Monomial.of(term)
        if (one.tops, one.bottoms, one.below) == (other.tops, other.bottoms, other.below):
            number = _exact(one.above, other.above, Fraction.__add__)
            rest = [*known[:n], *known[n + 1 :]]
            if number:
                return sum_of([*known[:n], replace(one, above=number).expression(), *known[n + 1 :]])
            if any(set(term.axes) <= set(e.axes) for e in rest):  # 0 alone would have lost its axes
                return sum_of(rest)
    return Apply(SUBTRACT, (x, _positive(y))) if _negative(y) else Apply(ADD, (x, y))


def subtracted(x: Expr, y: Expr) -> Expr:
    """X - y."""
    return added(x, negated(y))


def negated(x: Expr) -> Expr:
    """-x."""
    if isinstance(x, Number) and not x.symbol:
        return Number(-x.value)
    if _negative(x):
        return _positive(x)
    if _applies(x, SUBTRACT):
        return Apply(SUBTRACT, (x.arguments[1], x.arguments[0]))  # type: ignore[union-attr]
    if _applies(x, DIVIDE) and _applies(x.arguments[0], SUBTRACT):  # type: ignore[union-attr]
        top, bottom = x.arguments  # type: ignore[union-attr]
        return Apply(DIVIDE, (negated(top), bottom))
    return Apply(NEGATE, (x,))


def product(x: Expr, y: Expr) -> Expr:
    """X y: one fraction, a number in front."""
    return Monomial.of(Apply(MULTIPLY, (x, y))).expression()


def quotient(x: Expr, y: Expr) -> Expr:
    """X / y: one fraction, a number in front."""
    return Monomial.of(Apply(DIVIDE, (x, y))).expression()


@dataclass(frozen=True)
class Monomial:
    """A product of powers 1 and -1: above / below · tops / bottoms."""

    above: float = 1.0
    below: float = 1.0
    tops: tuple[Expr, ...] = ()
    bottoms: tuple[Expr, ...] = ()

    @classmethod
    def of(cls, x: Expr) -> Monomial:
        """The factors of an expression."""
        if not isinstance(x, Number) and not (isinstance(x, Apply) and x.operation in _PRODUCTS):
            return cls(1.0, 1.0, (x,))
        numbers = _ONE
        tops: list[Expr] = []
        bottoms: list[Expr] = []
        for factor, above in _factors(x):
            if isinstance(factor, Number) and not factor.symbol:
                number = cls(factor.value)
                numbers = numbers.times(number if above else number.inverse())
            else:
                (tops if above else bottoms).append(factor)
        return cls(numbers.above, numbers.below, (*numbers.tops, *tops), (*numbers.bottoms, *bottoms))

    def without(self, factor: Monomial) -> Monomial | None:
        """What is left without some of its factors; None where it lacks one, or where there are none."""
        tops, bottoms = list(self.tops), list(self.bottoms)
        if not factor.tops and not factor.bottoms:
            return None
        for side, parts in ((tops, factor.tops), (bottoms, factor.bottoms)):
            for part in parts:
                if part not in side:
                    return None
                side.remove(part)
        numbers = Monomial(self.above, self.below).times(Monomial(factor.above, factor.below).inverse())
        return replace(numbers, tops=tuple(tops), bottoms=tuple(bottoms))

    def inverse(self) -> Monomial:
        """One divided by it."""
        sign = math.copysign(1, self.above)
        return Monomial(sign * self.below, sign * self.above, self.bottoms, self.tops)

    def times(self, other: Monomial) -> Monomial:
        """Both multiplied; a product of numbers that is no number of the machine stays a product."""
        above, below = (
            _exact(x, y, Fraction.__mul__) for x, y in ((self.above, other.above), (self.below, other.below))
        )
        tops, bottoms = (*self.tops, *other.tops), (*self.bottoms, *other.bottoms)
        if above is None:
            above, tops = (
                math.copysign(self.above, self.above * other.above),
                (Number(abs(other.above)), *tops),
            )
        if below is None:
            below, bottoms = self.below, (Number(other.below), *bottoms)
        return Monomial(above, below, tops, bottoms)

    def expression(self) -> Expr:
        """The fraction."""
        if self.above == 0:
            return ZERO
        above, below = _cancelled(abs(self.above), self.below)
        tops, bottoms = list(self.tops), list(self.bottoms)
        for size in self.tops:
            if isinstance(size, Size) and size in bottoms:
                tops.remove(size)
                bottoms.remove(size)
        top = multiplied([*_number(above), *_powers(tops)])
        if not bottoms and below == 1:
            return negated(top) if self.above < 0 else top
        scalars, arrays = ([x for x in bottoms if bool(x.axes) is kind] for kind in (False, True))
        bottom = multiplied([*_number(below), *_powers([*scalars, *arrays])])
        whole = top if bottom == ONE else Apply(DIVIDE, (top, bottom))
        return negated(whole) if self.above < 0 else whole


_ONE = Monomial()
_PRODUCTS = (NEGATE, MULTIPLY, DIVIDE)


def _factors(x: Expr, above: bool = True) -> Iterator[tuple[Expr, bool]]:
    """(a factor, whether it stands above the line) of a product or quotient; a sign is -1."""
    if isinstance(x, Apply) and x.operation is NEGATE:
        yield Number(-1.0), above
        yield from _factors(x.arguments[0], above)
    elif isinstance(x, Apply) and x.operation in (MULTIPLY, DIVIDE):
        left, right = x.arguments
        yield from _factors(left, above)
        yield from _factors(right, above is (x.operation is MULTIPLY))
    else:
        yield x, above


def _powers(parts: Sequence[Expr]) -> list[Expr]:
    """The factors, whole powers of one thing as one power, in the place of the first.

    Sizes stay side by side: m² would be m of layer 2 in some notations.
    """
    if len(set(parts)) == len(parts) and not any(_applies(part, POWER) for part in parts):
        return list(parts)
    exponents: dict[Expr, int] = {}
    for part in parts:
        base, exponent = _whole_power(part)
        exponents[base] = exponents.get(base, 0) + exponent
    if max(exponents.values(), default=0) > MAX_EXPONENT:
        return list(parts)
    return [
        factor
        for base, exponent in exponents.items()
        for factor in (
            [base] * exponent if isinstance(base, Size) else [power(base, Number(float(exponent)))]
        )
    ]


def _whole_power(x: Expr) -> tuple[Expr, int]:
    """The base of a natural power, and its exponent."""
    match x:
        case Apply(operation, (base, Number(value))) if (
            operation is POWER and value >= 1 and value == int(value)
        ):
            inner, exponent = _whole_power(base)
            return inner, exponent * int(value)
    return x, 1


def _kept(x: Monomial, arrays: bool) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """The factors above and below that are arrays, or those that are none."""
    above, below = (tuple(e for e in side if bool(e.axes) is arrays) for side in (x.tops, x.bottoms))
    return above, below


def _cancelled(above: float, below: float) -> tuple[float, float]:
    """A fraction of two numbers as a whole number, or one over one, where it is."""
    if below == 1 and above.is_integer():
        return above, below
    if below:
        ratio = Fraction(above) / Fraction(below)
        if ratio.denominator == 1:
            return float(ratio), 1.0
        if ratio.numerator == 1:
            return 1.0, float(ratio.denominator)
    return above, below


def _number(x: float) -> list[Expr]:
    return [] if x == 1 else [Number(x)]


def multiplied(parts: Sequence[Expr]) -> Expr:
    """The parts as one product, in their order."""
    whole, *rest = parts or [ONE]
    for part in rest:
        whole = Apply(MULTIPLY, (whole, part))
    return whole


def _exact(x: float, y: float, operation: Callable[[Fraction, Fraction], Fraction]) -> float | None:
    """The result as a number of the machine, where it is one exactly."""
    if operation is Fraction.__mul__ and 1.0 in (abs(x), abs(y)):
        return x * y
    result = operation(Fraction(x), Fraction(y))
    try:
        return float(result) if Fraction(float(result)) == result else None
    except OverflowError:
        return None


def power(x: Expr, y: Expr) -> Expr:
    """x^y."""
    if y in (ONE, ZERO):
        return x if y == ONE else ONE
    if y == Number(2.0) and isinstance(x, Apply) and x.operation is _SQRT:
        return x.arguments[0]
    base, exponent = _whole_power(whole := Apply(POWER, (x, y)))
    return (
        whole
        if base in (x, whole) or exponent > MAX_EXPONENT
        else Apply(POWER, (base, Number(float(exponent))))
    )


def _compared(operation: Entrywise, x: Expr, y: Expr) -> Expr:
    """A comparison; of numbers 1 or 0, and of a comparison's 1 or 0 with 0 a comparison."""
    if isinstance(x, Number) and isinstance(y, Number):
        return Number(float(operation.value(np.float64(x.value), np.float64(y.value))))
    if y == ZERO and isinstance(x, Apply) and x.operation in OPPOSITES and operation in (EQUAL, UNEQUAL):
        return x if operation is UNEQUAL else Apply(OPPOSITES[x.operation], x.arguments)
    return Apply(operation, (x, y))


def chosen(condition: Expr, x: Expr, y: Expr) -> Expr:
    """X where the condition holds, else y; one of them where that is known."""
    if isinstance(condition, Number):
        one, other = (x, y) if condition.value else (y, x)
        if set(other.axes) <= set(one.axes):
            return one
    return Apply(WHERE, (condition, x, y))


def summed(x: Expr, axes: Axes) -> Expr:
    """The sum of x over axes, numbers in front; where x lacks an axis it is the same all along it."""
    for axis in axes:
        if axis not in x.axes:
            x = product(Size(axis), x)
    over = tuple(axis for axis in axes if axis in x.axes)
    if not over:
        return x
    whole = Monomial.of(x)
    scalars = Monomial(whole.above, whole.below, *_kept(whole, False)).expression()
    rest = Monomial(1.0, 1.0, *_kept(whole, True)).expression()
    if isinstance(rest, Apply) and rest.operation is SUM:
        return product(scalars, Apply(SUM, rest.arguments, (*rest.over, *over)))
    return product(scalars, Apply(SUM, (rest,), over))


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
    WHERE: chosen,
    **{comparison: partial(_compared, comparison) for comparison in COMPARISONS},
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
