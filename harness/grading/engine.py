"""The queue: tasks go to a few processes, rows come back as submissions end."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from types import TracebackType
from typing import TypeVar

from harness.errors import GradcheckError
from harness.grading import lane
from harness.grading.records import Row
from harness.grading.task import Task
from harness.submission.protection import Protection

AHEAD = 4
"""Tasks in flight for each process: enough to keep it busy, few enough for flat memory."""

_Result = TypeVar("_Result")


class Lanes:
    """Up to `jobs` processes that grade; the first starts, and tests its protection, at once."""

    def __init__(self, terms: lane.Terms, jobs: int) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy the truth into every process
        self._pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=lane.start, initargs=(terms,))
        self._most = AHEAD * jobs
        self._protection = self._pool.submit(lane.insist)

    def __enter__(self) -> Lanes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def protection(self) -> Protection:
        """What holds student code here. Raises UnprotectedError where it doesn't and should."""
        return _result(self._protection)

    def grade(self, tasks: Iterable[Task]) -> Iterator[list[Row]]:
        """Begin, and give all rows of one submission after the other, as they end.

        Raises GradcheckError when a process that grades is lost; what has come back by then is good.
        """
        waiting = iter(tasks)
        return self._rows(waiting, self._submit(waiting, self._most))

    def _rows(self, waiting: Iterator[Task], running: set[Future[list[Row]]]) -> Iterator[list[Row]]:
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= self._submit(waiting, len(done))
            yield from map(_result, done)

    def _submit(self, waiting: Iterator[Task], count: int) -> set[Future[list[Row]]]:
        return {self._pool.submit(lane.grade, task) for task in islice(waiting, count)}


def _result(future: Future[_Result]) -> _Result:
    try:
        return future.result()
    except BrokenProcessPool:
        raise GradcheckError(
            "a process that grades was lost (killed, or out of memory); "
            "run the same command again: what is graded stays graded"
        ) from None
