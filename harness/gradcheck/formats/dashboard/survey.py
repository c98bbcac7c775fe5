"""What there is to say of a class, read from its gradebook in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import PurePath
from typing import Any

from gradcheck.formats.dashboard.records import Changes, Dashboard, Line, Note, Unfinished
from gradcheck.grading.agreement import agreements
from gradcheck.grading.compare import changes
from gradcheck.grading.failure import NO_FILE
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.gradebook import NO_NOTES, Gradebook
from gradcheck.grading.names import natural_key
from gradcheck.grading.policy.reasons import spec_reason, total_reason
from gradcheck.grading.policy.records import FinalGrade, Policy
from gradcheck.grading.records import Column, Grade, Row, Run, Standing
from gradcheck.grading.stumbles import Stumbles
from gradcheck.grading.unexplained import Answer, unexplained

_FIELDS = tuple(field.name for field in fields(Grade))
_FAULT, _MACHINE = "internal error of gradcheck", "the machine stood in the way, not the submission"
"""What there is to say where a report withholds what has happened."""


def survey(book: Gradebook, policy: Policy | None = None) -> Dashboard:
    """All that the dashboard says, with the points after this policy.

    Raises GradcheckError where the gradebook can't be read.
    """
    runs, policy = book.runs(), policy or Policy()
    finals = FinalGrades(book, policy)
    columns = finals.columns
    read = _Reading(book, [column.spec for column in columns])
    return Dashboard(
        title=policy.title or _title(book, runs[-1] if runs else None, columns),
        run=runs[-1] if runs else None,
        specs=tuple(columns),
        max_points=finals.max_points,
        lines=tuple(read.lines(finals)),
        failures=tuple(book.run_failures()),
        stumbles=tuple(read.stumbles.ranked()),
        agreements=tuple(agreements(read.answers)),
        copies=tuple(read.copies()),
        changes=_changes(book, runs[-2], read.grades()) if len(runs) > 1 else None,
        unfinished=tuple(read.unfinished),
    )


def _title(book: Gradebook, run: Run | None, columns: Sequence[Column]) -> str:
    """The assignment's name, or a single spec's title, or the name of the folder that was graded."""
    options = run.options if run else {}
    spec = columns[0].title if len(columns) == 1 else ""
    folder = PurePath(str(options.get("submissions", ""))).name
    return str(options.get("assignment") or spec or folder or book.path.parent.resolve().name)


class _Reading:
    """Every report of a gradebook, looked at once."""

    def __init__(self, book: Gradebook, specs: Sequence[str]) -> None:
        self._places = {spec: place for place, spec in enumerate(specs)}
        self._absent = dict(book.submissions())
        self._grades = defaultdict[str, dict[str, Grade]](dict)
        self._notes = defaultdict[str, dict[str, list[str]]](lambda: defaultdict(list))
        self.stumbles = Stumbles(specs)
        self.answers: list[Answer] = []
        self.unfinished: list[Unfinished] = []
        for row in book.rows():
            if row.spec in self._places:
                self._read(row)

    def _read(self, row: Row) -> None:
        grade = _grade(row)
        self._grades[row.submission][row.spec] = grade
        if self._absent[row.submission]:
            return
        self.stumbles.count(row)
        if (answer := unexplained(row)) is not None:
            self.answers.append(answer)
        notes = _notes(row)
        if not row.final:
            self.unfinished.append(Unfinished(grade=grade, cause=_cause(row, notes)))
        if row.fault:
            notes = notes[:-1]  # the last one is the cause
        for text in notes:
            self._notes[row.submission][text].append(row.spec)

    def grades(self) -> Iterator[Grade]:
        """The newest grade of each pair."""
        for grades in self._grades.values():
            yield from grades.values()

    def lines(self, finals: FinalGrades) -> Iterator[Line]:
        """A line for every submission that any run has seen."""
        for name, is_absent in self._absent.items():
            grades = self._grades[name]
            standing = Standing(
                submission=name,
                absent=is_absent,
                grades={spec: grades[spec] for spec in self._places if spec in grades},
            )
            grade = finals.of(standing)
            notes = (
                Note(text=text, specs=tuple(sorted(specs, key=self._places.__getitem__)))
                for text, specs in self._notes[name].items()
            )
            yield Line(grade=grade, notes=(*_reasons(grade), *notes))

    def copies(self) -> Iterator[tuple[str, ...]]:
        """Who of the last run holds the same files; no file at all does not count."""
        holders = defaultdict[str, list[str]](list)
        for name, grades in self._grades.items():
            hashes = {grade.submission_hash for grade in grades.values() if grade.reason != NO_FILE}
            if not self._absent[name] and len(hashes) == 1:
                holders[hashes.pop()].append(name)
        alike = (names for content, names in holders.items() if content and len(names) > 1)
        yield from (tuple(sorted(names, key=natural_key)) for names in alike)


def _reasons(grade: FinalGrade) -> Iterator[Note]:
    """Why the points are others than the graded ones, in all and for each spec."""
    if reason := total_reason(grade):
        yield Note(text=reason, specs=())
    for spec, one in grade.specs.items():
        if reason := spec_reason(one):
            yield Note(text=reason, specs=(spec,))


def _notes(row: Row) -> list[str]:
    """Each once; most reports have none, and need not be read for that."""
    return [] if NO_NOTES in row.data else list(dict.fromkeys(row.report["notes"]))


def _cause(row: Row, notes: Sequence[str]) -> str:
    """Why a grade is not final."""
    if row.fault:
        return notes[-1] if notes else _FAULT
    failure = row.report["failure"]
    return str(failure["message"]) if failure else _MACHINE


def _grade(row: Row) -> Grade:
    """The grade without its report, which takes room."""
    content: Mapping[str, Any] = {name: getattr(row, name) for name in _FIELDS}
    return Grade(**content)


def _changes(book: Gradebook, before: Run, after: Iterable[Grade]) -> Changes:
    old = list(book.grades(run=before.number))
    submissions, specs = ({getattr(grade, name) for grade in old} for name in ("submission", "spec"))
    found = [change for change in changes(old, after) if change.after is not None]
    found.sort(key=lambda change: natural_key(change.submission))
    new = (change.submission for change in found if change.submission not in submissions)
    return Changes(
        before=before,
        grades=tuple(one for one in found if one.submission in submissions and one.spec in specs),
        submissions=tuple(dict.fromkeys(new)),
        specs=tuple(dict.fromkeys(change.spec for change in found if change.spec not in specs)),
        gone=tuple(book.last_seen(before.number)),
    )
