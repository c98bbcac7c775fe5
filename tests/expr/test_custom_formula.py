"""Formulas that specs write down: what they may hold, and how they complain about the rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.errors import ExprError
from gradcheck.expr.formula import formula
from gradcheck.expr.named import Named


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-z**2", -9.0),
        ("2**-z", 0.125),
        ("z^2^0.5 - 3^2^0.5", 0.0),
        ("2 ^ 3 ^ 2 + 0 * z", 512.0),
        ("z - 2 - 1", 0.0),
        ("12/z/2", 2.0),
        (" \n z\t* (2\n)", 6.0),
        ("1.e1 + .5 + 5E-1 - z", 8.0),
        ("maximum(z, 5) + minimum(z, 5)", 8.0),
        ("e^(z - z) + 0 * pi", 1.0),
        ("1.7159*tanh(2*z/3)", 1.7159 * np.tanh(2)),
        ("softplus(z) + relu(-z) + abs(-z)", np.log1p(np.exp(3)) + 3),
    ],
)
def test_values_by_hand(text: str, value: float) -> None:
    """Precedence, association, white space, numbers, constants and functions, at z = 3."""
    z = Named(np.array([3.0]), ("u",))
    assert evaluate(formula(text, "z"), {"z": z}, {"u": 1}).array == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("", 0, "nothing stands here"),
        ("a + ", 2, "it ends with"),
        ("a)", 1, r"'\)' is out of place"),
        ("(a y)", 3, "an operator is missing before 'y'"),
        ("2 + sigmod(a)", 4, "no function sigmod; did you mean sigmoid?"),
        ("a + x", 4, "there is no x here"),
        ("sin a", 0, r"write sin\(...\)"),
        ("maximum(a)", 0, r"maximum takes 2 arguments, not 1"),
        ("a // 2", 3, "'/' is out of place"),
        ("a + 1e999", 4, "larger than any number"),
        ("a * (1/0)", 4, r"\(1/0\) is inf, which is not finite"),
        ("a + log(-1)", 4, r"log\(-1\) is nan, which is not finite"),
        ("a**101", 3, "the exponent 101 is beyond"),
        ("a @ y", 0, "it goes entry by entry"),
        ("a.T", 0, "turns two axes round"),
        ("softmax(a)", 0, "softmax takes one array and the axis"),
        ("sum(a, k)", 7, "there is no k here"),
        ("exp(y)", 0, "a does not occur in it, so there is no gradient"),
    ],
)
def test_complaints_point_at_their_place(text: str, column: int, reason: str) -> None:
    """What is wrong is said, at its place."""
    with pytest.raises(ExprError, match=reason) as caught:
        formula(text, "ay")
    assert caught.value.span[0] == column


HOSTILE = {
    "import": "__import__('os').system('true')",
    "attribute": "z.__class__",
    "comprehension": "[x for x in y]",
    "string": "'z'",
    "conditional": "z if z > 0 else 0",
    "index": "z[0]",
    "star": "maximum(*z)",
    "keyword": "maximum(z, y=z)",
    "NUL": "z\0",
    "wide digit": "２ * z",
    "underscore": "1_000 * z",
    "statement": "z; z",
    "parentheses": "(" * 3000,
    "few parentheses": "(" * 200 + "z" + ")" * 200,
    "signs": "-" * 400 + "z",
    "powers": "**".join("z" * 150),
    "sums": "+".join("z" * 200),
    "calls": "exp(" * 100 + "z" + ")" * 100,
    "megabyte": "z+" * 500_000 + "z",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_everything_else_is_refused(text: str) -> None:
    """Whatever is no formula is refused with a short text, by no other exception."""
    with pytest.raises(ExprError) as caught:
        formula(text, "z")
    assert len(str(caught.value)) < 500


@given(text=st.text(max_size=60) | st.text("zy019.+-*/^() ,exp", max_size=60))
def test_any_text_is_a_formula_or_an_error(text: str) -> None:
    """No text whatever brings out another exception than ExprError."""
    try:
        expression = formula(text, "zy")
    except ExprError:
        return
    values = {letter: Named(np.ones(2), ("u",)) for letter in "zy"}
    with np.errstate(all="ignore"):
        assert evaluate(expression, values, {"u": 2}).array.shape == (2,)
