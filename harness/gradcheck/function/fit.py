"""A slope that rounding blurs, by least squares over the quotients of many steps.

A central quotient lies off the slope by a polynomial in the square of its step and by rounding over the step;
where the second derivative jumps at the point, by a multiple of the step as well. One quotient has the
rounding of two values; a polynomial through many steps, of no simple ratio, has less of it, and what it
leaves of them tells how large rounding is along this entry (see Lepskii, 1991, on windows).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.arrays import Array

PER_RUNG = 12
"""How many steps lie between two rungs of a ladder."""

LEAST = 12
"""The fewest quotients of a fit."""

POWERS = {(0, 2): (1, 4), (0, 2, 4): (1, 6), (0, 1, 2): (3,)}
"""Those of the step in the polynomials that are tried, with those that must not be missed there."""

MISSED = 1.5
"""A further power of the step is missed if its factor is so many times its standard error."""

MOST = 8.0
"""The most that a fit may leave, relative to the noise: larger ones come of kinks."""

SIGMAS = 6.0
"""How many standard errors a slope may lie off its fit."""

ROUNDED = 0.2
"""The standard deviation of half the difference of two values, each off by half of its last digit at most."""


def steps_above(rungs: Array) -> Array:
    """PER_RUNG steps between each of these rungs and the next, 8 times as large.

    No few of them have simple ratios, for which one rounding would be a multiple of another.
    """
    at = np.arange(1, PER_RUNG * len(rungs) + 1) * (np.sqrt(5) - 1) / 2 % 1
    return np.asarray(np.repeat(rungs, PER_RUNG) * 8**at)


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
        h, changes = step[:count] / step[count - 1], change[:count]
        # Rounding that takes few steps is no noise.
        if len(np.unique(changes)) < LEAST:
            continue
        largest = digit[:count].max()
        least = ROUNDED * largest
        for powers, further in POWERS.items():
            slope, error, rest = _fit(h, changes, powers)
            sigma = max(rest, least)
            if sigma > MOST * max(noise, largest) or not np.isfinite(error):
                continue
            if not any(_is_missed(h, changes, powers, power, rest, least) for power in further):
                yield slope / step[count - 1], sigma * error / step[count - 1]


def _fit(h: Array, change: Array, powers: tuple[int, ...]) -> tuple[float, float, float]:
    """The slope, its standard error for changes of standard error 1, and that of these changes."""
    q, r = np.linalg.qr(h[:, None] ** (1 + np.array(powers)))
    projected = q.T @ change
    rest = change - q @ projected
    first = np.linalg.inv(r)[0]
    sigma = float(np.sqrt(rest @ rest / (len(h) - len(powers))))
    return float(first @ projected), float(np.linalg.norm(first)), sigma


def _is_missed(
    h: Array, change: Array, powers: tuple[int, ...], power: int, rest: float, least: float
) -> bool:
    """Whether a further power of the step is clearly there, beside those that leave `rest`."""
    more = _fit(h, change, (*powers, power))[2]
    freedom = len(h) - len(powers)
    return rest**2 * freedom - more**2 * (freedom - 1) > (MISSED * max(more, least)) ** 2
