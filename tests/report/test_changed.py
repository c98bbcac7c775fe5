"""Which part of an equation is another one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.report.changed import Span, changed

CASES = {
    ("dW = x.T @ dz", "dW = x.T @ dz / m"): ("", "/ m"),
    ("δ² = (Σ δ³) ⊙ σ′(z²)", "δ² = (W³)ᵀ δ³ ⊙ σ′(z²)"): ("(Σ δ³)", "(W³)ᵀ δ³"),
    ("dz1 = da1 * (1 - a1)**2", "dz1 = da1 * (1 - a1**2)"): ("(1 - a1)**2", "(1 - a1**2)"),
    ("da = a * b * c", "da = a * d * c"): ("b", "d"),
    ("dx = f(x)", "dx = f(x)"): ("", ""),
    ("dz = 2 * (a - y)", "dz = a - y"): ("2 *", ""),
    ("dz = p - y", "dz = (p - y) / m"): ("", "/ m"),
    ("dW1 = dz1", "dW1 = dz2"): ("dz1", "dz2"),
}
"""Yours and the right one -> the part that is another in each."""


@pytest.mark.parametrize("texts", CASES)
def test_the_part(texts: tuple[str, str]) -> None:
    spans = changed(*texts)
    assert tuple(text[slice(*span)] for text, span in zip(texts, spans, strict=True)) == CASES[texts]


TEXTS = st.text(alphabet="ab1 ()[]*+²′", max_size=20)


@given(TEXTS, TEXTS)
def test_what_lies_around_is_the_same(yours: str, right: str) -> None:
    """But for blanks and brackets; and where brackets close in both texts, they do in both parts."""

    def around(text: str, span: Span) -> str:
        return re.sub(r"[][()\s]", "", text[: span[0]] + text[span[1] :])

    one, other = changed(yours, right)
    assert around(yours, one) == around(right, other)
    if closed(yours) and closed(right):
        assert closed(yours[slice(*one)])
        assert closed(right[slice(*other)])


def closed(text: str) -> bool:
    """Whether no bracket stays open or closes that is not, whatever kinds they are of."""
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if depth < 0:
            return False
    return depth == 0
