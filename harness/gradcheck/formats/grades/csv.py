"""Points as CSV: one line a submission."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TextIO

from gradcheck.digits import points_text
from gradcheck.formats.course_files.cells import defused
from gradcheck.formats.grade_format import Export, Format
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.grading.records import Column

AFTER = ("graded total", "submitted", "late days", "penalty", "letter", "notes")
"""The last columns: the points as graded, and what has changed them."""


def write(export: Export, stream: TextIO) -> list[str]:
    """One line a submission, one column a spec, then `total`, `max` and `absent` (yes or empty).

    Behind them is one column `SPEC: status` a spec: a status, or why there are no numbers (see
    gradcheck.grading.failure); then AFTER. All points are those after the policy but for the graded total.
    The points of what is not graded yet, or was lost to an internal error, are empty, and so are the totals;
    the spec counts in `max` all the same. RFC 4180; a text that a spreadsheet would take for a formula has an
    apostrophe before.
    """
    grades = export.grades
    names = [defused(column.spec) for column in grades.columns]
    table = csv.writer(stream)
    table.writerow(
        ["submission", *names, "total", "max", "absent", *(f"{name}: status" for name in names), *AFTER]
    )
    for grade in grades:
        table.writerow(_line(grade, grades.columns))
    return []


def _line(grade: FinalGrade, columns: Sequence[Column]) -> list[str]:
    specs = [grade.specs[column.spec] for column in columns]
    return [
        defused(grade.submission),
        *(_text(one.points) for one in specs),
        _text(grade.total),
        points_text(grade.max_points),
        "yes" if grade.absent else "",
        *(one.grade.outcome if one.grade else "" for one in specs),
        _text(grade.graded_total),
        grade.submitted.isoformat(sep=" ") if grade.submitted else "",
        str(grade.late_days) if grade.late_days else "",
        points_text(grade.penalty) if grade.penalty else "",
        defused(grade.letter),
        defused("; ".join(grade.notes)),
    ]


def _text(points: float | None) -> str:
    return "" if points is None else points_text(points)


FORMAT = Format(about="points, one line per submission", write=write)
