"""Grades on a Dask cluster: submissions go to its workers, with their files, and rows come back here."""

from __future__ import annotations

import contextlib
import logging
import pickle
import secrets
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from types import TracebackType
from typing import Any

from distributed import Client, LocalCluster

from gradcheck.boundary import InternalError
from gradcheck.errors import GradcheckError, SpecError, UnprotectedError
from gradcheck.grading.engine import Assignment, station
from gradcheck.grading.engine.child import ChildLostError
from gradcheck.grading.engine.course import course
from gradcheck.grading.engine.local import LocalEngine
from gradcheck.grading.engine.losses import Losses
from gradcheck.grading.engine.parcel import packed
from gradcheck.grading.engine.worker import MOST_FAILURES, Worker, reason
from gradcheck.grading.lost import lost
from gradcheck.grading.records import Row
from gradcheck.grading.task import Task
from gradcheck.text import amount

GLANCE = 1.0
"""Seconds between two looks at which workers there are."""
GREETING = 10.0
"""Seconds that are waited for other workers at the start, when one is ready."""
PATIENCE = 60.0
"""Seconds that are waited for a worker where there is none."""


class DaskEngine:
    """Workers of a cluster, each of which holds its own sandbox, and tries it out before it gets anything.

    Which submission goes to which worker is settled here, a few at a time: so it is known what is lost with
    one. What can't be carried to a worker is graded on this machine.
    """

    def __init__(self, assignment: Assignment, scheduler: str | None, jobs: int) -> None:
        """Connect to the scheduler at an address, or of a file that Dask has written; None starts a cluster
        of `jobs` processes on this machine. Raises GradcheckError where there is no scheduler.
        """
        self._terms = assignment.terms
        self._progress = assignment.progress
        self._run = secrets.token_hex(8)
        self._course = pickle.dumps(course(assignment.terms, assignment.keys))
        self._equal = station.equipment()
        self._due: deque[Task] = deque()
        self._here: list[Task] = []
        """What can't be carried."""
        self._losses = Losses(assignment.terms)
        self._workers: dict[str, Worker] = {}
        """By address, those that may still grade."""
        self._refused: dict[str, str] = {}
        """Address -> why it may not."""
        self._looked = 0.0
        self._alone_since = time.monotonic()
        """Since when there has been no worker, if there is none."""
        with contextlib.ExitStack() as ends:
            address = scheduler or ends.enter_context(_cluster(jobs)).scheduler_address
            self._client = ends.enter_context(_connected(address))
            if scheduler:  # whose workers outlive the run
                ends.callback(self._dismiss)
            self._ends = ends.pop_all()

    def __enter__(self) -> DaskEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._ends:
            for worker in self._workers.values():
                worker.forget()

    def _dismiss(self) -> None:
        """Tell the workers that the run is over; one that does not hear it finds out by itself."""
        prepared = [one.address for one in self._ready]
        with contextlib.suppress(Exception):
            self._client.run(station.dismiss, self._run, workers=prepared, wait=False, on_error="ignore")

    def prepare(self, due: int) -> str:
        """What holds student code on the workers that are there.

        Raises GradcheckError where no worker comes, or every one is refused.
        """
        del due  # the cluster is as large as it is
        enough = time.monotonic() + GREETING
        while not self._ready or (self._asked and time.monotonic() < enough):
            self._look()
            self._wait()
            self._greet()
        held = sorted({one.prepared.result() for one in self._ready})
        threads = sum(one.threads for one in self._ready)
        there = f"{amount(len(self._ready), 'worker')} with {amount(threads, 'thread')} in all"
        return f"Dask, {there}: {'; '.join(held)}"

    def grade(self, tasks: Iterable[Task]) -> Iterator[list[Row]]:
        """As every engine does; what a worker that is lost was given is graded by others."""
        self._due, self._here = deque(tasks), []
        self._give()
        return self._rows()

    @property
    def _ready(self) -> list[Worker]:
        return [one for one in self._workers.values() if one.is_ready]

    @property
    def _asked(self) -> list[Worker]:
        return [one for one in self._workers.values() if not one.is_ready]

    def _rows(self) -> Iterator[list[Row]]:
        while self._due or any(one.given for one in self._workers.values()):
            self._wait()
            ended = [rows for one in list(self._workers.values()) for rows in self._settle(one)]
            if time.monotonic() - self._looked > GLANCE:
                ended += self._look()
            self._greet()
            self._give()
            yield from ended
        yield from self._rows_of_here()

    def _wait(self) -> None:
        """Until a worker answers, for a moment."""
        futures: list[Future[Any]] = [future for one in self._workers.values() for future in one.awaited]
        if futures:
            wait(futures, timeout=GLANCE, return_when=FIRST_COMPLETED)
        else:
            time.sleep(GLANCE)

    def _look(self) -> list[list[Row]]:
        """Look which workers there are; what those have lost that are gone is due again.

        Rows for what was lost twice. Raises GradcheckError where there is none, or no scheduler any more.
        """
        try:
            there = self._client.nthreads()
        except (OSError, TimeoutError):
            raise _no_scheduler_any_more() from None
        self._looked = time.monotonic()
        gone = [self._workers.pop(address) for address in self._workers.keys() - there.keys()]
        for address in there.keys() - self._workers.keys() - self._refused.keys():
            self._workers[address] = Worker(self._client, address, there[address])
            self._workers[address].prepare(self._run, self._equal, self._course)
        if self._workers:
            self._alone_since = self._looked
        elif self._refused.keys() & there.keys():
            raise _all_refused(self._refused)
        elif self._looked - self._alone_since > PATIENCE:
            raise _no_worker()
        return list(self._take_back(gone))

    def _take_back(self, gone: list[Worker]) -> Iterator[list[Row]]:
        if any(worker.given or not worker.is_ready for worker in gone):
            self._losses.count()  # many at a time are one loss: a rack, or a queue's limit of time
        for worker in gone:
            self._say(f"worker {worker.address} is gone: what it was given is graded by others")
            tasks = list(worker.given.values())
            self._due.extendleft(reversed(tasks[worker.threads :]))
            for task in tasks[: worker.threads]:
                yield from self._losses.blame(task, self._due)
            worker.forget()

    def _greet(self) -> None:
        """Take note of the workers that are prepared, and of those that can't be."""
        for worker in [one for one in self._asked if one.prepared.done()]:
            try:
                held = worker.prepared.result()
            except SpecError:
                raise
            except Exception as error:
                self._refuse(worker, error)
            else:
                worker.is_ready = True
                self._say(f"worker {worker.address}: {amount(worker.threads, 'thread')}, {held}")

    def _refuse(self, worker: Worker, error: BaseException) -> None:
        """Give it nothing any more, and what it has to others."""
        self._refused[worker.address] = why = reason(error)
        self._say(f"worker {worker.address} is refused: {why}")
        del self._workers[worker.address]
        self._due.extendleft(reversed(worker.given.values()))
        worker.forget()

    def _give(self) -> None:
        """Give the workers what they can take; what can't be carried stays here."""
        while self._due and (worker := self._freest(self._due[0])) is not None:
            task = self._due.popleft()
            parcel = packed(task)
            if parcel is None:
                self._here.append(task)
            else:
                worker.take(self._run, task, pickle.dumps(parcel))

    def _freest(self, task: Task) -> Worker | None:
        """The worker that has least to do, for its threads; None where all have enough.

        With a submission that something was lost with, a worker is alone: then it is known whose doing it is.
        """
        if self._losses.is_suspect(task):
            idle = [one for one in self._ready if not one.given]
            return min(idle, key=lambda one: one.failures, default=None)
        free = [one for one in self._ready if one.has_room and not self._has_suspect(one)]
        return min(free, key=lambda one: len(one.given) / one.threads, default=None)

    def _has_suspect(self, worker: Worker) -> bool:
        """Whether it was given something that may bring about a loss."""
        return any(map(self._losses.is_suspect, worker.given.values()))

    def _settle(self, worker: Worker) -> Iterator[list[Row]]:
        """The rows of what a worker is done with; what it could not do is due again."""
        error: BaseException | None = None
        for future, task in worker.take_done():
            if not future.cancelled() and future.exception() is None:
                worker.failures = 0
                self._losses.end_row()
                yield future.result()
            elif future.cancelled():  # by somebody else, who has the cluster restarted
                self._due.appendleft(task)
            else:
                error = future.exception()
                yield from self._again(worker, task, error)
        if isinstance(error, UnprotectedError) or (error and worker.failures >= MOST_FAILURES):
            self._refuse(worker, error)

    def _again(self, worker: Worker, task: Task, error: BaseException | None) -> Iterator[list[Row]]:
        """Have a task done again that came to nothing; its rows, where there is no use in it."""
        match error:
            case SpecError():
                raise error
            case UnprotectedError():
                self._due.appendleft(task)
            case station.NotPreparedError():
                self._due.appendleft(task)
                if worker.is_ready:
                    worker.prepare(self._run, self._equal, self._course)
            case _:
                worker.failures += not isinstance(error, ChildLostError)
                self._losses.count()
                yield from self._losses.blame(task, self._due)

    def _rows_of_here(self) -> Iterator[list[Row]]:
        """The rows of what could not be carried."""
        tasks = self._here
        if not tasks:
            return
        with LocalEngine(self._terms, jobs=1) as engine:
            try:
                engine.prepare(len(tasks))
            except UnprotectedError:
                error = InternalError("grade", _UNCARRIED, "")
                yield from ([lost(self._terms, task, spec, error) for spec in task.specs] for task in tasks)
                return
            yield from engine.grade(tasks)

    def _say(self, text: str) -> None:
        print(text, file=self._progress, flush=True)


