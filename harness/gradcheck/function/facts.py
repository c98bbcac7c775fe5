"""What a wrong gradient has in common with the right one: a factor, a sign, a transpose, a row.

A fact is stated only where it holds for every entry that was judged, in every case, to within the verdict's
own tolerance and error bars; and only where at least two entries bear it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradcheck.arrays import Array, Mask
from gradcheck.digits import short
from gradcheck.verdict.records import Table

MOST = 2
"""How many facts are stated."""

BORNE_OUT = 10
"""How many times larger than its own uncertainty an entry must be to bear out a factor."""


def facts(symbol: str, tables: Sequence[Table]) -> str:
    """What can be said of the gradient by one argument, from its tables, one a case; empty for nothing.

    Nothing is wrong without a table that says so, and of zeros alone nothing more can be said.
    """
    cases = [_Case(table) for table in tables]
    if not any(case.wrong.any() for case in cases) or not any(case.yours[case.known].any() for case in cases):
        return ""
    everywhere = _everywhere(symbol, cases)
    others = (_moved, _in_one_line) if everywhere else (_moved, _at_wrong_entries, _in_one_line)
    texts = [_unused(symbol, cases), everywhere, *(fact(symbol, cases) for fact in others)]
    return "; ".join([text for text in texts if text][:MOST])


@dataclass(frozen=True)
class _Case:
    """The entries of one case."""

    table: Table

    @property
    def yours(self) -> Array:
        return self.table.yours

    @property
    def true(self) -> Array:
        return self.table.differences

    @cached_property
    def known(self) -> Mask:
        """Where the slope is known."""
        parts = (self.true, self.table.error, self.yours, self.table.tolerances)
        known: Mask = np.logical_and.reduce([*map(np.isfinite, parts), ~self.table.unknown])
        return known

    @property
    def wrong(self) -> Mask:
        return self.table.wrong & self.known

    @cached_property
    def slack(self) -> Array:
        """How far from the slope a right value may lie; 0 where nothing is known of it."""
        return np.where(self.known, self.table.tolerances + np.where(self.known, self.table.error, 0.0), 0.0)

    def agrees(self, expected: Array, at: Mask, scale: float = 1.0) -> bool:
        """Whether the gradient is as expected there, where a slope times `scale` is expected."""
        return bool((np.abs(self.yours - expected)[at] <= (max(abs(scale), 1.0) * self.slack)[at]).all())


Cases = Sequence[_Case]


def _unused(symbol: str, cases: Cases) -> str:
    """The same answer to every upstream gradient."""
    first, *others = cases
    if not others or not all(np.array_equal(first.yours, c.yours) for c in others):
        return ""
    apart = any(
        (np.abs(c.true - first.true) > c.slack + first.slack)[c.known & first.known].any() for c in others
    )
    return f"{symbol} is the same for every upstream gradient: is it used at all?" if apart else ""


def _everywhere(symbol: str, cases: Cases) -> str:
    """One factor, or one constant too much, for all entries."""
    where = [case.known for case in cases]
    every = "in every entry" if all(mask.all() for mask in where) else "in every entry that can be judged"
    factor = _factor(cases, where)
    if factor is not None:
        if all(case.agrees(-case.true, case.known) for case in cases):
            return f"{symbol} has the wrong sign and the right size {every}"
        return f"{symbol} is {_apart_from_one(factor)} times what it should be, {every}"
    excess = _excess(cases, where)
    if excess is not None:
        return f"{symbol} is too {'large' if excess > 0 else 'small'} by {short(abs(excess), 4)} {every}"
    return ""


def _moved(symbol: str, cases: Cases) -> str:
    """The right numbers in other places."""
    if not all(case.known.all() and case.yours.size > 1 for case in cases):
        return ""
    square = all(case.yours.ndim == 2 and case.yours.T.shape == case.yours.shape for case in cases)
    if square and all((np.abs(c.yours.T - c.true) <= c.slack).all() for c in cases):
        return f"{symbol} is the transpose of what it should be"
    flipped = _flipped_axis(cases)
    if flipped is not None:
        return f"{symbol} has the right numbers in reverse order{flipped}"
    if all(_is_permuted(case) for case in cases):
        return f"{symbol} has the right numbers in other places"
    return ""


def _is_permuted(case: _Case) -> bool:
    """Whether the numbers are right in some order: that of their sizes, if in any."""
    order = np.argsort(case.true, axis=None)
    off = np.abs(np.sort(case.yours, axis=None) - case.true.ravel()[order])
    return bool((off <= case.slack.ravel()[order]).all())


def _flipped_axis(cases: Cases) -> str | None:
    """The axis along which the numbers stand in reverse order, in words."""
    axes = min(case.yours.ndim for case in cases)
    for axis in range(axes):
        if all((np.abs(np.flip(c.yours, axis) - c.true) <= c.slack).all() for c in cases):
            return "" if axes == 1 else f" along axis {axis}"
    return None


def _at_wrong_entries(symbol: str, cases: Cases) -> str:
    """What all wrong entries are, where others are right."""
    wrong = [case.wrong for case in cases]
    if sum(int(mask.sum()) for mask in wrong) < 2 or all(
        mask[c.known].all() for mask, c in zip(wrong, cases, strict=True)
    ):
        return ""
    every = (
        "at every wrong entry" if all(case.known.all() for case in cases) else "at every entry found wrong"
    )
    if all(not case.yours[mask].any() for case, mask in zip(cases, wrong, strict=True)):
        return f"{symbol} is 0 {every}, and should not be"
    if all((np.abs(case.true) <= case.slack)[mask].all() for case, mask in zip(cases, wrong, strict=True)):
        return f"{symbol} should be 0 {every}, and is not"
    factor = _factor(cases, wrong)
    if factor is None:
        return ""
    if all(case.agrees(-case.true, mask) for case, mask in zip(cases, wrong, strict=True)):
        return f"{symbol} has the wrong sign and the right size {every}"
    return f"{symbol} is {_apart_from_one(factor)} times what it should be {every}"


def _in_one_line(symbol: str, cases: Cases) -> str:
    """One row, one column or one slice in which all lies that is wrong."""
    if not all(case.known.all() for case in cases):
        return ""
    for axis in range(min(case.yours.ndim for case in cases)):
        lines = {int(i) for case in cases for i in np.nonzero(case.wrong)[axis]}
        several = any(case.wrong.sum() > 1 for case in cases)
        if len(lines) == 1 and several and cases[0].yours.shape[axis] > 1 and cases[0].yours.ndim > 1:
            (line,) = lines
            return f"all wrong entries lie in {_line(axis, line, cases[0].yours.ndim)} of {symbol}"
    return ""


def _line(axis: int, line: int, axes: int) -> str:
    if axes == 2:
        return f"{'column' if axis else 'row'} {line}"
    return f"slice [{', '.join([':'] * axis + [str(line)] + [':'] * (axes - axis - 1))}]"


def _factor(cases: Cases, where: Sequence[Mask]) -> float | None:
    """The one number by which the slopes would have to be multiplied there; None where there is none."""
    true = np.concatenate([c.true[mask] for c, mask in zip(cases, where, strict=True)])
    yours = np.concatenate([c.yours[mask] for c, mask in zip(cases, where, strict=True)])
    slack = np.concatenate([c.slack[mask] for c, mask in zip(cases, where, strict=True)])
    if (np.abs(true) > BORNE_OUT * slack).sum() < 2:
        return None
    # In units of the largest, so that no square is too large or too small to be written.
    unit = np.abs(true).max()
    factor = float(np.vdot(true / unit, yours / unit) / np.vdot(true / unit, true / unit))
    fits = all(c.agrees(factor * c.true, mask, factor) for c, mask in zip(cases, where, strict=True))
    return factor if fits and factor and np.isfinite(factor) else None


def _excess(cases: Cases, where: Sequence[Mask]) -> float | None:
    """The one number that would have to be added to the slopes there; None where there is none."""
    off = np.concatenate([(c.yours - c.true)[mask] for c, mask in zip(cases, where, strict=True)])
    if off.size < 2:
        return None
    excess = float(np.median(off))
    fits = all(c.agrees(c.true + excess, mask) for c, mask in zip(cases, where, strict=True))
    return excess if fits and excess else None


def _apart_from_one(factor: float) -> str:
    """A factor in four digits, or as many as show by how much it differs from 1."""
    texts = [short(factor, digits) for digits in range(4, 18)]
    return next((t for t in texts if abs(float(t) - factor) <= abs(factor - 1) / 100), texts[-1])
