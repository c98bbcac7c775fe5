"""What holds for every format of a gradebook, whatever is in the gradebook."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gradcheck.formats.course_files import template
from gradcheck.formats.grade_format import Export
from gradcheck.formats.grades import FORMATS
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.policy.records import Penalty, Policy
from gradcheck.grading.records import Origin, Person, Row
from gradcheck.text import printable
from gradcheck.verdict.records import Status
from gradebooks import SPECS, columns, row

TEXTS = [name for name in FORMATS if FORMATS[name].update is None]
"""Those that are no database; nbgrader's own has its tests in test_nbgrader.py."""
FOR_STUDENTS = [name for name in TEXTS if name not in ("csv", "json", "html")]
"""Those whose points and feedback go on to students; the others are the instructor's."""
HOSTILE = [
    "=cmd|'/C calc'!A0",
    'a,"b";c\td',
    "a\nb\r\nc\x00\x07\x1b[31m\x7f\x9b\u2028",
    "M\udcfcller \ud800",
    "\u202eabc\u2066 עברית",
    "::error::forged\n##[error]forged",
    "</script><script>alert(1)</script> ]]> &amp;",
    "👩\u200d👩\u200d👧 e\u0301 \u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
    "x" * 5000,
]
POLICY = Policy(
    deadline=datetime(2026, 10, 1, 12, tzinfo=UTC),
    penalty_per_day=Penalty(0.5, is_part=False),
    extra_credit=("two",),
    round_to=0.5,
    letters=(("=A", 0.9), ("F", 0.0)),
)
SECRETS = ("secret print", "secret note", "secret diagnosis")


def save(
    folder: Path,
    form: str,
    rows: Sequence[Row],
    *,
    names: Sequence[str] = (),
    absent: Sequence[str] = (),
    policy: Policy = POLICY,
    reason: str = "",
) -> str:
    """The file of a class with these rows; of systems that give one to fill in, all names are in that."""
    names = names or list(dict.fromkeys(one.submission for one in rows))
    folder.mkdir(exist_ok=True)
    late = datetime(2026, 10, 3, tzinfo=UTC)
    with Gradebook(folder / "gradebook") as book:
        for present in (names, [name for name in names if name not in absent]):
            book.start_run(
                seed=7,
                submissions=present,
                columns=[replace(one, hidden=one.spec == SPECS[1]) for one in columns(*SPECS)],
                options={},
                protection="",
                versions={},
                origins=[
                    Origin(submission=name, system="test", people=(Person(name=name),), submitted=late)
                    for name in present
                ],
            )
            book.record([one for one in rows if one.submission in present])
            book.end_run()
        if reason and names:
            book.override(names[0], SPECS[0], 1.5, reason)
    given = _template(folder, form, names)
    with Gradebook.reading(folder / "gradebook") as book:
        export = Export(grades=FinalGrades(book, policy), template=given, assignment="Set 1")
        remarks = FORMATS[form].save(export, folder / "file")
    assert not [line for line in remarks if "\n" in line]
    return (folder / "file").read_bytes().decode()


def _template(folder: Path, form: str, names: Sequence[str]) -> template.Template | None:
    heads = {
        "canvas": ["Student", "ID", "SIS Login ID", "Section", "Set 1 (12)"],
        "moodle-worksheet": ["Identifier", "Full name", "Maximum Grade", "Grade", "Feedback comments"],
    }
    if form not in heads:
        return None
    stream = io.StringIO(newline="")
    table = csv.writer(stream)
    table.writerow(heads[form])
    for number, name in enumerate(names or ["nobody"], 1):
        cells = {
            "canvas": [name, str(number), f"u{number}", "s", ""],
            "moodle-worksheet": [f"Participant {number}", name, "2", "", ""],
        }
        table.writerow(cells[form])
    (folder / "template.csv").write_bytes(stream.getvalue().encode(errors="replace"))
    if form == "moodle-worksheet":
        grade_heading = (folder / "template.csv").read_text("utf-8").replace(",Grade,", ",Set 1,")
        (folder / "template.csv").write_text(grade_heading, encoding="utf-8", newline="")
    return template.read(folder / "template.csv")


def _cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def _json(text: str) -> Any:
    return json.loads(text, parse_constant=pytest.fail)


def _is_table(text: str) -> None:
    """Every line has as many cells; what begins like a formula is a number, and nothing moves a cursor."""
    table = _cells(text)
    assert len({len(line) for line in table}) == 1
    for cell in (cell for line in table for cell in line):
        assert re.match(r"-?[\d.]+$", cell) or not re.match(r"[ \"]*[=+\-@\t\r\n＝]", cell) or cell == "--"
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]", cell)


