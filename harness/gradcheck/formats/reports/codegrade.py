"""CodeGrade: what a custom test of AutoTest writes, a suite for each spec, and the share of the points."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gradcheck.formats import scores, texts
from gradcheck.formats.report_format import Context, Format
from gradcheck.formats.size import shorten
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Quantity, Status, Verdict

OUTPUT = 5_000
"""Characters of a quantity's report, or of what was printed."""
_MOST = 10**6
"""The largest denominator of a share."""


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """Two lines of JSON, in ASCII; where a spec could not be used, no points."""
    suites = [_suite(verdict, context) for verdict in verdicts]
    if context.complaints or not verdicts:
        suites.append(_unusable(context.summaries or ("There was nothing to judge.",)))
    share = 0.0 if context.complaints else scores.fraction(verdicts)
    messages = (
        {"tag": "unit-test", "results": suites},
        {"tag": "points", "points": str(Fraction(share).limit_denominator(_MOST))},
    )
    return "\n".join(json.dumps(one, allow_nan=False, separators=(",", ":")) for one in messages)


def _suite(verdict: Verdict, context: Context) -> dict[str, Any]:
    remarks = shorten(texts.remarks(verdict, context), OUTPUT)
    first, *rest = (_case(verdict, quantity, context) for quantity in verdict.quantities)
    return {
        "id": one_line(verdict.spec or verdict.submission),
        "name": texts.heading(verdict),
        "weight": _weight(scores.possible([verdict])),
        "testCases": [{**first, "stdout": remarks}, *rest],
    }


def _case(verdict: Verdict, quantity: Quantity, context: Context) -> dict[str, Any]:
    passed = scores.passed(quantity)
    reason = {"reason": shorten(texts.detail(verdict, quantity, context), OUTPUT)}
    return {
        "name": one_line(quantity.symbol),
        "status": "success" if passed else _FAILED.get(quantity.status, "failure"),
        "description": texts.brief(quantity),
        "weight": _weight(scores.points([quantity.max_points])),
        **({} if passed else reason),
    }


_FAILED = {Status.INTERNAL: "skipped"}
"""What is no failure of the submission's."""


def _weight(points: float) -> str:
    return str(Fraction(str(points)))


def _unusable(complaints: Sequence[str]) -> dict[str, Any]:
    case = {
        "name": f"gradcheck: {texts.UNUSABLE}",
        "status": "failure",
        "reason": "\n".join(map(one_line, complaints)),
    }
    return {"id": "gradcheck", "name": "gradcheck", "testCases": [case]}


FORMAT = Format(about="CodeGrade: the structured output of a custom test", suffix=".jsonl", render=render)
