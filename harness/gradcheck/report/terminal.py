"""A verdict for the terminal: what is wrong, weight by weight, readable without colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gradcheck.report.color import Paint, Style
from gradcheck.report.heatmap import LEVELS, WRONG, heat_map
from gradcheck.report.weights import LISTED, UNITS, UNKNOWN, weight_columns
from gradcheck.report.words import (
    MARKS,
    explained_by,
    explanation,
    finding,
    offered,
    parts,
    shown_case,
    standing,
    without_failure,
)
from gradcheck.submission.records import Failure
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
from gradcheck.verdict.records import Diagnosis, Quantity, Status, Verdict

PRINTED = 20
"""How many lines of what the student's code printed are shown."""

_STYLES = {
    Status.RIGHT: Style.GREEN,
    Status.WRONG: Style.LOUD_RED,
    Status.CANNOT_TELL: Style.YELLOW,
    Status.ERROR: Style.LOUD_RED,
    Status.INTERNAL: Style.LOUD_RED,
}
_INDENT, _GAP, _TIGHT = 6, 3, 2
_MARKS_ACROSS = 40
_DERIVED = ("yours/true", "off by")
"""The columns that follow from the others, in the order in which they give way."""


def render(verdict: Verdict, *, color: bool = False, width: int = 80) -> str:
    """The whole report, on lines of at most `width` columns, but no fewer than NARROWEST.

    `color` adds ANSI codes and changes nothing else.
    """
    sheet = _Sheet(Paint(color), max(width, NARROWEST))
    name, mark = _front(verdict.quantities, sheet.width)
    sections = [
        sheet.head(verdict),
        sheet.failure(verdict.failure) if verdict.failure else [],
        _stacked(sheet.quantity(without_failure(q, verdict.failure), name, mark) for q in verdict.quantities),
        sheet.accepted(verdict.accepted, offered(verdict)),
        sheet.diagnosis(verdict.shown_diagnosis) if verdict.shown_diagnosis else [],
        [line for note in verdict.notes for line in sheet.labelled("note:", note, 2)],
        sheet.printed(verdict.output),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def render_quantity(verdict: Verdict, quantity: Quantity, *, color: bool = False, width: int = 80) -> str:
    """The part of the report that is about one quantity, with what kept it from being right."""
    sheet = _Sheet(Paint(color), max(width, NARROWEST))
    lines = sheet.quantity(without_failure(quantity, verdict.failure), *_front([quantity], sheet.width))
    if verdict.failure and quantity.reason == "failed":
        lines += ["", *sheet.failure(verdict.failure)]
    if verdict.shown_diagnosis and quantity.status is Status.WRONG:
        lines += ["", *sheet.diagnosis(verdict.shown_diagnosis)]
    return "\n".join(lines)


@dataclass(frozen=True)
class _Sheet:
    paint: Paint
    width: int

    def head(self, verdict: Verdict) -> list[str]:
        """Spec and submission, and how much is right: at the right margin or, if need be, below."""
        left = " · ".join(printable(part) for part in (verdict.spec, verdict.submission) if part)
        return [self.paint(line, Style.BOLD) for line in headline(left, standing(verdict), self.width)]

    def quantity(self, quantity: Quantity, name: int, mark: int) -> list[str]:
        """The status and all the evidence."""
        lines, indent = self.status(quantity, name, mark), _hanging(name, mark)
        for sentence in explanation(quantity):
            lines += self.paragraph(sentence, indent)
        for part in (self.weights(quantity), self.picture(quantity)):
            lines += ["", *part] if part else []
        if quantity.help:
            detached = bool(quantity.discrepancies)
            lines += [""] * detached + self.labelled("help:", quantity.help, _INDENT if detached else indent)
        return lines

    def status(self, quantity: Quantity, name: int, mark: int) -> list[str]:
        """Name and status, in so many columns, and what was found."""
        symbol = self.paint(pad(clip(_name(quantity), name), name), Style.BOLD)
        status = self.paint(pad(MARKS[quantity.status], mark), _STYLES[quantity.status])
        return self.hanging(f"  {symbol}  {status}  ", _hanging(name, mark), finding(quantity))

    def weights(self, quantity: Quantity) -> list[str]:
        """The worst weights, yours beside the true values."""
        listed = quantity.discrepancies[:LISTED]
        if not listed:
            return []
        table = weight_columns(quantity, listed)
        for header in _DERIVED:
            if not self.fits(table, _TIGHT):
                table.pop(header, None)
        lines = self.across(table) if self.fits(table, _TIGHT) else self.down(table)
        hidden = quantity.count - len(listed)
        asides = [f"… and {hidden:,} more"] if hidden > 0 else []
        asides += [f"{UNKNOWN} cannot tell"] if any(not d.wrong for d in listed) else []
        return lines + [line for text in (*asides, shown_case(quantity)) if text for line in self.aside(text)]

    def across(self, table: Mapping[str, Sequence[str]]) -> list[str]:
        """A table with one line for each weight."""
        gap = " " * (_GAP if self.fits(table, _GAP) else _TIGHT)
        lines = zip(*map(_aligned, table.items()), strict=True)
        head, *rows = (" " * _INDENT + gap.join(line) for line in lines)
        return [self.paint(head, Style.DIM), *rows]

    def fits(self, table: Mapping[str, Sequence[str]], gap: int) -> bool:
        """Whether the table's lines are short enough, with that many blanks between its columns."""
        sizes = [columns(_aligned(column)[0]) for column in table.items()]
        return _INDENT + sum(sizes) + gap * (len(sizes) - 1) <= self.width

    def down(self, table: Mapping[str, Sequence[str]]) -> list[str]:
        """A table with one line for each number, where the lines are too short for more."""
        labels, *others = (cells for cells in table.values())
        names = [pad(header, max(map(len, table))) for header in list(table)[1:]]
        lines = []
        for label, *cells in zip(labels, *others, strict=True):
            lines.append(f"  {label}")
            lines += [f"    {name}  {cell}" for name, cell in zip(names, cells, strict=True)]
        return lines

    def picture(self, quantity: Quantity) -> list[str]:
        """The picture of where the wrong weights lie, and its legend."""
        room = min(_MARKS_ACROSS, self.width - _INDENT)
        picture = heat_map(quantity.table, columns=room) if quantity.table else None
        if picture is None:
            return []
        gap = " " * (2 * picture.levels.shape[1] <= room)
        rows = (gap.join(self.mark(level) for level in row) for row in picture.levels)
        legend = [line for text in picture.captions for line in self.aside(text)]
        return [*(" " * _INDENT + row for row in rows), "", *legend]

    def mark(self, level: int) -> str:
        """One mark of the picture."""
        return self.paint(LEVELS[level], Style.RED) if level >= WRONG else LEVELS[level]

    def accepted(self, quantities: Sequence[Quantity], title: str) -> list[str]:
        """What the submission offered beyond what is checked, one line each."""
        if not quantities:
            return []
        name, mark = _front(quantities, self.width)
        return [
            f"  {title}",
            "",
            *(line for q in quantities for line in self.status(q, name, mark)),
        ]

    def diagnosis(self, diagnosis: Diagnosis) -> list[str]:
        """Where and what the mistake is, and a question."""
        texts = parts(diagnosis)
        size = max(map(len, texts)) + 1
        lines = [line for label, text in texts.items() for line in self.labelled(pad(label, size), text, 2)]
        return [
            *lines,
            *(line for advice in explained_by(diagnosis) for line in self.paragraph(advice, size + 3)),
        ]

    def failure(self, failure: Failure) -> list[str]:
        """What went wrong, where, and the student's own traceback."""
        mark = MARKS[Status.ERROR]
        indent = 2 + len(mark) + 2
        start = f"  {self.paint(mark, Style.LOUD_RED)}  "
        lines = self.hanging(start, indent, printable(failure.message))
        if failure.where:
            lines += self.paragraph(f"at {printable(str(failure.where))}", indent)
        return lines + [""] * bool(failure.trace) + self.verbatim("\n".join(failure.trace))

    def printed(self, output: str) -> list[str]:
        """The first lines of what the student's code printed."""
        lines = self.verbatim(output.rstrip())
        if not lines:
            return []
        hidden = len(lines) - PRINTED
        more = self.aside(f"… and {amount(hidden, 'more line')}") if hidden > 0 else []
        return ["  The code printed:", "", *lines[:PRINTED], *more]

    def verbatim(self, text: str) -> list[str]:
        """Lines as they are, but broken where they are too long."""
        lines = printable(text).split("\n") if text else []
        return [" " * _INDENT + piece for line in lines for piece in chop(line, self.width - _INDENT)]

    def paragraph(self, text: str, indent: int) -> list[str]:
        """Words, indented."""
        return self.hanging(" " * indent, indent, text)

    def labelled(self, label: str, text: str, indent: int) -> list[str]:
        """A paragraph that hangs from its label."""
        start = f"{' ' * indent}{self.paint(label, Style.BOLD)} "
        return self.hanging(start, indent + len(label) + 1, printable(text))

    def hanging(self, start: str, size: int, text: str) -> list[str]:
        """Words below each other behind a start of so many columns."""
        return hanging(start, size, text, self.width)

    def aside(self, text: str) -> list[str]:
        """A paragraph that steps back."""
        return [" " * _INDENT + self.paint(line, Style.DIM) for line in wrap(text, self.width - _INDENT)]


def _name(quantity: Quantity) -> str:
    return " ".join(printable(quantity.symbol).split())


def _front(quantities: Sequence[Quantity], width: int) -> tuple[int, int]:
    """The columns that the names and the statuses take."""
    names = max((columns(_name(q)) for q in quantities), default=0)
    return min(names, width // 4), max((len(MARKS[q.status]) for q in quantities), default=0)


def _hanging(name: int, mark: int) -> int:
    """Where the text behind a status starts."""
    return 2 + name + 2 + mark + 2


def _aligned(column: tuple[str, Sequence[str]]) -> list[str]:
    """A column's cells as wide as each other: the first column flush left, all others flush right."""
    header, cells = column
    size = max(map(columns, (header, *cells)))
    return [pad(cell, size) if header in UNITS else cell.rjust(size) for cell in (header, *cells)]


def _stacked(blocks: Iterable[list[str]]) -> list[str]:
    """Blocks below each other, with an empty line after those that have one themselves."""
    lines = [line for block in blocks for line in (*block, *[""] * ("" in block))]
    return lines[:-1] if lines and not lines[-1] else lines
