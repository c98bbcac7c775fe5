"""GitHub Actions: annotations at the student's lines, the report in the log, and a summary of the job."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence

from gradcheck.formats import texts
from gradcheck.formats.places import Place, place, start
from gradcheck.formats.report_format import Context, Format
from gradcheck.formats.reports import text
from gradcheck.formats.size import fitted, shorten
from gradcheck.report.annotation import annotation
from gradcheck.report.markdown import fenced
from gradcheck.report.words import MARKS
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Status, Verdict

MOST = 1 << 20
"""Bytes of a step's summary."""
ANNOTATIONS = 10
"""How many of a level are written: GitHub shows no more of a step."""

_LEVELS = {
    Status.WRONG: "error",
    Status.ERROR: "error",
    Status.INTERNAL: "warning",
    Status.CANNOT_TELL: "notice",
}


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """What goes to the log: annotations, then the report, in which no command is obeyed."""
    token = secrets.token_hex(16)
    report = text.render(verdicts, context)
    shown = [f"::stop-commands::{token}", report, f"::{token}::"] if report else []
    return "\n".join([*_annotations(verdicts, context), *shown])


def summary(verdicts: Sequence[Verdict], context: Context) -> str:
    """The job's summary, in Markdown."""
    return fitted(lambda limit: _summary(verdicts, context, limit), MOST - 1)


def _annotations(verdicts: Sequence[Verdict], context: Context) -> Iterator[str]:
    left = dict.fromkeys(("error", "warning", "notice"), ANNOTATIONS)
    every = [*map(_unusable, context.summaries), *(one for v in verdicts for one in _of(v, context))]
    for level, line in every:
        left[level] -= 1
        if left[level] >= 0:
            yield line


def _unusable(complaint: str) -> tuple[str, str]:
    return "error", annotation("error", one_line(complaint), title=f"gradcheck: {texts.UNUSABLE}")


def _of(verdict: Verdict, context: Context) -> Iterator[tuple[str, str]]:
    """What is to be looked at in a submission; what only follows from something else has no annotation."""
    failure, diagnosis = verdict.failure, verdict.diagnosis
    if failure is not None:
        where = f" (at {failure.where})" if failure.where else ""
        yield _at(place(verdict, context), "error", texts.heading(verdict), failure.message + where)
    if diagnosis is not None:
        yield _at(start(verdict, context), "error", texts.heading(verdict), texts.explained(diagnosis))
    for quantity in verdict.quantities:
        explained = bool(quantity.follows) or (diagnosis is not None and diagnosis.quantity == quantity.name)
        failed = failure is not None and quantity.reason == "failed"
        if quantity.status is not Status.RIGHT and not explained and not failed:
            message = "\n".join(filter(None, (texts.brief(quantity), quantity.help)))
            title = texts.label(verdict, quantity)
            yield _at(start(verdict, context), _LEVELS[quantity.status], title, message)


def _at(where: Place, level: str, title: str, message: str) -> tuple[str, str]:
    return level, annotation(level, message, file=where.file, line=where.line, title=title)


def _summary(verdicts: Sequence[Verdict], context: Context, limit: int) -> str:
    blocks = [f"**gradcheck: {texts.UNUSABLE}** {texts.code_span(one)}" for one in context.summaries]
    for verdict in verdicts:
        blocks.append(f"### {texts.code_span(texts.score_line(verdict))}")
        blocks.append("\n".join(_table(verdict)))
        report = text.render([verdict], context)
        blocks.append(fenced(shorten(report, limit)) if limit else "")
    return "\n\n".join(filter(None, blocks)) or "gradcheck had nothing to judge."


def _table(verdict: Verdict) -> Iterator[str]:
    yield "| quantity | | points |"
    yield "|---|---|---|"
    for quantity in verdict.quantities:
        earned = f"{quantity.points:g} of {quantity.max_points:g}"
        yield f"| {texts.code_span(quantity.symbol)} | {MARKS[quantity.status]} | {earned} |"


FORMAT = Format(
    about="GitHub Actions: annotations, the report, a job summary",
    suffix=".log",
    render=render,
    appended={"GITHUB_STEP_SUMMARY": summary},
)
