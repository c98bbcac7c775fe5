"""A run of grading: from an order to a gradebook, its exports and an overview."""

from __future__ import annotations

import platform
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np

from gradcheck import __version__
from gradcheck.errors import UsageError
from gradcheck.grading.engine import Lanes
from gradcheck.grading.export import write_csv, write_json
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.lane import Terms
from gradcheck.grading.overview import render
from gradcheck.grading.progress import Progress
from gradcheck.grading.records import Column, Row
from gradcheck.grading.task import tasks
from gradcheck.oracle import store
from gradcheck.oracle.kept import answer_key
from gradcheck.oracle.key import AnswerKey
from gradcheck.spec.records import Feedback
from gradcheck.submission.find import PAPER, submissions
from gradcheck.verdict.records import Status

GRADEBOOK = "gradebook.sqlite"

ROOMS = ("diagnosis", "maths", "mistakes", "oracle", "spec", "submission", "verdict")
"""The parts of the harness that a grade depends on."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What an instructor asks for."""

    submissions: Path
    specs: tuple[Path, ...]
    hidden: tuple[Path, ...]
    """Specs whose reports are withheld, beside those that say so themselves."""
    out: Path
    jobs: int
    seed: int | None
    """Of the fresh case; None for that of the last run, or else a random one."""
    fresh: bool
    """Whether everything is graded anew."""
    unsafe: bool
    isolate: bool
    """Whether every spec gets a process of its own."""
    feedback: Feedback | None
    """How much the reports tell of a mistake; None for what each spec says."""


def grade(order: Order, *, progress: TextIO, width: int) -> str:
    """Grade what is not graded yet, write gradebook and exports, and return the overview.

    Raises SpecError, SubmissionError, UnprotectedError, and GradcheckError where a gradebook can't be
    written or a process that grades is lost; what was graded by then is kept.
    """
    handed_in = submissions(order.submissions, formula=True)
    if not handed_in:
        raise UsageError(f"{order.submissions}: there is no submission in this folder")
    with Gradebook(order.out / GRADEBOOK) as book:
        seed = _seed(order, book)
        keys = {path: answer_key(path, seed) for path in (*order.specs, *order.hidden)}
        terms = _terms(order, keys, seed)
        if not any(key.spec.contract.formula for key in keys.values()):
            handed_in = [one for one in handed_in if one.path.suffix not in PAPER]
        with Lanes(terms, order.jobs) as lanes:  # they start while it is found out what is due
            graded = {} if order.fresh else book.graded(harness=terms.harness, seed=seed)
            due = list(tasks(handed_in, terms.specs, graded))
            rows = lanes.grade(due)
            protection = str(lanes.protection())
            print(protection, file=progress)
            book.start_run(
                seed=seed,
                submissions=[one.name for one in handed_in],
                columns=[_column(path, key, terms) for path, key in keys.items()],
                options=_options(order),
                protection=protection,
                versions=_versions(),
            )
            _record(book, rows, len(due), progress)
        book.end_run()
        write_csv(book, order.out / "grades.csv")
        write_json(book, order.out / "grades.json")
        return render(book, folder=str(order.out), width=width)


def _record(book: Gradebook, rows: Iterable[list[Row]], total: int, stream: TextIO) -> None:
    shown = Progress(total, stream)
    for own in rows:
        book.record(own)
        shown.count(right=all(row.status is Status.RIGHT for row in own))
    shown.end()


def _seed(order: Order, book: Gradebook) -> int:
    """As ordered, or that of the last run, or one that no submission can have known."""
    if order.seed is not None:
        return order.seed
    runs = book.runs()
    return runs[-1].seed if runs and not order.fresh else secrets.randbelow(2**31)


def _terms(order: Order, keys: dict[Path, AnswerKey], seed: int) -> Terms:
    return Terms(
        seed=seed,
        specs={path: key.spec.text_hash for path, key in keys.items()},
        # A report of a level that told more, or of a spec that was not hidden, must not stay.
        harness=store.fingerprint(f"{order.feedback}".encode(), *map(bytes, order.hidden), rooms=ROOMS),
        hidden=frozenset(path for path, key in keys.items() if key.spec.hidden or path in order.hidden),
        unsafe=order.unsafe,
        isolate=order.isolate,
        feedback=order.feedback,
    )


def _column(path: Path, key: AnswerKey, terms: Terms) -> Column:
    points = sum(key.spec.points[name] for name in key.spec.check)
    return Column(spec=str(path), title=key.spec.title, max_points=points, hidden=path in terms.hidden)


def _options(order: Order) -> dict[str, object]:
    return {
        "submissions": str(order.submissions),
        "specs": [str(path) for path in order.specs],
        "hidden": [str(path) for path in order.hidden],
        "isolate": order.isolate,
        "unsafe": order.unsafe,
        "feedback": order.feedback,
    }


def _versions() -> dict[str, str]:
    return {"gradcheck": __version__, "numpy": np.__version__, "python": platform.python_version()}
