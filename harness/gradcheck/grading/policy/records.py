"""A policy, and what a submission has in the end by it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from gradcheck.grading.records import Grade, Override, Person

Rounding = Literal["nearest", "up", "down"]


@dataclass(frozen=True)
class Penalty:
    """What lateness costs: a part of the points that were earned, or so many points."""

    amount: float
    """From 0 to 1 where it is a part."""
    is_part: bool

    def of(self, earned: float) -> float:
        """In points."""
        return self.amount * earned if self.is_part else self.amount


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How points become a grade; the plain one changes nothing."""

    title: str = ""
    """Of the course or the assignment, for whoever reads its grades."""
    deadline: datetime | None = None
    """With its zone."""
    grace_minutes: float = 0.0
    late_days: int = 0
    """How many begun days late cost nothing."""
    penalty_per_day: Penalty = Penalty(0.0, is_part=True)
    most_penalty: Penalty | None = None
    closes_after_days: int | None = None
    """After how many begun days late nothing is earned any more."""
    extensions: Mapping[str, datetime] = field(default_factory=dict)
    """Submission -> the deadline that it has instead."""
    extra_credit: tuple[str, ...] = ()
    """Specs, or patterns of them, that add to the points and not to the maximum."""
    per_case: bool = False
    """Whether a wrong quantity earns its share of the cases in which it is right."""
    round_to: float = 0.0
    """Points are multiples of this; 0: as they are."""
    rounding: Rounding = "nearest"
    letters: tuple[tuple[str, float], ...] = ()
    """From which part of the maximum on there is which letter, the highest first."""


@dataclass(frozen=True, kw_only=True)
class SpecPoints:
    """What a submission has for one spec."""

    grade: Grade | None
    """None where it is not graded yet."""
    override: Override | None
    points: float | None
    """None where nobody knows: not graded yet, or gradcheck itself has failed."""
    is_extra: bool = False
    """Whether the spec is for extra credit."""

    @property
    def graded_points(self) -> float | None:
        """As graded, before any override and policy; None where nobody knows."""
        return self.grade.points if self.grade and self.grade.is_known else None


@dataclass(frozen=True, kw_only=True)
class FinalGrade:
    """What a submission has in the end."""

    submission: str
    absent: bool
    """Whether the last run no longer found the submission."""
    specs: Mapping[str, SpecPoints]
    graded_points: float
    """As graded, before any override and policy; of the specs that are graded."""
    points: float
    """Of the specs that are graded."""
    max_points: float
    submitted: datetime | None
    late_days: int
    """Begun days after the deadline, those that cost nothing among them."""
    penalty: float
    """The points that lateness costs, before rounding."""
    letter: str
    """Empty without thresholds, below the lowest, and while not all specs are graded."""
    people: tuple[Person, ...]
    notes: tuple[str, ...]
    """What to know of these points, one line each."""
    is_closed: bool = False
    """Whether it came after the policy's last day, so that it earns nothing."""

    @property
    def earned_points(self) -> float:
        """The sum of the points for the specs, before lateness and rounding."""
        return math.fsum(one.points or 0.0 for one in self.specs.values())

    @property
    def is_known(self) -> bool:
        """Whether the points are what the submission has earned: all specs are graded."""
        return all(one.points is not None for one in self.specs.values())

    @property
    def total(self) -> float | None:
        """The points; None while not all specs are graded."""
        return self.points if self.is_known else None

    @property
    def graded_total(self) -> float | None:
        """The points as graded; None while not all specs are graded, whatever overrides say."""
        is_graded = all(one.graded_points is not None for one in self.specs.values())
        return self.graded_points if is_graded else None
