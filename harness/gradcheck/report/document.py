"""What all JSON documents have in common; docs/json.md describes them key by key."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from gradcheck import __version__
from gradcheck.report.changed import Part
from gradcheck.text import printable

VERSION = 2
"""Of every document: within a version there come only new keys."""


def document(kind: str, **content: Any) -> dict[str, Any]:
    """A document of that kind."""
    return {"document": kind, "version": VERSION, "gradcheck": __version__, **content}


def dumps(data: dict[str, Any]) -> str:
    """A document as JSON text. Raises ValueError for a number that is not finite."""
    return json.dumps(data, allow_nan=False, ensure_ascii=False, indent=2)


def text_or_none(text: str | None) -> str | None:
    """A text, with nothing in it that controls a terminal; None where there is none."""
    return printable(text) or None if text else None


def number(x: float) -> float | str:
    """JSON has no numbers for nan and the infinities: they are texts that Python's float reads."""
    return float(x) if math.isfinite(x) else str(float(x))


def diagnosis(
    *,
    location: dict[str, Any] | None = None,
    category: str = "",
    mistake: str,
    corrections: Sequence[tuple[str, str, str]] = (),
    parts: Sequence[Part] = (),
    question: str,
    explanations: Sequence[Sequence[str]],
    notation: str = "",
) -> dict[str, Any]:
    """Where and what a mistake is, in numbers or on paper."""
    return {
        "location": location,
        "category": text_or_none(category),
        "mistake": text_or_none(mistake),
        "corrections": [
            {"yours": printable(yours), "right": printable(right), "change": printable(change)}
            for yours, right, change in corrections
        ],
        "lines": [
            {"label": text_or_none(part.label), "text": part.text, "changed": list(part.changed)}
            for part in parts
        ],
        "question": text_or_none(question),
        "explanations": [list(slugs) for slugs in explanations],
        "notation": text_or_none(notation),
    }
