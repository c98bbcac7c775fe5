"""A run of grading: from an order to a gradebook."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from gradcheck.errors import SubmissionError, UsageError
from gradcheck.grading.engine import Assignment, Start
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.intake.take import Intake, take
from gradcheck.grading.records import Column, Row
from gradcheck.grading.references import try_references
from gradcheck.grading.task import tasks
from gradcheck.grading.terms import Terms
from gradcheck.grading.versions import versions
from gradcheck.oracle import store
from gradcheck.oracle.key import AnswerKey
from gradcheck.oracle.lookup import answer_key
from gradcheck.reference import solution
from gradcheck.specification.neighbours import files_beside
from gradcheck.specification.records import Feedback
from gradcheck.submission.find import Submission
from gradcheck.verdict.records import Status

GRADEBOOK = "gradebook.sqlite"
UNPACKED = "unpacked"
"""The folder beside it, for submissions that don't lie as they are graded."""

MOST_SECRETS = 2**53
"""Secrets that a run chooses from: too many to try, and every one a number in any program's JSON."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What an instructor asks for."""

    submissions: Path
    specs: tuple[Path, ...]
    hidden: tuple[Path, ...]
    """Specs whose reports are withheld, beside those that say so themselves."""
    out: Path
    engine: Start
    """What grades."""
    seed: int | None
    """The secret by which fresh cases are drawn; None for that of the last run, or else a random one."""
    fresh: bool
    """Whether everything is graded anew."""
    unsafe: bool
    isolate: bool
    """Whether every spec gets a process of its own."""
    feedback: Feedback | None
    """How much the reports tell of a mistake; None for what each spec says."""
    assignment: str = ""
    """Whose submissions are meant, where a system's folder has those of several assignments."""


def grade(order: Order, *, progress: TextIO) -> bool:
    """Grade what is not graded yet, into the gradebook.

    False where a spec seems to be at fault, as nobody's code gets past one line of its `run`. Raises
    SpecError, too for a spec whose reference is not right, SubmissionError, UnprotectedError, and
    GradcheckError where a gradebook can't be written or process after process that grades is lost; what was
    graded by then is kept.
    """
    if not order.submissions.exists():
        raise SubmissionError(f"{order.submissions}: No such file or directory; name a folder or a zip")
    with Gradebook(order.out / GRADEBOOK) as book:
        secret = _secret(order, book)
        keys = {path: answer_key(path) for path in (*order.specs, *order.hidden)}
        terms = _terms(order, keys, secret)
        intake = _intake(order, keys)
        for remark in intake.remarks:
            print(remark, file=progress)
        # It starts while it is found out what is due.
        with order.engine(Assignment(terms, keys, progress)) as engine:
            graded = {} if order.fresh else book.graded(gradcheck_hash=terms.gradcheck_hash, seed=secret)
            due = list(tasks(intake.submissions, terms.specs, graded))
            protection = engine.prepare(len(due))
            print(protection, file=progress)
            try_references(engine, terms, {path: keys[path] for task in due for path in task.specs}, progress)
            rows = engine.grade(due)
            book.start_run(
                seed=secret,
                submissions=[one.name for one in intake.submissions],
                columns=list(terms.columns.values()),
                options=_options(order),
                protection=protection,
                versions=versions(),
                origins=intake.origins,
            )
            _record(book, rows, len(due), progress)
        book.end_run()
        return not book.run_failures()


def _intake(order: Order, keys: dict[Path, AnswerKey]) -> Intake:
    """All submissions. Raises UsageError where there is none."""
    contracts = [key.spec.contract for key in keys.values()]
    intake = take(
        order.submissions,
        order.out / UNPACKED,
        assignment=order.assignment,
        formula=any(contract.formula for contract in contracts),
        files=[contract.file for contract in contracts],
    )
    if not intake.submissions:
        raise UsageError(f"{order.submissions}: there is no submission in this folder")
    return intake


def _record(book: Gradebook, rows: Iterable[list[Row]], total: int, stream: TextIO) -> None:
    from gradcheck.grading.progress import Progress

    with Progress(total, stream) as shown:
        for rows_of_one in rows:
            book.record(rows_of_one)
            shown.count(right=all(row.status is Status.RIGHT for row in rows_of_one))
        shown.end()


def _secret(order: Order, book: Gradebook) -> int:
    """As ordered, or that of the last run, or one that no submission can have known."""
    if order.seed is not None:
        return order.seed
    runs = book.runs()
    return runs[-1].seed if runs and not order.fresh else secrets.randbelow(MOST_SECRETS)


def _terms(order: Order, keys: dict[Path, AnswerKey], secret: int) -> Terms:
    hidden = frozenset(path for path, key in keys.items() if key.spec.hidden or path in order.hidden)
    return Terms(
        secret=secret,
        columns={path: _column(path, key, hidden) for path, key in keys.items()},
        specs={path: key.spec.text_hash for path, key in keys.items()},
        # A report of a level that told more, or of a spec that was not hidden, must not stay.
        gradcheck_hash=store.fingerprint(
            f"{order.feedback} {versions()}".encode(), *map(bytes, order.hidden)
        ),
        hidden=hidden,
        unsafe=order.unsafe,
        isolate=order.isolate,
        elsewhere={path: files_beside(path) for path in keys},
        feedback=order.feedback,
    )


def _column(path: Path, key: AnswerKey, hidden: Collection[Path]) -> Column:
    return Column(
        spec=str(path),
        title=key.spec.title,
        max_points=sum(key.spec.points[name] for name in key.spec.check),
        hidden=path in hidden,
        has_reference=isinstance(solution(key.spec), Submission),
    )


def _options(order: Order) -> dict[str, object]:
    return {
        "submissions": str(order.submissions),
        "specs": [str(path) for path in order.specs],
        "hidden": [str(path) for path in order.hidden],
        "isolate": order.isolate,
        "unsafe": order.unsafe,
        "feedback": order.feedback,
        "assignment": order.assignment,
    }
