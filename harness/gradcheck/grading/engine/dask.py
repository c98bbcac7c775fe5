"""Grades on a Dask cluster: submissions go to its workers, with their files, and rows come back here."""

from __future__ import annotations

import contextlib
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
from gradcheck.grading.engine.course import course
from gradcheck.grading.engine.local import LocalEngine
from gradcheck.grading.engine.losses import Losses
from gradcheck.grading.engine.parcel import packed
from gradcheck.grading.lost import lost
from gradcheck.grading.records import Row
from gradcheck.grading.task import Task

GLANCE = 1.0
"""Seconds between two looks at which workers there are."""
GREETING = 10.0
"""Seconds that are waited for other workers at the start, when one is ready."""
PATIENCE = 60.0
"""Seconds that are waited for a worker where there is none."""
AHEAD = 1
"""Submissions that a worker is given beyond twice its threads, half of which step in for those that wait."""


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
        self._losses = Losses(assignment.terms)
        self._workers: dict[str, _Worker] = {}
        """By address, those that may still grade."""
        self._refused: dict[str, str] = {}
        """Address -> why it may not."""
        self._looked = 0.0
        self._alone_since = time.monotonic()
        """Since when there has been no worker, if there is none."""
        self._ends = contextlib.ExitStack()
        with contextlib.ExitStack() as ends:
            if scheduler is None:
                scheduler = ends.enter_context(_cluster(jobs)).scheduler_address
            self._client = ends.enter_context(_connected(scheduler))
            self._ends = ends.pop_all()

    def __enter__(self) -> DaskEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._ends, contextlib.suppress(Exception):  # an end that can't be announced comes by itself
            for worker in self._workers.values():
                worker.forget()
            prepared = [one.address for one in self._ready]
            self._client.run(station.dismiss, self._run, workers=prepared, wait=False, on_error="ignore")

    def protection(self) -> str:
        """What holds student code on the workers that are there.

        Raises GradcheckError where no worker comes, or every one is refused.
        """
        enough = time.monotonic() + GREETING
        while not self._ready or (self._asked and time.monotonic() < enough):
            self._look()
            self._wait()
            self._greet()
        held = sorted({one.prepared.result() for one in self._ready})
        threads = sum(one.threads for one in self._ready)
        return f"Dask, {len(self._ready)} workers of {threads} threads, {'; '.join(held)}"

    def grade(self, tasks: Iterable[Task]) -> Iterator[list[Row]]:
        """As every engine does; what a worker that is lost was given is graded by others."""
        due = deque(tasks)
        here: list[Task] = []
        self._give(due, here)
        return self._rows(due, here)

    @property
    def _ready(self) -> list[_Worker]:
        return [one for one in self._workers.values() if one.is_ready]

    @property
    def _asked(self) -> list[_Worker]:
        return [one for one in self._workers.values() if not one.is_ready]

    def _rows(self, due: deque[Task], here: list[Task]) -> Iterator[list[Row]]:
        while due or any(one.given for one in self._workers.values()):
            self._wait()
            ended = [rows for one in list(self._workers.values()) for rows in self._settle(one, due)]
            if ended:
                self._losses.end_row()
            if time.monotonic() - self._looked > GLANCE:
                ended += self._look(due)
            self._greet()
            self._give(due, here)
            yield from ended
        yield from self._rows_of_here(here)

    def _wait(self) -> None:
        """Until a worker answers, for a moment."""
        futures: list[Future[Any]] = [future for one in self._workers.values() for future in one.awaited]
        if futures:
            wait(futures, timeout=GLANCE, return_when=FIRST_COMPLETED)
        else:
            time.sleep(GLANCE)

    def _look(self, due: deque[Task] | None = None) -> list[list[Row]]:
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
            self._workers[address] = _Worker(self._client, address, there[address])
            self._workers[address].prepare(self._run, self._equal, self._course)
        if self._workers:
            self._alone_since = self._looked
        elif self._refused.keys() & there.keys():
            raise _all_refused(self._refused)
        elif self._looked - self._alone_since > PATIENCE:
            raise _no_worker()
        return self._take_back(gone, due) if due is not None else []

    def _take_back(self, gone: list[_Worker], due: deque[Task]) -> list[list[Row]]:
        rows: list[list[Row]] = []
        if any(worker.given or not worker.is_ready for worker in gone):
            self._losses.count()  # many at a time are one loss: a rack, or a queue's limit of time
        for worker in gone:
            self._say(f"worker {worker.address} is gone: what it was given is graded by others")
            tasks = list(worker.given.values())
            rows += [one for task in tasks[: worker.threads] for one in self._losses.blame(task, due)]
            due.extendleft(reversed(tasks[worker.threads :]))
            worker.forget()
        return rows

    def _greet(self) -> None:
        """Take note of the workers that are prepared, and of those that can't be."""
        for worker in [one for one in self._asked if one.prepared.done()]:
            try:
                held = worker.prepared.result()
            except SpecError:
                raise
            except BaseException as error:
                self._refuse(worker, error)
            else:
                worker.is_ready = True
                self._say(f"worker {worker.address}: {worker.threads} threads, {held}")

    def _refuse(self, worker: _Worker, error: BaseException) -> None:
        """Give it nothing any more."""
        self._refused[worker.address] = reason = _reason(error)
        self._workers.pop(worker.address)
        self._say(f"worker {worker.address} is refused: {reason}")

    def _give(self, due: deque[Task], here: list[Task]) -> None:
        """Give the workers what they can take; what can't be carried stays here."""
        while due and (worker := self._freest(due[0])) is not None:
            parcel = packed(due[0])
            task = due.popleft()
            if parcel is None:
                here.append(task)
            else:
                worker.take(self._run, task, pickle.dumps(parcel))

    def _freest(self, task: Task) -> _Worker | None:
        """The worker that has least to do, for its threads; None where all have enough.

        With a submission that something was lost with, a worker is alone: then it is known whose doing it is.
        """
        if self._losses.is_suspect(task):
            return next((one for one in self._ready if not one.given), None)
        free = [one for one in self._ready if one.has_room and not self._is_tried(one)]
        return min(free, key=lambda one: len(one.given) / one.threads, default=None)

    def _is_tried(self, worker: _Worker) -> bool:
        """Whether it is seen whether what it was given brings about a loss."""
        return any(map(self._losses.is_suspect, worker.given.values()))

    def _settle(self, worker: _Worker, due: deque[Task]) -> Iterator[list[Row]]:
        """The rows of what a worker is done with; what it could not do is due again."""
        for future, task in worker.take_done():
            if future.cancelled():  # by somebody else, who has the cluster restarted
                due.appendleft(task)
                continue
            match future.exception():
                case None:
                    yield future.result()
                case station.NotPreparedError():
                    due.appendleft(task)
                    worker.prepare(self._run, self._equal, self._course)
                case UnprotectedError() as error:
                    due.appendleft(task)
                    self._refuse(worker, error)
                case SpecError() as error:
                    raise error
                case _:
                    self._losses.count()
                    yield from self._losses.blame(task, due)

    def _rows_of_here(self, tasks: list[Task]) -> Iterator[list[Row]]:
        """The rows of what could not be carried."""
        if not tasks:
            return
        with LocalEngine(self._terms, jobs=1) as engine:
            try:
                engine.protection()
            except UnprotectedError:
                error = InternalError("grade", _UNCARRIED, "")
                yield from ([lost(self._terms, task, spec, error) for spec in task.specs] for task in tasks)
                return
            yield from engine.grade(tasks)

    def _say(self, text: str) -> None:
        print(text, file=self._progress, flush=True)


