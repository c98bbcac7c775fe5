"""What is written: read back it is the same formula, and run as NumPy code it is the same number."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.arrays import Array
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.layout import lying
from gradcheck.expr.named import Named
from gradcheck.expr.operation import Along, Entrywise, Moving
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.registry import CALLED, MOVING, OVER
from gradcheck.expr.simplify import simplified
from gradcheck.expr.tree import Apply, Expr, Name
from gradcheck.expr.writing.numpy_code import NumPyCode, helpers
from gradcheck.expr.writing.paper import Latex, Paper, latex_symbol
from gradcheck.expr.writing.plain import Plain
from gradcheck.expr.writing.symbols import with_greek
from gradcheck.expr.writing.walk import Writer
from gradcheck.formulas.names import ascii_name
from gradcheck.letters import GREEK
from gradcheck.network.records import named
from random_expressions import ARRAYS, BEFORE, LENGTHS, NAMES, QUANTITIES, expressions, shuffled, value

AXES = {axis: (axis,) for axis in LENGTHS}
SIZES = {a: f"{name}.shape[{n}]" for name, axes in QUANTITIES.items() for n, a in enumerate(axes)}


@given(expressions().filter(lambda e: len(e.axes) <= 3), st.randoms(use_true_random=False))
def test_what_is_written_plainly_is_read_as_the_same(e: Expr, random: Random) -> None:
    """However the result is to lie."""
    want = shuffled(e.axes, random)
    text = Writer(Plain(), QUANTITIES, {"T": "t"}).equation(e, want)
    scope = Scope(
        {name: (q, QUANTITIES[name]) for name, q in NAMES.items()},
        AXES,
        first=dict.fromkeys(NAMES, BEFORE),
        loops=("T",),
        square=("u",) if "u'" in want else (),
    )
    again = read(text, scope).expression
    assert set(again.axes) == set(e.axes), text
    np.testing.assert_allclose(value(again, want), value(e, want), rtol=1e-9, atol=1e-12, err_msg=text)


@given(expressions().filter(lambda e: len(e.axes) <= 3), st.randoms(use_true_random=False))
def test_code_evaluates_to_the_value_of_the_expression(e: Expr, random: Random) -> None:
    """However the result is to lie."""
    want = shuffled((*e.axes, "1") if len(e.axes) == 1 else e.axes, random)
    text = Writer(NumPyCode(SIZES), QUANTITIES, {"T": "t"}).equation(e, want)
    got = evaluated(text, ARRAYS)
    assert np.shape(got) == value(e, want).shape, text
    np.testing.assert_allclose(got, value(e, want), rtol=1e-9, atol=1e-12, err_msg=text)


@pytest.mark.parametrize(
    "text",
    [
        "-((w > 0) * (z > b))",
        "-((sum(z, u) > 0) * (z > 0))",
        "(w > 0) * (b > 0)",
        "(w > 0) + (z > 0)",
        "sum((P > 0) * (K > 0), k)",
        "sum((z > 0) * (a > 0), u)",
    ],
)
def test_a_comparison_is_written_as_a_number(text: str) -> None:
    """Turned, and with axes of length one: NumPy negates no boolean, and adds none up in a product."""
    e = read(text, Scope({name: (q, QUANTITIES[name]) for name, q in NAMES.items()}, AXES)).expression
    got = evaluated(Writer(NumPyCode(SIZES), QUANTITIES, {}).equation(e, e.axes), ARRAYS)
    assert got.dtype == float
    np.testing.assert_array_equal(got, value(e, e.axes))


@given(expressions().filter(lambda e: len(e.axes) <= 3))
def test_simplifying_changes_no_value(e: Expr) -> None:
    """A sum, a product and a fraction are put together exactly."""
    simple = simplified(e)
    assert set(simple.axes) <= set(e.axes)
    np.testing.assert_allclose(value(simple, e.axes), value(e, e.axes), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("x * x^2", "x^3"),
        ("x * y * x", "x^2 * y"),
        ("y / (x * 2 * x^2)", "y / (2 * x^3)"),
        ("(x^2)^3 * x", "x^7"),
        ("(x * x)^2", "x^4"),
        ("sqrt(x) * sqrt(x)", "x"),
        ("x^0.5 * x", "x^0.5 * x"),
        ("x^60 * x^60", "x^60 * x^60"),
        ("x / x^2", "x / x^2"),
        ("x / size(n) / size(n)", "x / (size(n) * size(n))"),
    ],
)
def test_like_powers_are_one(text: str, simple: str) -> None:
    """Above the line and below it, each side by itself, as far as an exponent can be read again."""
    layouts = {"x": ("n",), "y": ("n",)}
    e = simplified(
        read(text, Scope({q: (Name(q, ("n",)), ("n",)) for q in layouts}, {"n": ("n",)})).expression
    )
    assert Writer(Plain(), layouts, {}).equation(e, ("n",)) == simple


def evaluated(text: str, arrays: Mapping[str, Array]) -> Array:
    """The value of a line of code."""
    scope: dict[str, Any] = dict(arrays)
    exec(helpers(text), scope)
    result: Array = eval(text, scope)
    return result


@pytest.mark.parametrize(
    "operation", [*CALLED.values(), *OVER.values()], ids=lambda operation: operation.name
)
def test_code_knows_every_function(operation: Entrywise | Along) -> None:
    """By NumPy's own name, or by a definition above the code; on paper it has a name, too."""
    x = np.linspace(0.1, 0.9, 12).reshape(3, 4)
    layouts = {"x": ("n", "d"), "y": ("n", "d"), "z": ("n", "d")}
    arrays = dict(zip(layouts, (x, x[::-1], x / 2), strict=True))
    used = tuple(layouts)[: operation.arity]
    e = Apply(
        operation, tuple(Name(q, ("n", "d")) for q in used), ("d",) if isinstance(operation, Along) else ()
    )
    text = Writer(NumPyCode({}), layouts, {}).equation(e, e.axes)
    known = {q: Named(array, ("n", "d")) for q, array in arrays.items()}
    want = evaluate(e, known, {"n": 3, "d": 4}).array
    np.testing.assert_allclose(evaluated(text, arrays), want, rtol=1e-13)
    for dialect in (Paper(), Latex()):
        assert Writer(dialect, layouts, {}).equation(e, e.axes)


