"""Two calls on the same data: what the second one says of the first."""

from __future__ import annotations

import numpy as np

from gradcheck.submission.records import Failure, Outcome
from gradcheck.verdict.finding import Finding
from gradcheck.verdict.records import Status

TWICE = "exactly twice as large"
"""What is said of a second call whose numbers are those of the first, doubled."""

ANOTHER = "another in every entry when it is asked again with the same data"
"""What is said of a second call that has no number in common with the first."""


def is_same(first: Outcome | Failure, again: Outcome | Failure, symbol: str) -> bool:
    """Whether both calls gave the same array, bit by bit: then there is nothing to say of the second."""
    if isinstance(first, Failure) or isinstance(again, Failure):
        return False
    a, b = first.arrays.get(symbol), again.arrays.get(symbol)
    if a is None or b is None:
        return False
    return (a.dtype, a.shape) == (b.dtype, b.shape) and a.tobytes() == b.tobytes()


def repeated(first: Finding, again: Finding) -> Finding:
    """The first call's finding, unless the second call on the same data takes it back.

    Numbers that are others in every call are compared with nothing.
    """
    if first.judged is not None and again.judged is not None and first.reason is not None:
        return _another() if _differ_everywhere(first, again) and not _is_twice(first, again) else first
    if first.reason is not None or again.reason is None:
        return first
    if again.judged is None or first.judged is None:
        return again._replace(message=f"{again.message}, on a second call with the same data")
    twice = f": {TWICE}" if _is_twice(first, again) else ""
    return Finding(
        Status.WRONG,
        "unrepeatable",
        f"right on the first call, but not on a second one with the same data{twice}",
        judged=again.judged,
    )


def _another() -> Finding:
    return Finding(
        Status.WRONG, "unrepeatable", ANOTHER, "random numbers, or something that is kept from call to call?"
    )


def _differ_everywhere(first: Finding, again: Finding) -> bool:
    assert first.judged is not None
    assert again.judged is not None
    apart = np.abs(again.judged.yours - first.judged.yours) > first.judged.tolerance
    return bool(apart.size and apart.all())


def _is_twice(first: Finding, again: Finding) -> bool:
    assert first.judged is not None
    assert again.judged is not None
    return np.allclose(again.judged.yours, 2 * first.judged.yours, rtol=1e-6, atol=0)
