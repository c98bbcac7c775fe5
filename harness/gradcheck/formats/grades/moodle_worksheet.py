"""Moodle's offline grading worksheet, filled in and uploaded again.

How Moodle reads it is in moodle, mod/assign/feedback/offline/importgradeslib.php.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import TextIO

from gradcheck.errors import UsageError
from gradcheck.formats.course_files import roster
from gradcheck.formats.course_files.cells import defused
from gradcheck.formats.course_files.filling import due, feedback, given, scaling
from gradcheck.formats.course_files.template import Template, listed
from gradcheck.formats.grade_format import Export, Format
from gradcheck.formats.grades.moodle import KNOWN_BY, participant
from gradcheck.grading.records import Person
from gradcheck.submission.text import one_line

_PARTICIPANT = re.compile(r"(\D*[^\W\d]\D*)([1-9][0-9]*)")
"""Participant 12345, in any language: most write no space before the number."""
_GRADE = ("Grade", "Bewertung", "Note", "Calificación", "Valutazione", "Nota", "Cijfer")
_MAXIMUM = ("Maximum Grade", "Maximum grade", "Bestwertung", "Note maximale", "Calificación máxima")
_CHANGEABLE = ("Grade can be changed", "Bewertung kann geändert werden", "La note peut être modifiée")
_FEEDBACK = ("Feedback comments", "Feedback als Kommentar", "Feedback par commentaires")
_NO = ("no", "nein", "non", "nee")


def write(export: Export, stream: TextIO) -> list[str]:
    """The worksheet with its grades filled in, and a line of feedback where there is none yet.

    Points are scaled to the worksheet's maximum grade. Lines whose grade can't be changed are left alone, as
    Moodle would skip them and say nothing. Raises UsageError for what is no worksheet.
    """
    template = given(export, "moodle-worksheet")
    identifier, column = _identifier(template), _grade_column(template, export.assignment)
    people = [_person(template, row, identifier) for row in template.rows]
    grades, left_out = due(export)
    matching = roster.match(people, grades)
    whole = template.column(*_MAXIMUM)
    possible = next((v for row in template.rows if (v := template.value(template.cell(row, whole)))), None)
    scale, remark = scaling(export, possible, "the worksheet's maximum grade")
    if possible is None:
        remark = ["no column is known to have the maximum grade: points are not scaled"]
    rows = [list(row) for row in template.rows]
    comments = template.column(*_FEEDBACK)
    locked, cut = [], []
    for number, grade in matching.grades.items():
        row = rows[number]
        row += [""] * (len(template.header) - len(row))
        if template.cell(row, template.column(*_CHANGEABLE)).casefold() in _NO:
            locked.append(one_line(people[number].name or row[identifier], 60))
            continue
        points = grade.points * scale
        if possible and points > possible:  # Moodle would skip the line, and say nothing
            cut.append(one_line(people[number].name or row[identifier], 60))
            points = possible
        row[column] = template.number(points)
        if comments is not None and not row[comments].strip():
            row[comments] = defused(escape(feedback(grade), quote=False))
    template.write(rows, stream)
    lists = {"locked in Moodle, left as they are": locked, "cut to the maximum, as Moodle takes no more": cut}
    named = [f"{about}: {'; '.join(names)}" for about, names in lists.items() if names]
    filled = len(matching.grades) - len(locked)
    return [*remark, *matching.remarks(template.path.name, filled), *named, *left_out]


def _identifier(template: Template) -> int:
    """The column that says Participant 12345. Raises UsageError where none does in every line."""
    others = {template.column(heading) for heading in KNOWN_BY}
    for number in range(len(template.header)):
        matches = [_PARTICIPANT.fullmatch(template.cell(row, number)) for row in template.rows]
        if number not in others and all(matches) and len({match[1] for match in matches if match}) == 1:
            return number
    raise UsageError(
        f"{template.path}: is not a grading worksheet of Moodle's: no column has Participant 12345 in every "
        "line; switch on offline grading, download the grading worksheet, and pass that file with --template"
    )


def _grade_column(template: Template, heading: str) -> int:
    column = template.column(heading) if heading else template.column(*_GRADE)
    if column is None:
        raise UsageError(
            f"{template.path}: which column has the grade? Name it with --assignment HEADING; there are: "
            f"{listed(template.header)}"
        )
    return column


def _person(template: Template, row: list[str], identifier: int) -> Person:
    match = _PARTICIPANT.fullmatch(template.cell(row, identifier))
    return replace(participant(template, row), participant=match[2] if match else "")


FORMAT = Format(about="an offline grading worksheet of Moodle, filled in", write=write, takes_template=True)
