"""A derivation's judgement a line each, where an editor or a log of GitHub jumps to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gradcheck.derivation.records import Complaint, Derivation, Judged, Standing
from gradcheck.report.annotation import annotation
from gradcheck.report.derivation import summary
from gradcheck.text import printable, unbroken


class _Remark(NamedTuple):
    """What is said of one place."""

    level: str
    """error, warning or note."""
    line: int
    column: int
    text: str


def lines(derivation: Derivation) -> str:
    """`thesis.tex:41:7: error: …`, of a notebook `lecture.ipynb:cell 3:2:7: …`; what is right has none."""
    shown = []
    for remark in _remarks(derivation):
        cell, line = derivation.place(remark.line)
        place = f"cell {cell}:{line}" if cell else str(line)
        shown.append(f"{printable(derivation.source)}:{place}:{remark.column}: {remark.level}: {remark.text}")
    return "\n".join(shown)


def github(derivation: Derivation) -> str:
    """The same as annotations of GitHub: `::error file=thesis.tex,line=41,col=7::…`."""
    shown = []
    for remark in _remarks(derivation):
        cell, line = derivation.place(remark.line)
        where = f"cell {cell}, line {line}: " if cell else ""
        level = "notice" if remark.level == "note" else remark.level
        place = {} if cell else {"line": line, "col": remark.column}
        shown.append(annotation(level, where + remark.text, file=derivation.source, **place))
    return "\n".join(shown)


def _remarks(derivation: Derivation) -> list[_Remark]:
    """What is to be looked at, in the order of the text."""
    said = [remark for claim in derivation.claims for remark in _of_claim(claim)]
    said += map(_unread, derivation.unread)
    return sorted(said, key=lambda remark: (remark.line, remark.column))


def _of_claim(claim: Judged) -> Iterator[_Remark]:
    if claim.standing is Standing.WRONG:
        broken = next((step for step in claim.steps if step.standing is Standing.WRONG), None)
        line, column = broken.place if broken else (claim.line, claim.column)
        at = f": = {broken.text}" if broken and broken is not claim.steps[0] else ""
        due = () if claim.repair is None else filter(None, (claim.repair.right, claim.repair.other))
        should = f"it should be {' or '.join(due)}" if claim.repair else ""
        reasons = [broken.message if broken else "", should, claim.mistake]
        yield _remark("error", line, column, f"{summary(claim)}{at}", *reasons)
    elif claim.standing is Standing.CANNOT_TELL:
        open_steps = (step for step in claim.steps if step.message and step.standing is not Standing.RIGHT)
        first = next(open_steps, None)
        line, column = first.place if first else (claim.line, claim.column)
        reasons = [first.message, first.help] if first else []
        yield _remark("warning", line, column, "cannot tell", *reasons)
    elif claim.standing is Standing.ANSWERED:
        yield _remark("note", claim.line, claim.column, "answer", *claim.answer)
    for note in claim.notes if claim.standing is not Standing.UNCHECKED else ():
        yield _remark("note", claim.line, claim.column, note)


def _unread(complaint: Complaint) -> _Remark:
    return _remark("warning", complaint.line, complaint.column, "unread", complaint.message, complaint.help)


def _remark(level: str, line: int, column: int, *parts: str) -> _Remark:
    text = "; ".join(unbroken(part) for part in parts if part)
    return _Remark(level, line, column, text)
