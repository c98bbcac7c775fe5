"""Formulas in documents: Markdown with its several ways of marking them."""

from __future__ import annotations

import pytest
from formula_texts import chain, said

from gradcheck.formulas.dialect import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We know that $a = b$ and $c$.", ["a = b", "c"]),
        ("Then\n$$a = b$$\nand\n$$\nc = d\n$$", ["a = b", "c = d"]),
        (r"See \(a = b\) or \[c = d\] here.", ["a = b", "c = d"]),
        (
            "Some words here.\n\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\nMore words.",
            ["a = b", "c = d"],
        ),
        ("```math\na = b\n```\n```python\nx = y\n```\n", ["a = b"]),
        ("`x = $y$` and $a$", ["a"]),
        ("It costs $5 and $6, but $a = 2$.", ["a = 2"]),
        (r"A price of \$5, and $a$", ["a"]),
        ("an open $ is no formula, $a = b$\n\nnor is $this", ["is no formula", "a = b"][1:]),
        ("• $a = b$\n* $c = d$\n1. $x = y$", ["a = b", "c = d", "x = y"]),
        (r"The sign $\odot$ and $=$ alone", []),
        (r"\documentclass{article}\begin{document} So $a = b$. \end{document}", ["a = b"]),
    ],
)
def test_formulas_are_found_and_prose_is_left_alone(text: str, expected: list[str]) -> None:
    """Every formula is taken, in the order of the text, and nothing else."""
    assert read(text).dialect == "markdown"
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$J$ = $y_{true}^2$ - ${h_{1}^{(3)}}^2$ [a square loss]", ["J = y^2_{true} - h^(3)_{1}**2"]),
        (r"it is $f(z)$(1 - $f(z)$)", ["f(z) (1 - f(z))"]),
        (r"it will be - 2*${h_1}$", ["2 * h_{1}"]),
        (r"with C = $\frac{1}{2}(a-y)^2$ (squared)", ["C = 1/2 (a - y)^2"]),
        ("$a$ - the first one, and $b$ - the second", ["a", "b"]),
        ("$a$ $b$", ["a", "b"]),
        ("the loss $a$ ($b$ in the book)", ["a", "b"]),
        ("(see $a$)", ["a"]),
        ("$a$ = $b$\n$c$ = $d$", ["a = b", "c = d"]),
    ],
)
def test_neighbours_with_only_signs_between_are_one_formula(text: str, expected: list[str]) -> None:
    """Pieces are joined where nothing but operators, numbers and brackets that close is between."""
    assert said(text) == expected


def test_a_display_that_begins_with_a_relation_goes_on() -> None:
    """A derivation in several displays is one chain, with the line of its beginning."""
    (claim,) = read("First\n$$a = b$$\nwhich is\n$$= c$$").claims
    assert (chain(claim), claim.line) == ("a = b = c", 2)


def test_what_has_nothing_before_it_says_so() -> None:
    """A relation in front is kept where there is no claim to go on with."""
    (claim,) = read("Thus $$= a = b$$").claims
    assert (claim.leading, chain(claim)) == ("=", "a = b")


def test_formulas_in_a_line_are_told_from_displays() -> None:
    """Inline claims are flagged: many are names that prose speaks of."""
    assert [claim.inline for claim in read("With $a$:\n$$a = b$$\n\\[c\\]").claims] == [True, False, False]


def test_lost_backslashes_are_put_back() -> None:
    """A document whose backslashes were eaten is read all the same, and places are its own."""
    text = r"so $hspace{5cm}$$frac{partial J}{partial w_{12}^{(2)}} = delta_1 cdot sigma'(z)$ it is"
    assert said(text) == ["∂J/∂w^(2)_{1,2} = delta_{1} · sigma'(z)"]
    (claim,) = read(text).claims
    assert text[slice(*claim.sides[1].span)] == "delta_1 cdot sigma'(z)"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("sqrt(x) = f(a)", "plain"),
        ("w_{ij}^{(l)} = x", "plain"),
        (r"\delta = \begin{bmatrix} a \end{bmatrix}", "latex"),
        (r"\begin{aligned} a &= b \end{aligned}", "latex"),
        (r"frac{partial C}{partial w} = a", "latex"),
        ("a = b^{T} c \\\\\nd = a", "latex"),
        (r"$a$", "markdown"),
    ],
)
def test_dialects_are_told_apart(text: str, dialect: str) -> None:
    """The text itself says how it is written."""
    assert read(text).dialect == dialect
