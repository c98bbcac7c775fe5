"""Formulas: what they compute, and what they refuse."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradcheck.maths.formula import Formula, FormulaError

ZY = frozenset({"z", "y"})
PYTHON: dict[str, Any] = {
    name: getattr(math, name)
    for name in ["exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "pi", "e"]
} | {
    "arctan": math.atan,
    "abs": abs,
    "maximum": max,
    "minimum": min,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "relu": lambda x: max(x, 0),
}


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Longer texts; the operators come without parentheses too, so that precedence matters."""
    calls = [
        "exp",
        "sin",
        "cos",
        "tanh",
        "arctan",
        "abs",
        "sigmoid",
        "softplus",
        "relu",
        "sinh",
        "cosh",
        "sqrt",
        "log",
        "tan",
    ]
    return st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("({}){}".format, inner, st.sampled_from(["**2", "**3", " ** -1", "**0.5"])),
        st.builds("{}({})".format, st.sampled_from(["-", "+", "", *calls]), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["maximum", "minimum"]), inner, inner),
    )


texts = st.recursive(
    st.sampled_from(["z", "y", "z", "0.5", "2", "1.25e0", ".75", "pi", "e"]), grown, max_leaves=7
)
numbers = st.floats(0.2, 2)


def parsed(text: str) -> Formula:
    """The formula, where it can be read: drawn texts may hold constant parts such as log(-pi)."""
    try:
        return Formula.parse(text, ZY)
    except FormulaError as error:
        assume("not finite" not in error.reason)
        raise


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(text=texts, z=numbers, y=numbers)
def test_value_is_pythons(text: str, z: float, y: float) -> None:
    """A formula means what the same text means in Python: precedence, signs, powers, functions."""
    try:
        expected = eval(text, {"__builtins__": {}}, {**PYTHON, "z": z, "y": y})
    except (ValueError, ArithmeticError, TypeError):  # TypeError: Python's roots of negatives are complex
        expected = math.nan
    assume(isinstance(expected, float) and abs(expected) < 1e6)
    value = parsed(text).value(z=np.array([z]), y=np.array([y]))
    np.testing.assert_allclose(value, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(text=texts, z=numbers, y=numbers, by=st.sampled_from("zy"))
def test_derivative_is_autograds(text: str, z: float, y: float, by: str) -> None:
    """Value and partial derivative are those of PyTorch's functions, at kinks and ties too."""
    formula = parsed(text)
    assume(by in formula.variables)
    tensors = {
        name: torch.tensor([x], dtype=torch.float64, requires_grad=True) for name, x in [("z", z), ("y", y)]
    }
    twin = formula.twin(torch, **tensors)
    twin.sum().backward()
    value, gradient = twin.item(), tensors[by].grad
    assert gradient is not None
    assume(abs(value) < 1e6 and abs(gradient.item()) < 1e6)
    at = {"z": np.array([z]), "y": np.array([y])}
    np.testing.assert_allclose(formula.value(**at), value, rtol=1e-9, atol=1e-9)
    derivative = formula.derivative(by, **at)
    assume(not np.isnan(derivative))  # 0·∞, as in the root of 2 - maximum(z, 2)
    np.testing.assert_allclose(derivative, gradient.numpy(), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-z**2", -9.0),
        ("2**-z", 0.125),
        ("z^2^0.5 - 3^2^0.5", 0.0),
        ("2 ^ 3 ^ 2", 512.0),
        ("z - 2 - 1", 0.0),
        ("12/z/2", 2.0),
        ("-2*-z", 6.0),
        ("z^2 + 1", 10.0),
        (" \n z\t* (2\n)", 6.0),
        ("1.e1 + .5 + 5E-1", 11.0),
        ("z**0", 1.0),
        ("7", 7.0),
    ],
)
def test_values_by_hand(text: str, value: float) -> None:
    """Precedence, association, white space and numbers, at z = 3."""
    assert Formula.parse(text, ZY).value(z=np.array([3.0])) == pytest.approx(value)


@given(text=texts)
def test_float32_stays_float32(text: str) -> None:
    """Value and derivative keep the dtype and the common shape of the arrays."""
    formula = parsed(text)
    z, y = np.full((2, 1, 3), 0.7, np.float32), np.full((4, 3), 0.4, np.float32)
    for result in (formula.value(z=z, y=y), formula.derivative("z", z=z, y=y)):
        assert result.dtype == np.float32
        assert result.shape == (2, 4, 3)


def test_power_at_zero() -> None:
    """Constant powers have a derivative at 0 that no 0·∞ spoils."""
    zero = np.zeros(1)
    assert Formula.parse("z**0", ZY).derivative("z", z=zero) == 0
    assert Formula.parse("z**1", ZY).derivative("z", z=zero) == 1
    assert Formula.parse("z**2", ZY).derivative("z", z=zero) == 0
    assert Formula.parse("0**z", ZY).derivative("z", z=np.ones(1)) == 0


