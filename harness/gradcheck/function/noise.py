"""How much a function's values jitter: the size of its rounding errors.

Along a line of equidistant points so close together that a smooth function is a polynomial there, high
differences of its values leave the jitter alone (Moré & Wild, Estimating computational noise, 2011).
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import numpy as np

from gradcheck.maths._arrays import Array

SPACINGS = tuple(32.0**i for i in range(9))
"""Tried in turn where f does not change: its own digits may be fewer than those of its argument."""

POINTS = range(-4, 5)
ORDER = 4

CHANGES = 4
"""The least number of changes from point to point that tells anything."""


def noise(f: Callable[[float], Array]) -> Array:
    """About two standard deviations of the jitter of each value of f; 0 where f is constant or undefined.

    `f(t)` gives values, of any one shape, with all coordinates moved by about t units of their last digit.
    """
    centre = f(0.0)
    found, quantum = np.zeros(centre.shape), np.full(centre.shape, np.inf)
    quiet = np.isfinite(centre)
    for spacing in SPACINGS:
        values = np.stack([centre if k == 0 else f(k * spacing) for k in POINTS])
        gaps = np.diff(np.sort(values, axis=0), axis=0)
        quantum = np.fmin(quantum, np.where(gaps > 0, gaps, np.inf).min(0))
        told = quiet & np.isfinite(values).all(0) & ((gaps > 0).sum(0) >= CHANGES)
        # The variance of the differences is that of the jitter times this binomial coefficient.
        jitter = 2 * np.abs(np.diff(values, n=ORDER, axis=0)).max(0) / np.sqrt(comb(2 * ORDER, ORDER))
        # A rounded staircase can be perfectly even.
        jitter = np.maximum(jitter, quantum / 2) if spacing > 1 else jitter
        found[told] = jitter[told]
        quiet &= ~told
        if not quiet.any():
            break
    return np.where(quiet & np.isfinite(quantum), quantum / 2, found)
