"""What is lost with a process that grades, and what becomes of it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

from gradcheck.boundary import InternalError
from gradcheck.errors import GradcheckError
from gradcheck.grading.lost import lost
from gradcheck.grading.records import Row
from gradcheck.grading.task import Task
from gradcheck.grading.terms import Terms

MOST_IN_A_ROW = 5
"""Losses one after the other, without a row in between, after which a run gives up."""

_LOSS = InternalError(
    "grade", "a process that grades was lost twice: killed, or short of memory or processes", ""
)


class Losses:
    """Counts losses, by submission and in a row."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._in_a_row = 0
        self._by_submission: Counter[str] = Counter()

    def count(self) -> None:
        """Note that something was lost. Raises GradcheckError where nothing else happens any more."""
        self._in_a_row += 1
        if self._in_a_row > MOST_IN_A_ROW:
            raise given_up()

    def end_row(self) -> None:
        """Note that a submission has come back."""
        self._in_a_row = 0

    def is_suspect(self, task: Task) -> bool:
        """Whether something was lost with this submission."""
        return bool(self._by_submission[task.submission.name])

    def blame(self, task: Task, due: deque[Task]) -> Iterator[list[Row]]:
        """Put the task at the end of the queue; the second time, its rows, which are not final."""
        self._by_submission[task.submission.name] += 1
        if self._by_submission[task.submission.name] < 2:
            due.append(task)  # the last, when all others are done
        else:
            yield [lost(self._terms, task, spec, _LOSS) for spec in task.specs]


def given_up() -> GradcheckError:
    """What ends a run of which nothing comes back."""
    return GradcheckError(
        "a process that grades was lost (killed, or short of memory or processes); "
        "run the same command again: what is graded stays graded"
    )
