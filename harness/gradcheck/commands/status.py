"""The exit status of a command."""

from __future__ import annotations

from collections.abc import Iterable

ALL_RIGHT, SOMETHING_WRONG, COULD_NOT_JUDGE = 0, 1, 2

STATUSES = ("right", "wrong", "cannot tell", "error", "internal error")
"""What may be said of a submission; gradcheck.verdict.records, which needs NumPy, says what each means."""

EPILOG = "exit status: 0 all right, 1 something wrong, 2 could not judge"


def of(statuses: Iterable[str]) -> int:
    """What verdicts of these statuses amount to."""
    occurring = set(statuses)
    if occurring & {"wrong", "error"}:
        return SOMETHING_WRONG
    return COULD_NOT_JUDGE if occurring & {"cannot tell", "internal error"} else ALL_RIGHT
