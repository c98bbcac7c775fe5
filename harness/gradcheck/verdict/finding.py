"""What one answer says of one quantity: the checks in order, the first that fails ends them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gradcheck.maths._arrays import Array
from gradcheck.oracle.entry import Entry
from gradcheck.oracle.key import AnswerKey
from gradcheck.submission.records import Failure, Outcome
from gradcheck.verdict.compare import DOUBLE, Judged, compare
from gradcheck.verdict.records import Reason, Status

TWICE = "exactly twice as large"
"""What is said of a second call whose numbers are those of the first, doubled."""


class Finding(NamedTuple):
    """What one case says of one quantity."""

    status: Status
    reason: Reason | None = None
    message: str = ""
    help: str = ""
    judged: Judged | None = None


def examine(key: AnswerKey, name: str, number: int, result: Outcome | Failure) -> Finding:
    """What the answer to one case says of one quantity."""
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
    return _values(symbol, yours, key.cases[number].entries[name], number, key.spec.tolerance or DOUBLE)


def _missing_help(key: AnswerKey, symbol: str) -> str:
    """Who has to set it: the student's function alone, where `run` is the plain one."""
    if key.spec.contract.by_key:
        return f'the dictionary that `backprop` returns needs the key "{symbol}"'
    return f"`run` must leave it in `{symbol}`"


def _failed(failure: Failure) -> Finding:
    where = f" ({failure.where})" if failure.where else ""
    return Finding(Status.ERROR, "failed", failure.message + where)


def _values(symbol: str, yours: Array, entry: Entry, number: int, double: float) -> Finding:
    expected = entry.autograd.shape
    if yours.size == entry.autograd.size == 1:
        yours = yours.reshape(expected)  # one number, however it is wrapped
    if yours.shape != expected:
        message = f"{symbol} has shape {yours.shape}, not {expected}"
        return Finding(Status.WRONG, "shape", message, _shape_help(yours, entry, double))
    judged = compare(yours, entry, number, double=double)
    if judged.right:
        return Finding(Status.RIGHT, judged=judged)
    if not np.isfinite(yours).all():
        bad = int((~np.isfinite(yours)).sum())
        kinds = "NaN" if np.isnan(yours).any() else "infinite"
        return Finding(Status.WRONG, "not finite", f"{bad} of {yours.size} numbers of {symbol} are {kinds}")
    if judged.wrong.any():
        zeros = f"{symbol} is all zeros" if not yours.any() else ""
        return Finding(Status.WRONG, "values", zeros, judged=judged)
    advice = "this is the spec's affair, not yours: tell whoever wrote it"
    return Finding(Status.CANNOT_TELL, "oracles", "", advice, judged)


def _shape_help(yours: Array, entry: Entry, double: float) -> str:
    """What the numbers would be worth in the right shape."""

    def right(candidate: Array) -> bool:
        if candidate.shape != entry.autograd.shape or not np.isfinite(candidate).all():
            return False
        return compare(candidate, entry, 0, double=double).right

    if right(yours.T):
        return "its transpose has the right numbers"
    if yours.size == entry.autograd.size and right(yours.reshape(entry.autograd.shape)):
        return "the numbers themselves are right: only the shape is not"
    return ""


def repeated(first: Finding, again: Finding) -> Finding:
    """The first call's finding, unless the second call on the same data takes it back."""
    if first.reason is not None or again.reason is None:
        return first
    if again.judged is None or first.judged is None:
        return again._replace(message=f"{again.message}, on a second call with the same data")
    twice = np.allclose(again.judged.yours, 2 * first.judged.yours, rtol=1e-6, atol=0)
    return Finding(
        Status.WRONG,
        "unrepeatable",
        "right on the first call, but not on a second one with the same data"
        + (f": {TWICE}" if twice else ""),
        judged=again.judged,
    )
