"""What is known of a claim, put in records with the words of its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.records import Complaint, Derivation, Judged, Standing, Step
from gradcheck.formulas.commands import ACCENTS, LOOKS
from gradcheck.formulas.dialect import Reading
from gradcheck.formulas.errors import Unread, complaint, line_of
from gradcheck.formulas.limits import MAX_NAME
from gradcheck.formulas.tree import Claim, Node, Span

LONGEST = 1_000
"""How much of a line is shown around what can't be read."""


@dataclass(frozen=True)
class Explanation:
    """What is said of a broken step."""

    mistake: str = ""
    question: str = ""
    slugs: tuple[str, ...] = ()
    renames: bool = False
    """Whether another reading of the names makes all right: what is noticed under this one is moot."""


_ALIGNED = re.compile(
    r"(?:\\(?:nonumber|notag)\b\s*|\\label\s*\{[^{}]*\}\s*)*(?:\\\\(?:\[[^\]]*\])?\s*)?&\s*([=≈≡]|:=)\s*&?"
)
"""A relation where lines are aligned."""


_OPENED = re.compile(r"(?:\\[A-Za-z]+\s*)?\{\s*\Z")
_LOOK = re.compile(rf"\\(?:{'|'.join(sorted(LOOKS | ACCENTS.keys()))})\s*\Z")
"""A command in front of the one letter that it is for."""


def clip(text: str, span: Span) -> str:
    """A piece of the text on one line, without what aligns lines."""
    return " ".join(_ALIGNED.sub(r" \1 ", text[span[0] : span[1]]).split())


def whole(text: str, span: Span) -> Span:
    r"""The span with the braces that belong to it: `z} = \mathbf{a` is a part of \mathbf{z} = \mathbf{a}."""
    start, end = span
    depth, lowest = 0, 0
    for character in text[start:end]:
        depth += (character == "{") - (character == "}")
        lowest = min(lowest, depth)
    for _ in range(-lowest):
        if (opened := _OPENED.search(text, max(0, start - MAX_NAME), start)) is None:
            return span
        start = opened.start()
    if (look := _LOOK.search(text, max(0, start - MAX_NAME), start)) is not None:
        start = look.start()
    for _ in range(depth - lowest):
        if text[end : end + 1] != "}":
            return span
        end += 1
    return start, end


def untried(claim: Claim, text: str) -> Judged:
    """A claim of which nothing is known yet."""
    span = whole(text, claim.span)
    shown, (_, column) = clip(text, span), _place(text, span[0])
    return Judged(line=claim.line, column=column, text=shown, steps=(), standing=Standing.UNCHECKED)


def _place(text: str, offset: int) -> tuple[int, int]:
    """The line and the column of an offset, from 1."""
    return line_of(text, offset), offset - text.rfind("\n", 0, offset)


def meaningless(
    shown: Judged, claim: Claim, error: MeaningError, text: str, slip: Explanation | None = None
) -> Judged:
    """The claim, where a part of it means nothing; wrong where a slip explains that."""
    step = _faulty(shown.text, whole(text, claim.span), error, text, Standing.CANNOT_TELL)
    standing = Standing.CANNOT_TELL if slip is None else Standing.WRONG
    return explained(replace(shown, standing=standing, steps=(step,)), slip or Explanation())


def explained(shown: Judged, explanation: Explanation) -> Judged:
    """The claim with why it breaks."""
    return replace(shown, mistake=explanation.mistake, question=explanation.question, slugs=explanation.slugs)


def unjudged(reading: Reading, source: str, *, spec: str = "", of: str = "") -> Derivation:
    """All that is said of a text that has nothing to judge."""
    claims = [untried(claim, reading.text) for claim in reading.claims]
    return derivation(reading, claims, source, spec=spec, of=of)


def derivation(
    reading: Reading,
    claims: Sequence[Judged],
    source: str,
    *,
    spec: str = "",
    of: str = "",
    readings: Sequence[tuple[int, str]] = (),
) -> Derivation:
    """All that is said of a text."""
    return Derivation(
        source=source,
        spec=spec,
        of=of,
        dialect=reading.dialect,
        claims=tuple(claims),
        unread=tuple(_unread(unread, reading.text, source) for unread in reading.unread),
        readings=tuple(readings),
        cells=reading.cells,
    )


def step(text: str, side: Node, standing: Standing, fault: MeaningError | None) -> Step:
    """One side of a claim, with why it has no value."""
    span = whole(text, side.span)
    shown, place = clip(text, span), _place(text, span[0])
    if fault is None:
        return Step(text=shown, standing=standing, place=place)
    if standing is Standing.RIGHT:
        message = "right as a chain of links, if not of matrices"
        return Step(text=shown, standing=standing, message=message, place=place)
    return _faulty(shown, span, fault, text, standing)


def _faulty(shown: str, span: Span, error: MeaningError, text: str, standing: Standing) -> Step:
    start = max(error.span[0], span[0])
    before = text[span[0] : start]
    column = len(clip(before, (0, len(before)))) + (before[-1:].isspace() and bool(before.strip()))
    return Step(
        text=shown,
        standing=standing,
        message=error.message,
        help=error.help,
        fault=error.kind,
        column=column,
        place=_place(text, start),
    )


def _unread(unread: Unread, text: str, source: str) -> Complaint:
    shown = complaint(unread, text, source)
    column, line = shown.column or 1, shown.source_line
    skipped = max(0, column - 1 - LONGEST // 2) if len(line) > LONGEST else 0
    return Complaint(
        line=shown.line or 1,
        column=column,
        message=shown.message,
        help=shown.help or "",
        source=line[skipped : skipped + LONGEST],
        skipped=skipped,
    )
