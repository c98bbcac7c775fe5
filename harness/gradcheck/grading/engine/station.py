"""What a worker of a cluster does for a run: these functions are all that the client calls there.

Their arguments are plain, so that a worker with another gradcheck can say so.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from distributed import Worker, WorkerPlugin, get_worker, secede

from gradcheck.errors import GradcheckError
from gradcheck.grading.engine.child import Child
from gradcheck.grading.engine.course import Course
from gradcheck.grading.engine.parcel import Parcel
from gradcheck.grading.records import Row
from gradcheck.grading.versions import source, versions

IDLE = 60.0
"""Seconds without a submission after which a run is forgotten: its client may be gone without a word."""
SLOW = 0.5
"""Seconds after which a submission is taken to wait, not to compute: another one is graded beside it."""


FILES = "files of gradcheck"


class UnfitError(GradcheckError):
    """A worker that can't grade for this client."""


class NotPreparedError(GradcheckError):
    """A worker that knows nothing of a run: it was started anew under its old address."""


_stations: dict[str, Station] = {}
"""By the name of their runs; there is one process a worker."""
_lock = threading.Lock()


def equipment() -> dict[str, str]:
    """What rows follow from, beside the submissions and the specs: name -> version."""
    return {**versions(), FILES: source()}


def prepare(run: str, equal: Mapping[str, str], course: bytes) -> str:
    """Make this worker grade for a run; what holds student code there, tried out.

    Raises UnfitError where its equipment isn't the client's, and UnprotectedError.
    """
    _check(equal)
    with _lock:
        station = _stations.get(run) or _found(run, get_worker(), course)
    try:
        return station.protection()
    except BaseException:
        leave(run)
        raise


def grade(run: str, parcel: bytes) -> list[Row]:
    """The rows of a submission. Raises NotPreparedError, UnprotectedError and ChildLostError."""
    if (station := _stations.get(run)) is None:
        raise NotPreparedError("this worker was not prepared for the run")
    return station.grade(pickle.loads(parcel))


async def dismiss(run: str, dask_worker: Worker) -> None:
    """Have a worker leave a run."""
    await dask_worker.plugin_remove(_name(run))


def leave(run: str) -> None:
    """Forget a run, and end all that grades for it."""
    with _lock:
        station = _stations.pop(run, None)
    if station is not None:
        station.close()


class _Leaving(WorkerPlugin):
    """A worker that closes waits for what it does: so it leaves its runs before."""

    def __init__(self, run: str) -> None:
        self._run = run

    def teardown(self, worker: Worker) -> None:
        leave(self._run)


def _found(run: str, worker: Worker, course: bytes) -> Station:
    """A new station, which ends with the worker at the latest."""
    folder = Path(os.path.realpath(worker.local_directory)) / _name(run)
    station = _stations[run] = Station(pickle.loads(course), folder)
    threading.Thread(target=_leave_when_idle, args=(run, station), daemon=True).start()
    adding = worker.plugin_add(_Leaving(run), name=_name(run))
    loop: asyncio.AbstractEventLoop = worker.loop.asyncio_loop  # type: ignore[attr-defined]
    asyncio.run_coroutine_threadsafe(adding, loop).result()
    return station


def _name(run: str) -> str:
    return f"gradcheck-{run}"


def _leave_when_idle(run: str, station: Station) -> None:
    while not station.has_closed.wait(IDLE):
        if time.monotonic() - station.last_used > IDLE:
            leave(run)


class Station:
    """The processes that grade for a run, one for every submission that is graded at a time."""

    def __init__(self, course: Course, folder: Path) -> None:
        self._course = course
        self._folder = folder
        self._idle: list[Child] = []
        self._children: list[Child] = []
        self._busy = 0
        self._since = time.monotonic()
        self._lock = threading.Lock()
        self.has_closed = threading.Event()

    @property
    def last_used(self) -> float:
        """When it last did something, by time.monotonic()."""
        return time.monotonic() if self._busy else self._since

    def protection(self) -> str:
        """What holds student code here. Raises UnprotectedError where nothing does and should."""
        with self._child() as child:
            return child.protection

    def grade(self, parcel: Parcel) -> list[Row]:
        """The rows. Raises ChildLostError where the process that grades is lost; there will be another."""
        with self._child() as child:
            child.ask(parcel)
            if not child.answers_within(SLOW):
                secede()
            rows: list[Row] = child.answer()
            return rows

    def close(self) -> None:
        """End all processes, and remove their files."""
        with self._lock:
            self.has_closed.set()
        for child in self._children:
            child.end()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextlib.contextmanager
    def _child(self) -> Iterator[Child]:
        """A process that nobody else uses meanwhile; it ends where something is raised."""
        with self._lock:
            self._busy += 1
        child = None
        try:
            child = self._free() or self._started()
            yield child
        except BaseException:
            if child is not None:
                child.end()
            raise
        else:
            self._idle.append(child)
        finally:
            with self._lock:
                self._busy -= 1
                self._since = time.monotonic()

    def _free(self) -> Child | None:
        while self._idle:
            child = self._idle.pop()
            if not child.has_ended:
                return child
        return None

    def _started(self) -> Child:
        child = Child(self._course, self._folder)
        with self._lock:
            if self.has_closed.is_set():
                child.end()
                raise NotPreparedError("this worker has left the run")
            self._children = [one for one in self._children if not one.has_ended] + [child]
        return child


def _check(equal: Mapping[str, str]) -> None:
    """Raises UnfitError where what is here is not what the client has."""
    if os.name != "posix":
        raise UnfitError("workers grade on Linux")
    here = equipment()
    other = [name for name, version in equal.items() if here.get(name) != version]
    if other == [FILES]:
        raise UnfitError(f"its gradcheck {here['gradcheck']} has other files than here; install the same")
    if other:
        theirs, ours = _listed(here, other), _listed(equal, other)
        raise UnfitError(f"it has {theirs}, and here is {ours}; install the same")


def _listed(versions: Mapping[str, str], names: Sequence[str]) -> str:
    return ", ".join(f"{name} {versions.get(name) or 'missing'}" for name in names if name != FILES)
