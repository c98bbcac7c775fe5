"""Expressions compiled for rows against their evaluation one by one."""

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
from gradcheck.expr.rows import AXIS, compiled, filled, read_rows
from gradcheck.expr.tree import Apply, Expr, Name, Number, Size

A, Y, G = (Name(name, AXIS) for name in "ayg")
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
    if one.axes:
        made += [Apply(f, (one,), AXIS) for f in (SUM, MEAN, SOFTMAX, LOGSUMEXP, LOG_SOFTMAX)]
    return draw(st.sampled_from(made))


@given(expressions(), st.integers(0, 1000))
def test_compiled_is_evaluated(e: Expr, seed: int) -> None:
    """Row by row the value, and what comes back to a, are those of the evaluation by names."""
    a, y, g = np.random.default_rng(seed).normal(size=(3, 2, 3, 4))
    share = gradient(e, "a", e, G if e.axes else Number(1.0))
    value, back = compiled(e, "a", "y"), filled(share, "a", "y", "g")(a, y, g)
    assert back.shape == a.shape
    whole = np.broadcast_to(value(a, y), (2, 3, 4 if e.axes else 1))
    for place in np.ndindex(2, 3):
        known = {name: Named(array[place], AXIS) for name, array in (("a", a), ("y", y), ("g", g))}
        lengths = {"k": 4}
        here = arranged(evaluate(e, known, lengths), e.axes, lengths)
        np.testing.assert_allclose(whole[place], np.atleast_1d(here), rtol=1e-12, atol=1e-12)
        there = arranged(evaluate(share, known, lengths), AXIS, lengths)
        np.testing.assert_allclose(back[place], there, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("text", ["a", "2", "y", "a + 0", "where(a > 0, 1, 0.5)", "sum(a, k)"])
def test_what_is_filled_is_an_array_of_its_own(text: str) -> None:
    """It has the shape and the precision of the first array, and shares no memory with any."""
    a, y = np.ones((2, 3), np.float32), np.ones((1, 3), np.float32)
    made = filled(read_rows(text, "a", "y"), "a", "y")(a, y)
    assert (made.shape, made.dtype) == (a.shape, a.dtype)
    assert not np.shares_memory(made, a)
    made[...] = 7
    assert (y == 1).all()


def test_other_operations_are_refused() -> None:
    """A product of matrices has no rows, and what has no name is no array."""
    with pytest.raises(ExprError, match="there is no b here"):
        read_rows("a + b", "a")
    with pytest.raises(AssertionError, match="flip"):
        compiled(read_rows("flip(a, k)", "a"), "a")
