"""What a gradebook holds: a record for a grade, for a spec's column, for a submission's line, for a run."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from gradcheck.verdict.records import Status


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What one submission earned for one spec, and all that it followed from."""

    submission: str
    spec: str
    """Its path, as shown."""
    submission_hash: str
    spec_hash: str
    gradcheck_hash: str
    """The fingerprint of the gradcheck that graded, and of how it was told to."""
    seed: int
    status: Status
    points: float
    max_points: float
    seconds: float
    """How long it took."""
    hidden: bool = False
    """Whether the spec is hidden from the student."""
    reason: str = ""
    """Why there are no numbers, such as "timeout" (see gradcheck.grading.failure); empty where there are."""
    final: bool = True
    """False for a grade that is not the submission's doing alone: the next run grades again."""

    @property
    def outcome(self) -> str:
        """The status, or why there are no numbers."""
        return self.reason or str(self.status)

    @property
    def is_known(self) -> bool:
        """Whether the points are what the submission has earned."""
        return self.status is not Status.INTERNAL


@dataclass(frozen=True, kw_only=True)
class Row(Grade):
    """A grade with its report."""

    data: str
    """JSON text: one entry of `results`, as docs/json.md describes it, with its first discrepancies."""
    explanations: tuple[tuple[str, ...], ...] = ()
    """The slugs of every explanation of what is wrong, the likeliest first, however little the report tells.

    For whoever reads the gradebook: no export has them.
    """
    fault: str = ""
    """The traceback of an internal error of gradcheck, for its maintainers: no export has it."""
    run_line: int | None = None
    """The line of the spec's `run` at which the code failed, where it was `run` itself."""
    run_message: str = ""
    """What it failed with there."""

    @cached_property
    def report(self) -> Mapping[str, Any]:
        """What `data` says."""
        return json.loads(self.data)  # type: ignore[no-any-return]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who handed something in, by what a course system calls them; empty where it doesn't say."""

    name: str = ""
    email: str = ""
    login: str = ""
    number: str = ""
    """The school's own: Canvas's SIS User ID, Moodle's ID number, Gradescope's student ID."""
    canvas_id: str = ""
    participant: str = ""
    """The number by which Moodle knows a participant of one assignment."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a submission comes from: the system that named its files, whose it is, and when it came."""

    submission: str
    system: str
    people: tuple[Person, ...] = ()
    """Several for the work of a group."""
    submitted: datetime | None = None
    """Without a zone where the system gives none."""
    late: bool | None = None
    """Whether it came late by the system's word; None where the system doesn't say."""


@dataclass(frozen=True, kw_only=True)
class Override:
    """Points that an instructor gives in the place of those that were graded."""

    submission: str
    spec: str
    points: float
    reason: str
    given: str
    """When: ISO 8601, UTC."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One spec of a run."""

    spec: str
    """Its path, as shown."""
    title: str
    max_points: float
    hidden: bool = False
    has_reference: bool = False
    """Whether there is a reference, which was right when submissions were last graded."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One submission's grades; a spec that is not graded yet has none."""

    submission: str
    absent: bool
    """Whether the last run no longer found the submission."""
    grades: Mapping[str, Grade]

    @property
    def points(self) -> float:
        """Points earned in all."""
        return math.fsum(grade.points for grade in self.grades.values())


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of `gradcheck grade`."""

    number: int
    """Counted from 1."""
    started: str
    """ISO 8601, UTC."""
    ended: str | None
    """None for a run that goes on or was killed."""
    seed: int
    options: Mapping[str, Any]
    """What the command was told."""
    protection: str
    """One line: what kept the submissions' code in."""
    versions: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which grades are meant; an empty tuple means all."""

    submissions: tuple[str, ...] = ()
    """Names, or patterns with *, ? and [...]; any of them."""
    specs: tuple[str, ...] = ()
    """Paths as shown, or patterns of them; any of them."""
    statuses: tuple[str, ...] = ()
    """Statuses, or why there are no numbers, such as "timeout"; any of them."""
    mistakes: tuple[str, ...] = ()
    """Slugs; any of them, alone or among others that make the same numbers."""


@dataclass(frozen=True, kw_only=True)
class Stumble:
    """What goes wrong in a spec: a mistake, or a quantity that is wrong and explained by none."""

    spec: str
    mistake: str = ""
    """The mistake's slug."""
    symbol: str = ""
    """The quantity in the learners' notation, where it is not a mistake."""
    wrong: int
    """How many submissions make the mistake, or have the quantity wrong."""
    failed: int = 0
    """How many have no numbers to compare."""
    graded: int
    submissions: tuple[str, ...] = ()
    """Who they are, those without numbers last."""


@dataclass(frozen=True, kw_only=True)
class RunFailure:
    """A line of a spec's `run` at which most of a class has failed, and that nobody has got past."""

    spec: str
    line: int
    message: str
    """What one of them failed with."""
    failed: int
    """How many."""
    tried: int
    """Of how many."""
    has_reference: bool
    """Whether the spec has a reference, which gets past it."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A pair of submission and spec whose status or points are not what they were; None: not graded."""

    submission: str
    spec: str
    before: Grade | None
    after: Grade | None

    @property
    def gain(self) -> float:
        """How many points more."""
        return (self.after.points if self.after else 0.0) - (self.before.points if self.before else 0.0)
