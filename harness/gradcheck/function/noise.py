"""How much a function's values jitter: the size of its rounding errors.

Along a line of equidistant points so close together that a smooth function is a polynomial there, high
differences of its values leave the jitter alone (Moré & Wild, Estimating computational noise, 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import comb

import numpy as np

from gradcheck.arrays import Array

SPACINGS = tuple(32.0**i for i in range(9))
"""Tried in turn where f does not change: its own digits may be fewer than those of its argument."""

POINTS = range(-4, 5)
ORDER = 4

WIDE = 2.0**15
"""A spacing at which rounding shows that the last digits alone leave as it is: that of x² near 1, say."""

ONE_SIDED = 100.0
"""What jitters so many times less on one side of the point is not rounded on the other, but clipped there."""

CHANGES = 4
"""The least number of changes from point to point that tells anything."""


def noise(f: Callable[[float], Array]) -> Array:
    """About two standard deviations of the jitter of each value of f; 0 where f is constant or undefined.

    `f(t)` gives values, of any one shape, with all coordinates moved by about t units of their last digit.
    """
    centre = f(0.0)
    noise, quantum = np.zeros(centre.shape), np.full(centre.shape, np.inf)
    quiet = np.isfinite(centre)
    for spacing in SPACINGS:
        values = np.stack([centre if k == 0 else f(k * spacing) for k in POINTS])
        gaps = np.diff(np.sort(values, axis=0), axis=0)
        quantum = np.fmin(quantum, np.where(gaps > 0, gaps, np.inf).min(0))
        known = quiet & np.isfinite(values).all(0) & ((gaps > 0).sum(0) >= CHANGES)
        jitter = _jitter(values)
        # A rounded staircase can be perfectly even, and what is exact at these points is not so elsewhere.
        jitter = np.maximum(jitter, quantum / 2 if spacing > 1 else np.spacing(np.abs(centre)) / 2)
        noise[known] = jitter[known]
        quiet &= ~known
        if not quiet.any():
            break
    noise = np.where(quiet & np.isfinite(quantum), quantum / 2, noise)
    return np.maximum(noise, _slow(f, centre))


def _slow(f: Callable[[float], Array], centre: Array) -> Array:
    """The jitter at the wide spacing.

    0 where it grows with the spacing, as it does by a bend or a kink, and where it is on one side alone and
    no matter of last digits, as it is beside a clip.
    """
    values = {k: centre if k == 0 else f(k * WIDE) for k in {*POINTS, *(2 * k for k in POINTS)}}

    def jitter(points: Iterable[int]) -> Array:
        return _jitter(np.stack([values[k] for k in points]))

    near, far = jitter(POINTS), jitter(2 * k for k in POINTS)
    sides = [
        np.maximum(*(jitter(sign * times * k for k in range(ORDER + 1)) for times in (1, 2)))
        for sign in (1, -1)
    ]
    one_sided = (np.minimum(*sides) < near / ONE_SIDED) & (near > ONE_SIDED * np.spacing(np.abs(centre)))
    return np.where(np.isfinite(near) & (near > far / 1.5) & ~one_sided, near, 0.0)


def _jitter(values: Array) -> Array:
    """By the differences of values at equidistant points, along the first axis."""
    # Their variance is that of the jitter times this binomial coefficient.
    return np.asarray(2 * np.abs(np.diff(values, n=ORDER, axis=0)).max(0) / np.sqrt(comb(2 * ORDER, ORDER)))
