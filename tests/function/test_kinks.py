"""Where a function has no derivative, its gradient is judged around the point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradcheck.function.check import check_function
from gradcheck.verdict.records import Status
from halves import some

SEEDS = range(6)


def layer(x: Any, W: Any, b: Any) -> Any:
    return np.maximum(0, x @ W + b)


def layer_back(x: Any, W: Any, b: Any, up: Any) -> Any:
    d = up * (x @ W + b > 0)
    return d @ W.T, x.T @ d, d.sum(0)


def pool(h: Any) -> Any:
    return np.array([[h[i : i + 3, j : j + 3].max() for j in (0, 2, 4)] for i in (0, 2, 4)])


def pool_back(h: Any, up: Any, *, factor: float = 1.0) -> Any:
    g = np.zeros_like(h)
    for a, i in enumerate((0, 2, 4)):
        for b, j in enumerate((0, 2, 4)):
            k, m = np.unravel_index(h[i : i + 3, j : j + 3].argmax(), (3, 3))
            g[i + k, j + m] += factor * up[a, b]
    return g


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("convention", [0.0, 0.5, 1.0])
def test_a_blank_example_with_zero_biases_is_right_by_any_convention(seed: int, convention: float) -> None:
    """relu(xW + b) has kinks of several units at once in a row of zeros."""
    rng = np.random.RandomState(seed)
    x, W, b = rng.randn(4, 3), rng.randn(3, 5), np.zeros(5)
    x[2] = 0

    def back(x: Any, W: Any, b: Any, up: Any) -> Any:
        d = up * np.where(x @ W + b == 0, convention, x @ W + b > 0)
        return d @ W.T, x.T @ d, d.sum(0)

    verdict = check_function(layer, back, (x, W, b), seed=seed)
    assert verdict.status is Status.RIGHT
    assert any("the function has a kink at this point" in note for note in verdict.notes) or convention


@pytest.mark.parametrize("seed", some(SEEDS, 1))
def test_pooling_of_equal_entries_is_right(seed: int) -> None:
    """Windows overlap, and many of their entries are equal after a ReLU."""
    h = np.maximum(0, np.random.RandomState(seed).randn(7, 7) - 0.6)
    assert check_function(pool, pool_back, h, seed=seed).status is Status.RIGHT


@pytest.mark.slow
@pytest.mark.parametrize("factor", [0.0, 2.0, -1.0])
def test_what_is_wrong_around_a_kink_is_wrong(factor: float) -> None:
    """Points nearby convict as well as they acquit."""
    h = np.maximum(0, np.random.RandomState(1).randn(7, 7) - 0.6)
    verdict = check_function(pool, lambda h, up: pool_back(h, up, factor=factor), h)
    assert verdict.status is Status.WRONG


def test_leaving_units_out_is_wrong_where_they_switch() -> None:
    """A layer whose backward pass forgets the weights is not excused by its kinks."""
    rng = np.random.RandomState(2)
    x, W = np.zeros((1, 3)), rng.randn(3, 4)
    verdict = check_function(lambda x: layer(x, W, 0.0), lambda x, up: (up * (x @ W > 0)) @ np.abs(W.T), x)
    assert verdict.status is not Status.RIGHT


@pytest.mark.parametrize("slope", [0.01, 0.2])
def test_a_leaky_unit_at_zero_is_never_wrong(slope: float) -> None:
    """Two masks that are both 0 at 0 give 0 there, which is neither of its slopes."""
    x = np.array([0.0, 1.3, -0.7])
    verdict = check_function(
        lambda x: (np.maximum(x, 0) + slope * np.minimum(x, 0)).sum(),
        lambda x: (x > 0) + slope * (x < 0),
        x,
    )
    assert verdict.status is not Status.WRONG


def test_what_a_kink_allows_is_noted() -> None:
    """A zero gradient is right at the kink of |x|, and may be wrong all around it."""
    verdict = check_function(lambda x: np.abs(x).sum(), lambda x: 0 * x + (x == 2), np.array([0.0, 2.0]))
    assert verdict.status is Status.RIGHT
    assert verdict.notes == (
        "the function has a kink at this point: in 1 of 2 entries of dx, any slope between those of its two "
        "sides is right; check at another point, too",
    )


def test_units_that_cancel_are_never_wrong() -> None:
    """relu(x) - relu(-x) is x; the usual convention gives 0 for its slope at 0."""
    x = np.array([0.0, 0.4])
    f = lambda x: (np.maximum(x, 0) - np.maximum(-x, 0)).sum()  # noqa: E731
    quantity = check_function(f, lambda x: (x > 0) * 1.0 + (x < 0), x).quantities[0]
    assert quantity.status is Status.CANNOT_TELL
    message = "around this point the gradient is right; at the point itself it is not what differences show"
    assert quantity.message == message  # the function has no kink there


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0])
def test_a_tie_that_moves_together_has_a_slope(factor: float) -> None:
    """Each entry of a tie may have any part of the slope, but all of them together have it whole."""
    x = np.ones((2, 3))
    f = lambda x: (x.max(1) * np.array([1.0, 3.0])).sum()  # noqa: E731

    def split(x: Any) -> Any:
        largest = x == x.max(1, keepdims=True)
        return largest * [[1.0], [3.0]] / largest.sum(1, keepdims=True)

    assert check_function(f, split, x).status is Status.RIGHT
    quantity = check_function(f, lambda x: factor * split(x), x).quantities[0]
    assert quantity.status is Status.WRONG
    # A tie has no one slope that an entry could be a multiple of.
    assert "times" not in quantity.help
    assert all(d.off > 0 for d in quantity.discrepancies)
    kink = "the function has a kink at this point; dx is wrong at points nearby, too"
    assert quantity.message == (kink if factor else "dx is all zeros")


@pytest.mark.parametrize("gap", some([1e-6, 1e-9, 1e-11, 1e-13], 2))
@pytest.mark.parametrize("size", [0.0, 1.0, 1000.0])
def test_a_near_tie_is_right_or_has_its_reason(gap: float, size: float) -> None:
    """What a maximum's runner-up is doubted for is a kink beside it, and nothing else."""

    def df(x: Any) -> Any:
        return 1.0 * (np.arange(x.size) == x.argmax())

    quantity = check_function(lambda x: x.max(), df, np.array([size + gap, size])).quantities[0]
    assert quantity.status is Status.RIGHT or "kink" in quantity.message


