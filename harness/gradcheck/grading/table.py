"""Submissions against specs as a grid for the terminal: points, and a sign for the status."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from gradcheck.grading.export import is_known, number
from gradcheck.grading.failure import CRASH, NO_FILE, REFUSED, SYNTAX, TIMEOUT
from gradcheck.grading.records import Column, Grade, Standing
from gradcheck.report.color import Paint, Style
from gradcheck.submission.text import one_line
from gradcheck.text import chop, clip, columns, pad, wrap
from gradcheck.verdict.records import Status

SIGNS = {
    Status.RIGHT: "✓",
    Status.WRONG: "✗",
    Status.CANNOT_TELL: "?",
    Status.ERROR: "!",
    Status.INTERNAL: "E",
}
"""A status in one character."""
FAILURES = {NO_FILE: "N", REFUSED: "R", SYNTAX: "S", TIMEOUT: "T", CRASH: "C"}
"""Why there are no numbers, likewise: instead of the status."""

NOT_GRADED, ABSENT, CUT = "–", "†", "…"

_STYLES = {
    "✓": Style.GREEN,
    "✗": Style.RED,
    "?": Style.YELLOW,
    **dict.fromkeys(("!", "E", *FAILURES.values()), Style.LOUD_RED),
}
_MEANINGS = {
    **{sign: str(status) for status, sign in SIGNS.items()},
    **{sign: failure for failure, sign in FAILURES.items()},
    NOT_GRADED: "not graded yet",
    ABSENT: "not in the last run",
    CUT: "a name cut short; the exports have all of it",
}
_GAP = 2


@dataclass(frozen=True)
class _Strip:
    """One column of the grid as text."""

    head: str
    of: str
    """The points there are."""
    cells: tuple[str, ...]

    @property
    def size(self) -> int:
        return max(map(columns, (self.head, self.of, *self.cells)))


def table(specs: Sequence[Column], standings: Sequence[Standing], *, width: int, paint: Paint) -> list[str]:
    """The lines of the grid and of its legend, at most `width` ≥ 44 columns wide.

    Where the specs do not fit beside each other they have numbers; then the grid goes on below itself.
    """
    names = _names(standings, max(width // 3, 16))
    strips = [_strip(spec, standings) for spec in specs] + [_total(specs, standings)]
    room = width - names.size
    numbered = sum(strip.size + _GAP for strip in strips) > room or _ambiguous(specs)
    if numbered:
        strips = [_Strip(str(n), s.of, s.cells) for n, s in enumerate(strips[:-1], start=1)] + strips[-1:]
    lines: list[str] = []
    for block in _blocks(strips, room):
        lines += [*_grid(names, block, paint), ""]
    for n, spec in enumerate(specs if numbered else (), start=1):
        lines += _hanging(f"{n:>{len(str(len(specs)))}}  ", one_line(spec.spec, 10 * width), width)
    return lines + wrap(" · ".join(_legend(standings, names, strips)), width)


def short_names(specs: Iterable[str]) -> dict[str, str]:
    """Path -> the file's name without its ending where that is clear, or else the path; on one line."""
    stems = {path: PurePath(path).stem for path in specs}
    times = Counter(stems.values())
    return {path: one_line(stem if times[stem] == 1 else path) for path, stem in stems.items()}


def cell(grade: Grade | None) -> str:
    """Points and sign: 2.5 ✗. Where gradcheck has failed there are no points."""
    if grade is None:
        return NOT_GRADED
    sign = FAILURES.get(grade.reason) or SIGNS[grade.status]
    return f"{number(grade.points)} {sign}" if is_known(grade) else sign


def _ambiguous(specs: Sequence[Column]) -> bool:
    names = short_names(spec.spec for spec in specs)
    return any(names[path] != PurePath(path).stem for path in names)


def _names(standings: Sequence[Standing], most: int) -> _Strip:
    cells = []
    for standing in standings:
        mark = f" {ABSENT}" if standing.absent else ""
        cells.append(clip(one_line(standing.submission), most - len(mark)) + mark)
    return _Strip("submission", "", tuple(cells))


def _strip(spec: Column, standings: Sequence[Standing]) -> _Strip:
    cells = tuple(cell(standing.grades.get(spec.spec)) for standing in standings)
    return _Strip(one_line(PurePath(spec.spec).stem), f"of {number(spec.max_points)}", cells)


def _total(specs: Sequence[Column], standings: Sequence[Standing]) -> _Strip:
    whole = math.fsum(spec.max_points for spec in specs)
    return _Strip("total", f"of {number(whole)}", tuple(number(s.points) for s in standings))


def _blocks(strips: Sequence[_Strip], room: int) -> Iterator[list[_Strip]]:
    """As many strips beside each other as there is room for."""
    block: list[_Strip] = []
    for strip in strips:
        if block and sum(s.size + _GAP for s in (*block, strip)) > room:
            yield block
            block = []
        block.append(strip)
    yield block


def _grid(names: _Strip, block: Sequence[_Strip], paint: Paint) -> Iterator[str]:
    for part in ("head", "of"):
        heads = (_right(getattr(strip, part), strip.size) for strip in block)
        yield paint(pad(getattr(names, part), names.size) + "".join(heads), Style.DIM)
    for name, *cells in zip(names.cells, *(strip.cells for strip in block), strict=True):
        painted = (_painted(text, strip.size, paint) for text, strip in zip(cells, block, strict=True))
        yield pad(name, names.size) + "".join(painted)


def _painted(text: str, size: int, paint: Paint) -> str:
    aligned, style = _right(text, size), _STYLES.get(text[-1:])
    return paint(aligned, style) if style else aligned


def _right(text: str, size: int) -> str:
    return " " * (_GAP + size - columns(text)) + text


def _legend(standings: Sequence[Standing], names: _Strip, strips: Sequence[_Strip]) -> list[str]:
    """What the signs mean that are in the grid."""
    present = {text[-1:] for strip in strips for text in strip.cells} & set(_MEANINGS)
    present |= {ABSENT} if any(standing.absent for standing in standings) else set()
    whole = (one_line(standing.submission) for standing in standings)
    cut = any(not shown.startswith(name) for shown, name in zip(names.cells, whole, strict=True))
    present |= {CUT} if cut else set()
    return [f"{sign} {meaning}" for sign, meaning in _MEANINGS.items() if sign in present]


def _hanging(start: str, text: str, width: int) -> list[str]:
    first, *more = chop(text, width - len(start))
    return [start + first, *(" " * len(start) + line for line in more)]
