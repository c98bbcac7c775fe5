"""What students are told: how much of a diagnosis, and on pages of their own; options of several commands."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradcheck.grading.final import FinalGrades

SETTINGS: dict[str, Any] = {
    "choices": ("where", "hint", "full"),
    "help": "how much to reveal about a mistake (default: as the spec says)",
}
"""Of --feedback, as argparse and pytest take them."""


def write_pages(grades: FinalGrades, options: argparse.Namespace) -> None:
    """Write each student a page, where that is asked for; those that can't be written are named."""
    if options.feedback_dir is None:
        return
    from gradcheck.commands import output  # not above: the pytest plugin takes SETTINGS in every project
    from gradcheck.grading import pages

    complaints = pages.write_pages(
        grades, options.feedback_dir, options.feedback_format, assignment=options.assignment or ""
    )
    for complaint in complaints:
        output.show(complaint, sys.stderr)


def check_pages(options: argparse.Namespace) -> None:
    """Make the folder for pages. Raises GradcheckError where that can't be, before anything runs."""
    if options.feedback_dir is not None:
        from gradcheck.grading import pages

        pages.check_folder(options.feedback_dir, options.feedback_format)


def add_pages(parser: argparse._ActionsContainer) -> None:
    """--feedback-dir and --feedback-format."""
    parser.add_argument(
        "--feedback-dir", type=Path, metavar="DIR", help="write a page for each student into this folder"
    )
    parser.add_argument(
        "--feedback-format",
        choices=("html", "md", "text", "nbgrader"),
        default="html",
        help="format of these pages (html); nbgrader: HTML where nbgrader looks for it in COURSE/feedback",
    )
