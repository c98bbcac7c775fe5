"""A derivation's judgement for the terminal: claim by claim, and step by step where one breaks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from gradcheck.derivation.records import Complaint, Derivation, Judged, Repair, Standing, Step
from gradcheck.report.changed import Part, changed
from gradcheck.report.color import Paint, Style
from gradcheck.text import (
    NARROWEST,
    amount,
    chop,
    chop_formula,
    clip,
    columns,
    hanging,
    headline,
    pad,
    printable,
    wrap,
)

MARKS = {
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
_TROUBLE = (Standing.WRONG, Standing.CANNOT_TELL)
_BESIDE = (Standing.UNCHECKED, Standing.DEFINED, Standing.ANSWERED)
"""What is no claim that could be right."""
_INDENT, _BODY = 6, 13
"""Where formulas begin, and what stands behind a label."""
_MARK = 11
"""How many columns a standing takes."""


def render(derivation: Derivation, *, color: bool = False, width: int = 80, explain: bool = False) -> str:
    """The whole report, on lines of at most `width` columns, but no fewer than NARROWEST.

    `explain` adds what each name was taken for.
    """
    page = _Page(Paint(color), max(width, NARROWEST), derivation)
    blocks = [page.head(), *page.sections(explain=explain), page.advice()]
    return _apart(blocks)


def render_claims(derivation: Derivation, *, color: bool = False, width: int = 80) -> str:
    """What is said of each claim, without the head and without lines' numbers."""
    page = _Page(Paint(color), max(width, NARROWEST), derivation, numbered=False)
    return _apart(page.sections(explain=False))


def _apart(blocks: Iterable[list[str]]) -> str:
    """Blocks of lines one below the other, with no more than one blank line between."""
    lines = [line for block in blocks for line in block]
    shown = (line for line, before in zip(lines, ["", *lines], strict=False) if line or before)
    return "\n".join(shown).rstrip("\n")


class _Page:
    def __init__(self, paint: Paint, width: int, derivation: Derivation, *, numbered: bool = True) -> None:
        self.paint, self.width, self.derivation, self.numbered = paint, width, derivation, numbered
        places = [claim.line for claim in derivation.claims] + [one.line for one in derivation.unread]
        self.places = max((len(place(derivation, line)) for line in places), default=len("line 1"))
        self.already: dict[str, int] = {}
        """What was told, and for which line."""
        self.repairs: set[tuple[str, Repair | None]] = set()
        """What was said that sides should be, with which mistake."""

    def head(self) -> list[str]:
        """Text and spec, and how much is right."""
        about = self.derivation.spec or self.derivation.of
        left = " · ".join(_line(part) for part in (self.derivation.source, about) if part)
        lines = headline(left, standing(self.derivation), self.width)
        readings = self.derivation.readings if self._is_one else ()
        shown = [line for _, text in readings for line in self.labelled("read", text)]
        return [*(self.paint(line, Style.BOLD) for line in lines), *shown, ""]

    @property
    def _is_one(self) -> bool:
        """Whether all of the text was read at once, so that what names were taken for stands at its head."""
        return len({line for line, _ in self.derivation.readings}) == 1

    def sections(self, *, explain: bool) -> Iterator[list[str]]:
        """The claims, with what names were taken for where that matters, in front of those that have them."""
        starts: list[float] = [0, *dict.fromkeys(line for line, _ in self.derivation.readings), math.inf]
        for line, end in pairwise(starts):
            claims = [claim for claim in self.derivation.claims if line <= claim.line < end]
            unread = [one for one in self.derivation.unread if line <= one.line < end]
            if not self._is_one and (explain or any(claim.standing in _TROUBLE for claim in claims)):
                readings = [text for first, text in self.derivation.readings if first == line]
                yield ["", *(shown for text in readings for shown in self.labelled("read", text)), ""]
            yield from self._in_order(claims, unread, explain)

    def _in_order(
        self, claims: Sequence[Judged], unread: Sequence[Complaint], explain: bool
    ) -> Iterator[list[str]]:
        """Claims and what can't be read, as they stand in the text."""
        left = list(unread)
        for claim in claims:
            while left and (left[0].line, left[0].column) < (claim.line, claim.column):
                yield self.unread(left.pop(0))
            if claim.standing is not Standing.UNCHECKED or explain:
                yield self.claim(claim, explain)
        yield from map(self.unread, left)

    def advice(self) -> list[str]:
        """What to do where nothing equates anything."""
        derivation = self.derivation
        said = derivation.unread or any(c.standing is not Standing.UNCHECKED for c in derivation.claims)
        if said or derivation.spec or derivation.of:
            return []
        text = "No formula here equates anything: write ∂L/∂w = …, or say with --of and --wrt what is meant."
        return ["  " + line for line in wrap(text, self.width - 2)]

    def claim(self, claim: Judged, explain: bool) -> list[str]:
        """One claim: a line where it is right, each of its steps where it is not."""
        plain = claim.standing not in _TROUBLE
        lines = [self.title(claim)] if plain else self.started(claim.line, claim.standing, summary(claim))
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
        mark, style = ("unread", Style.YELLOW) if standing is None else (MARKS[standing], _STYLES[standing])
        shown = self.paint(pad(mark, _MARK) if text else mark, style) if mark else " " * _MARK
        if not self.numbered:
            return f"  {shown}  {text}".rstrip()
        word, _, number = place(self.derivation, line).rpartition(" ")
        where = f"{word}{number:>{self.places - len(word)}}"
        return f"  {where}  {shown}  {text}".rstrip()

    @property
    def room(self) -> int:
        """What is left of a line behind its start."""
        return self.width - 2 - (self.places + 2) * self.numbered - _MARK - 2

    def started(self, line: int, standing: Standing | None, text: str) -> list[str]:
        """The same, for a text of any length."""
        first, *more = wrap(text, self.room)
        return [self.start(line, standing, first), *(" " * (self.width - self.room) + rest for rest in more)]

    def step(self, claim: Judged, number: int) -> list[str]:
        """A side of the chain, with a caret and a message below what is wrong in it."""
        step, mark = _once(claim.steps, number), "<- here" if is_first_break(claim, number) else ""
        sign = "= " if number else "  "
        pieces = chop_formula(_line(step.text), self.width - _INDENT - 2 - columns(mark) - 2)
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
        lines = self.labelled("what", claim.mistake)
        if claim.mistake in self.already:
            lines = self.labelled("what", f"As in {place(self.derivation, self.already[claim.mistake])}.")
        lines += [] if (claim.mistake, claim.repair) in self.repairs else self.repair(claim)
        self.repairs.add((claim.mistake, claim.repair))
        if claim.mistake in self.already:
            return lines
        self.already[claim.mistake] = claim.line
        lines += self.labelled("think", claim.question) if claim.question else []
        for slug in claim.slugs:
            lines += self.labelled("", f"(gradcheck mistakes {slug} explains it)")
        return lines

    def repair(self, claim: Judged) -> list[str]:
        """The side that breaks beside what it should be."""
        shown = [] if claim.repair is None else compared(claim.repair)
        size = _BODY + max((columns(part.label) for part in shown), default=0) + 2
        return [line for part in shown for line in self.compared(part, size)]

    def compared(self, part: Part, size: int) -> list[str]:
        """A side behind its label, with carets below what is another in it."""
        style, (start, stop) = Style.RED if part.label == YOURS else Style.GREEN, part.changed
        front, at, lines = " " * _BODY + pad(part.label, size - _BODY), 0, list[str]()
        for piece in chop_formula(part.text, self.width - size):
            cut, end = (min(max(place - at, 0), len(piece)) for place in (start, stop))
            lines.append((front + piece).rstrip())
            if piece[cut:end].strip():
                carets = self.paint("^" * columns(piece[cut:end]), style)
                lines.append(" " * (size + columns(piece[:cut])) + carets)
            front, at = " " * size, at + len(piece)
        return lines

    def meanings(self, claim: Judged) -> list[str]:
        """What names were taken for, each once."""
        meanings = [f"{name}: {meaning}" for name, meaning in claim.meanings]
        fresh = [text for text in dict.fromkeys(meanings) if text not in self.already]
        self.already |= dict.fromkeys(fresh, claim.line)
        return [line for text in fresh for line in self.labelled("", text)]

    def labelled(self, label: str, text: str) -> list[str]:
        start = " " * _INDENT + pad(label, _BODY - _INDENT)
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


