"""Submissions against specs as a table for the terminal: points, and a sign for the status."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gradcheck.digits import points_text
from gradcheck.grading.names import short_names
from gradcheck.grading.policy.reasons import total_is_changed
from gradcheck.grading.policy.records import FinalGrade, SpecPoints
from gradcheck.grading.records import Column, Grade
from gradcheck.grading.signs import ABSENT, CUT, FAILURES, IS_ABSENT, NOT_GRADED, OVERRIDDEN, SIGNS
from gradcheck.submission.text import one_line
from gradcheck.text import amount, hanging, wrap

_STYLES = {
    "✓": "green",
    "✗": "red",
    "?": "yellow",
    **dict.fromkeys(("!", "E", *FAILURES.values()), "bold red"),
}
_MEANINGS = {
    **{sign: str(status) for status, sign in SIGNS.items()},
    **{sign: failure for failure, sign in FAILURES.items()},
    NOT_GRADED: "not graded yet",
    OVERRIDDEN: "overridden",
    ABSENT: IS_ABSENT,
    CUT: "cut short; the exports have all of it",
}
_GAP = 2
_NOTES = 24
"""The fewest columns for notes."""


@dataclass(frozen=True)
class _Strip:
    """One column of the table as text."""

    head: str
    of: str
    """The points there are."""
    cells: tuple[str, ...]

    @property
    def size(self) -> int:
        return max(map(cell_len, (self.head, self.of, *self.cells)))


def table(
    specs: Sequence[Column], grades: Sequence[FinalGrade], whole: float, *, width: int, color: bool
) -> list[str]:
    """The lines of the table and of its legend, at most `width` ≥ 44 columns wide; `whole` is the maximum.

    Where the specs do not fit beside each other they have numbers; then the table goes on below itself.
    """
    names = _names(grades, max(width // 3, 16))
    strips = [_spec_strip(spec, grades) for spec in specs]
    sums = list(_sums(grades, whole))
    room = width - names.size
    numbered = _total_size([*strips, *sums]) > room or _ambiguous(specs)
    if numbered:
        strips = [_Strip(str(n), strip.of, strip.cells) for n, strip in enumerate(strips, start=1)]
    lines: list[str] = []
    blocks = list(_blocks([*strips, *sums], room))
    notes = _notes(grades, room - _total_size(blocks[-1]))
    for block in blocks:
        shown_notes = notes if block is blocks[-1] else None
        lines += [*_rendered(names, block, shown_notes, width, color), ""]
    for n, spec in enumerate(specs if numbered else (), start=1):
        start = f"{n:>{len(str(len(specs)))}}  "
        lines += hanging(start, len(start), one_line(spec.spec, 10 * width), width)
    lines += wrap(" · ".join(_legend(grades, names, strips, notes)), width)
    return lines if notes else [*lines, *_without_notes(grades, width)]


def cell(grade: Grade | None) -> str:
    """Points and sign: 2.5 ✗. Where gradcheck has failed there are no points."""
    if grade is None:
        return NOT_GRADED
    return f"{points_text(grade.points)} {_sign(grade)}" if grade.is_known else _sign(grade)


def _final_cell(one: SpecPoints) -> str:
    """The same of the points in the end, with a mark where they are not those that were graded."""
    sign = _sign(one.grade) if one.grade else NOT_GRADED
    mark = OVERRIDDEN if one.override else ""
    return sign if one.points is None else f"{points_text(one.points)}{mark} {sign}"


def _sign(grade: Grade) -> str:
    return FAILURES.get(grade.reason) or SIGNS[grade.status]


def _ambiguous(specs: Sequence[Column]) -> bool:
    names = short_names(spec.spec for spec in specs)
    return any(names[path] != PurePath(path).stem for path in names)


def _names(grades: Sequence[FinalGrade], most: int) -> _Strip:
    cells = []
    for grade in grades:
        mark = f" {ABSENT}" if grade.absent else ""
        cells.append(_clip(one_line(grade.submission), most - len(mark)) + mark)
    return _Strip("submission", "", tuple(cells))


def _spec_strip(spec: Column, grades: Sequence[FinalGrade]) -> _Strip:
    cells = tuple(_final_cell(grade.specs[spec.spec]) for grade in grades)
    return _Strip(one_line(PurePath(spec.spec).stem), f"of {points_text(spec.max_points)}", cells)


def _sums(grades: Sequence[FinalGrade], whole: float) -> Iterator[_Strip]:
    """The total and, as far as they say anything, what was graded, the days late and the letter."""
    yield _Strip("total", f"of {points_text(whole)}", tuple(_sum(grade.total) for grade in grades))
    if any(map(total_is_changed, grades)):
        yield _Strip("graded", "", tuple(_sum(grade.graded_total) for grade in grades))
    if any(grade.late_days for grade in grades):
        yield _Strip("late", "days", tuple(str(grade.late_days or "") for grade in grades))
    if any(grade.letter for grade in grades):
        yield _Strip("letter", "", tuple(one_line(grade.letter) for grade in grades))


def _sum(points: float | None) -> str:
    return NOT_GRADED if points is None else points_text(points)


def _notes(grades: Sequence[FinalGrade], room: int) -> _Strip | None:
    """What is noted, where there is anything and room for it."""
    room -= _GAP
    if room < _NOTES or not any(grade.notes for grade in grades):
        return None
    return _Strip("notes", "", tuple(_clip(one_line("; ".join(grade.notes)), room) for grade in grades))


def _total_size(strips: Sequence[_Strip]) -> int:
    return sum(strip.size + _GAP for strip in strips)


def _without_notes(grades: Sequence[FinalGrade], width: int) -> list[str]:
    """That there are notes, where there was no room for them."""
    noted = sum(bool(grade.notes) for grade in grades)
    reason = f"{amount(noted, 'submission')} with notes, which need a wider terminal; the exports have them"
    return wrap(reason, width) if noted else []


def _blocks(strips: Sequence[_Strip], room: int) -> Iterator[list[_Strip]]:
    """As many strips beside each other as there is room for."""
    block: list[_Strip] = []
    for strip in strips:
        if block and _total_size([*block, strip]) > room:
            yield block
            block = []
        block.append(strip)
    yield block


def _rendered(
    names: _Strip, block: Sequence[_Strip], notes: _Strip | None, width: int, color: bool
) -> list[str]:
    """The lines of these strips beside each other. What they hold is text, and never markup."""
    grid = Table(box=None, padding=(0, 0, 0, _GAP), pad_edge=False, header_style="dim")
    strips = [names, *block, *([notes] if notes else [])]
    for strip in strips:
        grid.add_column(
            Text(f"{strip.head}\n{strip.of}"), justify="right" if strip in block else "left", no_wrap=True
        )
    for cells in zip(*(strip.cells for strip in strips), strict=True):
        shown = [Text(text) for text in cells]
        for text in shown[1 : len(block) + 1]:
            text.stylize(_STYLES.get(text.plain[-1:], ""))
        grid.add_row(*shown)
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        height=100,
        force_terminal=color,
        force_jupyter=False,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
    )
    console.print(grid)
    return [line.rstrip() for line in stream.getvalue().split("\n")[:-1]]


def _legend(
    grades: Sequence[FinalGrade], names: _Strip, strips: Sequence[_Strip], notes: _Strip | None
) -> list[str]:
    """What the signs mean that are in the table."""
    present = {text[-1:] for strip in strips for text in strip.cells} & set(_MEANINGS)
    present |= {NOT_GRADED} if any(not grade.is_known for grade in grades) else set()
    present |= {ABSENT} if any(grade.absent for grade in grades) else set()
    present |= {OVERRIDDEN} if any(s.override for grade in grades for s in grade.specs.values()) else set()
    whole = (one_line(grade.submission) for grade in grades)
    cut = any(not shown.startswith(name) for shown, name in zip(names.cells, whole, strict=True))
    cut = cut or any(text.endswith(CUT) for text in (notes.cells if notes else ()))
    present |= {CUT} if cut else set()
    return [f"{sign} {meaning}" for sign, meaning in _MEANINGS.items() if sign in present]


def _clip(line: str, width: int) -> str:
    """The line on at most `width` columns; what is cut off shows as an ellipsis."""
    return line if cell_len(line) <= width else set_cell_size(line, width - 1).rstrip() + CUT