_UNCARRIED = "links, special files or too much to be carried to a worker, and no sandbox on this machine"


_DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""Executed in the workers of this machine: Ctrl-C in the terminal is for the client alone."""


def _cluster(jobs: int) -> LocalCluster:
    return LocalCluster(
        n_workers=jobs,
        threads_per_worker=1,
        dashboard_address=None,
        silence_logs=logging.ERROR,
        preload=_DEAF,
    )


def _connected(scheduler: str) -> Client:
    try:
        if Path(scheduler).is_file():
            return Client(scheduler_file=scheduler)
        return Client(scheduler)
    except (OSError, TimeoutError, ValueError) as error:
        raise GradcheckError(
            f"{scheduler}: there is no Dask scheduler ({error}); start one with `dask scheduler`, and give "
            "the address that it prints"
        ) from None


def _all_refused(refused: dict[str, str]) -> GradcheckError:
    reasons = "\n".join(f"  {address}: {reason}" for address, reason in sorted(refused.items()))
    return GradcheckError(f"no worker of the cluster can grade:\n{reasons}")


def _no_worker() -> GradcheckError:
    return GradcheckError(
        f"the cluster has had no worker for {PATIENCE:.0f} s; start one with `dask worker ADDRESS`, and run "
        "the same command again: what is graded stays graded"
    )


def _no_scheduler_any_more() -> GradcheckError:
    return GradcheckError(
        "the connection to the cluster's scheduler is lost; run the same command again: what is graded stays "
        "graded"
    )
