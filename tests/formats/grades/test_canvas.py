"""Canvas's export filled in, and read as Canvas reads it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from exporting import exported, graded
from importers import canvas

from gradcheck.errors import UsageError
from gradcheck.grading.records import Origin, Person
from gradcheck.verdict.records import Status
from gradebooks import SPECS, row

ASSIGNMENTS = {"12345": "HW1 Backprop", "12346": "HW2, with a comma"}
STUDENTS = {"4321": "Doe, Jane", "4322": "Roe, John", "4323": "=HYPERLINK(1)", "4324": "Müller, Änne"}
EXPORT = '''\
Student,ID,SIS User ID,SIS Login ID,Section,HW1 Backprop (12345),"HW2, with a comma (12346)",Final Score
    Points Possible,,,,,4,10,(read only)
"Doe, Jane",4321,A001,jdoe,CS101-01,,7.5,88
"Roe, John",4322,A002,jroe,CS101-01,EX,EX,77
"=""=HYPERLINK(1)""",4323,A003,evil,"CS ""101""\n02",1,,66
"Müller, Änne",4324,A004,amueller,CS101-01,,,
"Student, Test",4999,,ff00,CS101-01,,,
'''


def test_filled_in(tmp_path: Path) -> None:
    """By number, login and name; scaled to Points Possible; everything else is as it was."""
    origins = [Origin(submission="doejane", system="Canvas", people=(Person(canvas_id="4321"),), late=False)]
    points = {"doejane": 1.5, "evil": 2.0, "Änne Müller": 0.25, "stranger": 1.0}
    text, remarks = exported(
        tmp_path, "canvas", points, origins=origins, text=EXPORT, assignment="HW1 Backprop"
    )
    read = canvas(text, ASSIGNMENTS, STUDENTS, "12345")
    assert read.scores == {"4321": 3.0, "4322": "EX", "4323": 4.0, "4324": 0.5}
    assert read.made == []
    assert read.others == canvas(EXPORT, ASSIGNMENTS, STUDENTS, "12345").others
    said = "\n".join(remarks)
    assert "Points Possible is 4, and the maximum here 2: points are scaled" in said
    assert "without a line in template.csv: stranger" in said
    assert "without a grade from here: Roe, John; Student, Test" in said


def test_no_other_cell_is_touched(tmp_path: Path) -> None:
    """But the cells of the one column, of those who have a grade."""
    text, _ = exported(tmp_path, "canvas", {"jdoe": 1.0}, text=EXPORT, assignment="12345")
    before, after = (list(csv.reader(io.StringIO(one, newline=""))) for one in (EXPORT, text))
    changed = [
        (r, c)
        for r, (old, new) in enumerate(zip(before, after, strict=True))
        for c, (one, other) in enumerate(zip(old, new, strict=True))
        if one != other
    ]
    assert changed == [(2, 5)]


def test_an_excused_student_stays_excused(tmp_path: Path) -> None:
    """Whatever was handed in, and it is said."""
    text, remarks = exported(tmp_path, "canvas", {"jroe": 2.0}, text=EXPORT, assignment="12345")
    assert canvas(text, ASSIGNMENTS, STUDENTS, "12345").scores["4322"] == "EX"
    assert "excused, and left so: Roe, John" in remarks
    assert any(re.fullmatch(r"0 of \d lines of template.csv have a grade from here", one) for one in remarks)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_written_as_it_was(tmp_path: Path, mark: str) -> None:
    """Semicolons, decimal commas, ends of lines and a byte order mark are those of the file."""
    export = (
        f"{mark}Student;ID;SIS User ID;SIS Login ID;Section;HW1 (12345)\r\n"
        "    Points Possible;;;;;10,00\r\nDoe, Jane;4321;A001;jdoe;1;\r\nRoe, John;4322;A002;jroe;1;3,5\r\n"
    )
    text, _ = exported(tmp_path, "canvas", {"jdoe": 1.5}, text=export)
    assert text == export.replace("jdoe;1;", "jdoe;1;7,5")
    assert canvas(text, {"12345": "HW1"}, STUDENTS, "12345").scores == {"4321": 7.5, "4322": 3.5}


@pytest.mark.parametrize(
    ("assignment", "says"),
    [
        (
            "",
            "which assignment is it? Name it with --assignment TITLE or its number. There are: HW1 Backprop",
        ),
        ("HW3", "HW3: which assignment is that? There are: HW1 Backprop (12345), HW2, with a comma (12346)"),
    ],
)
def test_which_assignment(tmp_path: Path, assignment: str, says: str) -> None:
    """Where it isn't clear, all are listed, and no column is made."""
    with pytest.raises(UsageError) as told:
        exported(tmp_path, "canvas", {"jdoe": 1.0}, text=EXPORT, assignment=assignment)
    assert says in str(told.value)


def test_names_in_two_columns(tmp_path: Path) -> None:
    """As Canvas exports them for some, with a line about posting above the points."""
    export = (
        "LastName,FirstName,ID,SIS User ID,Section,HW1 (v2) (12345),HW1 (v2) Total\n"
        ",,,,,Manual Posting,\n    Points Possible,,,,,2,\nDoe,Jane,4321,A001,1,,\n"
    )
    text, remarks = exported(tmp_path, "canvas", {"Jane Doe": 1.0}, text=export)
    assert text == export.replace("A001,1,,", "A001,1,1,")
    assert "1 of 1 lines of template.csv have a grade from here" in remarks


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "Name,ID,Section,HW1 (1)\n", "Student,ID,Section\n"])
def test_not_an_export(tmp_path: Path, text: str) -> None:
    """Any other file is refused, with where to get one."""
    with pytest.raises(UsageError, match="not an export of Canvas's gradebook"):
        exported(tmp_path, "canvas", {"jdoe": 1.0}, text=text)


def test_never_from_nothing(tmp_path: Path) -> None:
    """Without a template there is a complaint that says what to download."""
    with pytest.raises(UsageError, match="--template FILE"):
        exported(tmp_path, "canvas", {"jdoe": 1.0})


def test_what_is_not_known_is_not_written(tmp_path: Path) -> None:
    """Neither zero points for what gradcheck itself has failed at, nor those of somebody who has left."""
    rows = [
        graded("jdoe", 2.0),
        row("evil", status=Status.INTERNAL, reason="internal error", points=0.0, final=False),
        row("amueller", SPECS[0]),
        row("jdoe", SPECS[1]),
    ]
    text, remarks = exported(tmp_path, "canvas", rows, text=EXPORT, assignment="12345")
    scores = canvas(text, ASSIGNMENTS, STUDENTS, "12345").scores
    assert scores == {"4321": 4.0, "4322": "EX", "4323": 1.0, "4324": None}
    assert any("not all their specs are graded" in remark and "evil" in remark for remark in remarks)
