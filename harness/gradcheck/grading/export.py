"""The gradebook for other programs: points as CSV, everything as JSON."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from gradcheck.files import replacing
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.line import line
from gradcheck.grading.records import Filters, Grade, Row
from gradcheck.report.document import document
from gradcheck.verdict.records import Status

_START = re.compile(r"""[ "]*[=+\-@\t\r\n＝＋－＠]""")
_LATER = re.compile(r"""([,;|"\t\r\n][ "]*)(?=[=+\-@＝＋－＠])""")
"""Where a spreadsheet would begin to run a cell, not to show it: at its start and, as some take a file apart
by other separators, behind one (owasp.org, "CSV Injection").
"""


def write_csv(book: Gradebook, path: Path, filters: Filters | None = None) -> None:
    """Points: one line a submission, one column a spec, then `total`, `max`, `absent` (yes or empty).

    Behind them is one column `SPEC: status` a spec: a status, or why there are no numbers (see
    gradcheck.grading.failure). The points of what is not graded yet, or was lost to an internal error, are
    empty; the spec counts in `max` all the same. RFC 4180, UTF-8; a text that a spreadsheet would take for a
    formula has an apostrophe before it. The file is replaced as a whole or not at all. Raises GradcheckError.
    """
    columns = book.columns(filters.specs if filters else ())
    whole = number(math.fsum(column.max_points for column in columns))
    names = [defused(column.spec) for column in columns]
    with replacing(path) as stream:
        table = csv.writer(stream)
        statuses = [f"{name}: status" for name in names]
        table.writerow(["submission", *names, "total", "max", "absent", *statuses])
        for standing in book.standings(filters):
            grades = [standing.grades.get(column.spec) for column in columns]
            points = [number(grade.points) if grade and is_known(grade) else "" for grade in grades]
            absent = "yes" if standing.absent else ""
            outcomes = [grade.reason or grade.status if grade else "" for grade in grades]
            name = defused(standing.submission)
            table.writerow([name, *points, number(standing.points), whole, absent, *outcomes])


def is_known(grade: Grade) -> bool:
    """Whether the points are what the submission has earned."""
    return grade.status is not Status.INTERNAL


def write_json(book: Gradebook, path: Path, filters: Filters | None = None) -> None:
    """Everything, as docs/json.md describes it. The file is replaced as a whole or not at all.

    A run's `seed` and `options` and a result's hashes are what a regrade needs. Raises GradcheckError.
    """
    with replacing(path) as stream:
        for piece in _document(book, filters):
            stream.write(piece)


def defused(text: str) -> str:
    """The text on one line, such that no spreadsheet takes it, or part of it, for a formula."""
    start = "'" if _START.match(text) else ""
    return start + "".join(map(_shown, _LATER.sub(r"\1'", text)))


def _shown(character: str) -> str:
    """A character that does nothing; a lone surrogate becomes an escape where it is written."""
    fine = character.isprintable() or "\ud800" <= character <= "\udfff"
    return character if fine else "\N{REPLACEMENT CHARACTER}"


def number(points: float) -> str:
    """Points without what adding them up does to their last digits."""
    return f"{points:.12g}"


def _document(book: Gradebook, filters: Filters | None) -> Iterator[str]:
    yield f'{line(document("gradebook"))[:-1]},\n"runs": '
    yield from _array(line(asdict(run)) for run in book.runs())
    yield ',\n"specs": '
    yield from _array(line(asdict(column)) for column in book.columns(filters.specs if filters else ()))
    yield ',\n"submissions": '
    names = filters.submissions if filters else ()
    yield from _array(
        line({"submission": name, "absent": absent}) for name, absent in book.submissions(names)
    )
    yield ',\n"results": '
    yield from _array(f'{line(_grade(row))[:-1]}, "report": {row.data}}}' for row in book.rows(filters))
    yield "}\n"


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
