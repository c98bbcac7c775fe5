"""One quantity of one case: every weight against both oracles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harness.maths._arrays import Array, Mask
from harness.oracle.entry import ROUNDINGS, Entry
from harness.verdict.records import Table

DOUBLE = 1e-9
"""How far float64 may be off, relative to the quantity's largest entry."""

SINGLE = 1e-5
"""The same for float32."""


@dataclass(frozen=True)
class Judged:
    """A table, with what it was judged by."""

    table: Table
    relative: float
    """The largest distance from autograd, relative to the largest entry."""
    relative_tolerance: float


def is_single(yours: Array) -> bool:
    """Whether these numbers carry single precision only, whatever their dtype says."""
    if yours.dtype == np.float32:
        return True
    with np.errstate(over="ignore"):
        return bool(yours.size) and bool(np.any(yours)) and np.array_equal(yours.astype(np.float32), yours)


def compare(yours: Array, entry: Entry, case: int, *, double: float = DOUBLE, single: bool = False) -> Judged:
    """Judge every weight: `yours` and the entry have one shape, and `yours` is finite.

    A weight is right when it agrees with autograd, or lies between the one-sided slopes at a kink. It
    is wrong when it doesn't and the difference quotient, within its error bar, sides with autograd. In
    all other cases nobody can tell.
    """
    truth, quotient = entry.autograd, entry.differences
    relative_tolerance = max(double, SINGLE) if single else double
    unit = float(np.finfo(np.float32 if single else np.float64).eps)
    scale = float(np.abs(truth).max(initial=0.0))
    tolerance = max(relative_tolerance * scale, ROUNDINGS * unit * entry.response)
    slack = quotient.error + tolerance
    yours = yours.astype(np.float64)

    def supported(value: Array) -> Mask:
        within: Mask = (quotient.low - slack <= value) & (value <= quotient.high + slack)
        return within

    agrees = np.abs(yours - truth) <= tolerance
    right = supported(truth) & (agrees | quotient.kinked & supported(yours))
    wrong = supported(truth) & ~supported(yours)
    table = Table(
        case=case,
        yours=yours,
        autograd=truth,
        differences=quotient.value,
        error=quotient.error,
        wrong=wrong,
        unknown=~right & ~wrong,
        tolerance=tolerance,
    )
    worst = float(table.off.max(initial=0.0))
    return Judged(table, worst / scale if scale else worst, relative_tolerance)
