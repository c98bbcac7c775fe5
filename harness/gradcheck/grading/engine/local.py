"""Grades on this machine: tasks go to a few processes, rows come back as submissions end."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import partial
from types import TracebackType

from gradcheck.grading import grader, lifetime, processes
from gradcheck.grading.cores import seats
from gradcheck.grading.engine.losses import Losses, given_up
from gradcheck.grading.records import Row
from gradcheck.grading.task import Task
from gradcheck.grading.terms import Terms
from gradcheck.submission.protection import Protection

AHEAD = 2
"""Tasks that a process is given at a time: the next one lies ready when one ends."""
SLOW = 0.5
"""Seconds with one submission after which a process is taken to wait for it, and not to compute."""
START = 2.0
"""Seconds that a process may take for its first submission besides."""


class LocalEngine:
    """Processes that grade: `jobs` that compute, and up to as many again in the place of those that wait.

    More than compute would only be in each other's way. The first one starts, and tests its protection,
    at once; others that compute when it is known that there is something for them to do.
    """

    def __init__(self, terms: Terms, jobs: int) -> None:
        self._terms = terms
        self._jobs = jobs
        self._seats = seats(jobs)
        self._processes: list[_Process] = []
        self._losses = Losses(terms)
        self._watch = processes.Watch()

    def __enter__(self) -> LocalEngine:
        with ExitStack() as ends:
            ends.enter_context(self._watch)
            self._protection = self._start()
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None or any(one.given for one in self._processes):  # nobody reads what is under way
            lifetime.end_all()
        with self._ends, ThreadPoolExecutor(len(self._processes)) as ends:  # all end at the same time
            for one in self._processes:
                try:
                    ends.submit(one.pool.shutdown, cancel_futures=True)
                except RuntimeError:  # there are too many threads
                    one.pool.shutdown(cancel_futures=True)

    def prepare(self, due: int) -> str:
        """Start what computes; what holds student code here.

        Raises UnprotectedError where nothing does and it should.
        """
        for _ in range(min(self._jobs, due) - len(self._processes)):
            self._start()
        try:
            return str(self._watch.result(self._protection))
        except BrokenProcessPool:
            raise given_up() from None

    def grade(self, tasks: Iterable[Task]) -> Iterator[list[Row]]:
        """As every engine does; a process that is lost, killed for instance, is replaced."""
        due = deque(tasks)
        self._give(due)
        return self._rows(due)

    def _rows(self, due: deque[Task]) -> Iterator[list[Row]]:
        while running := [future for one in self._processes for future in one.given]:
            wait(running, timeout=SLOW, return_when=FIRST_COMPLETED)
            self._watch.check()
            ended = [rows for one in self._processes for rows in one.settle()]
            if ended:
                self._losses.end_row()
            for one in [one for one in self._processes if one.is_lost]:
                ended += self._replace(one, due)
            self._give(due)
            yield from ended

    def _replace(self, gone: _Process, due: deque[Task]) -> Iterator[list[Row]]:
        """Put another process in the place of one that is lost; rows for what has lost its second."""
        self._losses.count()
        suspect, *others = gone.given.values()
        gone.pool.shutdown(wait=False, cancel_futures=True)
        self._processes[self._processes.index(gone)] = _Process(self._terms, gone.core)
        yield from self._losses.blame(suspect, due)
        due.extendleft(reversed(others))

    def _give(self, due: deque[Task]) -> None:
        computing = [one for one in self._processes if one.computes][: self._jobs]
        with lifetime.uninterrupted():
            for one in computing:
                one.take(due)
            for _ in range(self._jobs - len(computing)):
                if due and (free := self._free()) is not None:
                    free.take(due)

    def _free(self) -> _Process | None:
        for one in self._processes:
            if not one.given:
                return one
        if len(self._processes) >= 2 * self._jobs:
            return None
        return self._added()

    def _start(self) -> Future[Protection]:
        """Add a process; what holds student code there, once it is tried out."""
        with lifetime.uninterrupted():
            return self._added().pool.submit(grader.insist)

    def _added(self) -> _Process:
        # Who stands in for another takes what is left of any core.
        seat = self._seats[len(self._processes)] if len(self._processes) < self._jobs else None
        self._processes.append(_Process(self._terms, seat))
        return self._processes[-1]


class _Process:
    """One process, and the tasks that it was given."""

    def __init__(self, terms: Terms, core: int | None) -> None:
        self.core = core
        self._started = partial(processes.pool, 1, grader.start, terms, core)
        self.pool = self._started()
        self.given: dict[Future[list[Row]], Task] = {}
        """In the order in which they are graded."""
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
            try:
                future = self.pool.submit(grader.grade, due[0])
            except BrokenProcessPool:
                if self.given:
                    return  # it is found to be lost in a moment
                self.pool = self._started()
                continue
            self.given[future] = due.popleft()

    @property
    def is_lost(self) -> bool:
        """Whether the process has ended while it had something to do."""
        return any(future.done() and _is_broken(future) for future in self.given)

    def settle(self) -> list[list[Row]]:
        """The rows of tasks that are done, which are then forgotten. Raises what a task has raised."""
        ended = [future for future in self.given if future.done() and not _is_broken(future)]
        if ended:
            self.given = {future: task for future, task in self.given.items() if future not in ended}
            self._since = time.monotonic()
        return [future.result() for future in ended]


def _is_broken(future: Future[list[Row]]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)
