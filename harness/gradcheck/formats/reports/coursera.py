"""Coursera's feedback.json: the share of the points, and the report."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.formats import scores
from gradcheck.formats.report_format import Context, Format
from gradcheck.formats.reports import text
from gradcheck.formats.size import shorten
from gradcheck.report.document import dumps
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Verdict

LONGEST = 100_000
"""Characters of the report."""


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """The document; where a spec could not be used, no points."""
    report = [*map(one_line, context.summaries), text.render(verdicts, context)]
    return dumps(
        {
            "fractionalScore": 0.0 if context.complaints else scores.fraction(verdicts),
            "feedback": shorten("\n".join(filter(None, report)), LONGEST),
        }
    )


FORMAT = Format(about="Coursera's feedback.json", suffix=".json", render=render)
