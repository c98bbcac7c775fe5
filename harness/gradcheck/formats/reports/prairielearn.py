"""PrairieLearn's results.json: the share of the points, and a test for each quantity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcheck.formats import scores, texts
from gradcheck.formats.report_format import Context, Format
from gradcheck.formats.size import fitted, shorten
from gradcheck.report.document import dumps
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Quantity, Verdict

MOST = 1_000_000
"""Bytes that PrairieLearn takes."""


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """The document. Where nobody's code could be judged, the attempt is not gradable, and costs nothing."""
    return fitted(lambda limit: dumps(_results(verdicts, context, limit)), MOST)


def _results(verdicts: Sequence[Verdict], context: Context, limit: int) -> dict[str, Any]:
    errors = [one_line(complaint) for complaint in context.summaries]
    errors += [_why(verdict) for verdict in verdicts if not scores.is_gradable(verdict)]
    overall = "\n\n".join(texts.remarks(verdict, context) for verdict in verdicts)
    tests = [_test(verdict, q, context, limit) for verdict in verdicts for q in verdict.quantities]
    return {
        "gradable": not errors,
        **({"format_errors": errors} if errors else {}),
        "score": 0.0 if errors else scores.fraction(verdicts),
        "message": "; ".join(map(texts.score_line, verdicts)) or "There was nothing to judge.",
        "output": shorten(overall, limit),
        "tests": tests,
    }


def _why(verdict: Verdict) -> str:
    failed = verdict.failure.message if verdict.failure else "gradcheck itself has failed"
    return f"{texts.heading(verdict)}: {one_line(failed)}"


def _test(verdict: Verdict, quantity: Quantity, context: Context, limit: int) -> dict[str, Any]:
    return {
        "name": texts.label(verdict, quantity),
        "description": one_line(verdict.spec),
        "points": scores.points([quantity.points]),
        "max_points": scores.points([quantity.max_points]),
        "message": texts.brief(quantity),
        "output": shorten(texts.detail(verdict, quantity, context), limit),
    }


FORMAT = Format(about="PrairieLearn's results.json", suffix=".json", render=render, most=MOST)