@pytest.mark.parametrize("operation", MOVING.values(), ids=lambda operation: operation.name)
def test_code_knows_what_moves_entries(operation: Moving) -> None:
    """A function of the arrays and of what else it needs."""
    names = operation.numpy[operation.numpy.index("(") + 1 : operation.numpy.index("):")].split(", ")
    known = {"core", "length", "lengths", *operation.numbers}
    assert len(names) >= operation.arrays
    assert set(names[operation.arrays :]) <= known


@pytest.mark.parametrize("name", sorted({name for name in GREEK.values() if name.islower()} - {"omicron"}))
def test_greek_letters_are_written_as_formulas_have_them(name: str) -> None:
    """By LaTeX's command, and by a letter that is read as the name; an adjoint has a d before it."""
    assert latex_symbol(name) == f"\\{name}"
    assert latex_symbol(f"d{name}1") == f"d\\{name}_{{1}}"
    assert ascii_name(with_greek(name)) == name


ROWS = {"x": "n d", "W": "d u", "dz": "n u", "a": "n u", "g": "n", "b": "u", "v": "d"}
COLUMNS = {"x": "d n", "W": "u d", "dz": "u n", "a": "u n", "g": "1 n", "b": "u 1", "v": "d 1"}
LINES = [
    # what, as axes name it; how the result lies: with samples as rows, as columns; plainly, and by NumPy
    ("sum(x * dz, n)", "d u", "u d", "x.T @ dz", "dz @ x.T", "x.T @ dz", "dz @ x.T"),
    ("sum(dz * W, u)", "n d", "d n", "dz @ W.T", "W.T @ dz", "dz @ W.T", "W.T @ dz"),
    (
        "sum(dz * (1 - a^2) * x, n)", "d u", "u d", "x.T @ (dz * (1 - a^2))", "(dz * (1 - a^2)) @ x.T",
        "x.T @ (dz * (1 - a**2))", "(dz * (1 - a**2)) @ x.T",
    ),
    (
        "sum(dz, n)", "u", "u 1", "sum(dz, n)", "sum(dz, n)",
        "np.sum(dz, axis=0)", "np.sum(dz, axis=1, keepdims=True)",
    ),
    ("dz * g", "n u", "u n", "dz * g", "dz * g", "dz * g[:, None]", "dz * g"),
    ("g * sum(dz * a, u)", "n", "1 n", "g * sum(dz * a, u)", "g * sum(dz * a, u)",
     "g * np.sum(dz * a, axis=1)", "g * np.sum(dz * a, axis=0)"),
    ("-(x * v) / size(n)", "n d", "d n", "-x * v / size(n)", "-x * v / size(n)",
     "-x * v / len(x)", "-x * v / len(x)"),
    ("2 - (b - 3)", "u", "u 1", "2 - (b - 3)", "2 - (b - 3)", "2 - (b - 3)", "2 - (b - 3)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows", "columns", "plain", "plain_columns", "code", "code_columns"), LINES)
def test_the_layouts_decide_where_everything_stands(
    text: str, rows: str, columns: str, plain: str, plain_columns: str, code: str, code_columns: str
) -> None:
    """The same expression is another line for samples as rows and as columns."""
    for names, want, wanted in (
        (ROWS, rows, (plain, code)),
        (COLUMNS, columns, (plain_columns, code_columns)),
    ):
        layouts = {name: lying(tuple(axes.split())) for name, axes in names.items()}
        axes = {axis: (axis,) for axis in ("n", "d", "u")}
        scope = Scope({name: (Name(name, named(lies)), lies) for name, lies in layouts.items()}, axes)
        e = read(text, scope).expression
        for dialect, line in zip((Plain(), NumPyCode({"n": "len(x)"})), wanted, strict=True):
            assert Writer(dialect, layouts, {}).equation(e, tuple(want.split())) == line
