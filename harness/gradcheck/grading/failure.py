"""Why a submission has no numbers, in words that a table, an export and a filter share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcheck.submission.records import PASSING

if TYPE_CHECKING:
    from gradcheck.verdict.records import Verdict  # brings NumPy along, and `--help` needs the words alone

NO_FILE, REFUSED, SYNTAX, TIMEOUT, CRASH = "no file", "refused", "syntax error", "timeout", "crash"

WORDS = (NO_FILE, REFUSED, SYNTAX, TIMEOUT, CRASH)

_WORDS = {"missing": NO_FILE, "unreadable": REFUSED, "syntax": SYNTAX, "timeout": TIMEOUT}
"""By the kind of a Failure; all other kinds are crashes."""


def reason(verdict: Verdict) -> str:
    """The word for why there are no numbers; empty where there are."""
    if verdict.status == "internal error":
        return str(verdict.status)
    if verdict.status != "error" or verdict.failure is None:
        return ""
    return _WORDS.get(verdict.failure.kind, CRASH)


def outcome(verdict: Verdict) -> str:
    """The verdict's status, or why there are no numbers."""
    return reason(verdict) or str(verdict.status)


def is_final(verdict: Verdict) -> bool:
    """Whether the verdict follows from the submission and the spec alone."""
    return verdict.internal is None and not (verdict.failure and verdict.failure.kind in PASSING)