def _is_filled_in(text: str) -> None:
    """As many cells a line; only what stood in the file before may be anything."""
    assert len({len(line) for line in _cells(text)}) == 1


def _is_page(text: str) -> None:
    """What tests of the dashboard look at more closely."""
    assert text.endswith("</html>\n")
    assert "<script>alert" not in text


READERS: dict[str, Callable[[str], object]] = {
    "csv": _is_table,
    "json": _json,
    "html": _is_page,
    "canvas": _is_filled_in,
    "moodle": _is_table,
    "moodle-worksheet": _is_filled_in,
    "nbgrader": _is_table,
    "otter": _is_table,
}


def test_every_format_has_a_reader() -> None:
    assert READERS.keys() == set(TEXTS)


def _class(text: str) -> list[Row]:
    said = printable(text)  # as reports are
    report = {"notes": [said[:300]], "output": said}
    failed = [row("bob", spec, Status.ERROR, reason="timeout") for spec in SPECS]
    return [row(text, SPECS[0], Status.WRONG, report=report), row(text, SPECS[1]), *failed]


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts(tmp_path: Path, form: str, text: str) -> None:
    """Of a name, a print, a note, a reason: the file is one that its reader takes, and nobody is lost."""
    READERS[form](save(tmp_path, form, _class(text), reason=text[:300]))


@pytest.mark.parametrize("form", TEXTS)
def test_an_empty_class(tmp_path: Path, form: str) -> None:
    """No submission: a file without lines."""
    READERS[form](save(tmp_path, form, []))


@pytest.mark.parametrize("form", TEXTS)
def test_who_is_absent(tmp_path: Path, form: str) -> None:
    """Of whom the last run did not find, no system gets points; the instructor sees that it is so."""
    points = {"ann": 1.25, "gone": 1.75}
    rows = [row(name, spec, points=points[name] / 2) for name in points for spec in SPECS]
    text = save(tmp_path, form, rows, absent=["gone"], policy=Policy())
    there, gone = ("0.62", "0.88") if form == "moodle-worksheet" else ("1.25", "1.75")  # of 2, not of 4
    assert there in text
    assert (gone in text) is (form not in FOR_STUDENTS)
    if form in ("csv", "json", "html"):
        word = {"csv": ",yes,", "json": '"absent": true', "html": "not in the last run"}
        assert word[form] in text


@pytest.mark.parametrize("form", TEXTS)
def test_points_after_the_policy(tmp_path: Path, form: str) -> None:
    """2 of 2, and 1 for extra credit, less 1 for two days late, and nobody gets the graded 3 for a total."""
    rows = [row("ann"), row("ann", SPECS[1], points=1.0, status=Status.WRONG)]
    total: dict[str, Callable[[str], float]] = {
        "csv": lambda text: float(_cells(text)[1][3]),
        "json": lambda text: float(_json(text)["submissions"][0]["points"]),
        "html": lambda text: float(re.findall(r'<td data-points="([\d.]+)">', text)[0]),
        "canvas": lambda text: float(_cells(text)[1][4]),
        "moodle": lambda text: float(_cells(text)[1][4]),
        "moodle-worksheet": lambda text: float(_cells(text)[1][3]),
        "nbgrader": lambda text: float(_cells(text)[1][-2]),
        "otter": lambda text: float(_cells(text)[2][3]),
    }
    assert total[form](save(tmp_path, form, rows)) == 2.0


@pytest.mark.parametrize("form", FOR_STUDENTS)
def test_hidden_specs_tell_nothing(tmp_path: Path, form: str) -> None:
    """What goes on to students has points and outcomes, and nothing that a report says."""
    diagnosis: dict[str, Any] = {
        "location": None,
        "mistake": SECRETS[2],
        "corrections": [],
        "explanations": [],
    }
    report = {"output": SECRETS[0], "notes": [SECRETS[1]], "diagnosis": diagnosis}
    rows = [row("ann"), row("ann", SPECS[1], Status.WRONG, hidden=True, report=report)]
    text = save(tmp_path, form, rows)
    assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("form", [name for name in TEXTS if name != "json"])
def test_endless_prints(tmp_path: Path, form: str) -> None:
    """10 MB of output stay in the report; JSON alone, which has everything, holds them."""
    rows = [row("ann", status=Status.WRONG, report={"output": "x" * 10_000_000})]
    assert len(save(tmp_path, form, rows)) < 100_000
