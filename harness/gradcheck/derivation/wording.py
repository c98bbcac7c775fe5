"""What is known of a claim, put in records with the words of its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.records import Complaint, Derivation, Judged, Standing, Step
from gradcheck.formulas.dialect import Reading
from gradcheck.formulas.errors import Unread, complaint
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


def clip(text: str, span: Span) -> str:
    """A piece of the text on one line."""
    return " ".join(text[span[0] : span[1]].split())


def untried(claim: Claim, text: str) -> Judged:
    """A claim of which nothing is known yet."""
    return Judged(line=claim.line, text=clip(text, claim.span), steps=(), standing=Standing.UNCHECKED)


def meaningless(
    shown: Judged, claim: Claim, error: MeaningError, text: str, slip: Explanation | None = None
) -> Judged:
    """The claim, where a part of it means nothing; wrong where a slip explains that."""
    step = _faulty(shown.text, claim.span, error, text, Standing.CANNOT_TELL)
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
    readings: Sequence[str] = (),
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
    )


def step(text: str, side: Node, standing: Standing, fault: MeaningError | None) -> Step:
    """One side of a claim, with why it has no value."""
    shown = clip(text, side.span)
    if fault is None:
        return Step(text=shown, standing=standing)
    if standing is Standing.RIGHT:
        return Step(text=shown, standing=standing, message="right as a chain of links, if not of matrices")
    return _faulty(shown, side.span, fault, text, standing)


def _faulty(shown: str, span: Span, error: MeaningError, text: str, standing: Standing) -> Step:
    before = text[span[0] : max(error.span[0], span[0])]
    column = len(clip(before, (0, len(before)))) + (before[-1:].isspace() and bool(before.strip()))
    return Step(text=shown, standing=standing, message=error.message, help=error.help, column=column)


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
