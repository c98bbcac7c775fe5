"""GitHub Classroom: what `github` writes and, for its reporter, the points as the output `result`."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from gradcheck.formats import scores, texts
from gradcheck.formats.places import place, start
from gradcheck.formats.report_format import Context, Format
from gradcheck.formats.reports import github
from gradcheck.formats.size import fitted, shorten
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Quantity, Status, Verdict

MOST = 90_000
"""Bytes of JSON: in base64 it goes through an environment variable, of which Linux takes 128 KiB."""

_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_STATUSES = {Status.RIGHT: "pass", Status.CANNOT_TELL: "pass", Status.WRONG: "fail"}


def result(verdicts: Sequence[Verdict], context: Context) -> str:
    """`result=` and the runner's result in base64: the reporter adds up the scores of its tests."""
    text = fitted(lambda limit: _json(_result(verdicts, context, limit)), MOST)
    return f"result={b64encode(text.encode()).decode()}"


def _result(verdicts: Sequence[Verdict], context: Context, limit: int) -> dict[str, Any]:
    tests = [_test(verdict, q, context, limit) for verdict in verdicts for q in verdict.quantities]
    tests += map(_unusable, context.summaries or ([] if tests else ["there was nothing to judge"]))
    return {
        "version": 3,
        "status": _worst(tests),
        "max_score": scores.possible(verdicts),
        "tests": tests,
    }


def _worst(tests: Sequence[dict[str, Any]]) -> str:
    statuses = [test["status"] for test in tests]
    return next((status for status in ("error", "fail") if status in statuses), "pass")


def _test(verdict: Verdict, quantity: Quantity, context: Context, limit: int) -> dict[str, Any]:
    failed = verdict.failure is not None and quantity.reason == "failed"
    where = place(verdict, context) if failed else start(verdict, context)
    return {
        "name": texts.label(verdict, quantity),
        "status": _STATUSES.get(quantity.status, "error"),
        "score": scores.points([quantity.points]),
        "message": texts.brief(quantity),
        "test_code": one_line(verdict.spec),
        "filename": one_line(where.file or ""),
        "line_no": where.line or 0,
        "duration": round(verdict.seconds, 3),
        "output": shorten(texts.detail(verdict, quantity, context), min(limit, _OUTPUT)),
    }


def _unusable(complaint: str) -> dict[str, Any]:
    """A test for no points: without any, the reporter would divide by zero."""
    return {
        "name": f"gradcheck: {texts.UNUSABLE}",
        "status": "error",
        "score": 0.0,
        "message": one_line(complaint),
        "test_code": "",
        "filename": "",
        "line_no": 0,
        "duration": 0.0,
        "output": "",
    }


_OUTPUT = 500
"""Characters of an output that Classroom's own runners keep."""

FORMAT = Format(
    about="GitHub Classroom: as github, and the points for its reporter",
    suffix=".log",
    render=github.render,
    appended={**github.FORMAT.appended, "GITHUB_OUTPUT": result},
)
