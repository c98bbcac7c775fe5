"""A derivation's judgement as plain data, for programs: docs/json.md describes it key by key."""

from __future__ import annotations

from typing import Any

from gradcheck.derivation.records import Derivation, Judged
from gradcheck.report import document
from gradcheck.report.document import text_or_none


def dumps(derivation: Derivation) -> str:
    """The judgement as JSON text."""
    return document.dumps(as_data(derivation))


def as_data(derivation: Derivation) -> dict[str, Any]:
    """The judgement as dictionaries, lists, texts and numbers."""
    result = {
        "submission": derivation.source,
        "spec": text_or_none(derivation.spec),
        "derivative": text_or_none(derivation.of),
        "dialect": derivation.dialect,
        "status": str(derivation.standing),
        "claims": [_claim(claim) for claim in derivation.claims],
        "complaints": [
            {
                "line": complaint.line,
                "column": complaint.column,
                "message": complaint.message,
                "help": text_or_none(complaint.help),
                "text": complaint.source,
                "skipped": complaint.skipped,
            }
            for complaint in derivation.unread
        ],
    }
    return document.document("derivation", results=[result])


def _claim(claim: Judged) -> dict[str, Any]:
    return {
        "line": claim.line,
        "text": claim.text,
        "symbol": text_or_none(claim.about),
        "status": str(claim.standing),
        "steps": [
            {
                "text": step.text,
                "status": str(step.standing),
                "message": text_or_none(step.message),
                "help": text_or_none(step.help),
                "column": step.column + 1 if step.message else None,
            }
            for step in claim.steps
        ],
        "end_right": claim.end_right,
        "diagnosis": _diagnosis(claim) if claim.mistake else None,
        "notes": list(claim.notes),
        "meanings": [{"symbol": name, "meaning": meaning} for name, meaning in claim.meanings],
        "trials": claim.points,
    }


def _diagnosis(claim: Judged) -> dict[str, Any]:
    return document.diagnosis(
        mistake=claim.mistake, question=claim.question, explanations=[claim.slugs] if claim.slugs else []
    )
