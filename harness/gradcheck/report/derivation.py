"""A derivation's judgement for the terminal: claim by claim, and step by step where one breaks."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.derivation.records import Complaint, Derivation, Judged, Standing, Step
from gradcheck.report.color import Paint, Style
from gradcheck.text import (
    NARROWEST,
    amount,
    chop,
    clip,
    columns,
    hanging,
    headline,
    pad,
    printable,
    wrap,
)

_MARKS = {
    Standing.RIGHT: "right",
    Standing.WRONG: "WRONG",
    Standing.CANNOT_TELL: "cannot tell",
    Standing.DEFINED: "defines",
    Standing.ANSWERED: "answer",
    Standing.UNCHECKED: "",
}
_STYLES = {
    Standing.RIGHT: Style.GREEN,
    Standing.WRONG: Style.LOUD_RED,
    Standing.CANNOT_TELL: Style.YELLOW,
    Standing.DEFINED: Style.DIM,
    Standing.ANSWERED: Style.GREEN,
    Standing.UNCHECKED: Style.DIM,
}
_BESIDE = (Standing.UNCHECKED, Standing.DEFINED, Standing.ANSWERED)
"""What is no claim that could be right."""
_INDENT = 6
_MARK = 11
"""How many columns a standing takes."""


def render(derivation: Derivation, *, color: bool = False, width: int = 80, explain: bool = False) -> str:
    """The whole report, on lines of at most `width` columns, but no fewer than NARROWEST.

    `explain` adds what each name was taken for.
    """
    page = _Page(Paint(color), max(width, NARROWEST), derivation)
    claims = [claim for claim in derivation.claims if claim.standing is not Standing.UNCHECKED or explain]
    blocks = [
        page.head(),
        *(page.claim(claim, explain) for claim in claims),
        *map(page.unread, derivation.unread),
    ]
    return "\n".join(line for block in blocks for line in block).rstrip("\n")


class _Page:
    def __init__(self, paint: Paint, width: int, derivation: Derivation) -> None:
        self.paint, self.width, self.derivation = paint, width, derivation
        lines = [claim.line for claim in derivation.claims] + [c.line for c in derivation.unread]
        self.digits = len(str(max(lines, default=1)))
        self.already: dict[str, int] = {}
        """What was told, and for which line."""

    def head(self) -> list[str]:
        """Text and spec, and how much is right."""
        about = self.derivation.spec or self.derivation.of
        left = " · ".join(_line(part) for part in (self.derivation.source, about) if part)
        lines = headline(left, standing(self.derivation), self.width)
        readings = [line for one in self.derivation.readings for line in self.labelled("read", one)]
        return [*(self.paint(line, Style.BOLD) for line in lines), *readings, ""]

    def claim(self, claim: Judged, explain: bool) -> list[str]:
        """One claim: a line where it is right, each of its steps where it is not."""
        plain = claim.standing not in (Standing.WRONG, Standing.CANNOT_TELL)
        lines = [self.title(claim)] if plain else self.started(claim.line, claim.standing, _summary(claim))
        if not plain:
            lines += [line for number in range(len(claim.steps)) for line in self.step(claim, number)]
            lines += self.explanation(claim)
        lines += [" " * _INDENT + printable(line) for line in claim.answer]
        for note in claim.notes:
            lines += self.labelled("note", note)
        if explain:
            lines += self.meanings(claim)
        return [*lines, ""] if len(lines) > 1 else lines

    def title(self, claim: Judged) -> str:
        """A claim that is right, as much of it as a line holds, and how many steps it has."""
        steps = len(claim.steps) - 1
        behind = f"  ({steps} steps)" if claim.standing is Standing.RIGHT and steps > 1 else ""
        text = clip(_line(claim.text), self.room - columns(behind))
        return self.start(claim.line, claim.standing, text + self.paint(behind, Style.DIM))

    def start(self, line: int, standing: Standing | None, text: str) -> str:
        """The line's number, the standing or that it can't be read, and a text."""
        mark, style = ("unread", Style.YELLOW) if standing is None else (_MARKS[standing], _STYLES[standing])
        shown = self.paint(pad(mark, _MARK) if text else mark, style) if mark else " " * _MARK
        return f"  line {line:{self.digits}}  {shown}  {text}".rstrip()

    @property
    def room(self) -> int:
        """What is left of a line behind its start."""
        return self.width - 7 - self.digits - 2 - _MARK - 2

    def started(self, line: int, standing: Standing | None, text: str) -> list[str]:
        """The same, for a text of any length."""
        first, *more = wrap(text, self.room)
        return [self.start(line, standing, first), *(" " * (self.width - self.room) + rest for rest in more)]

    def step(self, claim: Judged, number: int) -> list[str]:
        """A side of the chain, with a caret and a message below what is wrong in it."""
        step, mark = claim.steps[number], _mark(claim, number)
        sign = "= " if number else "  "
        pieces = chop(_line(step.text), self.width - _INDENT - 2 - columns(mark) - 2)
        lines = [" " * _INDENT + sign + pieces[0], *(" " * (_INDENT + 2) + piece for piece in pieces[1:])]
        if mark:
            lines[-1] += "  " + self.paint(mark, Style.LOUD_RED)
        if step.message and step.standing is not Standing.RIGHT:
            at, column = _within(pieces, step.column)
            lines.insert(at + 1, " " * (_INDENT + 2 + column) + "^")
        return lines + self.message(step)

    def message(self, step: Step) -> list[str]:
        """Why a side is no good, or why nobody can tell."""
        if not step.message:
            return []
        text = step.message + (f"; {step.help}" if step.help else "")
        return [" " * (_INDENT + 2) + line for line in wrap(printable(text), self.width - _INDENT - 2)]

    def explanation(self, claim: Judged) -> list[str]:
        """What stands there, a question, and the command that explains the mistake; each once."""
        if not claim.mistake:
            return []
        if claim.mistake in self.already:
            return self.labelled("what", f"As in line {self.already[claim.mistake]}.")
        self.already[claim.mistake] = claim.line
        lines = self.labelled("what", claim.mistake)
        lines += self.labelled("think", claim.question) if claim.question else []
        for slug in claim.slugs:
            lines += self.labelled("", f"(gradcheck mistakes {slug} explains it)")
        return lines

    def meanings(self, claim: Judged) -> list[str]:
        """What names were taken for, each once."""
        meanings = [f"{name}: {meaning}" for name, meaning in claim.meanings]
        fresh = [text for text in dict.fromkeys(meanings) if text not in self.already]
        self.already |= dict.fromkeys(fresh, claim.line)
        return [line for text in fresh for line in self.labelled("", text)]

    def labelled(self, label: str, text: str) -> list[str]:
        start = f"{' ' * _INDENT}{pad(label, 5)}  "
        return hanging(start, columns(start), printable(text), self.width)

    def unread(self, complaint: Complaint) -> list[str]:
        """A piece that can't be read, with a caret under it."""
        text = complaint.message + (f"; {complaint.help}" if complaint.help else "")
        before = columns(_line(complaint.source[: complaint.column - 1 - complaint.skipped]))
        pieces = chop(_line(complaint.source), self.width - _INDENT)
        at, column = divmod(before, self.width - _INDENT)
        shown = pieces[at] if at < len(pieces) else ""
        caret = " " * (_INDENT + min(column, columns(shown))) + "^"
        lines = self.started(complaint.line, None, _line(text))
        return [*lines, " " * _INDENT + shown, caret, ""]


