"""Submissions against specs: one line each, to be sorted and filtered by the page's script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gradcheck.digits import points_text
from gradcheck.formats.dashboard.records import Dashboard, Line, Note
from gradcheck.formats.dashboard.words import (
    AGAIN,
    NOT_FINAL,
    folded,
    graded,
    kind,
    mark,
    name,
    region,
    text,
)
from gradcheck.grading.policy.reasons import is_changed, total_is_changed
from gradcheck.grading.policy.records import FinalGrade, SpecPoints
from gradcheck.grading.records import Column, Grade
from gradcheck.grading.signs import ABSENT, IS_ABSENT, SIGNS
from gradcheck.report.elements import Html, element, plain
from gradcheck.submission.text import one_line
from gradcheck.text import amount

FEW = 4
"""With no more specs than that, the word of a status has room beside its sign."""


class _Extra(NamedTuple):
    """A column that is there if somebody has something in it."""

    title: str
    sort: str
    value: Callable[[FinalGrade], str]


_EXTRAS = (
    _Extra("letter", "text", lambda grade: grade.letter),
    _Extra("days late", "number", lambda grade: str(grade.late_days or "")),
)


def table(dashboard: Dashboard) -> Html:
    """Filters, the table, and what its signs mean."""
    specs, lines, names = dashboard.specs, dashboard.lines, dashboard.titles
    extras = [extra for extra in _EXTRAS if any(extra.value(line.grade) for line in lines)]
    grid = element(
        "table",
        _head(specs, names, dashboard.max_points, extras),
        element("tbody", *(_line(specs, names, line, extras) for line in lines)),
        id="grades",
        class_="few" if len(specs) <= FEW else "many",
    )
    return Html(_filters(lines) + region(grid, "The table of submissions") + _legend(lines))


def _head(specs: Sequence[Column], names: Mapping[str, str], whole: float, extras: Sequence[_Extra]) -> Html:
    heads = [
        _heading("submission", "", sort="text"),
        _heading("total", points_text(whole)),
        *(_heading(extra.title, "", sort=extra.sort) for extra in extras),
        *(_heading(names[column.spec], points_text(column.max_points), spec=column) for column in specs),
        element("th", Html("notes"), scope="col"),
    ]
    return element("thead", element("tr", *heads))


def _heading(title: str, points: str, *, sort: str = "number", spec: Column | None = None) -> Html:
    details = [element("small", plain(f"of {points}"))] if points else []
    details += [element("small", Html("hidden"))] if spec and spec.hidden else []
    shown = {"title": one_line(f"{spec.title} ({spec.spec})")} if spec else {}
    return element("th", element("span", _breakable(title)), *details, scope="col", data_sort=sort, **shown)


def _breakable(title: str) -> Html:
    """A name that may go on below itself behind each underscore."""
    return Html(plain(title).replace("_", "_<wbr>"))


def _line(specs: Sequence[Column], names: Mapping[str, str], line: Line, extras: Sequence[_Extra]) -> Html:
    grade = line.grade
    absent = [Html(f" {ABSENT} "), element("i", Html(IS_ABSENT))] if grade.absent else []
    total = [mark(None)] if grade.total is None else [Html(points_text(grade.total))]
    points = {} if grade.total is None else {"data-points": points_text(grade.total)}
    as_graded = [graded(grade.graded_total)] if total_is_changed(grade) else []
    return element(
        "tr",
        element("th", name(grade.submission), *absent, scope="row"),
        element("td", *total, *as_graded, **points),
        *(_extra(extra.value(grade), extra.sort) for extra in extras),
        *(_cell(grade.specs[column.spec]) for column in specs),
        element("td", *_notes(line.notes, names)),
    )


def _extra(value: str, sort: str) -> Html:
    return element("td", plain(value), **({"data-points": value} if value and sort == "number" else {}))


def _cell(one: SpecPoints) -> Html:
    """The final points and, below them, what was graded, where that is something else."""
    status = one.grade.status if one.grade else None
    points = {} if one.points is None else {"data-points": points_text(one.points)}
    if not is_changed(one):
        return element("td", mark(one.grade), class_=kind(status), **points)
    return element(
        "td", mark(one.grade, points=one.points), graded(one.graded_points), class_=kind(status), **points
    )


def _notes(notes: Sequence[Note], names: Mapping[str, str]) -> Iterator[Html]:
    if not notes:
        return
    items = (element("li", text(note.text), *_where(note, names)) for note in notes)
    yield folded(amount(len(notes), "note"), element("ul", *items))


def _where(note: Note, names: Mapping[str, str]) -> list[Html]:
    return [plain(f" ({', '.join(names[spec] for spec in note.specs)})")] if note.specs else []


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


def _grades(lines: Sequence[Line]) -> list[Grade]:
    return [one.grade for line in lines for one in line.grade.specs.values() if one.grade]


def _words(lines: Sequence[Line]) -> list[str]:
    """All that cells and names of the table have beside points, as their words are."""
    grades = _grades(lines)
    words = sorted({grade.outcome for grade in grades})
    words += [NOT_FINAL] if any(not grade.final for grade in grades) else []
    return [*words, *([IS_ABSENT] if any(line.grade.absent for line in lines) else [])]


def _legend(lines: Sequence[Line]) -> Html:
    """What the signs mean that are in the table."""
    grades = _grades(lines)
    statuses = {grade.status for grade in grades}
    signs = {sign: str(status) for status, sign in SIGNS.items() if status in statuses}
    if any(not grade.final for grade in grades):
        signs[AGAIN] = f"{NOT_FINAL}: the next run grades again"
    if any(line.grade.absent for line in lines):
        signs[ABSENT] = IS_ABSENT
    shown = (element("b", Html(sign)) + plain(f" {meaning}") for sign, meaning in signs.items())
    return element("p", Html(" · ".join(shown)), class_="legend")
