"""The formats of a gradebook: their names are known without importing one."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from gradcheck.formats.grades.records import Update, Write


class Format(NamedTuple):
    """A format."""

    module: str
    """Its `write` is a Write."""
    about: str
    template: bool = False
    """Whether it takes a file that the system has written."""
    is_database: bool = False
    """Whether it is no text, but the system's own database: then its module has an `update`."""


FORMATS = {
    "csv": Format("gradcheck.formats.grades.plain_csv", "points, one line per submission"),
    "json": Format("gradcheck.formats.grades.plain_json", "everything"),
    "html": Format("gradcheck.formats.grades.html", "a dashboard of the class, for a browser"),
    "canvas": Format(
        "gradcheck.formats.grades.canvas", "a file exported from Canvas's gradebook, filled in", template=True
    ),
    "moodle": Format(
        "gradcheck.formats.grades.moodle", "a CSV file for Moodle's grade import", template=True
    ),
    "moodle-worksheet": Format(
        "gradcheck.formats.grades.moodle_worksheet",
        "an offline grading worksheet of Moodle, filled in",
        template=True,
    ),
    "nbgrader": Format("gradcheck.formats.grades.nbgrader", "nbgrader's grades.csv"),
    "nbgrader-db": Format(
        "gradcheck.formats.grades.nbgrader_database",
        "points and comments into nbgrader's own gradebook.db",
        is_database=True,
    ),
    "otter": Format("gradcheck.formats.grades.otter", "otter's final_grades.csv"),
}
"""By the name that --format takes."""


def writer(name: str) -> Write:
    """What writes the format of that name."""
    write: Write = import_module(FORMATS[name].module).write
    return write


def updater(name: str) -> Update:
    """What updates the database of that name."""
    update: Update = import_module(FORMATS[name].module).update
    return update
