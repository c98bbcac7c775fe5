"""Everything as JSON, as docs/json.md describes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from typing import Any, TextIO

from gradcheck.formats.grade_format import Export, Format
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.line import line
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.grading.records import Grade, Row
from gradcheck.report.document import document


def write(export: Export, stream: TextIO) -> list[str]:
    """Everything, a piece at a time. A run's `seed` and `options` and a result's hashes let one regrade."""
    for piece in _document(export.grades):
        stream.write(piece)
    return []


def _document(grades: FinalGrades) -> Iterator[str]:
    book = grades.book
    yield f'{line(document("gradebook"))[:-1]},\n"runs": '
    yield from _array(line(asdict(run)) for run in book.runs())
    yield ',\n"specs": '
    yield from _array(line(asdict(column)) for column in grades.columns)
    yield ',\n"submissions": '
    yield from _array(line(_submission(grade, grades)) for grade in grades)
    yield ',\n"overrides": '
    yield from _array(line(asdict(override)) for override in book.overrides())
    yield ',\n"results": '
    yield from _array(
        f'{line(_grade(row))[:-1]}, "report": {row.data}}}' for row in book.rows(grades.filters)
    )
    yield "}\n"


def _submission(grade: FinalGrade, grades: FinalGrades) -> dict[str, Any]:
    origin = grades.origins.get(grade.submission)
    return {
        "submission": grade.submission,
        "absent": grade.absent,
        "points": grade.total,
        "max_points": grade.max_points,
        "graded_points": grade.graded_total,
        "system": origin.system if origin else None,
        "people": [{key: value or None for key, value in asdict(person).items()} for person in grade.people],
        "submitted": grade.submitted.isoformat() if grade.submitted else None,
        "late_days": grade.late_days,
        "penalty": grade.penalty,
        "letter": grade.letter or None,
        "notes": list(grade.notes),
    }


def _grade(row: Row) -> dict[str, Any]:
    grade = {field.name: getattr(row, field.name) for field in fields(Grade)}
    return grade | {"reason": row.reason or None}


def _array(items: Iterable[str]) -> Iterator[str]:
    comma = "\n"
    yield "["
    for item in items:
        yield comma + item
        comma = ",\n"
    yield "]"


FORMAT = Format(about="everything", write=write)
