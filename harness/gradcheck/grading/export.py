"""The gradebook for other programs: points as CSV, everything as JSON."""

from __future__ import annotations

import contextlib
import csv
import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import TextIO

from gradcheck.errors import GradcheckError
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.line import line
from gradcheck.grading.records import Filters, Grade

VERSION = 1
"""Of the JSON document; it grows only by new keys."""

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""A cell that starts like this is run, not shown, by some spreadsheet (owasp.org, "CSV Injection")."""


def write_csv(book: Gradebook, path: Path, filters: Filters | None = None) -> None:
    """Points: one line a submission, one column a spec, then `total`, `max` and `absent` (yes or empty).

    A cell of what is not graded yet is empty; its spec counts in `max` all the same. RFC 4180, UTF-8; a
    text that a spreadsheet would take for a formula has an apostrophe before it. The file is replaced as a
    whole or not at all. Raises GradcheckError.
    """
    columns = book.columns(filters.specs if filters else ())
    whole = number(math.fsum(column.max_points for column in columns))
    with replacing(path) as stream:
        table = csv.writer(stream)
        table.writerow(["submission", *(defused(c.spec) for c in columns), "total", "max", "absent"])
        for standing in book.standings(filters):
            grades = [standing.grades.get(column.spec) for column in columns]
            points = [number(grade.points) if grade else "" for grade in grades]
            absent = "yes" if standing.absent else ""
            table.writerow([defused(standing.submission), *points, number(standing.points), whole, absent])


def write_json(book: Gradebook, path: Path, filters: Filters | None = None) -> None:
    """Everything: `version` (1), `runs`, `specs` (of the last run), `submissions` and `results`.

    A result has the fields of `gradcheck.grading.records.Grade`, and a `report` as `gradcheck.report.data`
    describes it. A run's `seed` and `options` and a result's hashes are what a regrade needs. The file is
    replaced as a whole or not at all. Raises GradcheckError.
    """
    with replacing(path) as stream:
        for piece in _document(book, filters):
            stream.write(piece)


def defused(text: str) -> str:
    """The text, such that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def number(points: float) -> str:
    """Points without what adding them up does to their last digits."""
    return f"{points:.12g}"


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A stream of UTF-8 text that takes the file's place when all is written, and else leaves no trace.

    Raises GradcheckError where that can't be.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # A lone surrogate, from a file's name that is no Unicode, becomes \udc80: in JSON that is its escape.
        with draft.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError as error:
        raise GradcheckError(
            f"{path}: cannot be written ({error.strerror or error}); "
            "make room, make the folder writable, or choose another"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def _document(book: Gradebook, filters: Filters | None) -> Iterator[str]:
    yield f'{{"version": {VERSION},\n"runs": '
    yield from _array(line(asdict(run)) for run in book.runs())
    yield ',\n"specs": '
    yield from _array(line(asdict(column)) for column in book.columns(filters.specs if filters else ()))
    yield ',\n"submissions": '
    names = filters.submissions if filters else ()
    yield from _array(line({"name": name, "absent": absent}) for name, absent in book.submissions(names))
    yield ',\n"results": '
    keys = [field.name for field in fields(Grade)]
    yield from _array(
        f'{line({key: getattr(row, key) for key in keys})[:-1]}, "report": {row.data}}}'
        for row in book.rows(filters)
    )
    yield "}\n"


def _array(items: Iterable[str]) -> Iterator[str]:
    comma = "\n"
    yield "["
    for item in items:
        yield comma + item
        comma = ",\n"
    yield "]"
