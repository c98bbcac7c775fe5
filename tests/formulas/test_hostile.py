"""Texts made to hurt: each is refused or read, and no tree is too deep for whoever walks it."""

from __future__ import annotations

import pytest
from formula_texts import complaints
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.formulas.dialect import Reading, read
from gradcheck.formulas.errors import complaint
from gradcheck.formulas.limits import MAX_DEPTH, MAX_UNREAD
from gradcheck.formulas.walk import nodes
from gradcheck.formulas.written import written
from gradcheck.submission.text import is_printable

_MANY = 4_000
_REFUSED = {
    "a megabyte of brackets": "(" * 1_000_000,
    "brackets": "(" * _MANY,
    "square brackets": "[a," * _MANY,
    "brackets in a document": "$" + "(" * _MANY + "$",
    "too many formulas": "$a$ " * 2_000,
    "too many claims": "a = b\n" * 1_500,
    "a document of what is no formula": "$(a$, " * 900,
    "displays without an end": r"\begin{equation}" * 10_000,
    "too many dollars": "$" * 100_000,
    "fractions": r"\frac{" * _MANY,
    "fences": r"\left(" * (_MANY // 4),
    "matrices": r"\begin{bmatrix}" * (_MANY // 8),
    "superscripts": "x" + "^{x" * _MANY,
    "bare superscripts": "x" + "^x" * _MANY,
    "powers": "2" + "**2" * _MANY,
    "signs": "-" * _MANY + "a",
    "slashes": "a" + "/a" * _MANY,
    "transposes": "a" + ".T" * (_MANY // 2),
    "sums": r"\sum_k " * (_MANY // 4),
    "derivatives": r"\frac{\partial}{\partial w}" * 300,
    "bars": "|" * (_MANY + 1),
    "relations": "=" * _MANY,
    "a gigantic exponent": "x^999999999",
    "an exponent that grows": "x^{9^9}",
    "a power that is infinite": "a = 10^400",
    "a tower of powers": "a = 9^9^9^9",
    "a tower of powers in Python": "a = 9**9**9**9",
    "a long number": "9" * _MANY,
    "a large number": "1e999",
    "a long name": "a" * _MANY,
    "an import": "__import__('os').system('true')",
    "an attribute": "a.__class__",
    "control characters": "a\x00 = \x1b[31m b",
    "a lone accent": "\u0302 = a",
    "a surrogate": "\ud800 = a",
    "unbalanced": "$a) = (b$",
    "crossed": r"\left( a \right] = b",
}


@pytest.mark.parametrize("text", _REFUSED.values(), ids=_REFUSED)
def test_it_is_refused_with_a_reason(text: str) -> None:
    """What is beyond the limits or no formula comes back as unread, in words that can be printed."""
    reading = read(text)
    assert 0 < len(reading.unread) <= MAX_UNREAD + 1
    for unread in reading.unread:
        shown = str(complaint(unread, text, "answer.txt"))
        assert unread.message in shown
        assert all(map(is_printable, shown.replace("\n", "")))
        assert len(shown) < 1_000
    _check_depth(reading)


def test_powers_within_bounds_are_read() -> None:
    """Only what is too large for a number, or for an exponent, is refused."""
    assert not read("a = 2^10^2 + (-1)^{1/2} + 0^{-1} + 1^1^1 + x^{2^9}").unread


@pytest.mark.parametrize("text", ["`" * 50_000, "```\n" * 20_000, "\\( " * 20_000, "$($ " * 900], ids=repr)
def test_delimiters_that_open_nothing_are_prose(text: str) -> None:
    """A document of nothing but delimiters has no formulas."""
    assert not read(text).claims


_PIECES = (
    r"a b w_{ij} x^2 ^ _ ( ) [ ] { } | = + - * / , ; . ' ∂ ∂C/∂w Σ_k \frac \frac12 \sum_k \partial \left("
    r" \right) \\ & \begin{aligned} \end{aligned} \begin{bmatrix} \end{bmatrix} \hat \text{so} $ $$ \( \) `"
    r" ² ᵀ .T .sum( ** @ ⊙ 1 2.5 \underbrace ⇒ := \quad # %"
)
_TEXTS = st.lists(st.sampled_from([*_PIECES.split(), " ", "\n", "\x00"]), max_size=40).map("".join)


@given(_TEXTS | st.text(max_size=60))
def test_nothing_is_raised(text: str) -> None:
    """Any text is read or refused; what is read can be written, and every place lies in the text."""
    reading = read(text)
    for claim in reading.claims:
        assert len(claim.relations) == len(claim.sides) - 1
        assert "".join(map(written, claim.sides))
    for unread in reading.unread:
        assert 0 <= unread.span[0] <= unread.span[1] <= len(text)
    _check_depth(reading)


def _check_depth(reading: Reading) -> None:
    for claim in reading.claims:
        for side in claim.sides:
            assert all(depth <= MAX_DEPTH for _, depth in nodes(side))


def test_a_flood_of_faults_is_cut_off() -> None:
    """Not every fault of a hopeless text is told."""
    found = complaints("a ] b\n" * 1_000)
    assert len(found) < 100
    assert "not tried" in found[-1]
