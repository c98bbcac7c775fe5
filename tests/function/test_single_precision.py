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


@pytest.mark.slow
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


P = np.array([[0.012, 0.055, 0.033], [0.07, 0.006, 0.024]])
Y = np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]])


@pytest.mark.slow
@pytest.mark.parametrize("size", [1e-7, 1e-5])
def test_an_epsilon_in_one_of_both_is_named_with_its_size(size: float) -> None:
    """log(p + ε) has another gradient than log p, and the report says what is between them."""
    text = f"{size:.0e}".replace("e-0", "e-")

    def help_of(ours: float, theirs: float) -> str:
        verdict = check_function(lambda p: -np.sum(Y * np.log(p + ours)), lambda p: -Y / (p + theirs), P)
        assert verdict.status is (Status.RIGHT if ours == theirs else Status.WRONG)
        return verdict.quantities[0].help

    about = f"has an epsilon of about {text} beside p, which"
    assert help_of(size, 0.0) == f"the function {about} the gradient has not"
    assert help_of(0.0, size) == f"the gradient {about} the function has not"
    assert help_of(size, size) == ""


def test_a_smooth_error_in_most_entries_is_not_single_precision() -> None:
    """A formula that is off by as little as float32, in as many entries, is wrong: it doesn't jitter."""

    def softmax(z: Any) -> Any:
        e = np.exp(z - z.max(1, keepdims=True))
        return e / e.sum(1, keepdims=True)

    z = np.random.RandomState(0).randn(4, 5)
    t = softmax(np.random.RandomState(1).randn(4, 5))
    verdict = check_function(lambda z: -np.sum(t * np.log(softmax(z) + 1e-6)), lambda z: softmax(z) - t, z)
    assert verdict.status is Status.WRONG
    assert NOTE not in verdict.notes
