"""The signs by which tables of a class show what a grade is."""

from __future__ import annotations

from gradcheck.grading.failure import CRASH, NO_FILE, REFUSED, SYNTAX, TIMEOUT
from gradcheck.verdict.records import Status

SIGNS = {
    Status.RIGHT: "✓",
    Status.WRONG: "✗",
    Status.CANNOT_TELL: "?",
    Status.ERROR: "!",
    Status.INTERNAL: "E",
}
"""A status in one character."""
FAILURES = {NO_FILE: "N", REFUSED: "R", SYNTAX: "S", TIMEOUT: "T", CRASH: "C"}
"""Why there are no numbers, likewise: instead of the status."""

NOT_GRADED, ABSENT, CUT, OVERRIDDEN = "–", "†", "…", "*"
IS_ABSENT = "not in the last run"
