"""nbgrader's own gradebook, filled in: its formgrader, its exports and its feedback then have the grades."""

from __future__ import annotations

import math
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

from gradcheck.digits import points_text
from gradcheck.errors import UsageError
from gradcheck.formats.course_files.filling import due
from gradcheck.formats.grade_format import Export, Format
from gradcheck.grading.names import short_names
from gradcheck.grading.policy.records import FinalGrade, SpecPoints
from gradcheck.submission.text import one_line

NOTEBOOK = "gradcheck"
"""The notebook of those specs for which the assignment has no cell."""
SYSTEM = "nbgrader"


def update(export: Export, path: Path) -> list[str]:
    """Give every submission its points and a comment in the database `path`, such as COURSE/gradebook.db.

    A spec's points are the automatic score of the graded cell that is called as the spec is, in any notebook
    of the assignment; where there is none, one is made in a notebook "gradcheck". What somebody has graded by
    hand there stays. Students whom the database doesn't know are left out, but for those whom nbgrader's own
    folders name. Raises UsageError where there is no such database, or no nbgrader.
    """
    if not export.assignment:
        raise UsageError("--format nbgrader-db: give the assignment's name there with --assignment NAME")
    if not path.is_file():
        raise UsageError(
            f"{path}: there is no such database; nbgrader creates it: gradebook.db in the course"
        )
    grades, remarks = due(export)
    api = _api()
    with closing(api.Gradebook(f"sqlite:///{path}")) as book:
        course = _Course(api, book, export)
        with book.db.no_autoflush:  # or SQLAlchemy warns of entries that nbgrader has not yet put together
            strangers = [grade.submission for grade in grades if not course.record(grade)]
        book.db.commit()
    why = "left out, as nbgrader's database has no such student"
    return [*remarks, *([f"{why}: {'; '.join(map(one_line, strangers))}"] if strangers else [])]


def _api() -> Any:
    try:
        return import_module("nbgrader.api")
    except ImportError:
        raise UsageError("--format nbgrader-db needs nbgrader: pip install nbgrader") from None


class _Course:
    """One assignment of a course in nbgrader's database."""

    def __init__(self, api: Any, book: Any, export: Export) -> None:
        self._api, self._book, self._export = api, book, export
        self._name = export.assignment
        self._assignment = book.update_or_create_assignment(self._name)
        if self._assignment.duedate is None and (deadline := export.grades.policy.deadline):
            book.update_or_create_assignment(self._name, duedate=deadline.isoformat())
        self._students = {student.id for student in book.students}
        columns = export.grades.columns
        names = short_names(column.spec for column in columns)
        self._cells = {column.spec: self._cell(names[column.spec], column.max_points) for column in columns}

    def _cell(self, name: str, max_points: float) -> tuple[str, str]:
        """The notebook and the graded cell for a spec."""
        for notebook in self._assignment.notebooks:
            if any(cell.name == name for cell in notebook.grade_cells):
                return notebook.name, name
        self._book.update_or_create_notebook(NOTEBOOK, self._name)
        where = name, NOTEBOOK, self._name
        self._book.update_or_create_grade_cell(*where, max_score=max_points, cell_type="code")
        self._book.update_or_create_solution_cell(*where)
        return NOTEBOOK, name

    def record(self, grade: FinalGrade) -> bool:
        """Write one submission's points; False where nobody is called so."""
        origin = self._export.grades.origins.get(grade.submission)
        if grade.submission not in self._students:
            if origin is None or origin.system != SYSTEM:
                return False
            self._book.update_or_create_student(grade.submission)
        time = {"timestamp": grade.submitted.isoformat()} if grade.submitted else {}
        submission = self._book.update_or_create_submission(self._name, grade.submission, **time)
        rest = math.fsum(one.points or 0.0 for one in grade.specs.values()) - grade.points
        names = dict.fromkeys(name for name, _ in self._cells.values())
        notebooks = {name: self._notebook(submission, name) for name in names}
        extra = max(-rest, 0.0)  # what rounding up has given, once
        for spec, one in grade.specs.items():
            name, cell = self._cells[spec]
            self._grade(notebooks[name], cell, one, extra=extra)
            self._comment(notebooks[name], cell, _comment(one))
            extra = 0.0
        penalty = max(rest, 0.0)
        for notebook in notebooks.values():
            notebook.late_submission_penalty = penalty
            penalty = 0.0
        return True

    def _notebook(self, submission: Any, name: str) -> Any:
        """The submission's notebook of that name; one that nobody has handed in is added."""
        there = next((one for one in submission.notebooks if one.name == name), None)
        if there is not None:
            return there
        notebook = self._book.find_notebook(name, self._name)
        return self._added(self._api.SubmittedNotebook(notebook=notebook, assignment=submission))

    def _added(self, entry: Any) -> Any:
        """The entry, which the database has from now on: to belong to another one isn't enough."""
        self._book.db.add(entry)
        return entry

    def _grade(self, notebook: Any, cell: str, one: SpecPoints, *, extra: float) -> None:
        grade = next((g for g in notebook.grades if g.cell.name == cell), None)
        if grade is None:
            found = self._book.find_graded_cell(cell, notebook.notebook.name, self._name)
            grade = self._added(self._api.Grade(cell=found, notebook=notebook))
        grade.auto_score = one.points
        grade.extra_credit = extra or None
        grade.needs_manual_grade = False

    def _comment(self, notebook: Any, cell: str, text: str) -> None:
        """A comment stands at a cell that is to be solved; a cell of tests alone has none."""
        comment = next((c for c in notebook.comments if c.cell.name == cell), None)
        if comment is None:
            solved = next((c for c in notebook.notebook.solution_cells if c.name == cell), None)
            if solved is None:
                return
            comment = self._added(self._api.Comment(cell=solved, notebook=notebook))
        comment.auto_comment = text


def _comment(one: SpecPoints) -> str:
    """What the points are for, and why they are others than were graded."""
    parts = []
    if one.grade is not None:
        status = one.grade.outcome
        points = f"{points_text(one.points or 0.0)} of {points_text(one.grade.max_points)} points"
        parts.append(f"{points} ({status})")
    if one.override is not None:
        parts.append(f"overridden: {one.override.reason}")
    return "; ".join(parts)


FORMAT = Format(about="points and comments into nbgrader's own gradebook.db", update=update)
