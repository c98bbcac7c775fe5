"""Moodle's two files, read as Moodle reads them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from exporting import exported, graded
from importers import moodle, worksheet

from gradcheck.errors import UsageError
from gradcheck.grading.policy.records import Policy
from gradcheck.grading.records import Origin, Person
from gradebooks import SPECS, row

PARTICIPANTS = """\
First name,Last name,ID number,Email address,Groups
Jane,Doe,A001,jane@example.edu,
John,Roe,A002,john@example.edu,"a, b"
"""
USERS = {"jane@example.edu", "john@example.edu"}
ENGLISH = {
    "identifier": "Identifier",
    "grade": "Grade",
    "modified": "Last modified (grade)",
    "feedback": "Feedback comments",
}
WORKSHEET = '''\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 12345,Jane Doe,jane@example.edu,Submitted for grading,,10.00,Yes,-,-,
Participant 12346,"Roe, ""J""",john@example.edu,No submission,7.00,10.00,No,-,-,"old
words"
Participant 12347,=cmd(),eve@example.edu,Submitted for grading,,10.00,Yes,-,-,<p>old</p>
'''
GERMAN = """\
ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;\
Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar\r
Teilnehmer/in 12345;Jane Doe;jane@example.edu;Zur Bewertung abgegeben;;100,00;Ja;-;-;\r
"""


def origin(name: str, participant: str) -> Origin:
    """Handed in by Moodle."""
    return Origin(submission=name, system="Moodle", people=(Person(name=name, participant=participant),))


def test_with_a_list_of_participants(tmp_path: Path) -> None:
    """Only those whom Moodle knows are in the file: one stranger would end the import."""
    text, remarks = exported(
        tmp_path, "moodle", {"Jane Doe": 1.5, "A002": 2.0, "x": 0.0}, text=PARTICIPANTS, assignment="HW1"
    )
    assert moodle(text, "Email address", "HW1", USERS) == {"jane@example.edu": 1.5, "john@example.edu": 2.0}
    assert any("without a line in template.csv: x" in remark for remark in remarks)


def test_without_one(tmp_path: Path) -> None:
    """Whoever hands in is in it, and the danger is said."""
    text, remarks = exported(tmp_path, "moodle", {"jdoe": 1.5, "=cmd|' /C calc'!A0": 2.0})
    assert moodle(text, "Username", "gradcheck", {"jdoe", "'=cmd|' /C calc'!A0"})["jdoe"] == 1.5
    assert any("stops an import at the first user" in remark for remark in remarks)
    with pytest.raises(LookupError):
        moodle(text, "Username", "gradcheck", {"jdoe"})


def test_worksheet(tmp_path: Path) -> None:
    """By participant, scaled to the maximum; what is locked stays, and is named; no words are overwritten."""
    origins = [origin("Jane Doe", "12345"), origin("J", "12346"), origin("eve", "12347")]
    points = {"Jane Doe": 1.5, "J": 2.0, "eve": 2.0}
    text, remarks = exported(tmp_path, "moodle-worksheet", points, origins=origins, text=WORKSHEET)
    taken = worksheet(text, 10.0, dict.fromkeys(("12345", "12346", "12347")), ENGLISH)
    assert taken["12345"] == (7.5, "one: 1.5 of 2 (wrong)")
    assert taken["12346"] == (7.0, "old\nwords")
    assert taken["12347"] == (10.0, "<p>old</p>")
    assert any(remark.startswith("locked in Moodle, left as they are: Roe") for remark in remarks)
    cells = [row[1] for row in csv.reader(io.StringIO(text, newline=""))]
    assert cells == ["Full name", "Jane Doe", 'Roe, "J"', "=cmd()"]


def test_a_worksheet_in_another_language(tmp_path: Path) -> None:
    """Headings, decimal commas and semicolons are those of the file."""
    text, _ = exported(
        tmp_path, "moodle-worksheet", {"Jane Doe": 1.25}, origins=[origin("Jane Doe", "12345")], text=GERMAN
    )
    german = {
        "identifier": "ID",
        "grade": "Bewertung",
        "modified": "Zuletzt geändert (Bewertung)",
        "feedback": "Feedback als Kommentar",
    }
    assert worksheet(text, 100.0, {"12345": None}, german)["12345"][0] == 62.5
    assert ";62,5;" in text
    assert text.count("\r\n") == 2


@pytest.mark.parametrize(
    "prefix", ["Participant ", "Teilnehmer/in", "Participante", "Utilisateur n°", "参与者", "المشارك", "x"]
)
def test_the_identifier_in_any_language(tmp_path: Path, prefix: str) -> None:
    """The number stands right behind the word for a participant; only the English one ends in a space."""
    text = WORKSHEET.replace("Participant ", prefix)
    origins = [origin("Jane Doe", "12345"), origin("A", "12347")]
    filled, remarks = exported(
        tmp_path, "moodle-worksheet", {"Jane Doe": 1.5, "A": 1.0}, origins=origins, text=text
    )
    grades = [line[4] for line in csv.reader(io.StringIO(filled, newline=""))]
    assert grades == ["Grade", "7.5", "7.00", "5"]
    assert "2 of 3 lines of template.csv have a grade from here" in remarks


def test_a_locked_line_has_no_grade_from_here(tmp_path: Path) -> None:
    """Though it is somebody's who has one."""
    origins = [origin("Jane Doe", "12345"), origin("J", "12346")]
    _, remarks = exported(
        tmp_path, "moodle-worksheet", {"Jane Doe": 1.5, "J": 1.0}, origins=origins, text=WORKSHEET
    )
    assert "1 of 3 lines of template.csv have a grade from here" in remarks


def test_nobody_whom_moodle_can_find(tmp_path: Path) -> None:
    """Moodle's own files name no login, number or address, and its import knows nobody by anything else."""
    names = {"Jane Doe": "12345", "John Roe": "12346"}
    origins = [origin(name, number) for name, number in names.items()]
    _, remarks = exported(tmp_path, "moodle", dict.fromkeys(names, 1.0), origins=origins)
    assert any(remark.startswith("2 of 2 lines have no username, ID number or e-mail") for remark in remarks)


def test_an_unknown_heading_is_named(tmp_path: Path) -> None:
    """In any language the grade's column can be named."""
    finnish = WORKSHEET.replace(",Grade,", ",Arvosana,")
    with pytest.raises(UsageError, match="which column has the grade"):
        exported(tmp_path / "a", "moodle-worksheet", {"Jane Doe": 1.0}, text=finnish)
    text, _ = exported(
        tmp_path / "b", "moodle-worksheet", {"Jane Doe": 1.0}, text=finnish, assignment="Arvosana"
    )
    assert ",5,10.00,Yes" in text


def test_more_than_the_maximum(tmp_path: Path) -> None:
    """Moodle would skip the line in silence: it is cut, and named."""
    origins = [origin("Jane Doe", "12345")]
    rows = [graded("Jane Doe", 2.0), row("Jane Doe", SPECS[1], points=2.0)]
    policy = Policy(extra_credit=(SPECS[1],))
    text, remarks = exported(
        tmp_path, "moodle-worksheet", rows, origins=origins, text=WORKSHEET, policy=policy
    )
    assert worksheet(text, 10.0, {"12345": None}, ENGLISH)["12345"][0] == 10.0
    assert "cut to the maximum, as Moodle takes no more: Jane Doe" in remarks


def test_not_a_worksheet(tmp_path: Path) -> None:
    """Any other file is refused, with where to get one."""
    with pytest.raises(UsageError, match="not a grading worksheet of Moodle's"):
        exported(tmp_path, "moodle-worksheet", {"Jane Doe": 1.0}, text=PARTICIPANTS.replace("A00", "student"))
