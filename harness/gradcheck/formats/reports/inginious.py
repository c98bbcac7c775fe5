"""INGInious: a grade of 100, and the report."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import indent

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
    """The document; `crash` where gradcheck, and not the submission, has failed."""
    crashed = bool(context.complaints) or scores.lost(verdicts)
    grade = 0.0 if crashed else round(100 * scores.fraction(verdicts), 4)
    outcome = "success" if grade == 100 else "failed"
    report = [*map(one_line, context.summaries), shorten(text.render(verdicts, context), LONGEST)]
    return dumps(
        {
            "result": "crash" if crashed else outcome,
            "grade": grade,
            "text": "::\n\n" + indent("\n".join(filter(None, report)) or "nothing to judge", "    "),
            "problems": {},
            "tests": {},
            "custom": {},
        }
    )


FORMAT = Format(about="INGInious: a grade of 100, and the report", suffix=".json", render=render)
