"""A worker of a cluster as the client knows it: what it was given, and what came of that."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from distributed import Client

from gradcheck.errors import GradcheckError, UnprotectedError
from gradcheck.grading.engine import station
from gradcheck.grading.records import Row
from gradcheck.grading.task import Task

AHEAD = 1
"""Submissions that a worker is given beyond twice its threads, half of which step in for those that wait."""
MOST_FAILURES = 3
"""Submissions that may come to nothing on a worker one after the other, by no process's loss."""


class Worker:
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
        self.failures = 0
        """How many of them came to nothing since the last one that did not, by no process's loss."""
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


def reason(error: BaseException) -> str:
    """Why a worker is refused, on one line."""
    if isinstance(error, ModuleNotFoundError) and error.name == "gradcheck":
        return "gradcheck is not installed there"
    if "deserialization of the task graph" in str(error):
        return "the scheduler has not the same gradcheck; install it there, too"
    if isinstance(error, ImportError | AttributeError):
        return f"another gradcheck is installed there ({error})"
    text = " ".join(str(error).split()) if isinstance(error, UnprotectedError) else str(error)
    return text if isinstance(error, GradcheckError) else f"{type(error).__name__}: {text}"
