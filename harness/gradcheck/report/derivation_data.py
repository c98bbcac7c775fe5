"""A derivation's judgement as plain data, for programs: docs/json.md describes it key by key."""

from __future__ import annotations

from typing import Any

from gradcheck.derivation.records import Derivation, Judged
from gradcheck.report import document
from gradcheck.report.derivation import compared
from gradcheck.report.document import text_or_none
from gradcheck.submission.text import clean
from gradcheck.text import printable


def dumps(derivation: Derivation) -> str:
    """The judgement as JSON text."""
    return document.dumps(as_data(derivation))


def as_data(derivation: Derivation) -> dict[str, Any]:
    """The judgement as dictionaries, lists, texts and numbers."""
    result = {
        "submission": printable(derivation.source),
        "spec": text_or_none(derivation.spec),
        "derivative": text_or_none(derivation.of),
        "dialect": derivation.dialect,
        "readings": [printable(text) for _, text in derivation.readings],
        "status": str(derivation.standing),
        "claims": [_place(derivation, claim.line) | _claim(claim) for claim in derivation.claims],
        "complaints": [
            _place(derivation, complaint.line)
            | {
                "column": complaint.column,
                "message": printable(complaint.message),
                "help": text_or_none(complaint.help),
                "text": _cleaned(complaint.source),
                "skipped": complaint.skipped,
            }
            for complaint in derivation.unread
        ],
    }
    return document.document("derivation", results=[result])


def _place(derivation: Derivation, line: int) -> dict[str, Any]:
    """Where a line stands: in a notebook, the cell, and the line in it."""
    cell, line = derivation.place(line)
    return {"cell": cell or None, "line": line}


def _claim(claim: Judged) -> dict[str, Any]:
    return {
        "column": claim.column,
        "text": _cleaned(claim.text),
        "symbol": text_or_none(claim.about),
        "status": str(claim.standing),
        "steps": [
            {
                "text": _cleaned(step.text),
                "status": str(step.standing),
                "message": text_or_none(step.message),
                "help": text_or_none(step.help),
                "column": step.column + 1 if step.message else None,
            }
            for step in claim.steps
        ],
        "end_right": claim.end_right,
        "diagnosis": _diagnosis(claim) if claim.mistake else None,
        "notes": [printable(note) for note in claim.notes],
        "meanings": [
            {"symbol": printable(name), "meaning": printable(meaning)} for name, meaning in claim.meanings
        ],
        "trials": claim.points,
        "answer": [printable(line) for line in claim.answer],
    }


def _cleaned(text: str) -> str:
    """What columns count in: a tab stays one character."""
    return clean(text, len(text))


def _diagnosis(claim: Judged) -> dict[str, Any]:
    one = claim.repair
    return document.diagnosis(
        mistake=claim.mistake,
        corrections=[] if one is None else [(one.yours, one.right, one.change)],
        parts=[] if one is None else compared(one),
        question=claim.question,
        explanations=[claim.slugs] if claim.slugs else [],
    )
