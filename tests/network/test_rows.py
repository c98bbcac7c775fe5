"""Expressions of many rows at once against their evaluation one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.expr.adjoint import gradient
from gradcheck.expr.along import LOG_SOFTMAX, LOGSUMEXP, MEAN, SOFTMAX, SUM
from gradcheck.expr.arithmetic import ADD, DIVIDE, GREATER, MULTIPLY, NEGATE, SUBTRACT, WHERE
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.errors import ExprError
from gradcheck.expr.named import Named, arranged
from gradcheck.expr.registry import CALLED
from gradcheck.expr.tree import Apply, Expr, Name, Number, Size
from gradcheck.network.compiled import ROWS, by_rows, filled, read_rows

A, Y, G = (Name(name, ROWS) for name in "ayg")
_LEAVES: list[Expr] = [A, Y, A, Y, Number(2.0), Number(-0.5), Size("k")]
_FUNCTIONS = [*(CALLED[name] for name in ("tanh", "sigmoid", "relu", "softplus", "abs")), NEGATE]


@st.composite
def expressions(draw: st.DrawFn, depth: int = 4) -> Expr:
    """Arithmetic, functions, and functions along the axis, some of constants alone."""
    if depth == 0:
        return draw(st.sampled_from(_LEAVES))
    one, other = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    made: list[Expr] = [one, *(Apply(f, (one,)) for f in _FUNCTIONS)]
    made += [Apply(f, (one, other)) for f in (ADD, SUBTRACT, MULTIPLY)]
    made += [Apply(DIVIDE, (one, Apply(ADD, (Number(1.5), Apply(CALLED["sigmoid"], (other,))))))]
    made += [Apply(WHERE, (Apply(GREATER, (one, Number(0.25))), one, other))]
    if "k" in one.axes:
        made += [Apply(f, (one,), ("k",)) for f in (SUM, MEAN, SOFTMAX, LOGSUMEXP, LOG_SOFTMAX)]
    return draw(st.sampled_from(made))


@pytest.mark.slow
@given(expressions(), st.integers(0, 1000))
def test_rows_are_evaluated_one_by_one(e: Expr, seed: int) -> None:
    """Row by row the value, and what comes back to a, are those of the evaluation by names."""
    a, y, g = np.random.default_rng(seed).normal(size=(3, 2, 3, 4))
    share = gradient(e, "a", e, G if "k" in e.axes else Number(1.0))
    value, back = by_rows(e, "a", "y")(a, y), filled(share, "a", "y", "g")(a, y, g)
    assert back.shape == a.shape
    whole = np.broadcast_to(value, (2, 3, 4 if "k" in e.axes else 1))
    for place in np.ndindex(2, 3):
        known = {name: Named(array[place], ("k",)) for name, array in (("a", a), ("y", y), ("g", g))}
        lengths = {"n": 1, "k": 4}
        here = arranged(evaluate(e, known, lengths), e.axes, lengths)
        np.testing.assert_allclose(whole[place], np.ravel(here), rtol=1e-12, atol=1e-12)
        there = arranged(evaluate(share, known, lengths), ROWS, lengths)
        np.testing.assert_allclose(back[place], np.ravel(there), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("text", ["a", "2", "y", "a + 0", "where(a > 0, 1, 0.5)", "sum(a, k)"])
def test_what_is_filled_is_an_array_of_its_own(text: str) -> None:
    """It has the shape and the precision of the first array, and shares no memory with any."""
    a, y = np.ones((2, 3), np.float32), np.ones((1, 3), np.float32)
    made = filled(read_rows(text, "a", "y"), "a", "y")(a, y)
    assert (made.shape, made.dtype) == (a.shape, a.dtype)
    assert not np.shares_memory(made, a)
    made[...] = 7
    assert (y == 1).all()


def test_other_names_are_refused() -> None:
    """What has no name is no array."""
    with pytest.raises(ExprError, match="there is no b here"):
        read_rows("a + b", "a")
