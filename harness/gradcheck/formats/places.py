"""Where in a repository something stands that is said of a submission."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from gradcheck.formats.report_format import Context
from gradcheck.verdict.records import Verdict


class Place(NamedTuple):
    """A file by its path from the repository's root, and a line; None where nobody knows."""

    file: str | None = None
    line: int | None = None


def start(verdict: Verdict, context: Context) -> Place:
    """The submission's file, without a line."""
    return Place(next(iter(context.files(verdict.spec)), None))


def place(verdict: Verdict, context: Context) -> Place:
    """Where the submission's code has failed, or else its file."""
    where = verdict.failure.where if verdict.failure else None
    if where is not None:
        for file in context.files(verdict.spec):
            if PurePosixPath(file).name == where.file:
                return Place(file, where.line)
    return start(verdict, context)