@pytest.mark.parametrize("gap", [1e-6, 1e-9])
def test_zeros_at_a_near_tie_are_wrong(gap: float) -> None:
    """The maximum moves with one of them."""
    x = np.array([1 + gap, 1.0])
    assert check_function(lambda x: x.max(), np.zeros_like, x).status is Status.WRONG


def test_an_entry_at_a_clip_hides_no_other() -> None:
    """Cross entropy of a clipped probability: what is clipped leaves the other entries to be judged."""
    y = np.array([0.2, 0.5, 0.9])

    def loss(p: Any) -> float:
        q = np.clip(p, 1e-12, 1 - 1e-12)
        return float(-(y * np.log(q) + (1 - y) * np.log(1 - q)).sum())

    def gradient(p: Any, factor: float = 1.0) -> Any:
        q = np.clip(p, 1e-12, 1 - 1e-12)
        return ((1 - y) / (1 - q) - factor * y / q) * (q == p)

    p = np.array([0.0, 0.3, 1.0])
    (quantity,) = check_function(loss, gradient, p).quantities
    assert quantity.status is not Status.WRONG
    (quantity,) = check_function(loss, lambda p: gradient(p, 1.001), p).quantities
    assert quantity.status is Status.WRONG
    assert [d.label for d in quantity.discrepancies if d.wrong] == ["p[1]"]
