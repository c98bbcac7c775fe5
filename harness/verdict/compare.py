"""One quantity of one case: every weight against both oracles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harness.maths._arrays import Array, Mask
from harness.oracle.entry import ROUNDINGS, Entry
from harness.oracle.slopes import EPS
from harness.verdict.records import Table

DOUBLE = 1e-9
"""How far float64 may be off, relative to the quantity's largest entry."""

SINGLE = 1e-5
"""The same for float32."""

EPS_SINGLE = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Judged:
    """A table, with what it was judged by."""

    table: Table
    relative: float
    """The largest distance from autograd, relative to the largest entry."""
    relative_tolerance: float
    rough: bool
    """Whether something is off by more than rounding explains, wrong or not."""
    single: bool
    """Whether single precision was judged."""

    @property
    def right(self) -> bool:
        """Whether every weight is."""
        return not (self.table.wrong.any() or self.table.unknown.any())


def is_single(yours: Array) -> bool:
    """Whether these numbers carry single precision only, whatever their dtype says."""
    if yours.dtype == np.float32:
        return True
    with np.errstate(over="ignore"):
        return bool(yours.size) and bool(np.any(yours)) and np.array_equal(yours.astype(np.float32), yours)


def compare(
    yours: Array, entry: Entry, case: int, *, double: float = DOUBLE, single: bool | None = None
) -> Judged:
    """Judge every weight: `yours` and the entry have one shape, and `yours` is finite.

    A weight is right when it agrees with autograd, or lies between the one-sided slopes at a kink. It
    is wrong when it doesn't and the difference quotient, within its error bar, sides with autograd. In
    all other cases nobody can tell. Single precision is recognised unless it is said.
    """
    if single is None:
        single = yours.dtype == np.float32
        if not single:
            judged = compare(yours, entry, case, double=double, single=False)
            if judged.right or not is_single(yours):
                return judged
            single = True
    relative_tolerance = max(double, SINGLE) if single else double
    rounding = ROUNDINGS * (EPS_SINGLE if single else EPS) * entry.response
    tolerance = max(relative_tolerance * entry.scale, rounding)
    yours = yours.astype(np.float64)
    off = np.abs(yours - entry.autograd)
    worst = float(off.max(initial=0.0))
    table = Table(
        case=case,
        yours=yours,
        autograd=entry.autograd,
        differences=entry.differences.value,
        error=entry.differences.error,
        tolerance=tolerance,
        **_marks(yours, entry, off, tolerance),
    )
    return Judged(
        table, worst / entry.scale if entry.scale else worst, relative_tolerance, worst > rounding, single
    )


def _marks(yours: Array, entry: Entry, off: Array, tolerance: float) -> dict[str, Mask]:
    """Where `yours` is wrong, and where nobody can tell."""
    agrees = off <= tolerance
    if agrees.all() and entry.undisputed(tolerance):
        return {"wrong": ~agrees, "unknown": ~agrees}
    sound, yours_too = entry.supports(entry.autograd, tolerance), entry.supports(yours, tolerance)
    right = sound & (agrees | entry.differences.kinked & yours_too)
    wrong = sound & ~yours_too
    return {"wrong": wrong, "unknown": ~right & ~wrong}
