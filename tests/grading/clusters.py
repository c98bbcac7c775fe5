"""Dask clusters of real processes, and what a run on one leaves in its gradebook."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gradcheck.errors import GradcheckError
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.run import GRADEBOOK
from processes import is_running

PATIENCE = 120.0
"""Seconds after which a test gives up waiting; it never takes that long."""
_DASK = str(Path(sys.executable).with_name("dask"))
_GRADE = ["grade", "submissions", "--spec", "specs", "--seed", "1"]


class Cluster:
    """A scheduler, and workers without a process that starts them again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file = folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(self.file))
        wait_for(self.file.exists)

    def worker(self, patch: str = "", python_path: str = "", threads: int = 1) -> subprocess.Popen[bytes]:
        """A worker that has joined; every Python process there begins with executing `patch`."""
        place = self._folder / f"worker{len(self.processes)}"
        place.mkdir()
        (place / "sitecustomize.py").write_text(patch, encoding="utf-8")
        count = self.joined()
        started = self._start(
            *("worker", "--scheduler-file", str(self.file), "--no-nanny", "--no-dashboard"),
            *("--nthreads", str(threads), "--local-directory", str(place), "--name", place.name),
            PYTHONPATH=f"{place}{os.pathsep}{python_path}",
            GRADCHECK_CACHE=str(place / "cache"),
        )
        wait_for(lambda: self.joined() > count)
        return started

    def joined(self) -> int:
        """How many workers have joined so far."""
        return self._log.read_text("utf-8").count("Register worker")

    @property
    def _log(self) -> Path:
        return self._folder / "scheduler.log"

    def _start(self, what: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{what}.log").open("ab") as log:
            started = subprocess.Popen(
                [_DASK, what, *arguments], env=os.environ | environment, stdout=log, stderr=log
            )
        self.processes.append(started)
        return started


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster that ends with the test, whatever fails."""
    folder.mkdir()
    one = Cluster(folder)
    try:
        yield one
    finally:
        for process in one.processes:
            process.kill()
            process.wait()


@contextmanager
def grading(project: Path, out: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    """`gradcheck grade` in the project's folder."""
    with subprocess.Popen(
        [sys.executable, "-m", "gradcheck", *_GRADE, "--out", out, *more],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as run:
        try:
            yield run
        finally:
            run.kill()


def graded(project: Path, out: str, *more: str) -> str:
    """What the command says on its standard error when it has graded."""
    with grading(project, out, *more) as run:
        _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, said
    return said


def on(one: Cluster) -> list[str]:
    """The options by which a cluster grades."""
    return ["--engine", "dask", "--scheduler", str(one.file)]


def rows(project: Path, out: str) -> dict[tuple[str, str], dict[str, Any]]:
    """All that a gradebook holds, but for how long it took."""
    with Gradebook.reading(project / out / GRADEBOOK) as book:
        found = [asdict(row) | {"seconds": None, "data": json.loads(row.data)} for row in book.rows()]
    return {(row["submission"], row["spec"]): row for row in found}


def recorded(project: Path, out: str) -> int:
    """How many rows a gradebook has by now."""
    try:
        return len(rows(project, out))
    except GradcheckError:  # there is no gradebook yet, or it is only just being made
        return 0


def graders(worker: subprocess.Popen[bytes]) -> list[int]:
    """The processes that grade for a worker: all that its threads have started."""
    threads = Path(f"/proc/{worker.pid}/task").iterdir()
    every = {int(one) for thread in threads for one in (thread / "children").read_text("ascii").split()}
    return [one for one in every if is_running(one)]


def wait_for(what: Callable[[], bool]) -> None:
    """Until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
