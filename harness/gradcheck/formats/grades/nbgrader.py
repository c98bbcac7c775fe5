"""nbgrader's grades.csv, as its own exporter writes it: no cell is ever quoted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TextIO

from gradcheck.errors import UsageError
from gradcheck.formats.course_files.cells import defused
from gradcheck.formats.course_files.filling import due
from gradcheck.formats.grade_format import Export, Format
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.grading.records import Person
from gradcheck.submission.text import one_line

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def write(export: Export, stream: TextIO) -> list[str]:
    """One line a submission. Whose name can't stand in an unquoted cell is left out, and named."""
    if not export.assignment:
        raise UsageError("--format nbgrader: give the assignment's name there with --assignment NAME")
    assignment = _plain(export.assignment)
    deadline = export.grades.policy.deadline
    stream.write(",".join(COLUMNS) + "\n")
    omitted = []
    grades, left_out = due(export)
    for grade in grades:
        if _plain(grade.submission) != grade.submission:
            omitted.append(one_line(grade.submission, 60))
            continue
        cells = [assignment, _time(deadline), _time(grade.submitted), *_cells(grade)]
        stream.write(",".join(cells) + "\n")
    why = "left out, as nbgrader's cells have no quotes and take no comma, quote or formula"
    return [*([f"{why}: {'; '.join(omitted)}"] if omitted else []), *left_out]


def _cells(grade: FinalGrade) -> list[str]:
    person = grade.people[0] if grade.people else Person()
    first, _, last = person.name.rpartition(" ")
    raw = max(grade.earned_points, grade.points)  # nbgrader knows no other difference than a penalty
    names = map(_plain, (grade.submission, last, first, person.email))
    return [*names, *map(_number, (raw, raw - grade.points, grade.points, grade.max_points))]


def _time(time: datetime | None) -> str:
    """The time as nbgrader's database has it: in UTC, without a zone."""
    if time is None:
        return ""
    return str(time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time)


def _number(points: float) -> str:
    """Always with a decimal point."""
    return str(round(float(points), 9))


def _plain(text: str) -> str:
    """The text without what would end a cell or begin a formula."""
    return defused(text.translate(dict.fromkeys(map(ord, ',"\r\n'), " ")))


FORMAT = Format(about="nbgrader's grades.csv", write=write)
