"""otter's final_grades.csv: a line for the points there are, and one a submission."""

from __future__ import annotations

import csv
from typing import TextIO

from gradcheck.digits import points_text
from gradcheck.formats.course_files.cells import defused
from gradcheck.formats.grade_format import Export, Format
from gradcheck.grading.names import short_names
from gradcheck.grading.policy.records import FinalGrade

COMPLETED = "Completed"
_NONE = "--"


def write(export: Export, stream: TextIO) -> list[str]:
    """A question is a spec; where a submission gave no numbers, the status says why."""
    grades = export.grades
    names = short_names(column.spec for column in grades.columns)
    whole = [points_text(column.max_points) for column in grades.columns]
    table = csv.writer(stream)
    table.writerow(
        ["file", *map(defused, names.values()), "total_points_earned", "percent_correct", "grading_status"]
    )
    table.writerow(["points-per-question", *whole, points_text(grades.max_points), _NONE, _NONE])
    for grade in grades:
        if grade.absent:
            continue
        points = ["" if one.points is None else points_text(one.points) for one in grade.specs.values()]
        part = grade.points / grade.max_points if grade.max_points else 0.0
        sums = [points_text(grade.points), points_text(part)] if grade.is_known else ["", ""]
        table.writerow([defused(grade.submission), *points, *sums, _status(grade)])
    return []


def _status(grade: FinalGrade) -> str:
    reasons = {one.grade.reason if one.grade else "not graded" for one in grade.specs.values()} - {""}
    return "; ".join(sorted(reasons)) or COMPLETED


FORMAT = Format(about="otter's final_grades.csv", write=write)