def _line(text: str) -> str:
    """The text on one line, with nothing in it that controls a terminal."""
    return " ".join(printable(text).splitlines())


def standing(derivation: Derivation) -> str:
    """How much is right: 5 of 6 claims right."""
    checked = [c for c in derivation.claims if c.standing not in _BESIDE]
    right = sum(c.standing is Standing.RIGHT for c in checked)
    answered = sum(c.standing is Standing.ANSWERED for c in derivation.claims)
    parts = [f"{right} of {amount(len(checked), 'claim')} right"] if checked else []
    parts += [amount(answered, "answer")] if answered else []
    parts = parts or ["no claim to check"]
    if derivation.unread:
        parts.append(f"{len(derivation.unread)} unread")
    return ", ".join(parts)


def _summary(claim: Judged) -> str:
    """Where a claim that is not right breaks."""
    wrong = [n for n, step in enumerate(claim.steps) if step.standing is Standing.WRONG]
    end = ", but the end is right" if claim.end_right else ""
    if claim.standing is not Standing.WRONG:
        return ""
    if not wrong:
        return "as it is numbered"
    if claim.steps[wrong[0]].message and len(claim.steps) == 2:
        return "it does not fit together"
    if len(claim.steps) == 2:
        return "the two sides differ"
    return f"breaks at step {wrong[0]} of {len(claim.steps) - 1}{end}"


def _mark(claim: Judged, number: int) -> str:
    """Points at the first step that breaks, where there are several."""
    first = next((n for n, s in enumerate(claim.steps) if s.standing is Standing.WRONG), None)
    return "<- here" if number == first and len(claim.steps) > 2 else ""


def _within(pieces: Sequence[str], column: int) -> tuple[int, int]:
    """In which piece a character is, and in which column of it."""
    for number, piece in enumerate(pieces):
        if column < len(piece):
            return number, columns(piece[:column])
        column -= len(piece)
    return len(pieces) - 1, columns(pieces[-1])
