"""A class on one page for a browser."""

from __future__ import annotations

from typing import TextIO

from gradcheck.formats.dashboard import page
from gradcheck.formats.dashboard.survey import survey
from gradcheck.formats.grades.records import Export
from gradcheck.grading.gradebook import Gradebook


def write(export: Export, stream: TextIO) -> list[str]:
    """The dashboard: points are those that were graded."""
    stream.write(render(export.grades.book))
    return []


def render(book: Gradebook) -> str:
    """The dashboard: one HTML document that loads nothing. It is for the instructor, who may see everything.

    Raises GradcheckError where the gradebook can't be read.
    """
    return page.render(survey(book))
