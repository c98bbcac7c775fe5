"""What a format of a gradebook declares, and what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeAlias

from gradcheck.errors import UsageError
from gradcheck.files import replacing

if TYPE_CHECKING:
    from gradcheck.formats.course_files.template import Template
    from gradcheck.grading.final import FinalGrades


@dataclass(frozen=True, kw_only=True)
class Export:
    """What is to be written."""

    grades: FinalGrades
    template: Template | None = None
    """A file that the system has written, and will read again; None where none was given."""
    assignment: str = ""
    """What the system calls the assignment: its title, its number, or a column's heading."""


Write: TypeAlias = Callable[[Export, TextIO], list[str]]
"""Writes an export to a stream of UTF-8 text; one line for all that an instructor has to know of it.

Raises UsageError where it can't be written so.
"""
Update: TypeAlias = Callable[[Export, Path], list[str]]
"""The same for a database, which is there already."""


def _needs_a_database(export: Export, stream: TextIO) -> list[str]:
    raise UsageError("this format needs the database that it goes into: --output FILE")


@dataclass(frozen=True, kw_only=True)
class Format:
    """A form in which a gradebook is written: as a text, or into the database of another system."""

    about: str
    """What it is, in a few words."""
    write: Write = _needs_a_database
    update: Update | None = None
    """Where there is a database to be updated, and no text."""
    takes_template: bool = False
    """Whether it takes a file that the system has written."""

    def save(self, export: Export, path: Path) -> list[str]:
        """Write the export to a file, as a whole or not at all, or into the database there; the remarks.

        Raises GradcheckError where that can't be.
        """
        if self.update is not None:
            return self.update(export, path)
        with replacing(path) as stream:
            return self.write(export, stream)
