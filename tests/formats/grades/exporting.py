"""A class exported, in a line."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from gradcheck.formats.course_files import template
from gradcheck.formats.grade_format import Export
from gradcheck.formats.grades import FORMATS
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.policy.records import Policy
from gradcheck.grading.records import Origin, Row
from gradcheck.verdict.records import Status
from gradebooks import SPECS, row, start


def graded(name: str, points: float) -> Row:
    """So many points of 2."""
    return row(name, points=points, status=Status.RIGHT if points == 2.0 else Status.WRONG)


def exported(
    folder: Path,
    form: str,
    points: Mapping[str, float] | Iterable[Row],
    *,
    origins: Iterable[Origin] = (),
    text: str | None = None,
    assignment: str = "",
    policy: Policy | None = None,
) -> tuple[str, list[str]]:
    """The file and the remarks, of submissions with so many of 2 points; `text` is the template's."""
    rows = [graded(*one) for one in points.items()] if isinstance(points, Mapping) else list(points)
    path = folder / "gradebook"
    with Gradebook(path) as book:
        specs = dict.fromkeys(one.spec for one in rows) or SPECS[:1]
        start(book, dict.fromkeys(one.submission for one in rows), specs, origins=origins)
        book.record(rows)
        book.end_run()
    given = None
    if text is not None:
        folder.mkdir(exist_ok=True)
        (folder / "template.csv").write_bytes(text.encode())
        given = template.read(folder / "template.csv")
    stream = io.StringIO(newline="")
    with Gradebook.reading(path) as book:
        grades = FinalGrades(book, policy or Policy())
        remarks = FORMATS[form].write(Export(grades=grades, template=given, assignment=assignment), stream)
    return stream.getvalue(), remarks
