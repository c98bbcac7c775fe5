"""A class on one page for a browser."""

from __future__ import annotations

from typing import TextIO

from gradcheck.formats.dashboard import page
from gradcheck.formats.dashboard.survey import survey
from gradcheck.formats.grade_format import Export, Format
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.policy.records import Policy


def write(export: Export, stream: TextIO) -> list[str]:
    """The dashboard of the whole class, with final points."""
    stream.write(render(export.grades.book, export.grades.policy))
    return []


def render(book: Gradebook, policy: Policy | None = None) -> str:
    """The dashboard: one HTML document that loads nothing. It is for the instructor, who may see everything.

    Points are those after this policy. Raises GradcheckError where the gradebook can't be read.
    """
    return page.render(survey(book, policy))


FORMAT = Format(about="a dashboard of the class, for a browser", write=write)
