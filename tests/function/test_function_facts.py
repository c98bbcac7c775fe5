"""What is said of a wrong gradient beside its numbers: true of every entry, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.function.check import check_function
from gradcheck.function.facts import facts
from gradcheck.report.weights import weight_columns
from gradcheck.verdict.records import Table

RNG = np.random.RandomState(5)
TRUE = RNG.uniform(0.5, 2, (2, 3, 3)) * RNG.choice([-1, 1], (2, 3, 3))


def table(yours: Any, true: Any, unknown: Any = False, error: float = 1e-12) -> Table:
    yours, true = np.asarray(yours, float), np.asarray(true, float)
    unknown = np.broadcast_to(unknown, true.shape)
    off = np.abs(yours - true) > 1e-7 + error
    return Table(
        case=0,
        yours=yours,
        autograd=None,
        differences=true,
        error=np.where(unknown, np.inf, error),
        wrong=off & ~unknown,
        unknown=unknown,
        tolerance=1e-7,
    )


def said(change: Callable[[Any], Any], unknown: Any = False) -> str:
    return facts("dW", [table(change(true), true, unknown) for true in TRUE])


def _with(true: Any, place: Any, factor: float) -> Any:
    changed = true.copy()
    changed[place] *= factor
    return changed


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        (lambda g: 0.5 * g, "dW is 0.5 times what it should be, in every entry"),
        (lambda g: -2 * g, "dW is -2 times what it should be, in every entry"),
        (lambda g: 1.000001 * g, "dW is 1.000001 times what it should be, in every entry"),
        (lambda g: -g, "dW has the wrong sign and the right size in every entry"),
        (lambda g: g + 0.25, "dW is too large by 0.25 in every entry"),
        (lambda g: g.T, "dW is the transpose of what it should be"),
        (lambda g: g[::-1], "dW has the right numbers in reverse order along axis 0"),
        (lambda g: np.roll(g, 1), "dW has the right numbers in other places"),
        (
            lambda g: _with(g, 1, -3.0),
            "dW is -3 times what it should be at every wrong entry; all wrong entries lie in row 1 of dW",
        ),
        (
            lambda g: _with(g, (slice(None), 2), 0.0),
            "dW is 0 at every wrong entry, and should not be; all wrong entries lie in column 2 of dW",
        ),
        (
            lambda g: _with(g, g < 0, -1.0),
            "dW has the wrong sign and the right size at every wrong entry",
        ),
        (lambda g: np.ones((3, 3)), "dW is the same for every upstream gradient: is it used at all?"),
        (lambda g: g, ""),
        (lambda g: 0 * g, ""),
        (lambda g: g + g**2, ""),
        (lambda g: _with(g, (0, 0), 2.0), "dW is 2 times what it should be at every wrong entry"),
    ],
)
def test_facts(change: Callable[[Any], Any], fact: str) -> None:
    """Each is stated where it holds in every case, the plainest first."""
    assert said(change) == fact


def test_what_holds_in_one_case_alone_is_not_stated() -> None:
    """Half in one case and double in the other is no constant factor."""
    one, two = TRUE
    assert facts("dW", [table(0.5 * one, one), table(2 * two, two)]) == ""
    assert facts("dW", [table(one.T, one), table(2 * two, two)]) == ""
    assert facts("dW", [table(_with(one, 0, 2.0), one), table(_with(two, 1, 2.0), two)]) == (
        "dW is 2 times what it should be at every wrong entry"
    )


def test_entries_that_nobody_can_judge_are_left_out_and_said_to_be() -> None:
    """They bear out nothing, and are no exception either."""
    unknown = np.eye(3, dtype=bool)
    assert said(lambda g: 0.5 * g + 9 * unknown, unknown) == (
        "dW is 0.5 times what it should be, in every entry that can be judged"
    )
    assert said(lambda g: g.T + 9 * unknown, unknown) == ""


def test_a_single_number_bears_nothing_out() -> None:
    """One ratio is in the table already."""
    assert facts("db", [table([2.0], [1.0])]) == ""
    assert facts("db", [table([2.0, 1e-9], [1.0, 0.0])]) == ""


def test_zeros_that_should_be_there() -> None:
    """A mask that was forgotten shows by entries that should be 0."""
    true = np.array([[1.0, 0.0], [0.0, 2.0]])
    assert (
        facts("dx", [table([[1.0, 4.0], [5.0, 2.0]], true)])
        == "dx should be 0 at every wrong entry, and is not"
    )


@given(st.integers(0, 2**32 - 1), st.floats(-8, 8), st.integers(-60, 60))
def test_a_factor_is_seen_at_any_scale(seed: int, factor: float, exponent: int) -> None:
    """A stated factor is the factor, whatever the size of the numbers."""
    true = np.random.RandomState(seed).randn(4) * 10.0**exponent
    yours = factor * true
    error, tolerance = 1e-12 * np.abs(true), 1e-7 * float(np.abs(true).max())
    one = Table(
        case=0,
        yours=yours,
        autograd=None,
        differences=true,
        error=error,
        wrong=np.abs(yours - true) > error + tolerance,
        unknown=np.zeros(4, bool),
        tolerance=tolerance,
    )
    text = facts("dx", [one])
    if " times what it should be, in every entry" in text:
        stated = float(text.split()[2])
        assert stated == pytest.approx(factor, rel=1e-3, abs=1e-6)
    elif abs(factor) > 1e-3 and abs(factor - 1) > 1e-3 and abs(factor + 1) > 1e-3:
        pytest.fail(f"nothing is said of {factor}: {text!r}")


def test_facts_stand_below_the_numbers() -> None:
    """A check states them as its help."""
    x = np.array([0.5, -1.0, 2.0])
    (quantity,) = check_function(lambda x: (x**2).sum(), lambda x: x, x).quantities
    assert quantity.help == "dx is 0.5 times what it should be, in every entry"
    (quantity,) = check_function(np.tanh, lambda x, up: 1 - np.tanh(x) ** 2, x).quantities
    assert quantity.help == "dx is the same for every upstream gradient: is it used at all?"


def test_facts_go_by_the_scale_of_each_entry() -> None:
    """Beside an entry a billion times larger, too: by its own tolerance, in the table and in the facts."""
    x = np.array([1.0, 1.0])
    (quantity,) = check_function(
        lambda x: 1e9 * x[0] ** 2 + x[1] ** 2, lambda x: np.array([2e9, -2]) * x, x
    ).quantities
    assert quantity.help == ""
    (shown,) = quantity.discrepancies
    assert weight_columns(quantity, [shown])["differences"][0].startswith("2.0000")


def test_a_factor_is_stated_once() -> None:
    """Of a gradient that is twice what it should be, no more is said of the entries that are not 0."""
    verdict = check_function(
        lambda x: np.maximum(x, 0).sum(), lambda x: 2.0 * (x > 0), np.array([1.0, 2.0, -1.0])
    )
    assert verdict.quantities[0].help == "dx is 2 times what it should be, in every entry"


def test_a_factor_is_given_with_the_digits_that_part_it_from_1() -> None:
    """1.000005 is not said to be 1.00001."""
    x = np.array([0.7, 1.3])
    verdict = check_function(lambda x: (x**2).sum(), lambda x: 2.00001 * x, x)
    assert verdict.quantities[0].help == "dx is 1.000005 times what it should be, in every entry"