def test_variables_are_those_that_occur() -> None:
    """A formula knows which variables it holds, and a needed one that is absent is complained about."""
    formula = Formula.parse("exp(z)", ZY)
    assert formula.variables == {"z"}
    assert formula.needing("z") is formula
    with pytest.raises(FormulaError, match="y does not occur in it"):
        formula.needing("y")


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("", 1, "ends too early"),
        ("z + ", 5, "ends too early"),
        ("(z", 3, "ends too early"),
        ("z)", 2, r"'\)' is out of place"),
        ("2z", 2, "an operator is missing before 'z'"),
        ("(z y)", 4, "an operator is missing before 'y'"),
        ("2 + sim(z)", 5, "no function 'sim'; did you mean sin?"),
        ("logistic(z)", 1, "no function 'logistic'; .*the functions exp, log, sqrt"),
        ("z + x", 5, "no name 'x'; .*allowed are numbers, y, z, pi, e"),
        ("sin z", 1, r"write sin\(...\)"),
        ("z(2)", 1, "no function 'z'"),
        ("maximum(z)", 1, r"maximum takes 2 argument\(s\), not 1"),
        ("exp(z, y)", 1, r"exp takes 1 argument\(s\), not 2"),
        ("exp()", 5, "out of place"),
        ("z < 1", 3, "'<' is out of place"),
        ("z // 2", 4, "'/' is out of place"),
        ("z % 2", 3, "'%' is out of place"),
        ("σ(z)", 1, "no function 'σ'"),
        ("z + 1e999", 5, "not finite"),
        ("z * (1/0)", 7, "not finite"),
        ("z + log(-1)", 5, "not finite"),
        ("z**101", 2, "the exponent 101 is beyond"),
        ("z^-(10*20)", 2, "the exponent -200 is beyond"),
        ("9**9**9", 2, "the exponent 3.8742e.08 is beyond"),
    ],
)
def test_complaints_point_at_their_place(text: str, column: int, reason: str) -> None:
    """What is wrong is said, at its column, with what is allowed or meant."""
    with pytest.raises(FormulaError, match=reason) as caught:
        Formula.parse(text, ZY)
    assert caught.value.column == column


HOSTILE = {
    "import": "__import__('os').system('true')",
    "attribute": "z.__class__",
    "plain attribute": "a.b",
    "method": "(1).real",
    "comprehension": "[x for x in y]",
    "tower": "z**z**z**9999",
    "lambda": "lambda: z",
    "f-string": "f'{z}'",
    "string": "'z'",
    "escape": "'\\d'",
    "walrus": "(z := 2)",
    "comparison": "z if z > 0 else 0",
    "index": "z[0]",
    "star": "maximum(*z)",
    "keyword": "maximum(z, y=z)",
    "NUL": "z\0",
    "wide digit": "２ * z",
    "wide letter": "ｚ",
    "underscore": "1_000",
    "statement": "z; z",
    "comment": "z # 1",
    "parentheses": "(" * 5000,
    "few parentheses": "(" * 200 + "z" + ")" * 200,
    "signs": "-" * 400 + "z",
    "powers": "**".join("z" * 150),
    "sums": "+".join("z" * 200),
    "calls": "exp(" * 100 + "z" + ")" * 100,
    "megabyte": "z+" * 500_000 + "z",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_everything_else_is_refused(text: str) -> None:
    """Whatever is no formula is a FormulaError with a short text and a column, not another exception."""
    with pytest.raises(FormulaError) as caught:
        Formula.parse(text, ZY)
    assert len(str(caught.value)) < 500
    assert 1 <= caught.value.column <= 501


@settings(max_examples=300)
@given(text=st.text(max_size=60) | st.text("zy019.+-*/^() ,exp", max_size=60))
def test_any_text_is_a_formula_or_an_error(text: str) -> None:
    """No text whatever brings out another exception than FormulaError."""
    try:
        formula = Formula.parse(text, ZY)
    except FormulaError:
        return
    assert formula.value(z=np.ones(2), y=np.ones(2)).shape == (2,)


@pytest.mark.parametrize("levels", [29, 30, 31])
def test_depth_is_limited(levels: int) -> None:
    """Thirty levels of nesting are read, and one more is not."""
    text = "(" * (levels - 1) + "z" + ")" * (levels - 1)
    if levels <= 30:
        assert Formula.parse(text, ZY).variables == {"z"}
    else:
        with pytest.raises(FormulaError, match="nested more than 30 levels deep"):
            Formula.parse(text, ZY)


def test_errors_travel_between_processes() -> None:
    """A FormulaError survives pickling with its text, column and reason."""
    error = FormulaError("z +", 4, "it ends too early")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.column, again.reason) == (str(error), 4, "it ends too early")
