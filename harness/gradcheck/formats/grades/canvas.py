"""Canvas's gradebook: an export, filled in and imported again.

What its importer reads, and how, is in canvas-lms, lib/gradebook_importer.rb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from gradcheck.errors import UsageError
from gradcheck.formats.course_files import roster
from gradcheck.formats.course_files.filling import due, given, scaling
from gradcheck.formats.course_files.template import Template, listed
from gradcheck.formats.grade_format import Export, Format
from gradcheck.grading.records import Person
from gradcheck.submission.text import one_line

_TITLE = re.compile(r"(.*) \((\d+)\)", re.DOTALL)
"""An assignment's title and its number."""
_TWO_NAMES = ["LastName", "FirstName", "ID"]
_EXCUSED = "ex"


def write(export: Export, stream: TextIO) -> list[str]:
    """The export with one assignment's column filled in; no other cell is touched, and none of an excused.

    Points are scaled to the assignment's Points Possible. Raises UsageError for what is no export of Canvas's
    gradebook, or does not have the assignment.
    """
    template = given(export, "canvas")
    _check(template)
    column = _column(template, export.assignment)
    possible = _points_possible(template, column)
    students = [n for n, row in enumerate(template.rows) if _is_student(template, row)]
    grades, left_out = due(export)
    matching = roster.match([_person(template, template.rows[n]) for n in students], grades)
    scale, remark = scaling(export, possible, "Points Possible")
    rows = [list(row) for row in template.rows]
    excused = []
    for number, grade in matching.grades.items():
        row = rows[students[number]]
        row += [""] * (column + 1 - len(row))
        if row[column].strip().casefold() == _EXCUSED:
            excused.append(one_line(row[0], 60))
        else:
            row[column] = template.number(grade.points * scale)
    template.write(rows, stream)
    kept = [f"excused, and left so: {'; '.join(excused)}"] if excused else []
    title = f"filled in: {one_line(template.header[column])}"
    filled = len(matching.grades) - len(excused)
    return [title, *remark, *matching.remarks(template.path.name, filled), *kept, *left_out]


def _check(template: Template) -> None:
    """Raises UsageError for a file that Canvas would not take."""
    header = [heading.strip() for heading in template.header]
    if len(header) > 3 and (("Student" in header[0] and header[1] == "ID") or header[:3] == _TWO_NAMES):
        return
    raise UsageError(
        f"{template.path}: is not an export of Canvas's gradebook, which begins with Student and ID; "
        "choose Grades > Export in Canvas, and pass that file with --template"
    )


def _column(template: Template, assignment: str) -> int:
    """The assignment's column: by its number, its title or the whole heading, or the only one there is."""
    there = {n: match for n, text in enumerate(template.header) if (match := _TITLE.fullmatch(text.strip()))}
    names = [template.header[n] for n in there]
    wanted = " ".join(assignment.split()).casefold()
    if not wanted:
        fitting = list(there)
        complaint = "which assignment is it? Name it with --assignment TITLE or its number."
    else:
        by_number = [n for n, match in there.items() if match[2] == wanted]
        fitting = by_number or [n for n, match in there.items() if wanted in _titles(match)]
        complaint = f"{one_line(assignment)}: which assignment is that?"
    if len(fitting) == 1:
        return fitting[0]
    there_are = f"There are: {listed(names)}" if names else "There is none: create it in Canvas first"
    raise UsageError(f"{template.path}: {complaint} {there_are}")


def _titles(match: re.Match[str]) -> set[str]:
    return {" ".join(text.split()).casefold() for text in (match[1], match[0])}


def _points_possible(template: Template, column: int) -> float | None:
    """What the row "Points Possible" says of the assignment."""
    rows = (row for row in template.rows[:3] if _is_possible(row))
    return next((template.value(template.cell(row, column)) for row in rows), None)


def _is_possible(row: list[str]) -> bool:
    return bool(row) and row[0].strip().casefold().startswith("points possible")


def _is_student(template: Template, row: list[str]) -> bool:
    return not _is_possible(row) and any(template.cell(row, n) for n in _id_columns(template))


def _id_columns(template: Template) -> Iterator[int]:
    names = ("ID", "SIS User ID", "SIS Login ID")
    yield from (n for name in names if (n := template.column(name)) is not None)


def _person(template: Template, row: list[str]) -> Person:
    def cell(name: str) -> str:
        return template.cell(row, template.column(name))

    login = cell("SIS Login ID")
    return Person(
        name=_name(template, row),
        canvas_id=cell("ID"),
        number=cell("SIS User ID"),
        login=login,
        email=login if "@" in login else "",
    )


def _name(template: Template, row: list[str]) -> str:
    columns = (0, 1) if template.header[:2] == _TWO_NAMES[:2] else (0,)
    return ", ".join(_unquoted(template.cell(row, column)) for column in columns)


def _unquoted(name: str) -> str:
    """A name that Canvas writes ="…" lest a spreadsheet runs it."""
    match = re.fullmatch(r'="(.*)"', name, re.DOTALL)
    return match[1].replace('""', '"') if match else name


FORMAT = Format(about="a file exported from Canvas's gradebook, filled in", write=write, takes_template=True)
