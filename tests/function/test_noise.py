"""The jitter of a function's values."""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck.function.noise import noise

EPS = np.finfo(float).eps


def measured(f, x: float) -> float:  # type: ignore[no-untyped-def]
    return float(noise(lambda t: np.array([f(x + t * np.spacing(x))]))[0])


@pytest.mark.parametrize("x", [1e-6, 0.7, 3e8])
def test_a_smooth_function_has_the_noise_of_its_last_digits(x: float) -> None:
    """A slope, however steep, counts for nothing."""
    assert measured(lambda x: 1e6 * x + 3 * x**2, x) <= 8 * EPS * (1e6 * x + 3 * x**2)


def test_what_is_exact_close_by_is_rounded_all_the_same() -> None:
    """3 + 4x has no rounding errors near 1.5; half of its last digit counts, since elsewhere it has them."""
    assert measured(lambda x: 3 + 4 * x, 1.5) == np.spacing(9.0) / 2


@pytest.mark.parametrize("size", [1e-12, 1e-6, 1.0])
def test_jitter_is_found_to_within_a_factor(size: float) -> None:
    """Pseudo-random jitter of any size is measured: neither missed nor blown up."""

    def f(x: float) -> float:
        return x + size * np.random.RandomState(hash(x) % 2**32).uniform(-1, 1)

    assert size / 3 <= measured(f, 0.7) <= 6 * size


@pytest.mark.parametrize("digits", [3, 6, 9])
def test_rounded_values_have_the_noise_of_their_quantum(digits: int) -> None:
    """A function that rounds its value is flat close by; its steps are found all the same."""
    quantum = 10.0**-digits
    assert quantum / 4 <= measured(lambda x: round(x**2, digits), 0.7) <= 40 * quantum


def test_float32_values_have_the_noise_of_float32() -> None:
    """The digits that count are those of the value, not of the argument."""
    assert 1e-9 <= measured(lambda x: float(np.float32(x) ** 2), 0.7) <= 1e-5


def test_constants_and_undefined_values_have_none() -> None:
    """Where nothing changes, or nothing is finite, there is no jitter to speak of."""
    assert measured(lambda x: 3.0, 0.7) == 0
    assert measured(lambda x: float("nan"), 0.7) == 0


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("beyond", [1e-13, 1e-12])
def test_a_clip_on_one_side_is_no_rounding(side: int, beyond: float) -> None:
    """What -log(1 - q) does beside q = clip(p, 0, 1 - 1e-12) is a change, not jitter."""

    def f(x: float) -> float:
        return 3 * x - float(np.log(max(side * (1 - x), beyond)))

    assert measured(f, 1.0) <= 64 * EPS * abs(f(1.0))
