"""Derivatives of an expression alone: right ones, wrong ones, and what is said of these."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.errors import UsageError
from gradcheck.paper.check import check

SQUARE = "(tanh(s) - y)^2"
SAMPLES = settings(max_examples=25, deadline=None)


def judged(text: str, of: str = SQUARE, wrt: str = "s") -> Derivation:
    return check(text, "text", of=of, wrt=wrt)


@pytest.mark.parametrize(
    ("of", "wrt", "text"),
    [
        (SQUARE, "s", "2*(tanh(s)-y)*(1-tanh(s)^2)"),
        (SQUARE, "y", "-2 (tanh(s) - y)"),
        (SQUARE, "s", "dE/ds = 2 (tanh(s) - y) (1 - tanh(s)^2)"),
        (SQUARE, "s", "d/ds (tanh(s) - y)^2 = 2 (tanh(s) - y) (1 - tanh(s)^2)"),
        (SQUARE, "s", r"\frac{\partial E}{\partial s} = 2(\tanh s - y)(1 - \tanh^2 s)"),
        (SQUARE, "s", "a = tanh(s)\ndE/ds = dE/da * da/ds = 2 (a - y) (1 - a^2)"),
        (SQUARE, "s", "E' = 2 (tanh(s) - y) / cosh(s)^2"),
        (SQUARE, "s", "delta = 2 (tanh(s) - y) (1 - tanh(s)^2)"),
        ("-(y log p + (1 - y) log(1 - p))", "p", "(p - y) / (p (1 - p))"),
        ("log(1 + e^(-w_1 x))", "w_1", "-x σ(-w_1 x)"),
        ("w_{1} x^{(2)}", "w_1", "x^{(2)}"),
        ("relu(w x + b)", "w", "x (w x + b > 0)"),
        ("sqrt(x)", "x", "1/(2 sqrt(x))"),
        ("|x|", "x", "sign(x)"),
        ("σ(z)", "z", "σ'(z) = σ(z) (1 - σ(z))"),
        ("x^2", "x", "x + x"),
        ("sin(x)^2 + cos(x)^2", "x", "0"),
        ("1e-12 x^2", "x", "2e-12 x"),
    ],
)
def test_a_right_derivative_is_right(of: str, wrt: str, text: str) -> None:
    """As people write it: alone, with a left side, in a chain with names of its own."""
    assert judged(text, of, wrt).standing is Standing.RIGHT


@pytest.mark.parametrize(
    ("of", "wrt", "text", "said"),
    [
        (SQUARE, "s", "2*(tanh(s)-y)", "The inner derivative 1 - tanh(s)^2 is missing."),
        (SQUARE, "s", "(tanh(s)-y)*(1-tanh(s)^2)", "It is 0.5 times what stands before it, everywhere."),
        (SQUARE, "y", "2*(tanh(s)-y)", "It is what stands before it with the other sign."),
        (SQUARE, "s", "tanh(s)*2*(tanh(s)-y)*(1-tanh(s)^2)", "The factor tanh(s) is there once too often."),
        ("exp(-x^2)", "x", "exp(-x^2)", "The inner derivative ∂(-x^2)/∂x is missing."),
        ("sin(cos(x))", "x", "-cos(cos(x))", "The inner derivative sin(x) is missing."),
        ("x^2 y", "x", "x^2", "This is the derivative by y."),
        ("x^3", "x", "3 x", "The factor x is missing."),
        ("1e-12 x^2", "x", "x", ""),
        ("sin(x)^2 + cos(x)^2", "x", "1e-9", ""),
    ],
)
def test_a_wrong_derivative_is_wrong_and_its_factor_is_named(of: str, wrt: str, text: str, said: str) -> None:
    """A constant, a sign, a factor too many or too few, another name's derivative."""
    found = judged(text, of, wrt)
    assert found.standing is Standing.WRONG
    assert said in found.claims[-1].mistake


def test_the_step_of_a_chain_that_breaks_is_found() -> None:
    """The derivative by the user's own name is judged, too."""
    found = judged("a = tanh(s)\ndE/ds = dE/da * da/ds = 2 (a - y) (1 - a) = 2 (a - y) (1 - a^2)")
    standings = [step.standing for step in found.claims[-1].steps]
    assert standings == [Standing.RIGHT, Standing.RIGHT, Standing.WRONG, Standing.RIGHT]
    assert found.claims[-1].end_right


@pytest.mark.parametrize("text", ["2 (a - y)", "f(s)", "log(0 - 1)", "2 (tanh(s) - y) q"])
def test_what_nobody_can_know_is_not_called_wrong(text: str) -> None:
    """Names that the expression doesn't have, functions that nobody defines, no numbers."""
    assert judged(text).standing is Standing.CANNOT_TELL


@pytest.mark.slow
@pytest.mark.parametrize(
    ("of", "wrt", "said"),
    [
        (SQUARE, "q", "--wrt: q does not stand in the expression"),
        ("f(s)", "s", "--of: which function is f?"),
        ("s +", "s", "--of: "),
        ("a = s", "s", "--of: give one expression"),
        ("log(-1 - s^2)", "s", "--of: no numbers were found"),
    ],
)
def test_an_expression_without_a_derivative_is_refused(of: str, wrt: str, said: str) -> None:
    """It is said which of the options makes no sense."""
    with pytest.raises(UsageError, match=said):
        judged("1", of, wrt)


@pytest.mark.slow
@SAMPLES
@given(
    st.lists(
        st.sampled_from(["x", "y", "tanh(x)", "σ(x y)", "exp(-x)", "(x - 2 y)^2"]), min_size=1, max_size=3
    ),
    st.floats(0.1, 10).map(lambda c: round(c, 3)),
)
def test_the_rule_for_products_holds_and_a_factor_spoils_it(factors: list[str], constant: float) -> None:
    """Σ over the factors of the derivative of one times the others; with a constant it is wrong."""
    product = "x " + " ".join(f"({f})" for f in factors)
    terms = [
        f"d/dx({one}) " + " ".join(f"({f})" for n, f in enumerate(["x", *factors]) if n != at)
        for at, one in enumerate(["x", *factors])
    ]
    rule = " + ".join(f"({term})" for term in terms)
    assert judged(f"dE/dx = {rule}", product, "x").standing is Standing.RIGHT
    expected = Standing.RIGHT if constant == 1 else Standing.WRONG
    assert judged(f"dE/dx = {constant} ({rule})", product, "x").standing is expected


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
@example("h = h + 1\nE' = h")
@example("p = q + 1\nq = p + 1\nE' = p")
@example("10^10^10")
def test_no_text_makes_the_check_fail(text: str) -> None:
    """Whatever is in it, something is said."""
    assert judged(text).standing in set(Standing)
