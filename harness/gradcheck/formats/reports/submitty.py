"""Submitty's validation_results.json: the share of the points, and messages for the student."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.formats import scores, texts
from gradcheck.formats.report_format import Context, Format
from gradcheck.report.document import dumps
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Status, Verdict

_MESSAGES = {Status.RIGHT: "success", Status.CANNOT_TELL: "warning"}
"""The status of a message on a quantity; of what is wrong, or has failed, it is a failure."""
_LOST = "gradcheck itself has failed, which says nothing about the submission: grade it again"


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """The document; a failure of the validator where gradcheck, and not the submission, is at fault."""
    if context.complaints or scores.lost(verdicts):
        why = [*map(one_line, context.summaries), *([_LOST] if scores.lost(verdicts) else [])]
        return dumps({"status": "failure", "message": "; ".join(why)})
    messages = [{"message": text, "status": status} for status, text in _messages(verdicts, context)]
    nothing = [{"message": "There was nothing to judge.", "status": "warning"}]
    data = {"score": scores.fraction(verdicts), "message": messages or nothing}
    return dumps({"status": "success", "data": data})


def _messages(verdicts: Sequence[Verdict], context: Context) -> Iterator[tuple[str, str]]:
    """Of each spec how much is right, what was noticed, where it goes wrong, and each quantity."""
    for verdict in verdicts:
        yield "information", texts.remarks(verdict, context)
        if verdict.shown_diagnosis is not None:
            yield "failure", texts.explained(verdict.shown_diagnosis)
        for quantity in verdict.quantities:
            yield _MESSAGES.get(quantity.status, "failure"), texts.brief(quantity)


FORMAT = Format(
    about="Submitty's validation_results.json, of a custom validator", suffix=".json", render=render
)
