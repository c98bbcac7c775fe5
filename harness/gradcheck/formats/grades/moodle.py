"""A CSV file for Moodle's grade import (Grades > Import > CSV file).

How Moodle reads it is in moodle, grade/import/csv/classes/load_data.php.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TextIO

from gradcheck.digits import points_text
from gradcheck.formats.course_files import roster
from gradcheck.formats.course_files.cells import defused
from gradcheck.formats.course_files.filling import due, feedback
from gradcheck.formats.course_files.template import Template
from gradcheck.formats.grade_format import Export, Format
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.grading.records import Person

COLUMNS = ("Username", "ID number", "Email address", "Full name")
# In the languages in which Moodle heads its columns.
_NAME = ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo", "Nome completo")
_FIRST = ("First name", "Vorname", "Prénom", "Nombre", "Nome")
_LAST = ("Last name", "Surname", "Nachname", "Nom", "Nom de famille", "Apellido(s)", "Cognome")
_EMAIL = ("Email address", "Email", "E-Mail-Adresse", "E-Mail", "Adresse de courriel", "Dirección de correo")
_LOGIN = ("Username", "Anmeldename", "Nom d'utilisateur", "Nombre de usuario")
_NUMBER = ("ID number", "ID-Nummer", "Matrikelnummer", "Numéro d'identification", "Número de ID")
KNOWN_BY = (*_LOGIN, *_NUMBER, *_EMAIL)
"""The headings of what Moodle's import finds a user by."""
_Pairs = list[tuple[Person, FinalGrade]]
_GRADE = "gradcheck"
"""The grade's heading where nobody says what the assignment is called."""


def write(export: Export, stream: TextIO) -> list[str]:
    """A line a person: what Moodle may know them by, the points, and a line of feedback.

    With a template, a list of participants, there are those alone that it has: Moodle breaks off the whole
    import at one user whom it does not know.
    """
    grades, left_out = due(export)
    people, remarks = _listed(export.template, grades) if export.template else _all(grades)
    table = csv.writer(stream)
    table.writerow([*COLUMNS, defused(export.assignment or _GRADE), "Feedback"])
    for person, grade in people:
        ids = (person.login, person.number, person.email, person.name)
        table.writerow([*map(defused, ids), points_text(round(grade.points, 5)), defused(feedback(grade))])
    return [*remarks, *left_out]


def _listed(template: Template, grades: Sequence[FinalGrade]) -> tuple[_Pairs, list[str]]:
    """The people of the list who have a grade."""
    people = [participant(template, row) for row in template.rows]
    matching = roster.match(people, grades)
    pairs = [(people[number], grade) for number, grade in matching.grades.items()]
    return pairs, matching.remarks(template.path.name)


def _all(grades: Sequence[FinalGrade]) -> tuple[_Pairs, list[str]]:
    """Everybody, by what is known of them; a file's name is taken for a user's name."""
    pairs = [
        (person, grade) for grade in grades for person in grade.people or (Person(login=grade.submission),)
    ]
    nameless = sum(not (person.login or person.number or person.email) for person, _ in pairs)
    without = (
        f"{nameless:,} of {len(pairs):,} lines have no username, ID number or e-mail address, by which alone "
        "Moodle's import finds a user: it cannot take them; give --template FILE, a list of participants, or "
        "fill in a grading worksheet, --format moodle-worksheet"
    )
    return pairs, [
        *([without] if nameless else []),
        "Moodle stops an import at the first user whom it does not know; with --template FILE, a list of "
        "participants, such users are left out",
    ]


def participant(template: Template, row: list[str]) -> Person:
    """Somebody as a list of participants has them."""

    def cell(*names: str) -> str:
        return template.cell(row, template.column(*names))

    first, last = cell(*_FIRST), cell(*_LAST)
    return Person(
        name=cell(*_NAME) or f"{first} {last}".strip(),
        email=cell(*_EMAIL),
        login=cell(*_LOGIN),
        number=cell(*_NUMBER),
    )


FORMAT = Format(about="a CSV file for Moodle's grade import", write=write, takes_template=True)
