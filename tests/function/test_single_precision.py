"""Single precision is recognised by its pattern over all entries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradcheck.function.check import check_function
from gradcheck.verdict.records import Status, Verdict

RNG = np.random.RandomState(3)
X, W = RNG.randn(6, 4), RNG.randn(4, 3)
NOTE = "the gradient is computed in single precision (float32), and judged as such"


def f(W: Any) -> float:
    return float((np.tanh(X @ W) ** 2).sum())


def df(W: Any) -> Any:
    h = np.tanh(X @ W)
    return X.T @ (2 * h * (1 - h**2))


def rounded_inside(W: Any) -> Any:
    """float32 throughout, with float64 returned."""
    x = X.astype(np.float32)
    h = np.tanh(x @ W.astype(np.float32))
    return (x.T @ (2 * h * (1 - h**2))).astype(np.float64)


def rounded_on_the_way(W: Any) -> Any:
    """One array of float64 in code of float32, as np.eye or np.zeros bring it in."""
    h = np.tanh(X.astype(np.float32) @ W.astype(np.float32))
    return X.T @ (np.eye(6) @ (2 * h * (1 - h**2)))


def checked(gradient: Any, **options: Any) -> Verdict:
    return check_function(f, gradient, W, **options)


@pytest.mark.parametrize("gradient", [rounded_inside, rounded_on_the_way])
def test_single_precision_inside_is_right_with_a_note(gradient: Any) -> None:
    """Whatever type is returned, errors of float32's size all over are float32's."""
    verdict = checked(gradient)
    assert verdict.status is Status.RIGHT
    assert NOTE in verdict.notes
    assert verdict.quantities[0].single


@pytest.mark.parametrize("gradient", [rounded_inside, rounded_on_the_way])
def test_a_tolerance_that_was_asked_for_is_kept(gradient: Any) -> None:
    """Whoever names a tolerance means it."""
    assert checked(gradient, rtol=1e-10).status is Status.WRONG


@pytest.mark.parametrize("size", [1e-6, 1e-5, -3e-6])
def test_an_error_that_stands_alone_is_wrong_however_small(size: float) -> None:
    """Among entries that are exact no rounding explains it."""

    def alone(W: Any) -> Any:
        g = df(W)
        g[2, 1] += size * np.abs(g).max()
        return g

    verdict = checked(alone)
    assert [d.index for d in verdict.quantities[0].discrepancies] == [(2, 1)]
    assert verdict.status is Status.WRONG


def test_an_error_larger_than_its_rounding_is_wrong_in_single_precision() -> None:
    """float32 is no excuse for one entry that is off by a thousandth."""

    def off(W: Any) -> Any:
        g = rounded_inside(W)
        g[0, 0] *= 1.001
        return g

    assert checked(off).status is Status.WRONG


def test_a_factor_a_millionth_off_is_not_rounding() -> None:
    """All entries are off by the same millionth: that is a constant, not float32."""
    assert checked(lambda W: (1 + 2e-5) * df(W)).status is Status.WRONG


def test_a_function_in_single_precision_is_no_reason_to_blame() -> None:
    """Where the function itself rounds to float32, so do its differences."""

    def f32(W: Any) -> float:
        return float((np.tanh(X.astype(np.float32) @ W.astype(np.float32)) ** 2).sum())

    assert check_function(f32, df, W).status is not Status.WRONG
    assert check_function(f32, lambda W: 2 * df(W), W).status is Status.WRONG


@pytest.mark.parametrize("factor", [1 + 1e-6, 1 - 1e-5])
def test_one_factor_is_no_precision(factor: float) -> None:
    """Rounding leaves no two entries off by the same part; a constant that is a little off does."""
    assert checked(lambda W: factor * df(W)).status is Status.WRONG
