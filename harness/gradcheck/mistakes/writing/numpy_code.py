"""Formulas as they are written in NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

from gradcheck.mistakes.writing.hand import FUNCTIONS, Hand, Level, Written
from gradcheck.mistakes.writing.product import MOST_DENOMINATOR, Product


class NumPy(Hand):
    """dz2 @ W2.T * sigmoid′(z1)."""

    functions: ClassVar[Mapping[str, str]] = FUNCTIONS | {
        "max0": "maximum(0, {})",
        "positive": "({} > 0)",
        "sigma": "sigmoid({})",
    }
    reductions: ClassVar[Mapping[str, Written]] = {
        "all_but_last_axis": Written("{}.sum(axis=(0, 1, 2))", Level.ATOM),
        "filter_sum": Written("{}.sum(axis=(0, 2, 3))", Level.ATOM),
        "first_example": Written("{}[0]", Level.ATOM),
        "last_example": Written("{}[-1]", Level.ATOM),
        "row_sum": Written("{}.sum(axis=1, keepdims=True)", Level.ATOM),
        "sample_sum": Written("{}.sum(axis=0)", Level.ATOM),
        "time_sum": Written("{}.sum(axis=(0, 1))", Level.ATOM),
        "total": Written("{}.sum(axis=0)", Level.ATOM),
        "whole": Written("{}.sum()", Level.ATOM),
    }

    def matmul(self, left: Written, right: Written) -> Written:
        """With @."""
        return Written(f"{left.within(Level.TIGHT)} @ {right.within(Level.TIGHT)}", Level.PRODUCT)

    def power(self, base: Written, exponent: str) -> Written:
        """With **."""
        return Written(f"{base.within(Level.ATOM)}**{exponent}", Level.TIGHT)

    def transpose(self, inner: Written) -> Written:
        """As an attribute."""
        return Written(f"{inner.within(Level.ATOM)}.T", Level.ATOM)

    def joined(self, made: Product) -> Written:
        """All that multiplies, then the arrays that divide, then the numbers that do."""
        above, below = self._number(made.number)
        factors = [*above, *map(self.written, made.over + made.arrays)] or [Written("1", Level.ATOM)]
        divisors = [self._times([*map(self.written, made.divisors)])] if made.divisors else []
        divisors += [*below, *map(self.written, made.under)]
        product = self._times(factors)
        if not divisors:
            return product
        parts = [product.within(Level.PRODUCT), *(divisor.within(Level.TIGHT) for divisor in divisors)]
        return Written(" / ".join(parts), Level.PRODUCT)

    def _number(self, number: Fraction) -> tuple[list[Written], list[Written]]:
        """What multiplies and what divides: 0.5, or 1 / 3; nothing in place of a 1."""
        short = f"{float(number):g}"
        decimal = Fraction(short) == number or number.denominator > MOST_DENOMINATOR
        pair = (short, "1") if decimal else (str(number.numerator), str(number.denominator))
        above, below = ([Written(text, Level.ATOM)] if text != "1" else [] for text in pair)
        return above, below

    def _times(self, factors: Sequence[Written]) -> Written:
        first, *others = factors
        text = " * ".join([first.within(Level.PRODUCT), *(factor.within(Level.TIGHT) for factor in others)])
        return Written(text, Level.PRODUCT) if others else first
