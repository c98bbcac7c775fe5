"""What a dashboard says of a class, before it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gradcheck.grading.agreement import Agreement
from gradcheck.grading.names import short_names
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.grading.records import Change, Column, Grade, Run, RunFailure, Stumble


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something to know of a submission: what was noticed and costs nothing, or why points are others."""

    text: str
    specs: tuple[str, ...]
    """Where, in the order of the run; nowhere for what is said of the total."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One submission's line of the table."""

    grade: FinalGrade
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """A grade that is not final: the next run grades again."""

    grade: Grade
    cause: str
    """What of gradcheck itself has failed, or how the machine stood in the way, in one line."""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is not what it was after the run before."""

    before: Run
    grades: tuple[Change, ...]
    """Those that have another status, points or maximum, by submission and spec."""
    submissions: tuple[str, ...]
    """Submissions that had no grade then."""
    specs: tuple[str, ...]
    """Specs for which no submission had a grade then."""
    gone: tuple[str, ...]
    """Submissions of that run which the last one did not find."""


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """A class as it stood after its last run."""

    title: str
    """Of the course or the assignment."""
    run: Run | None
    """The last one; None for a gradebook without any."""
    specs: tuple[Column, ...]
    """In the order of the run."""
    max_points: float
    """Of all specs together, without extra credit."""
    lines: tuple[Line, ...]
    """By name; those who are absent among them."""
    failures: tuple[RunFailure, ...]
    """Lines of specs that nobody gets past."""
    stumbles: tuple[Stumble, ...]
    """What goes wrong most often first."""
    agreements: tuple[Agreement, ...]
    copies: tuple[tuple[str, ...], ...]
    """Submissions that hold the same files, byte for byte."""
    changes: Changes | None
    """None after a first run."""
    unfinished: tuple[Unfinished, ...]

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Spec -> what it is called where there is little room."""
        return short_names(column.spec for column in self.specs)

    @property
    def present(self) -> list[FinalGrade]:
        """The submissions of the last run."""
        return [line.grade for line in self.lines if not line.grade.absent]

    @property
    def totals(self) -> list[float]:
        """The final points of those submissions of the last run of which all points are known."""
        return [grade.points for grade in self.present if grade.is_known]
