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


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A table, with what it was judged by."""

    table: Table
    right: bool
    """Whether every weight is."""
    relative: float
    """The largest distance from autograd, relative to the largest entry."""
    relative_tolerance: float
    rough: bool
    """Whether something is off by more than rounding explains, wrong or not."""
    single: bool
    """Whether single precision was judged."""


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
            judged = _judged(yours, entry, case, double, single=False)
            if judged.right or not is_single(yours):
                return judged
            single = True
    return _judged(yours, entry, case, double, single=single)


def _judged(yours: Array, entry: Entry, case: int, double: float, *, single: bool) -> Judged:
    relative_tolerance = max(double, SINGLE) if single else double
    rounding = ROUNDINGS * (EPS_SINGLE if single else EPS) * entry.response
    tolerance = max(relative_tolerance * entry.scale, rounding)
    yours = yours.astype(np.float64, copy=False)
    off = np.abs(yours - entry.autograd)
    worst = float(off.max(initial=0.0))
    # Most answers are right everywhere: then there is nothing to mark.
    right = worst <= tolerance and entry.undisputed(tolerance)
    wrong, unknown = (entry.nowhere,) * 2 if right else _marks(yours, entry, off, tolerance)
    table = Table(
        case=case,
        yours=yours,
        autograd=entry.autograd,
        differences=entry.differences.value,
        error=entry.differences.error,
        wrong=wrong,
        unknown=unknown,
        tolerance=tolerance,
    )
    relative = worst / entry.scale if entry.scale else worst
    return Judged(
        table=table,
        right=right or not (wrong.any() or unknown.any()),
        relative=relative,
        relative_tolerance=relative_tolerance,
        rough=worst > rounding,
        single=single,
    )


def _marks(yours: Array, entry: Entry, off: Array, tolerance: float) -> tuple[Mask, Mask]:
    """Where `yours` is wrong, and where nobody can tell."""
    sound, yours_too = entry.supports(entry.autograd, tolerance), entry.supports(yours, tolerance)
    right = sound & ((off <= tolerance) | entry.differences.kinked & yours_too)
    wrong = sound & ~yours_too
    return wrong, ~right & ~wrong
