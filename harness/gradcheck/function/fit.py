"""A slope that rounding blurs, by least squares over the quotients of many steps.

A central quotient lies off the slope by a polynomial in the square of its step and by rounding over the step.
One quotient has the rounding of two values; a polynomial through many steps, of no simple ratio, has less of
it, and what it leaves of them tells how large it is along this entry (see Lepskii, 1991, on windows).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.arrays import Array

PER_RUNG = 12
"""How many steps lie between two rungs of a ladder."""

LEAST = 12
"""The fewest quotients of a fit."""

TERMS = (2, 3)
"""Terms of the polynomial."""

SIGMAS = 4.0
"""How many standard errors a slope may lie off its fit."""

ROUNDED = 0.2
"""The standard deviation of half the difference of two values, each off by half of its last digit at most."""


def steps_between(low: float, high: float) -> Array:
    """The steps of a fit between two rungs: evenly spread as to their logarithm, none a power of two."""
    at = (np.arange(PER_RUNG) + 0.29) / PER_RUNG
    return np.asarray(low * (high / low) ** at)


def fitted(step: Array, change: Array, digit: Array, noise: float) -> tuple[float, float]:
    """The slope, and how far it may lie off.

    `step`, `change` (half of what the value changes from one side to the other) and `digit` (the last one of
    the values) are (steps,); `noise` is about two standard deviations of the rounding of values. Of all
    windows of steps, from the finest up, the one counts that leaves the least room; where there is none, the
    room is infinite.
    """
    known = np.isfinite(change)
    order = np.argsort(step[known])
    step, change, digit = (part[known][order] for part in (step, change, digit))
    # Slopes are of any size, and are squared.
    size = float(np.abs(change / step).max(initial=0.0)) or 1.0
    fits = _fits(step, change / size, digit / size, noise / size)
    value, error = min(fits, key=lambda one: one[1], default=(0.0, np.inf))
    return size * value, size * SIGMAS * error


def _fits(step: Array, change: Array, digit: Array, noise: float) -> Iterator[tuple[float, float]]:
    """The slope by each window that leaves no more than rounding, and its standard error."""
    for count in range(LEAST, len(step) + 1):
        # Rounding that takes few steps is no noise.
        if len(np.unique(change[:count])) < LEAST:
            continue
        widest = step[count - 1]
        for terms in TERMS:
            powers = (step[:count, None] / widest) ** (2 * np.arange(terms) + 1)
            q, r = np.linalg.qr(powers)
            projected = q.T @ change[:count]
            rest = change[:count] - q @ projected
            largest = digit[:count].max()
            sigma = max(np.sqrt(rest @ rest / (count - terms)), ROUNDED * largest)
            first = np.linalg.inv(r)[0] / widest
            error = float(sigma * np.linalg.norm(first))
            if sigma <= max(noise, largest) and np.isfinite(error):
                yield float(first @ projected), error