def place(derivation: Derivation, line: int) -> str:
    """Where a line stands: line 12, or cell 3, line 2."""
    cell, line = derivation.place(line)
    return f"cell {cell}, line {line}" if cell else f"line {line}"


def _line(text: str) -> str:
    """The text on one line, with nothing in it that controls a terminal."""
    return " ".join(printable(text).splitlines())


def standing(derivation: Derivation) -> str:
    """How much is right: 5 of 6 claims right."""
    checked = [c for c in derivation.claims if c.standing not in _BESIDE]
    right = sum(c.standing is Standing.RIGHT for c in checked)
    answered = sum(c.standing is Standing.ANSWERED for c in derivation.claims)
    parts = [f"{right} of {amount(len(checked), 'claim')} right"] if checked else []
    unknown = sum(c.standing is Standing.CANNOT_TELL for c in checked)
    parts += [f"{unknown} cannot tell"] * (0 < unknown < len(checked))
    parts += [amount(answered, "answer")] if answered else []
    parts = parts or ["no claim to check"]
    untried = sum(c.standing is Standing.UNCHECKED and len(c.steps) > 1 for c in derivation.claims)
    parts += [f"{untried} not tried"] * bool(untried)
    parts += [f"{len(derivation.unread)} unread"] * bool(derivation.unread)
    return ", ".join(parts)


def summary(claim: Judged) -> str:
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


def _once(steps: Sequence[Step], number: int) -> Step:
    """The step, without a reason about which there is as much to do as was said in front of it."""
    step = steps[number]
    said = any(before.message and before.help == step.help for before in steps[:number])
    return replace(step, message="", help="") if step.help and said else step


YOURS, RIGHT, OTHER = "you have", "it should be", "or"


def compared(repair: Repair) -> list[Part]:
    """A side and what it should be, with the part of each that is another."""
    yours, right, other = map(_line, (repair.yours, repair.right, repair.other))
    mine, due = changed(yours, right)
    parts = [Part(YOURS, yours, mine), Part(RIGHT, right, due)]
    return [*parts, Part(OTHER, other, changed(yours, other)[1])] if other else parts


def is_first_break(claim: Judged, number: int) -> bool:
    """Whether it is the first step that breaks, where there are several."""
    first = next((n for n, s in enumerate(claim.steps) if s.standing is Standing.WRONG), None)
    return number == first and len(claim.steps) > 2


def _within(pieces: Sequence[str], column: int) -> tuple[int, int]:
    """In which piece a character is, and in which column of it."""
    for number, piece in enumerate(pieces):
        if column < len(piece):
            return number, columns(piece[:column])
        column -= len(piece)
    return len(pieces) - 1, columns(pieces[-1])
