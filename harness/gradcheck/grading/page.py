"""What a student's page is made of: the results of all specs, with final points."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePath

from gradcheck.grading.final import FinalGrades
from gradcheck.grading.names import short_names
from gradcheck.grading.policy.reasons import EXTRA_CREDIT, is_changed, spec_reason, total_reason
from gradcheck.grading.policy.records import FinalGrade, SpecPoints
from gradcheck.grading.records import Row
from gradcheck.report.result import Result, Total, for_learner, with_points


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """The result for one spec, and what has become of it since."""

    data: str
    """The result as JSON text."""
    hidden: bool
    """Whether its numbers are withheld."""
    points: float | None
    """In the place of the graded ones; None: as graded."""
    reasons: tuple[str, ...]
    """Why the points are others, or count in another way."""

    def result(self) -> Result:
        """As renderers take it."""
        withheld = {"withheld": True} if self.hidden else {}
        return with_points({**json.loads(self.data), **withheld}, self.points, self.reasons)


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page is made of."""

    submission: str
    files: tuple[Path, ...]
    """Where it is written, once into each."""
    exercises: tuple[Exercise, ...]
    final: Total | None
    """All points together, where they are not the sum of the graded ones."""

    def results(self) -> list[Result]:
        """As renderers take them; a spec goes by its name, as where it lies is the instructor's."""
        results = [for_learner(one.result()) for one in self.exercises]
        return [{**one, "spec": PurePath(one["spec"] or "").name} for one in results]


def pages_of(grades: FinalGrades, files: Mapping[str, tuple[Path, ...]]) -> Iterator[Page]:
    """The pages of these submissions, with the specs of the last run, in its order."""
    places = {column.spec: place for place, column in enumerate(grades.columns)}
    finals = {grade.submission: grade for grade in grades if grade.submission in files}
    rows = (row for row in grades.book.rows(grades.filters) if row.submission in files and row.spec in places)
    for name, group in groupby(rows, key=lambda row: row.submission):
        grade = finals[name]
        ordered = sorted(group, key=lambda row: places[row.spec])
        exercises = tuple(exercise(row, grade) for row in ordered)
        final = total(grade, shown={row.spec for row in ordered})
        yield Page(submission=name, files=files[name], exercises=exercises, final=final)


def exercise(row: Row, grade: FinalGrade) -> Exercise:
    """The row with its final points; a spec that the last run did not have counts nowhere."""
    one = grade.specs.get(row.spec, SpecPoints(grade=row, override=None, points=None))
    return Exercise(
        data=row.data,
        hidden=row.hidden,
        points=one.points if is_changed(one) else None,
        reasons=tuple(filter(None, (spec_reason(one), EXTRA_CREDIT if one.is_extra else ""))),
    )


def total(grade: FinalGrade, *, shown: Collection[str]) -> Total | None:
    """The final points; None where they are the sum of those for the specs that are shown."""
    names = short_names(grade.specs)
    others = {names[spec]: spec_reason(one) for spec, one in grade.specs.items() if spec not in shown}
    reasons = [total_reason(grade), *(f"{name}: {reason}" for name, reason in others.items() if reason)]
    has_extra = any(one.is_extra for one in grade.specs.values())
    if not any(reasons) and not has_extra:
        return None
    return Total(grade.points, grade.max_points, tuple(filter(None, reasons)))
