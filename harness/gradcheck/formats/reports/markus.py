"""MarkUs: what its custom tester prints, a line of JSON for each quantity."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gradcheck.formats import scores, texts
from gradcheck.formats.report_format import Context, Format
from gradcheck.formats.size import shorten
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Quantity, Status, Verdict

OUTPUT = 20_000
"""Characters of a quantity's report."""


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """The lines; what can't be judged is a test for no points, with which no other counts as passed."""
    tests = [_test(verdict, quantity, context) for verdict in verdicts for quantity in verdict.quantities]
    tests += map(_unusable, context.summaries)
    return "\n".join(json.dumps(test, allow_nan=False) for test in tests)


def _test(verdict: Verdict, quantity: Quantity, context: Context) -> dict[str, Any]:
    return {
        "name": texts.label(verdict, quantity),
        "output": shorten(texts.detail(verdict, quantity, context), OUTPUT),
        "marks_earned": scores.points([quantity.points]),
        "marks_total": scores.points([quantity.max_points]),
        "status": _status(quantity),
        "time": None,
    }


def _status(quantity: Quantity) -> str:
    if scores.passed(quantity):
        return "pass"
    if quantity.status in (Status.ERROR, Status.INTERNAL):
        return "error"
    return "partial" if scores.points([quantity.points]) > 0 else "fail"


def _unusable(complaint: str) -> dict[str, Any]:
    return {
        "name": f"gradcheck: {texts.UNUSABLE}",
        "output": one_line(complaint),
        "marks_earned": 0.0,
        "marks_total": 0.0,
        "status": "error_all",
        "time": None,
    }


FORMAT = Format(
    about="MarkUs: a line of JSON for each quantity, of a custom tester", suffix=".jsonl", render=render
)
