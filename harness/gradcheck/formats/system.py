"""What a system to export to declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gradcheck.formats.exercise import Exercise


@dataclass(frozen=True, kw_only=True)
class System:
    """A system that runs gradcheck on what students hand in there."""

    about: str
    """What is exported, in a few words."""
    files: Callable[[Exercise], Mapping[str, bytes]]
    """What the export holds, by its path in it; a file that begins with #! is a program."""
    is_archive: bool = False
    """Whether it is one zip, and not a folder."""
    has_visibility: bool = False
    """Whether it can keep what is said of hidden specs from students, for a time."""
    seconds: int | None
    """How long grading one submission may take there, by default; None for as long as it needs."""
    most_seconds: int
    """How long the system lets a run take at most, whatever is set there."""
    spare: int
    """Seconds of them that starting and ending the run may take."""
    next: str
    """What to do with it."""
