"""What all formats do that fill in a template."""

from __future__ import annotations

import math

from gradcheck.digits import points_text
from gradcheck.errors import UsageError
from gradcheck.formats.course_files.template import Template
from gradcheck.formats.grade_format import Export
from gradcheck.grading.names import short_names
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.submission.text import one_line
from gradcheck.text import amount


def given(export: Export, name: str) -> Template:
    """The template. Raises UsageError where there is none."""
    if export.template is None:
        raise UsageError(
            f"--format {name} fills in a file from the course system: "
            "download it there, and pass it with --template FILE"
        )
    return export.template


def scaling(export: Export, possible: float | None, where: str) -> tuple[float, list[str]]:
    """By what points are multiplied to be of what a system has for the maximum, and what to know of that."""
    most = export.grades.max_points
    if not possible or not most or math.isclose(possible, most):
        return 1.0, []
    return possible / most, [
        f"{where} is {points_text(possible)}, and the maximum here {points_text(most)}: points are scaled"
    ]


def due(export: Export) -> tuple[list[FinalGrade], list[str]]:
    """The grades that another system may have, and what to know of the others."""
    present = [grade for grade in export.grades if not grade.absent]
    unknown = [one_line(grade.submission, 60) for grade in present if not grade.is_known]
    why = "left out, as not all their specs are graded; grade again"
    return [grade for grade in present if grade.is_known], [f"{why}: {'; '.join(unknown)}"] if unknown else []


def feedback(grade: FinalGrade) -> str:
    """A line on a submission's points: what it has for each spec, and why."""
    names = short_names(grade.specs)
    parts = []
    for spec, one in grade.specs.items():
        status = one.grade.outcome if one.grade else "not graded"
        points = "" if one.points is None or one.grade is None else f" {points_text(one.points)}"
        whole = f" of {points_text(one.grade.max_points)}" if one.grade else ""
        parts.append(f"{names[spec]}:{points}{whole} ({status})" if points else f"{names[spec]}: {status}")
    if grade.penalty:
        parts.append(f"{amount(grade.late_days, 'day')} late: {points_text(-grade.penalty)}")
    return one_line("; ".join(parts), 1000)