_UNCARRIED = "links, special files or too much to be carried to a worker, and no sandbox on this machine"


class _Worker:
    """One worker, and the tasks that it was given."""

    def __init__(self, client: Client, address: str, threads: int) -> None:
        self.address = address
        self.threads = threads
        self.is_ready = False
        """Whether it may be given anything."""
        self.prepared: Future[str] = Future()
        """What holds student code there."""
        self.given: dict[Future[list[Row]], Task] = {}
        """In the order in which they are graded."""
        self._executor = client.get_executor(workers=[address], allow_other_workers=False, pure=False)

    def prepare(self, run: str, equal: dict[str, str], course: bytes) -> None:
        """Have it made ready for a run."""
        self.is_ready = False
        self.prepared = self._executor.submit(station.prepare, run, equal, course)

    @property
    def has_room(self) -> bool:
        """Whether it can be given one more."""
        return len(self.given) < 2 * self.threads + AHEAD

    @property
    def awaited(self) -> list[Future[Any]]:
        """What it has not answered yet."""
        return [*self.given, *([] if self.is_ready else [self.prepared])]

    def take(self, run: str, task: Task, parcel: bytes) -> None:
        """Have a submission graded there."""
        self.given[self._executor.submit(station.grade, run, parcel)] = task

    def take_done(self) -> list[tuple[Future[list[Row]], Task]]:
        """What has ended, which it then has no more."""
        done = [(future, task) for future, task in self.given.items() if future.done()]
        for future, _ in done:
            del self.given[future]
        return done

    def forget(self) -> None:
        """Have nothing of it any more."""
        for future in self.awaited:
            future.cancel()


def _cluster(jobs: int) -> LocalCluster:
    return LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None)


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


def _reason(error: BaseException) -> str:
    """Why a worker is refused, on one line."""
    if isinstance(error, ModuleNotFoundError) and error.name == "gradcheck":
        return "gradcheck is not installed there"
    if isinstance(error, ImportError | AttributeError):
        return f"another gradcheck is installed there ({error})"
    text = " ".join(str(error).split()) if isinstance(error, UnprotectedError) else str(error)
    return text if isinstance(error, GradcheckError) else f"{type(error).__name__}: {text}"


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
