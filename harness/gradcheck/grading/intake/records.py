"""What a folder of submissions holds, by the names that a course system gives its files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gradcheck.grading.records import Person
from gradcheck.submission.kinds import is_left_out


@dataclass(frozen=True, kw_only=True)
class Work:
    """What one student, or a group, has handed in."""

    name: str
    key: str
    """What tells it from somebody else's of the same name, such as the system's number."""
    paths: tuple[tuple[str, Path], ...]
    """Files, each with the name that the student gave it, or one folder with the name ""."""
    people: tuple[Person, ...] = ()
    submitted: datetime | None = None
    late: bool | None = None
    """Whether it came late by the system's word; None where the system doesn't say."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A folder, read as a system's."""

    works: tuple[Work, ...]
    ignored: tuple[str, ...] = ()
    """What lies there and is no submission by the system's names."""
    older: tuple[str, ...] = ()
    """What is a submission, and was handed in before another of the same student."""
    remarks: tuple[str, ...] = ()
    """What else an instructor has to know."""


Reader = Callable[[Path, Sequence[Path], str], Reading | None]
"""Reads a folder as a system's, by what is `visible` in it; the text is the assignment, where there may be
several. None where the folder is not the system's. Raises UsageError where it can't be read so.
"""


def visible(folder: Path) -> list[Path]:
    """What lies in a folder, by name, but for what is hidden; nothing where it can't be read."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 (texts are put in order much faster)
    except OSError:
        return []
    return [folder / name for name in sorted(names) if not is_left_out(name)]
