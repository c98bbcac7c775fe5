"""Functions of many entries: looked at in blocks, within the time there is."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from gradcheck.function.check import check_function
from gradcheck.function.progress import OnTerminal
from gradcheck.function.survey import FEW
from gradcheck.verdict.records import Status

RNG = np.random.RandomState(5)
X, W = RNG.randn(4, 40), RNG.randn(40, 30) / 6
ENOUGH_TIME = 1e6


def f(W: Any) -> float:
    return float(np.tanh(X @ W).sum())


def df(W: Any) -> Any:
    return X.T @ (1 - np.tanh(X @ W) ** 2)


def spoilt(W: Any) -> Any:
    g = df(W)
    g[17, 11] *= 1.01
    return g


def test_all_entries_are_looked_at_where_there_is_time() -> None:
    """And the report says what they rest on."""
    verdict = check_function(f, df, W, seconds=ENOUGH_TIME)
    assert verdict.status is Status.RIGHT
    assert verdict.notes == (
        "dW: every entry rests on a central quotient of its own, and on a second one along a random "
        "direction in one of 64 blocks",
    )


def test_two_calls_an_entry_are_enough_where_it_is_right() -> None:
    """The second family costs blocks, not entries."""
    calls = []

    def counted(W: Any) -> float:
        calls.append(1)
        return f(W)

    check_function(counted, df, W, seconds=ENOUGH_TIME)
    assert len(calls) <= 2 * W.size + 4 * 64 + 100


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, ENOUGH_TIME])
def test_a_wrong_entry_is_found_with_and_without_time(seconds: float) -> None:
    """In a sample that misses it, its block disagrees, and nobody calls that right."""
    verdict = check_function(f, spoilt, W, seconds=seconds)
    assert verdict.status is (Status.WRONG if seconds else Status.CANNOT_TELL)
    if seconds:
        assert [d.index for d in verdict.quantities[0].discrepancies] == [(17, 11)]


def test_without_time_a_sample_is_looked_at_and_named() -> None:
    """The sample is counted, and directions cover the rest."""
    verdict = check_function(f, df, W, seconds=0.0)
    assert verdict.status is Status.RIGHT
    (note,) = verdict.notes
    assert note == (
        "dW: 16 of 1,200 entries, drawn at random, were looked at one by one in the time there was; all "
        "others together, along random directions in 64 blocks"
    )


def test_without_time_a_gradient_that_is_wrong_all_over_is_wrong() -> None:
    """A few entries convict."""
    verdict = check_function(f, lambda W: X.T @ (1 - np.tanh(X @ W)), W, seconds=0.0)
    assert verdict.status is Status.WRONG


def test_entries_at_zero_among_many_are_right() -> None:
    """Units that are off have slopes of 0, and so has their gradient."""
    dead = W.copy()
    bias = np.where(np.arange(30) % 3 == 0, -100.0, 0.1)

    def g(W: Any) -> Any:
        return X.T @ ((X @ W + bias > 0) * 1.0)

    assert dead.size > FEW
    verdict = check_function(lambda W: np.maximum(X @ W + bias, 0).sum(), g, dead, seconds=ENOUGH_TIME)
    assert verdict.status is Status.RIGHT


def test_progress_is_shown_once_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many entries are done, how long all of them take, and what is left for a sample."""
    now = [100.0]
    screen = io.StringIO()
    monkeypatch.setattr("gradcheck.function.progress.time.monotonic", lambda: now[0])
    monkeypatch.setattr("sys.stderr", screen)
    progress = OnTerminal()
    progress.begin("W", 200_704, deadline=120.0)
    for done in range(1, 5):
        now[0] += 0.4
        progress.step(done)
    progress.done()
    first, *_ = screen.getvalue().split("\r\033[K")[1:]
    assert first == "dW: 1 of 200,704 entries; all of them take 22 h; 20 s left for a sample"
    assert screen.getvalue().endswith("\r\033[K")


def test_quick_checks_show_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a second."""
    screen = io.StringIO()
    monkeypatch.setattr("gradcheck.function.progress.time.monotonic", lambda: 5.0)
    monkeypatch.setattr("sys.stderr", screen)
    progress = OnTerminal()
    progress.begin("W", 3, deadline=120.0)
    progress.step(1)
    progress.done()
    assert screen.getvalue() == ""


@pytest.mark.slow
def test_what_is_blurred_among_many_is_looked_at_closer_in_the_time_there_is() -> None:
    """Beside 1e6 the first look can't show a millionth of an entry that wider steps do show."""
    x = np.random.RandomState(1).randn(FEW + 1)
    x[0] = 20.0
    off = np.where(np.arange(x.size) == 7, 1 + 1e-6, 1.0)
    g = lambda x: float(1e6 + (x**2).sum())  # noqa: E731
    assert check_function(g, lambda x: 2 * x, x, seconds=ENOUGH_TIME).status is Status.RIGHT
    assert check_function(g, lambda x: 2 * x * off, x, seconds=ENOUGH_TIME).status is not Status.RIGHT
    assert check_function(g, lambda x: 2 * x, x, seconds=0.0).status is Status.RIGHT
