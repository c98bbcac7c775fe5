"""A verdict for the terminal: where and what the mistake is, then the weights, readable without colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gradcheck.report.changed import Part
from gradcheck.report.color import Paint, Style
from gradcheck.report.extent import SCREEN, Extent, in_order
from gradcheck.report.heatmap import LEVELS, WRONG, heat_map
from gradcheck.report.weights import UNITS, UNKNOWN, weight_columns
from gradcheck.report.words import (
    MARKS,
    NUMBERLESS,
    RIGHT,
    brief_finding,
    explained_by,
    explanation,
    finding,
    offered,
    parts,
    shown_case,
    standing,
    without_failure,
    without_repeats,
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
    unbroken,
    wrap,
)
from gradcheck.verdict.records import Diagnosis, Quantity, Status, Verdict

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


def render(verdict: Verdict, *, color: bool = False, width: int = 80, extent: Extent = SCREEN) -> str:
    """The whole report, on lines of at most `width` columns, but no fewer than NARROWEST.

    `color` adds ANSI codes and changes nothing else; `extent` says how much of the evidence is shown.
    """
    sheet = _Sheet(Paint(color), max(width, NARROWEST), extent.of(verdict))
    verdict = verdict.shown
    name, mark = _front(verdict.quantities, sheet.width)
    shown = [quantity.name for quantity in in_order(verdict)]
    pictured = shown[: sheet.extent.pictures]
    tabled = shown if sheet.extent.weights is None else shown[:1]
    helps = without_repeats(quantity.help for quantity in verdict.quantities)
    quantities = [
        replace(without_failure(q, verdict.failure), help=text)
        for q, text in zip(verdict.quantities, helps, strict=True)
    ]
    sections = [
        sheet.head(verdict),
        sheet.failure(verdict.failure) if verdict.failure else [],
        *(sheet.diagnosis(verdict.diagnosis) if verdict.diagnosis else []),
        _stacked(sheet.quantity(q, name, mark, q.name in tabled, q.name in pictured) for q in quantities),
        sheet.accepted(verdict.accepted, f"{offered(verdict.max_points)}:"),
        [line for note in verdict.notes for line in sheet.labelled("note:", note, 2)],
        sheet.printed(verdict.output),
        sheet.more(verdict),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def render_quantity(
    verdict: Verdict,
    quantity: Quantity,
    *,
    color: bool = False,
    width: int = 80,
    extent: Extent = SCREEN,
) -> str:
    """The part of the report that is about one quantity, with what kept it from being right."""
    sheet = _Sheet(Paint(color), max(width, NARROWEST), extent.of(verdict))
    verdict = replace(verdict, quantities=(without_failure(quantity, verdict.failure),), output="").shown
    (quantity,) = verdict.quantities
    is_pictured = sheet.extent.pictures != 0
    status, *evidence = sheet.quantity_parts(quantity, *_front([quantity], sheet.width), True, is_pictured)
    failed = verdict.failure and quantity.reason == "failed"
    known = verdict.diagnosis if quantity.status is Status.WRONG else None
    sections = [
        status,
        sheet.failure(verdict.failure) if verdict.failure and failed else [],
        *(sheet.diagnosis(known) if known else []),
        *evidence,
        sheet.more(verdict),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


@dataclass(frozen=True)
class _Sheet:
    paint: Paint
    width: int
    extent: Extent

    def head(self, verdict: Verdict) -> list[str]:
        """Spec and submission, and how much is right: at the right margin or, if need be, below."""
        left = " · ".join(printable(part) for part in (verdict.spec, verdict.submission) if part)
        return [self.paint(line, Style.BOLD) for line in headline(left, standing(verdict), self.width)]

    def quantity(
        self, quantity: Quantity, name: int, mark: int, is_tabled: bool, is_pictured: bool
    ) -> list[str]:
        """The status and the evidence, with the table and the picture of the worst weights or without."""
        first, *others = self.quantity_parts(quantity, name, mark, is_tabled, is_pictured)
        return first + [line for part in others for line in ("", *part)]

    def quantity_parts(
        self, quantity: Quantity, name: int, mark: int, is_tabled: bool, is_pictured: bool
    ) -> list[list[str]]:
        """The same in pieces: the status with what is said of it, the table, the picture, the help."""
        text = finding(quantity) if is_tabled or not quantity.discrepancies else brief_finding(quantity)
        status, indent = self.status(quantity, name, mark, text), _hanging(name, mark)
        for sentence in explanation(quantity):
            status += self.paragraph(sentence, indent)
        evidence = [self.weights(quantity)] if is_tabled else []
        evidence += [self.picture(quantity)] if is_pictured else []
        evidence = [part for part in evidence if part]
        if not quantity.help:
            return [status, *evidence]
        if not evidence:
            return [status + self.labelled("help:", quantity.help, indent)]
        return [status, *evidence, self.labelled("help:", quantity.help, _INDENT)]

    def status(self, quantity: Quantity, name: int, mark: int, text: str) -> list[str]:
        """Name and status, in so many columns, and what was found."""
        symbol = self.paint(pad(clip(_name(quantity), name), name), Style.BOLD)
        status = self.paint(pad(MARKS[quantity.status], mark), _STYLES[quantity.status])
        if not text:
            return [f"  {symbol}  {status}".rstrip()]
        return self.hanging(f"  {symbol}  {status}  ", _hanging(name, mark), text)

    def weights(self, quantity: Quantity) -> list[str]:
        """The worst weights, yours beside the true values."""
        listed = quantity.discrepancies[: self.extent.weights]
        if not listed:
            return []
        table = weight_columns(quantity, listed)
        for header in _DERIVED:
            if not self.fits(table, _TIGHT):
                table.pop(header, None)
        lines = self.across(table) if self.fits(table, _TIGHT) else self.down(table)
        hidden = quantity.count - len(listed)
        case = quantity.table.case if quantity.table else None
        asides = [f"… and {hidden:,} more" if hidden > 0 else "", shown_case(case, quantity.cases)]
        asides += [f"{UNKNOWN} cannot tell"] if any(not d.wrong for d in listed) else []
        return lines + (self.aside("; ".join(filter(None, asides))) if any(asides) else [])

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
            *(line for q in quantities for line in self.status(q, name, mark, finding(q))),
        ]

    def diagnosis(self, diagnosis: Diagnosis) -> list[list[str]]:
        """Where the mistake is; what it is, and a question; what follows from it."""
        shown = parts(diagnosis)
        size = max((len(part.label) for part in shown), default=0) + _TIGHT
        lines = [line for part in shown for line in self.part(part, size)]
        for command in explained_by(diagnosis.slugs, diagnosis.notation):
            lines += self.paragraph(f"({command} explains it)", size + 2)
        around = (printable(text) for text in (diagnosis.location, diagnosis.consequences))
        before, after = (self.paragraph(text, 2) if text else [] for text in around)
        return [before, lines, after]

    def part(self, part: Part, size: int) -> list[str]:
        """A text behind its label; below an equation carets at what is another one in it."""
        text, (start, stop) = part.text, part.changed
        lines, at, indent = [], 0, " " * (size + 2)
        style = Style.GREEN if part.label == RIGHT else Style.RED
        for piece in wrap(text, self.width - len(indent)):
            at = text.index(piece, at)
            cut, end = (min(max(place - at, 0), len(piece)) for place in (start, stop))
            before, other, behind = piece[:cut], piece[cut:end], piece[end:]
            lines.append(f"{indent}{before}{self.paint(other, style)}{behind}")
            if other.strip():
                lines.append(f"{indent}{' ' * columns(before)}{self.paint('^' * columns(other), style)}")
            at += len(piece)
        first = f"  {self.paint(part.label, Style.BOLD)}{' ' * (size - len(part.label))}"
        return [first + lines[0].removeprefix(indent), *lines[1:]]

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
        shown = lines[: self.extent.printed]
        hidden = len(lines) - len(shown)
        more = self.aside(f"… and {amount(hidden, 'more line')}") if hidden else []
        return ["  The code printed:", "", *shown, *more]

    def more(self, verdict: Verdict) -> list[str]:
        """How to see what is left out, if anything is."""
        if verdict.feedback != "full" and any(quantity.count for quantity in verdict.quantities):
            return [f"  {self.paint(line, Style.DIM)}" for line in wrap(NUMBERLESS, self.width - 2)]
        if not self.extent.option or not self.extent.leaves_out(verdict):
            return []
        return [f"  {self.paint(f'{self.extent.option} shows all the numbers.', Style.DIM)}"]

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
    return unbroken(quantity.symbol)


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
