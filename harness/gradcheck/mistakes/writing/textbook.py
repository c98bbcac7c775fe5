"""Formulas as a textbook writes them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from gradcheck.mistakes.writing.hand import FUNCTIONS, Hand, Level, Written
from gradcheck.mistakes.writing.product import MOST_DENOMINATOR, Product

SUPERSCRIPTS = str.maketrans("+-0123456789lL", "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹ˡᴸ")
_FRACTIONS = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾"}


class Textbook(Hand):
    """(W³)ᵀ δ³ ⊙ σ′(z²), with the samples summed by Σ."""

    functions: ClassVar[Mapping[str, str]] = FUNCTIONS | {
        "log_softmax": "log softmax({})",
        "max0": "max(0, {})",
        "positive": "1[{} > 0]",
        "sigma": "σ({})",
    }
    reductions: ClassVar[Mapping[str, Written]] = {
        "all_but_last_axis": Written("Σ_all axes but the last {}", Level.PRODUCT),
        "filter_sum": Written("Σ_samples, places {}", Level.PRODUCT),
        "first_example": Written("{} of the first sample", Level.SUM),
        "last_example": Written("{} of the last sample", Level.SUM),
        "row_sum": Written("Σ_units {}", Level.PRODUCT),
        "sample_sum": Written("Σ_samples {}", Level.PRODUCT),
        "time_sum": Written("Σ_samples, times {}", Level.PRODUCT),
        "total": Written("Σ_samples {}", Level.PRODUCT),
        "whole": Written("Σ_all {}", Level.PRODUCT),
    }

    def matmul(self, left: Written, right: Written) -> Written:
        """Side by side."""
        return Written(f"{left.within(Level.TIGHT)} {right.within(Level.ATOM)}", Level.TIGHT)

    def power(self, base: Written, exponent: str) -> Written:
        """With a superscript, where nobody takes that for a layer's number."""
        raised = exponent.translate(SUPERSCRIPTS)
        return Written(
            _bracketed(base.text) + (raised if exponent.isdecimal() else f"^({exponent})"), Level.ATOM
        )

    def transpose(self, inner: Written) -> Written:
        """With a superscript."""
        return Written(f"{_bracketed(inner.text)}ᵀ", Level.ATOM)

    def joined(self, made: Product) -> Written:
        """The scalars, then the arrays with ⊙ between them; one fraction where an array divides."""
        above, below = self._scalars(made)
        if made.divisors:
            over, under = self._entries(above, made.arrays), self._entries(below, made.divisors)
            return Written(f"{over.within(Level.PRODUCT)} / {under.within(Level.ATOM)}", Level.PRODUCT)
        if below:
            divisor = Written(_side_by_side(below), Level.ATOM if len(below) == 1 else Level.TIGHT)
            above = [f"{_side_by_side(above) or '1'}/{divisor.within(Level.ATOM)}"]
        return self._entries(above, made.arrays)

    def _entries(self, scalars: Sequence[str], arrays: Sequence[ast.expr]) -> Written:
        """Scalars before arrays that are multiplied entry by entry."""
        factors = [self.written(array) for array in arrays]
        if len(factors) == 1 and not scalars:
            return factors[0]
        several = len(factors) > 1
        product = " ⊙ ".join(factor.within(Level.TIGHT if several else Level.PRODUCT) for factor in factors)
        text = " ".join(part for part in (_side_by_side(scalars), product) if part)
        return Written(text or "1", Level.PRODUCT if several else Level.TIGHT)

    def _scalars(self, made: Product) -> tuple[list[str], list[str]]:
        """What stands above and below the stroke of the fraction; ½ stands above."""
        number, over, under = made.number, self._powers(made.over), self._powers(made.under)
        glyph = _FRACTIONS.get(str(number)) if not under else None
        if glyph or number.denominator > MOST_DENOMINATOR:
            return [glyph or f"{float(number):g}", *over], under
        above = [*[str(number.numerator)] * (number.numerator != 1), *over]
        return above, [*[str(number.denominator)] * (number.denominator != 1), *under]

    def _powers(self, scalars: Sequence[ast.expr]) -> list[str]:
        counted = Counter(self.written(s).within(Level.ATOM) for s in scalars)
        return [text + (str(n).translate(SUPERSCRIPTS) if n > 1 else "") for text, n in counted.items()]


def _bracketed(text: str) -> str:
    """The text ready for a superscript."""
    return text if (text.isascii() and text.isalpha()) or len(text) == 1 else f"({text})"


def _side_by_side(scalars: Sequence[str]) -> str:
    """2λ, 2 n_out, λ n_out."""
    text = ""
    for scalar in scalars:
        close = not text or (text.isdecimal() and len(scalar) == 1)
        text += scalar if close else f" {scalar}"
    return text
