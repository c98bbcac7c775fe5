"""One quantity of one case: every weight against both oracles."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from gradcheck.arrays import Array, Mask, largest
from gradcheck.oracle.entry import ROUNDINGS, Entry
from gradcheck.slopes import EPS
from gradcheck.verdict.records import Table
from gradcheck.verdict.tolerance import DOUBLE, EPS_SINGLE, SINGLE


class Judged(NamedTuple):
    """What every weight was found to be; its table is made when somebody looks."""

    yours: Array
    """As float64, of the quantity's shape."""
    entry: Entry
    case: int
    """The case's number, from 0."""
    worst: float
    """The largest distance from autograd."""
    relative_tolerance: float
    tolerance: float
    """How far a weight may be off."""
    rough: bool
    """Whether something is off by more than rounding or a kink explains, wrong or not."""
    single: bool
    """Whether single precision was judged."""
    wrong: Mask
    unknown: Mask
    """Where nobody can tell."""
    right: bool
    """Whether every weight is."""

    @property
    def table(self) -> Table:
        """Every weight."""
        return Table(
            case=self.case,
            yours=self.yours,
            autograd=None if self.entry.by_reverse_pass else self.entry.autograd,
            differences=self.entry.differences.value,
            error=self.entry.differences.error,
            wrong=self.wrong,
            unknown=self.unknown,
            tolerance=self.tolerance,
        )


def compare(yours: Array, entry: Entry, case: int, *, double: float = DOUBLE, single: bool = False) -> Judged:
    """Judge every weight: `yours` and the entry have one shape, and `yours` is finite.

    A weight is right when it agrees with autograd, or lies between the one-sided slopes at a kink. It
    is wrong when it doesn't and the difference quotient, within its error bar, sides with autograd. In
    all other cases nobody can tell. `double` is how far float64 may be off, relative to the largest
    entry; `single` says that float32's errors are forgiven.
    """
    yours = yours.astype(np.float64, copy=False)
    worst = largest(yours - entry.autograd)
    relative_tolerance, tolerance, rounding, undisputed = _measures(entry, double, single)
    # Most answers are right everywhere: then there is nothing to mark.
    wrong = unknown = entry.nowhere
    right = undisputed and worst <= tolerance
    if not right:
        wrong, unknown = _marks(yours, entry, tolerance)
        right = not (wrong.any() or unknown.any())
    rough = (
        worst > rounding and largest(np.where(entry.differences.kinked, 0, yours - entry.autograd)) > rounding
    )
    return Judged(
        yours, entry, case, worst, relative_tolerance, tolerance, rough, single, wrong, unknown, right
    )


class _Measures(NamedTuple):
    """What entries are measured by."""

    relative_tolerance: float
    tolerance: float
    rounding: float
    """The most that rounding explains."""
    undisputed: bool
    """Whether the two oracles agree everywhere, within the tolerance."""


@lru_cache(maxsize=4096)
def _measures(entry: Entry, double: float, single: bool) -> _Measures:
    relative_tolerance = max(double, SINGLE) if single else double
    rounding = ROUNDINGS * (EPS_SINGLE if single else EPS) * entry.response
    tolerance = max(relative_tolerance * entry.scale, rounding)
    return _Measures(relative_tolerance, tolerance, rounding, entry.agrees(tolerance))


def _marks(yours: Array, entry: Entry, tolerance: float) -> tuple[Mask, Mask]:
    """Where `yours` is wrong, and where nobody can tell."""
    near = np.abs(yours - entry.autograd) <= tolerance
    sound, yours_too = entry.supports(entry.autograd, tolerance), entry.supports(yours, tolerance)
    right = sound & (near | entry.differences.kinked & yours_too)
    wrong = sound & ~yours_too
    return wrong, ~right & ~wrong
