"""Constants by which numbers are off, read as products of sizes or as a number."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from gradcheck.diagnosis.constants import Fit, fits
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.writing.plain import Plain
from gradcheck.expr.writing.walk import Writer

CASES: list[Mapping[str, int]] = [
    {"n": 6, "k": 3, "u": 4},
    {"n": 9, "k": 2, "u": 5},
    {"n": 4, "k": 3, "u": 7},
]


@pytest.mark.parametrize(
    ("constants", "text"),
    [
        ((2, 2, 2), "2"),
        ((0.5, 0.5, 0.5), "1 / 2"),
        ((-1 / 3, -1 / 3, -1 / 3), "-1 / 3"),
        ((6, 9, 4), "size(n)"),
        ((1 / 6, 1 / 9, 1 / 4), "1 / size(n)"),
        ((3 / 6, 2 / 9, 3 / 4), "size(k) / size(n)"),
        ((2 / 4, 2 / 5, 2 / 7), "2 / size(u)"),
        ((36, 81, 16), "size(n) * size(n)"),
    ],
)
def test_a_constant_is_read(constants: tuple[float, ...], text: str) -> None:
    """By its likeliest expression, which comes to the constant in every case."""
    found = next(fits([Fit(k) for k in constants], CASES))
    assert Writer(Plain(), {}, {}).equation(found, ()) == text
    for k, lengths in zip(constants, CASES, strict=True):
        assert float(evaluate(found, {}, lengths).array) == pytest.approx(k)


@pytest.mark.parametrize("constants", [(1.3, 2.7, 0.2), (0, 0, 0), (6, 9, 5)])
def test_what_no_sizes_make_is_not_read(constants: tuple[float, ...]) -> None:
    assert list(fits([Fit(k) for k in constants], CASES)) == []


@pytest.mark.parametrize(
    ("decimals", "constant", "text"), [(4, 0.1, "1 / 10"), (4, 2.0, "2"), (3, -0.5, "-1 / 2")]
)
def test_a_constant_of_rounded_numbers_is_read(decimals: int, constant: float, text: str) -> None:
    """It is known as well as what it is fitted to."""
    rng = np.random.default_rng(1)
    moved = [rng.normal(size=(3, 4)) for _ in CASES]
    noise = 0.5 * 10.0**-decimals
    fit = [Fit.of(np.round(constant * m, decimals), m, noise) for m in moved]
    assert all(one and one.constant != constant and one.error for one in fit)
    assert Writer(Plain(), {}, {}).equation(next(fits(fit, CASES)), ()) == text


def test_a_case_that_shows_nothing_allows_any_constant() -> None:
    found = list(fits([Fit(None), Fit(2.0), Fit(2.0)], CASES))
    assert float(evaluate(found[0], {}, CASES[0]).array) == 2
    assert list(fits([None, Fit(2.0), Fit(2.0)], CASES)) == []


def test_a_fit_comes_near_everywhere_or_is_none() -> None:
    moved = np.array([1.0, -2.0, 3.0])
    fit = Fit.of(0.5 * moved, moved)
    assert fit is not None
    assert fit.constant == pytest.approx(0.5)
    assert Fit.of(np.array([1.0, 2.0, 3.0]), moved) is None
    assert Fit.of(np.zeros(3), np.zeros(3)) == Fit(None)
    assert Fit.of(moved, np.zeros(3)) is None


def test_what_is_rounding_is_no_constant() -> None:
    """What it multiplies is left out, which is said in other words."""
    assert list(fits([Fit(1e-16), Fit(3e-17)], [{}, {}])) == []
