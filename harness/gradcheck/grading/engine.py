"""The queue: tasks go to a few processes, rows come back as submissions end."""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import TypeVar

from gradcheck.errors import GradcheckError
from gradcheck.grading import lane, lifetime
from gradcheck.grading.cores import seats
from gradcheck.grading.records import Row
from gradcheck.grading.task import Task
from gradcheck.submission.protection import Protection

AHEAD = 2
"""Tasks that a process is given at a time: the next one lies ready when one ends."""
SLOW = 0.5
"""Seconds with one submission after which a process is taken to wait for it, and not to compute."""
START = 2.0
"""Seconds that a process may take for its first submission besides."""

_Result = TypeVar("_Result")


class Lanes:
    """Processes that grade: `jobs` that compute, and up to as many again in the place of those that wait.

    More than compute would only be in each other's way. The first one starts, and tests its protection,
    at once; the others when there is something to do.
    """

    def __init__(self, terms: lane.Terms, jobs: int) -> None:
        self._terms = terms
        self._jobs = jobs
        self._seats = seats(jobs)
        self._lanes = [_Lane(terms, self._seats[0])]
        self._protection = self._lanes[0].pool.submit(lane.insist)

    def __enter__(self) -> Lanes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and not issubclass(kind, Exception):  # nobody waits for what is under way
            lifetime.end_all()
        for wait_for_it in (False, True):  # all end at the same time
            for one in self._lanes:
                one.pool.shutdown(wait=wait_for_it, cancel_futures=True)

    def protection(self) -> Protection:
        """What holds student code here. Raises UnprotectedError where it doesn't and should."""
        return _result(self._protection)

    def grade(self, tasks: Iterable[Task]) -> Iterator[list[Row]]:
        """Begin, and give all rows of one submission after the other, as they end.

        Raises GradcheckError when a process that grades is lost; what has come back by then is good.
        """
        due = deque(tasks)
        self._give(due)
        return self._rows(due)

    def _rows(self, due: deque[Task]) -> Iterator[list[Row]]:
        while running := [future for one in self._lanes for future in one.given]:
            done = wait(running, timeout=SLOW, return_when=FIRST_COMPLETED).done
            for one in self._lanes:
                one.settle(done)
            self._give(due)
            yield from map(_result, done)

    def _give(self, due: deque[Task]) -> None:
        computing = [one for one in self._lanes if one.computes][: self._jobs]
        for one in computing:
            one.take(due)
        for _ in range(self._jobs - len(computing)):
            if due and (free := self._free()) is not None:
                free.take(due)

    def _free(self) -> _Lane | None:
        for one in self._lanes:
            if not one.given:
                return one
        if len(self._lanes) >= 2 * self._jobs:
            return None
        # Who stands in for another takes what is left of any core.
        seat = self._seats[len(self._lanes)] if len(self._lanes) < self._jobs else None
        self._lanes.append(_Lane(self._terms, seat))
        return self._lanes[-1]


class _Lane:
    """One process, and the tasks that it was given."""

    def __init__(self, terms: lane.Terms, core: int | None) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy the truth into every process
        self.pool = ProcessPoolExecutor(1, mp_context=context, initializer=lane.start, initargs=(terms, core))
        self.given: list[Future[list[Row]]] = []
        self._since = time.monotonic() + START
        """When it began with the first of them."""

    @property
    def computes(self) -> bool:
        """Whether it is at work and not held up."""
        return bool(self.given) and time.monotonic() - self._since < SLOW

    def take(self, due: deque[Task]) -> None:
        """Have what it can be given ahead."""
        if not self.given:
            self._since = max(self._since, time.monotonic())
        while due and len(self.given) < AHEAD:
            self.given.append(self.pool.submit(lane.grade, due.popleft()))

    def settle(self, done: set[Future[list[Row]]]) -> None:
        """Forget the tasks that are done."""
        left = [future for future in self.given if future not in done]
        if len(left) < len(self.given):
            self.given, self._since = left, time.monotonic()


def _result(future: Future[_Result]) -> _Result:
    try:
        return future.result()
    except BrokenProcessPool:
        raise GradcheckError(
            "a process that grades was lost (killed, or out of memory); "
            "run the same command again: what is graded stays graded"
        ) from None
