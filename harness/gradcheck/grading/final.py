"""The class's final grades: a gradebook, its overrides and its policy put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from gradcheck.digits import points_text
from gradcheck.errors import UsageError
from gradcheck.grading.extensions import Extensions, by_submission
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.policy.apply import final_grade, fits, is_extra, max_points
from gradcheck.grading.policy.records import FinalGrade, Policy
from gradcheck.grading.records import Column, Filters, Origin, Override, Standing
from gradcheck.spelling import nearest
from gradcheck.submission.text import one_line
from gradcheck.text import amount


class FinalGrades:
    """The final grades of those submissions and specs that the filters fit, one at a time, by name."""

    def __init__(self, book: Gradebook, policy: Policy, filters: Filters | None = None) -> None:
        self.book = book
        self.policy = policy
        self.filters = filters or Filters()

    @cached_property
    def columns(self) -> list[Column]:
        """The specs."""
        return self.book.columns(self.filters.specs)

    @property
    def max_points(self) -> float:
        """The maximum, without extra credit."""
        return max_points(self.columns, self.policy)

    def remarks(self) -> list[str]:
        """What the policy names that the gradebook lacks: a typo would cost somebody an extension."""
        names = [name for name, _ in self.book.submissions()]
        specs = [column.spec for column in self.book.columns()]
        unknown = [
            f"extra_credit: {one_line(pattern)}: the gradebook has nothing of that name"
            for pattern in self.policy.extra_credit
            if not any(fits(spec, pattern) for spec in specs)
        ]
        remarks = [f"policy.yaml, {one}" for one in (*self._extensions.complaints, *unknown)]
        untimed = sum(self._is_untimed(name) for name in names) if self.policy.deadline else 0
        counts = "it counts" if untimed == 1 else "they count"
        if untimed:
            remarks.append(f"{amount(untimed, 'submission')} without a submission time: {counts} as on time")
        return remarks

    def _is_untimed(self, submission: str) -> bool:
        """Whether nothing says if the submission is late."""
        origin = self.origins.get(submission)
        return origin is None or (origin.submitted is None and origin.late is None)

    @cached_property
    def origins(self) -> dict[str, Origin]:
        """Submission -> where it comes from, where that is known."""
        return self.book.origins()

    @cached_property
    def _extensions(self) -> Extensions:
        """Those of the policy, by submission."""
        names = {name for name, _ in self.book.submissions()} if self.policy.extensions else ()
        return by_submission(self.policy.extensions, names, self.origins if names else {})

    @cached_property
    def _applied(self) -> Policy:
        """The policy with these."""
        return replace(self.policy, extensions=self._extensions.deadlines)

    @cached_property
    def _overrides(self) -> dict[str, dict[str, Override]]:
        overrides: defaultdict[str, dict[str, Override]] = defaultdict(dict)
        for one in self.book.overrides():
            overrides[one.submission][one.spec] = one
        return dict(overrides)

    @cached_property
    def _notes(self) -> dict[str, dict[str, list[str]]]:
        return self.book.notes()

    def __iter__(self) -> Iterator[FinalGrade]:
        """Read from the file as they are asked for."""
        for standing in self.book.standings(self.filters):
            yield self.of(standing)

    def of(self, standing: Standing) -> FinalGrade:
        """The final grade of a submission whose standing has been read already."""
        name = standing.submission
        return final_grade(
            standing,
            self.columns,
            self._applied,
            overrides=self._overrides.get(name),
            origin=self.origins.get(name),
            by_case=self.book.points_by_case(name) if self.policy.per_case else None,
            notes=self._notes.get(name),
        )


def override(path: Path, policy: Policy, *, submission: str, spec: str, points: float, reason: str) -> None:
    """Record an override. Raises UsageError for a name that the gradebook lacks, or points that can't be."""
    with Gradebook.reading(path) as book:
        column = _column(book, submission, spec)
    most = column.max_points
    if points < 0:
        raise UsageError(f"{points_text(points)}: points cannot be negative; 0 is the least")
    if points > most and not is_extra(column.spec, policy):
        raise UsageError(
            f"{one_line(column.spec)} has {points_text(most)} points; more are for extra credit, in "
            f"policy.yaml: extra_credit: [{one_line(column.spec)}]"
        )
    if not reason.strip():
        raise UsageError("an override needs its reason, for whoever reads the gradebook: --reason TEXT")
    with Gradebook(path) as book:
        book.override(submission, column.spec, points, one_line(reason))


def remove_override(path: Path, *, submission: str, spec: str) -> None:
    """Remove an override. Raises UsageError where there is none."""
    with Gradebook.reading(path) as book:
        column = _column(book, submission, spec)
    with Gradebook(path) as book:
        if not book.remove_override(submission, column.spec):
            raise UsageError(f"{one_line(submission)} has no override for {one_line(column.spec)}")


def _column(book: Gradebook, submission: str, spec: str) -> Column:
    """The spec of that path or, where it is the only one, of that name. Raises UsageError."""
    names = [name for name, _ in book.submissions()]
    if submission not in names:
        close = nearest(submission, names)
        meant = f"; did you mean {one_line(close)}?" if close else ""
        raise UsageError(f"{one_line(submission)}: the gradebook has no such submission{meant}")
    columns = book.columns()
    return next((column for column in columns if column.spec == spec), None) or _by_name(columns, spec)


def _by_name(columns: list[Column], spec: str) -> Column:
    alike = [column for column in columns if Path(column.spec).stem == spec]
    if len(alike) != 1:
        listed = ", ".join(one_line(column.spec) for column in columns)
        raise UsageError(f"{one_line(spec)}: which spec of the gradebook is that? There are: {listed}")
    return alike[0]
