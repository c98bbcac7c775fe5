"""A derivation's judgement for the terminal: claim by claim, and step by step where one breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.derivation.records import Complaint, Derivation, Judged, Standing, Step
from harness.report.color import Paint, Style
from harness.report.terminal import NARROWEST
from harness.report.text import chop, clip, columns, pad, printable, wrap
from harness.report.words import amount

_MARKS = {
    Standing.RIGHT: "right",
    Standing.WRONG: "WRONG",
    Standing.CANNOT_TELL: "cannot tell",
    Standing.DEFINED: "defines",
    Standing.SAID: "",
}
_STYLES = {
    Standing.RIGHT: Style.GREEN,
    Standing.WRONG: Style.LOUD_RED,
    Standing.CANNOT_TELL: Style.YELLOW,
    Standing.DEFINED: Style.DIM,
    Standing.SAID: Style.DIM,
}
_INDENT = 6


def render(derivation: Derivation, *, color: bool = False, width: int = 80, explain: bool = False) -> str:
    """The whole report, on lines of at most `width` columns, but no fewer than NARROWEST.

    `explain` adds what each name was taken for.
    """
    page = _Page(Paint(color), max(width, NARROWEST), derivation)
    claims = [claim for claim in derivation.claims if claim.standing is not Standing.SAID or explain]
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

    def head(self) -> list[str]:
        """Text and spec, and how much is right."""
        left = (
            f"{printable(self.derivation.source)} · {printable(self.derivation.spec or self.derivation.of)}"
        )
        right = standing(self.derivation)
        room = self.width - columns(right)
        if columns(left) + 2 <= room:
            return [self.paint(pad(left, room) + right, Style.BOLD), ""]
        return [self.paint(line, Style.BOLD) for text in (left, right) for line in wrap(text, self.width)] + [
            ""
        ]

    def claim(self, claim: Judged, explain: bool) -> list[str]:
        """One claim: a line where it is right, each of its steps where it is not."""
        plain = claim.standing in (Standing.RIGHT, Standing.DEFINED, Standing.SAID)
        lines = [self.title(claim, clip(printable(claim.text), self.width) if plain else "")]
        if not plain:
            lines += [line for step in self.steps(claim) for line in step]
            lines += self.told(claim)
        for note in claim.notes:
            lines += self.labelled("note", note)
        if explain:
            for name, meaning in claim.meanings:
                lines += self.labelled("", f"{name} is taken for {meaning}")
        return [*lines, ""] if len(lines) > 1 else lines

    def title(self, claim: Judged, text: str) -> str:
        """The line's number, the standing, and a right claim's text."""
        mark = self.paint(pad(_MARKS[claim.standing], 11), _STYLES[claim.standing])
        start = f"  line {claim.line:{self.digits}}  "
        text = text or _summary(claim)
        return start + mark + "  " + clip(text, max(self.width - columns(start) - 13, 10))

    def steps(self, claim: Judged) -> Iterator[list[str]]:
        """Each side of the chain, with what is wrong below it."""
        for number, step in enumerate(claim.steps):
            sign = "  " if number == 0 else "= "
            yield [
                *self.hung(sign, printable(step.text), _mark(claim, number)),
                *(self.caret(step) if step.message else []),
            ]

    def hung(self, sign: str, text: str, mark: str) -> list[str]:
        room = self.width - _INDENT - 2 - len(mark) - 2
        first, *more = chop(text, max(room, 20)) or [""]
        lines = [f"{' ' * _INDENT}{sign}{first}" + (f"  {self.paint(mark, Style.LOUD_RED)}" if mark else "")]
        return lines + [" " * (_INDENT + 2) + line for line in more]

    def caret(self, step: Step) -> list[str]:
        """What a step's message speaks of."""
        place = _INDENT + 2 + columns(step.text[: step.column])
        pointed = step.standing is not Standing.RIGHT and place < self.width
        lines = [" " * place + "^"] if pointed else []
        said = step.message + (f"; {step.help}" if step.help else "")
        return lines + [
            " " * (_INDENT + 2) + line for line in wrap(printable(said), self.width - _INDENT - 2)
        ]

    def told(self, claim: Judged) -> list[str]:
        """What stands there, a question, and the command that explains the mistake."""
        lines: list[str] = []
        for label, text in (("what", claim.what), ("think", claim.think)):
            lines += self.labelled(label, text) if text else []
        for slug in claim.mistakes:
            lines += self.labelled("", f"(gradcheck mistakes {slug} explains it)")
        return lines

    def labelled(self, label: str, text: str) -> list[str]:
        start = f"{' ' * _INDENT}{pad(label, 5)}  "
        first, *more = wrap(printable(text), self.width - columns(start))
        return [start + first, *(" " * columns(start) + line for line in more)]

    def unread(self, complaint: Complaint) -> list[str]:
        """A piece that can't be read, with a caret under it."""
        mark = self.paint(pad("unread", 11), Style.YELLOW)
        said = complaint.message + (f"; {complaint.help}" if complaint.help else "")
        shift = max(complaint.column - self.width // 2, 0)
        source = printable(complaint.source)[shift : shift + self.width - _INDENT]
        return [
            f"  line {complaint.line:{self.digits}}  {mark}  {clip(printable(said), self.width)}",
            " " * _INDENT + source,
            " " * (_INDENT + columns(source[: complaint.column - 1 - shift])) + "^",
            "",
        ]


def standing(derivation: Derivation) -> str:
    """How much is right: 5 of 6 claims right."""
    checked = [c for c in derivation.claims if c.standing not in (Standing.SAID, Standing.DEFINED)]
    right = sum(c.standing is Standing.RIGHT for c in checked)
    parts = [f"{right} of {amount(len(checked), 'claim')} right"] if checked else ["no claim to check"]
    if derivation.unread:
        parts.append(f"{len(derivation.unread)} unread")
    return ", ".join(parts)


def _summary(claim: Judged) -> str:
    steps: Sequence[Step] = claim.steps
    wrong = [n for n, step in enumerate(steps) if step.standing is Standing.WRONG]
    if not wrong:
        return "" if claim.standing is not Standing.WRONG else "as it stands"
    end = ", but the end is right" if claim.end_right else ""
    return (
        f"breaks at step {wrong[0]} of {len(steps) - 1}{end}"
        if wrong[0]
        else f"its first side means nothing{end}"
    )


def _mark(claim: Judged, number: int) -> str:
    step = claim.steps[number]
    first = next((n for n, s in enumerate(claim.steps) if s.standing is Standing.WRONG), None)
    return "<- here" if number == first and step.standing is Standing.WRONG else ""
