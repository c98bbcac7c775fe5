"""One of the processes that grade: it takes a submission, and gives a row for every spec."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from gradcheck.boundary import ENDING, InternalError, attempt
from gradcheck.checker import Checker
from gradcheck.errors import GradcheckError
from gradcheck.grading.cores import keep_to
from gradcheck.grading.failure import is_final, reason
from gradcheck.grading.groups import groups
from gradcheck.grading.lifetime import end_with_run
from gradcheck.grading.line import line
from gradcheck.grading.lost import lost
from gradcheck.grading.records import Row
from gradcheck.grading.student_paths import with_student_paths
from gradcheck.grading.task import Task
from gradcheck.grading.terms import Terms
from gradcheck.reference import line_of_run
from gradcheck.report.data import failure_data, record
from gradcheck.report.weights import LISTED
from gradcheck.submission.protection import Protection
from gradcheck.submission.runner import Runner
from gradcheck.verdict.hidden import withheld
from gradcheck.verdict.records import Verdict


class Grader:
    """Grades submission after submission."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        runner = Runner("full", unsafe=terms.unsafe)
        self._checker = Checker(
            runner,
            secret=terms.secret,
            feedback=terms.feedback,
            specs=terms.specs,
            elsewhere=lambda spec: terms.elsewhere.get(spec, ()),
        ).__enter__()
        self._warm = False

    def close(self) -> None:
        """End the process for submissions."""
        self._checker.__exit__(None, None, None)

    def insist(self) -> Protection:
        """What holds student code here. Raises UnprotectedError where it doesn't and should."""
        return self._checker.insist()

    def grade(self, task: Task) -> list[Row]:
        """One row a spec; whatever is wrong with the submission is in its rows."""
        if task.error is not None:
            return [lost(self._terms, task, spec, task.error) for spec in task.specs]
        rows = [row for specs in self._groups(task) for row in self._all_rows(task, specs)]
        if not self._warm:
            gc.freeze()  # what one submission has needed stays, and is not searched for garbage again
            self._warm = True
        return rows

    def _groups(self, task: Task) -> list[list[Path]]:
        if self._terms.isolate:
            return [[spec] for spec in task.specs]
        return groups(task.specs, self._terms.hidden)

    def _all_rows(self, task: Task, specs: Sequence[Path]) -> list[Row]:
        """The rows; where something is raised that no stage has caught, those that are left are lost."""
        rows: list[Row] = []
        error = attempt("grade", lambda: rows.extend(self._rows(task, specs)), ENDING)
        if isinstance(error, InternalError):
            rows += [lost(self._terms, task, spec, error) for spec in specs[len(rows) :]]
        return rows

    def _rows(self, task: Task, specs: Sequence[Path]) -> Iterator[Row]:
        verdicts = self._checker.check_all(task.submission, specs, task.submission_hash)
        for spec, verdict in zip(specs, verdicts, strict=True):
            row = attempt("report", partial(self._row, task, spec, verdict))
            yield lost(self._terms, task, spec, row) if isinstance(row, InternalError) else row

    def _row(self, task: Task, spec: Path, verdict: Verdict) -> Row:
        hidden = spec in self._terms.hidden
        shown = withheld(verdict) if hidden else with_student_paths(verdict, task.submission.path, spec)
        failure = failure_data(verdict.failure) if verdict.failure else None
        return Row(
            submission=task.submission.name,
            spec=str(spec),
            submission_hash=task.submission_hash,
            spec_hash=self._terms.specs[spec],
            gradcheck_hash=self._terms.gradcheck_hash,
            seed=self._terms.secret,
            status=verdict.status,
            points=verdict.points,
            max_points=verdict.max_points,
            seconds=shown.seconds,
            data=line(record(shown, most=LISTED)),
            explanations=verdict.diagnosis.explanations if verdict.diagnosis else (),
            hidden=hidden,
            reason=reason(verdict),
            final=is_final(verdict),
            fault=verdict.internal.trace if verdict.internal else "",
            run_line=line_of_run(failure, str(spec)),
            run_message=verdict.failure.message if verdict.failure and not hidden else "",
        )


_grader: Grader | None = None


def start(terms: Terms, core: int | None, wait_for_end: Callable[[], None] | None = None) -> None:
    """Make this process a grader, on that core; it ends with the run (see gradcheck.grading.lifetime)."""

    def enter() -> Callable[[], None]:
        global _grader
        _grader = Grader(terms)
        return _grader.close

    keep_to(core)
    end_with_run(enter, wait_for_end)


def insist() -> Protection:
    """What holds student code in this process, which `start` has made a grader."""
    return _this().insist()


def grade(task: Task) -> list[Row]:
    """Grade in this process, which `start` has made a grader."""
    return _this().grade(task)


def _this() -> Grader:
    if _grader is None:
        raise GradcheckError("this process was never made a grader")
    return _grader
