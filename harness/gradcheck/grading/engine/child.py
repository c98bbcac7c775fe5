"""A process that grades for a worker of a cluster, and the worker's end of it.

The worker may not fork by `multiprocessing`, as it is a daemon itself, and its threads come and go: so the
process is a command, which ends when the worker's end of their connection is closed, however that comes.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gradcheck.errors import GradcheckError
from gradcheck.grading import grader
from gradcheck.grading.engine.course import Course
from gradcheck.grading.engine.mirror import Mirror
from gradcheck.grading.engine.parcel import Parcel, unpacked
from gradcheck.grading.records import Row

TIDYING = 10.0
"""Seconds that tidying up may take at the end."""

_COMMAND = "import sys; from gradcheck.grading.engine.child import main; main(int(sys.argv[1]))"


class ChildLostError(GradcheckError):
    """A process that grades for a worker has ended in the midst of its work."""


class Child:
    """A process that grades, in a folder of its own below `folder`, where answers are kept, too."""

    def __init__(self, course: Course, folder: Path) -> None:
        """Start it, and return when it is known what holds student code there.

        Raises UnprotectedError where nothing does and should, and ChildLostError.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _COMMAND, str(theirs.fileno())],
                env={"OPENBLAS_NUM_THREADS": "1", **os.environ, "GRADCHECK_CACHE": str(folder / "cache")},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C in the terminal is for the client alone
            )
        self._ours = ours
        self._connection = Connection(os.dup(ours.fileno()))
        try:
            self._send((course, folder / os.urandom(4).hex()))
            self.protection: str = self.answer()
            """What holds student code."""
        except BaseException:
            self.end()
            raise

    @property
    def has_ended(self) -> bool:
        """Whether the process is no more."""
        return self._process.poll() is not None

    def ask(self, parcel: Parcel) -> None:
        """Have a submission graded; its rows are the next answer."""
        self._send(parcel)

    def answers_within(self, seconds: float) -> bool:
        """Whether there is an answer, or the process's end, after so many seconds at most."""
        return self._connection.poll(seconds)

    def answer(self) -> Any:
        """Wait for the answer. Raises what the process has raised, and ChildLostError where it has ended."""
        try:
            value, error = self._connection.recv()
        except (OSError, EOFError):
            raise ChildLostError(_LOST) from None
        if error is not None:
            raise error
        return value

    def end(self) -> None:
        """Shut the connection: the process ends, and so does waiting for its answer. It returns at once."""
        with contextlib.suppress(OSError):
            self._ours.shutdown(socket.SHUT_RDWR)
        self._ours.close()
        threading.Thread(target=self._process.wait, daemon=True).start()

    def _send(self, message: object) -> None:
        try:
            self._connection.send(message)
        except OSError:
            raise ChildLostError(_LOST) from None


_LOST = "a process that grades for a worker was lost: killed, or short of memory or processes"


def main(descriptor: int) -> None:
    """Grade what comes in, until the worker's end is closed."""
    connection = Connection(descriptor)
    with contextlib.suppress(EOFError, OSError):  # what is raised in between is an answer
        course, root = connection.recv()
        mirror = Mirror(root, course.folder)
        connection.send(_outcome(partial(_protection, course, mirror, descriptor)))
        while True:
            connection.send(_outcome(partial(_rows, connection.recv(), mirror)))
    time.sleep(TIDYING)  # in the other thread, which notices the end, too, and then ends the process


def _protection(course: Course, mirror: Mirror, descriptor: int) -> str:
    """Become a grader; what holds student code."""
    course.lay_out(mirror)
    grader.start(mirror.terms(course.terms), None, partial(_wait_for_hang_up, descriptor))
    os.chdir(mirror.folder)
    return str(grader.insist())


def _rows(parcel: Parcel, mirror: Mirror) -> list[Row]:
    with unpacked(parcel, mirror) as task:
        return [mirror.seen_from_client(row) for row in grader.grade(task)]


def _outcome(act: Callable[[], Any]) -> tuple[Any, Exception | None]:
    """What is returned, or else what is raised."""
    try:
        return act(), None
    except Exception as error:
        return None, error


def _wait_for_hang_up(descriptor: int) -> None:
    hang_up = select.poll()
    hang_up.register(descriptor, 0)
    hang_up.poll()
