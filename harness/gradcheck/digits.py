"""Numbers as text: with as many digits as it takes to see what matters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LEAST = 5
"""The significant digits that a number has in any case."""

_MOST = 15
"""The significant digits that a float64 surely has."""

_LONGEST = 1e9
"""From here on, a difference quotient is scientific, whatever the numbers beside it are."""

_SPARE = 3
"""How many digits beyond those that are printed decide how these are rounded: 1/16 is always 0.062."""

_MORE = 2
"""How many more digits a difference quotient shows than the numbers beside it, if it is that exact."""


def short(x: float, digits: int = 3) -> str:
    """A number with at most so many significant digits: 0.0549, 2e-16, nan."""
    return _tidy(f"{_sure(x, digits + _SPARE):.{digits}g}")


def at_most(x: float) -> str:
    """A positive number with one digit, rounded up unless it is that digit to a thousandth."""
    if not (x and math.isfinite(x)):
        return short(x)
    exponent = _exponent(x)
    return short(float(f"{math.ceil(x / 10.0**exponent - 1e-3)}e{exponent}"), 2)


def distinct(x: float, y: float) -> tuple[str, str]:
    """Two numbers as short as they can be told apart."""
    for digits in range(3, 17):
        pair = short(x, digits), short(y, digits)
        if pair[0] != pair[1]:
            return pair
    return short(x, 17), short(y, 17)


def ratio(x: float, y: float) -> str:
    """x/y to three decimals, or more where it takes more to tell it from 1."""
    quotient = _sure(x / y + 0.0)  # no negative zero
    if not 1e-3 <= abs(quotient) < 1e5:
        return short(quotient)
    beyond = abs(quotient - 1)
    count = 3 if not 0 < beyond < 1e-3 else min(1 - _exponent(beyond), _MOST)
    return f"{quotient:.{count}f}"


@dataclass(frozen=True)
class Digits:
    """How all numbers of one table are written, so that they line up."""

    decimals: int
    """The digits after the point."""
    scientific: bool = False

    @staticmethod
    def to_tell_apart(xs: Sequence[float], ys: Sequence[float]) -> Digits:
        """The fewest digits, but about five significant ones, that show by what each x differs from its y."""
        tops = [_exponent(top) for top in (_largest(xs), _largest(ys)) if top]
        if not tops:
            return Digits(1)
        top, low = max(tops), min(tops)
        pairs = [(max(abs(x), abs(y)), abs(x - y)) for x, y in zip(xs, ys, strict=True)]
        apart = [(_exponent(size), _exponent(gap)) for size, gap in pairs if 0 < gap < math.inf]
        if -4 < top < 6:
            enough = [_LEAST - 1 - max(low, top - _LEAST), *(1 - gap for _, gap in apart)]
            return Digits(_within(0, max(enough), _MOST - 1 - top))
        enough = [_LEAST - 1, *(1 + size - gap for size, gap in apart)]
        return Digits(min(max(enough), _MOST - 1), scientific=True)

    def value(self, x: float) -> str:
        """A number: 0.013727, 1.3727e-8, nan."""
        if math.isfinite(x):
            shown = self.decimals + 1 + (0 if self.scientific else _exponent(x))
            x = _sure(x, _within(1, shown + _SPARE, _MOST))
        return _tidy(f"{x:.{self.decimals}e}") if self.scientific else f"{x:z.{self.decimals}f}"

    def interval(self, x: float, error: float, least: float = 0.0) -> str:
        """A number with its error bar in units of its last digit: 0.01372733(2) is 0.01372733 ± 0.00000002.

        The interval holds all of x ± error: what rounding adds is part of it. "?" where nothing is known.
        No digit stands for less than a tenth of `least`.
        """
        if not (math.isfinite(x) and math.isfinite(error)):
            return "?"
        size = _exponent(x or error)
        scientific = self.scientific or max(abs(x), error) >= _LONGEST
        finest = (size if scientific else 0) - self.decimals - _MORE
        finest = max(finest, size - _MOST + 1, _exponent(least) if least else finest)
        number, doubt, unit = _rounded(x, error, finest)
        power = unit + len(str(abs(number))) - 1 if scientific else 0
        bar = f"({doubt * 10 ** max(unit - power, 0)})" if doubt else ""
        return _shifted(number, unit - power) + bar + (f"e{power}" if scientific else "")


def _rounded(x: float, error: float, finest: int) -> tuple[int, int, int]:
    """(n, d, u), such that n ± d, in units of 10**u, holds x ± error; d has one digit and u ≥ finest."""
    unit = max(finest, _exponent(error)) if error else finest
    while True:
        (n, d), (p, q) = _in_units(x, unit), _in_units(error, unit)
        number, rest = divmod(2 * n + d, 2 * d)
        number -= rest == 0 and number % 2  # halves go to the even one
        doubt = -((abs(n - number * d) * q + p * d) // -(d * q))
        if doubt < 10:
            return number, doubt, unit
        unit += 1


def _in_units(x: float, unit: int) -> tuple[int, int]:
    """(n, d), such that n / d is exactly x / 10**unit."""
    n, d = float(x).as_integer_ratio()
    return (n, d * 10**unit) if unit >= 0 else (n * 10**-unit, d)


def _shifted(number: int, power: int) -> str:
    """The number times 10**power, for a number of at most 15 digits, all of which are printed."""
    return str(number * 10**power) if power >= 0 else f"{number / 10**-power:.{-power}f}"


def _largest(xs: Iterable[float]) -> float:
    return max((abs(x) for x in xs if math.isfinite(x)), default=0.0)


def _within(low: int, x: int, high: int) -> int:
    return max(low, min(x, high))


def _sure(x: float, digits: int = 12) -> float:
    """The number without its last digits, which are not the same on every machine."""
    return float(f"{x:.{digits - 1}e}")


def _exponent(x: float) -> int:
    """That of the first significant digit; 0 for 0."""
    return int(f"{x:.11e}".partition("e")[2]) if x else 0


def _tidy(number: str) -> str:
    """1e-09 as 1e-9, and 1e+09 as 1e9."""
    mantissa, e, exponent = number.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else number


def points_text(points: float) -> str:
    """Points without what adding them up does to their last digits."""
    return f"{points:.12g}"
