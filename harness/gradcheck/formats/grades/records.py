"""What a format of a gradebook gets, and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from gradcheck.formats.grades.template import Template
    from gradcheck.grading.final import FinalGrades


@dataclass(frozen=True, kw_only=True)
class Export:
    """What is to be written."""

    grades: FinalGrades
    template: Template | None = None
    """A file that the system has written, and will read again; None where none was given."""
    assignment: str = ""
    """What the system calls the assignment: its title, its number, or a column's heading."""


Write = Callable[[Export, TextIO], list[str]]
"""Writes an export to a stream of UTF-8 text; one line for all that an instructor has to know of it.

Raises UsageError where it can't be written so.
"""
Update = Callable[[Export, Path], list[str]]
"""The same for a database, which is there already."""
