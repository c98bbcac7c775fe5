"""A class on one page for a browser."""

from __future__ import annotations

from gradcheck.formats.dashboard import page
from gradcheck.formats.dashboard.survey import survey
from gradcheck.grading.gradebook import Gradebook


def render(book: Gradebook) -> str:
    """The dashboard: one HTML document that loads nothing. It is for the instructor, who may see everything.

    Raises GradcheckError where the gradebook can't be read.
    """
    return page.render(survey(book))
