"""An epsilon that a function or its gradient has, and the other has not: log(p + ε) beside y / p.

One that stands beside the argument itself shows: the gradient is then right for x + ε in place of x.
"""

from __future__ import annotations

from random import Random

import numpy as np

from gradcheck.function.comparison import Comparison
from gradcheck.function.probe import Probe
from gradcheck.function.progress import Silent
from gradcheck.function.survey import Indices, Surveyor
from gradcheck.function.tolerance import Tolerance
from gradcheck.verdict.tolerance import EXPLAINED, LARGEST_EPSILON

SPREAD = 0.05
"""How far the epsilons of single entries may lie from the one of all, relative to it, beside their bars."""

SAMPLE = 8
"""The most entries that are held against slopes at x + ε."""


def epsilon(probe: Probe, name: str, one: Comparison) -> float:
    """What x has to be moved by for the gradient to be right there; 0 where there is no such number.

    It is positive where the gradient has an epsilon that the function lacks, and negative where it lacks one.
    """
    x = probe.values[name].ravel()
    rows, numbers = np.nonzero(one.wrong & one.survey.slopes.settled)
    if len(rows) < EXPLAINED:
        return 0.0
    slopes = one.survey.slopes
    yours, true = one.yours[rows, numbers], slopes.value[rows, numbers]
    with np.errstate(all="ignore"):
        bar = np.abs(slopes.error[rows, numbers] / true * x[rows])
        # 1 / x beside 1 / (x + ε), and 1 / (x + ε) beside 1 / x.
        guesses = (x[rows] * (true / yours - 1), -x[rows] * (yours / true - 1))
        for guess in guesses:
            size = float(np.median(guess))
            alike = np.abs(guess - size) <= SPREAD * abs(size) + 2 * bar
            if 0 < abs(size) <= LARGEST_EPSILON and alike.all() and _is_right(probe, name, one, rows, size):
                return size
    return 0.0


def _is_right(probe: Probe, name: str, one: Comparison, rows: Indices, size: float) -> bool:
    """Whether the wrong entries, or some of them, are right at x + ε."""
    moved = {**probe.values, name: probe.values[name] + size}
    there = probe.at(moved)
    if there is None:
        return False
    entries = np.unique(rows)
    at = np.array(Random("epsilon").sample(entries.tolist(), min(len(entries), SAMPLE)), np.intp)
    slopes = Surveyor(there, name, one.yours, one.tolerance, 0.0, Silent()).climb(at)
    slack = Tolerance().slack(slopes, moved[name].ravel()[at])
    # ε is known as well as the slopes that it was read off.
    return bool((slopes.settled & slopes.within(one.yours[at], 3 * slack))[one.wrong[at]].all())
