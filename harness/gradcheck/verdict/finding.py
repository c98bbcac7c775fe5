"""What one answer says of one quantity: the checks in order, the first that fails ends them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from gradcheck.arrays import Array, Mask
from gradcheck.oracle.entry import Entry
from gradcheck.oracle.key import AnswerKey
from gradcheck.submission.records import Failure, Outcome
from gradcheck.verdict.compare import Judged, compare
from gradcheck.verdict.records import Precision, Reason, Status
from gradcheck.verdict.tolerance import DOUBLE, SINGLE

DEFAULT = Precision()
_IN_FLOAT32 = "these numbers are float32; this spec asks for more digits than it has: compute in float64"

Measure = Callable[[Array], Judged]
"""Judges numbers of the right shape."""


class Finding(NamedTuple):
    """What one case says of one quantity."""

    status: Status
    reason: Reason | None = None
    message: str = ""
    help: str = ""
    judged: Judged | None = None

    @property
    def wrong_entries(self) -> Mask:
        """Which entries are wrong: one answer for all where they are not told apart."""
        if self.reason == "values" and self.judged:
            return self.judged.wrong
        return np.asarray(self.status is Status.WRONG)


def examine(
    key: AnswerKey, name: str, number: int, result: Outcome | Failure, precision: Precision = DEFAULT
) -> Finding:
    """What the answer to one case says of one quantity, judged by the precision of the whole answer."""
    symbol = key.symbols[name]
    if isinstance(result, Failure):
        return _failed(result)
    if symbol in result.refused:
        return Finding(Status.ERROR, "not numbers", f"{symbol} is {result.refused[symbol]}")
    if symbol not in result.arrays and result.failure:
        return _failed(result.failure)
    if symbol not in result.arrays:
        return Finding(Status.ERROR, "missing", f"{symbol} was not set", _missing_help(key, symbol))
    yours = result.arrays[symbol]
    if yours.dtype == np.float16:
        advice = "compute in float64, or in float32 at least"
        return Finding(Status.ERROR, "precision", f"{symbol} is float16, whose 3 digits tell nothing", advice)
    entry = key.cases[number].entries[name]
    forgiving = precision.single and name not in precision.strict
    measure = partial(
        compare, entry=entry, case=number, double=key.spec.tolerance or DOUBLE, single=forgiving
    )
    if precision.shifts and yours.shape == entry.autograd.shape:
        shift = precision.shifts[number].get(name)
        allowed = measure(yours if shift is None else yours - shift)
        if allowed.right:
            return Finding(Status.RIGHT, judged=allowed)
    finding = _values(symbol, yours, entry, measure)
    if finding.reason == "values" and not forgiving and _is_nearly_single(yours, finding.judged):
        return finding._replace(help=_IN_FLOAT32)
    return finding


def _missing_help(key: AnswerKey, symbol: str) -> str:
    """Who has to set it: the student's function alone, where `run` is the plain one."""
    if key.spec.contract.by_key:
        return f'the dictionary that `backprop` returns needs the key "{symbol}"'
    return f"`run` must leave it in `{symbol}`"


def _failed(failure: Failure) -> Finding:
    where = f" ({failure.where})" if failure.where else ""
    return Finding(Status.ERROR, "failed", failure.message + where)


def _is_nearly_single(yours: Array, judged: Judged | None) -> bool:
    """Whether float32's numbers are wrong in double precision alone."""
    return yours.dtype == np.float32 and judged is not None and judged.worst <= SINGLE * judged.entry.scale


def _values(symbol: str, yours: Array, entry: Entry, measure: Measure) -> Finding:
    expected = entry.autograd.shape
    if yours.size == entry.autograd.size == 1:
        yours = yours.reshape(expected)  # one number, however it is wrapped
    if yours.shape != expected:
        message = f"{symbol} has shape {yours.shape}, not {expected}"
        return Finding(Status.WRONG, "shape", message, _shape_help(yours, entry, measure))
    judged = measure(yours)
    if judged.right:
        return Finding(Status.RIGHT, judged=judged)
    if not np.isfinite(yours).all():
        bad = int((~np.isfinite(yours)).sum())
        kinds = "NaN" if np.isnan(yours).any() else "infinite"
        return Finding(
            Status.WRONG,
            "not finite",
            f"{bad} of {yours.size} numbers of {symbol} {'is' if bad == 1 else 'are'} {kinds}",
        )
    if judged.wrong.any():
        return Finding(Status.WRONG, "values", judged=judged)
    advice = "this is the spec's affair, not yours: tell whoever wrote it"
    return Finding(Status.CANNOT_TELL, "oracles", "", advice, judged)


def _shape_help(yours: Array, entry: Entry, measure: Measure) -> str:
    """What the numbers would be worth in the right shape."""

    def right(candidate: Array) -> bool:
        if candidate.shape != entry.autograd.shape or not np.isfinite(candidate).all():
            return False
        return measure(candidate).right

    if right(yours.T):
        return "its transpose has the right numbers"
    if yours.size == entry.autograd.size and right(yours.reshape(entry.autograd.shape)):
        return "the numbers themselves are right: only the shape is not"
    return ""
