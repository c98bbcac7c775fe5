"""Dodona: the commands of a judge, a line of JSON each, with a tab for each spec."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from gradcheck.formats import scores, texts
from gradcheck.formats.places import place
from gradcheck.formats.report_format import Context, Format
from gradcheck.formats.size import shorten
from gradcheck.submission.records import FailureKind
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Quantity, Status, Verdict

OUTPUT = 20_000
"""Characters of a quantity's report."""
_INTERNAL, _RUNTIME, _WRONG, _CORRECT = "internal error", "runtime error", "wrong", "correct"
_FAILURES: dict[FailureKind, str] = {
    "missing": _WRONG,
    "unreadable": _WRONG,
    "syntax": "compilation error",
    "memory": "memory limit exceeded",
    "timeout": "time limit exceeded",
    "machine": _INTERNAL,
}
"""By the kind of a failure; all others are errors at run time."""
_WORST_FIRST = (
    _INTERNAL,
    "compilation error",
    "memory limit exceeded",
    "time limit exceeded",
    _RUNTIME,
    _WRONG,
    _CORRECT,
)


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """The commands; where something could not be judged, the judgement is an internal error."""
    return "\n".join(json.dumps(one, allow_nan=False) for one in _commands(verdicts, context))


def _commands(verdicts: Sequence[Verdict], context: Context) -> Iterator[dict[str, Any]]:
    yield {"command": "start-judgement"}
    for complaint in context.summaries:
        yield _message(f"gradcheck: {texts.UNUSABLE}: {one_line(complaint)}")
    for verdict in verdicts:
        yield from _tab(verdict, context)
    statuses = [*map(_status, verdicts), *([] if verdicts and not context.complaints else [_INTERNAL])]
    worst = min(statuses, key=_WORST_FIRST.index)
    human = "; ".join(map(texts.score_line, verdicts)) or "There was nothing to judge."
    status = {"enum": worst, "human": human}
    yield {"command": "close-judgement", "accepted": worst == _CORRECT, "status": status}


def _status(verdict: Verdict) -> str:
    if verdict.status is Status.INTERNAL:
        return _INTERNAL
    if verdict.status is Status.ERROR and verdict.failure is not None:
        return _FAILURES.get(verdict.failure.kind, _RUNTIME)
    return _CORRECT if all(map(scores.passed, verdict.quantities)) else _WRONG


def _tab(verdict: Verdict, context: Context) -> Iterator[dict[str, Any]]:
    """A spec: where its code has failed, where it goes wrong, and a case for each quantity."""
    wrong = sum(not scores.passed(quantity) for quantity in verdict.quantities)
    yield {"command": "start-tab", "title": texts.heading(verdict)}
    yield from _annotation(verdict, context)
    yield _message(texts.remarks(verdict, context))
    if verdict.shown_diagnosis is not None:
        yield _message(texts.explained(verdict.shown_diagnosis))
    yield {"command": "start-context"}
    for quantity in verdict.quantities:
        yield from _case(verdict, quantity, context)
    yield {"command": "close-context"}
    yield {"command": "close-tab", "badgeCount": wrong}


def _annotation(verdict: Verdict, context: Context) -> Iterator[dict[str, Any]]:
    """At the line of the submission, which is one file on Dodona; lines are counted from 0."""
    failure, files = verdict.failure, context.files(verdict.spec)
    where = place(verdict, context)
    if failure is not None and files and where.file == files[0] and where.line:
        name = one_line(PurePosixPath(where.file).name)
        text = f"{name}: {one_line(failure.message)}"
        yield {"command": "annotate-code", "row": where.line - 1, "text": text, "type": "error"}


def _case(verdict: Verdict, quantity: Quantity, context: Context) -> Iterator[dict[str, Any]]:
    detail = shorten(texts.detail(verdict, quantity, context), OUTPUT)
    yield {"command": "start-testcase", "description": _text(texts.brief(quantity))}
    yield _message(detail)
    yield {"command": "close-testcase", "accepted": scores.passed(quantity)}


def _message(text: str) -> dict[str, Any]:
    return {"command": "append-message", "message": _text(text)}


def _text(text: str) -> dict[str, str]:
    """Plain text, in which nothing is markup."""
    return {"format": "plain", "description": text}


FORMAT = Format(about="Dodona: the commands of a judge, as lines of JSON", suffix=".jsonl", render=render)
