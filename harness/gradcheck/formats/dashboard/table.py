"""Submissions against specs: one line each, to be sorted and filtered by the page's script."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from gradcheck.digits import points_text
from gradcheck.formats.dashboard.records import Line, Note
from gradcheck.formats.dashboard.words import AGAIN, NOT_FINAL, folded, kind, mark, name, region, text, word
from gradcheck.grading.names import short_names
from gradcheck.grading.records import Column, Grade
from gradcheck.grading.table import ABSENT, SIGNS
from gradcheck.report.elements import Html, element, plain
from gradcheck.submission.text import one_line
from gradcheck.text import amount

FEW = 4
"""With no more specs than that, the word of a status has room beside its sign."""

_ABSENT = "not in the last run"


def table(specs: Sequence[Column], lines: Sequence[Line]) -> Html:
    """Filters, the table, and what its signs mean."""
    names = short_names(column.spec for column in specs)
    grid = element(
        "table",
        _head(specs, names),
        element("tbody", *(_line(specs, names, line) for line in lines)),
        id="grades",
        class_="few" if len(specs) <= FEW else "many",
    )
    return Html(_filters(lines) + region(grid, "The table of submissions") + _legend(lines))


def _head(specs: Sequence[Column], names: dict[str, str]) -> Html:
    whole = math.fsum(column.max_points for column in specs)
    heads = [
        _heading("submission", "", sort="text"),
        _heading("total", points_text(whole)),
        *(_heading(names[column.spec], points_text(column.max_points), spec=column) for column in specs),
        element("th", Html("notes"), scope="col"),
    ]
    return element("thead", element("tr", *heads))


def _heading(title: str, points: str, *, sort: str = "number", spec: Column | None = None) -> Html:
    details = [element("small", plain(f"of {points}"))] if points else []
    details += [element("small", Html("hidden"))] if spec and spec.hidden else []
    shown = {"title": one_line(f"{spec.title} ({spec.spec})")} if spec else {}
    return element(
        "th", element("span", _breakable(title)), *details, scope="col", **{"data-sort": sort}, **shown
    )


def _breakable(title: str) -> Html:
    """A name that may go on below itself behind each underscore."""
    return Html(plain(title).replace("_", "_<wbr>"))


def _line(specs: Sequence[Column], names: dict[str, str], line: Line) -> Html:
    standing = line.standing
    absent = [Html(f" {ABSENT} "), element("i", Html(_ABSENT))] if standing.absent else []
    points = points_text(standing.points)
    return element(
        "tr",
        element("th", name(standing.submission), *absent, scope="row"),
        element("td", Html(points), **{"data-points": points}),
        *(_cell(standing.grades.get(column.spec)) for column in specs),
        element("td", *_notes(line.notes, names)),
    )


def _cell(grade: Grade | None) -> Html:
    status = grade.status if grade else None
    points = {"data-points": points_text(grade.points)} if grade and grade.is_known else {}
    return element("td", mark(grade), class_=kind(status), **points)


def _notes(notes: Sequence[Note], names: dict[str, str]) -> Iterator[Html]:
    if not notes:
        return
    items = (
        element("li", text(note.text), plain(f" ({', '.join(names[spec] for spec in note.specs)})"))
        for note in notes
    )
    yield folded(amount(len(notes), "note"), element("ul", *items))


def _filters(lines: Sequence[Line]) -> Html:
    """What the page's script filters by; hidden until it runs."""
    options = (element("option", plain(words)) for words in _words(lines))
    return element(
        "form",
        element("label", Html("Name or note "), Html('<input type="search" id="wanted">')),
        element(
            "label",
            Html("With a grade that is "),
            element("select", element("option", Html("anything"), value=""), *options, id="outcome"),
        ),
        element("output", id="count"),
        id="filters",
        hidden="",
    )


def _words(lines: Sequence[Line]) -> list[str]:
    """All that cells and names of the table have beside points, as their words are."""
    grades = [grade for line in lines for grade in line.standing.grades.values()]
    words = sorted({word(grade) for grade in grades})
    words += [NOT_FINAL] if any(not grade.final for grade in grades) else []
    return [*words, *([_ABSENT] if any(line.standing.absent for line in lines) else [])]


def _legend(lines: Sequence[Line]) -> Html:
    """What the signs mean that are in the table."""
    grades = [grade for line in lines for grade in line.standing.grades.values()]
    statuses = {grade.status for grade in grades}
    signs = {sign: str(status) for status, sign in SIGNS.items() if status in statuses}
    if any(not grade.final for grade in grades):
        signs[AGAIN] = f"{NOT_FINAL}: the next run grades again"
    if any(line.standing.absent for line in lines):
        signs[ABSENT] = _ABSENT
    shown = (element("b", Html(sign)) + plain(f" {meaning}") for sign, meaning in signs.items())
    return element("p", Html(" · ".join(shown)), class_="legend")
