"""Processes beside the command: each is forked from one that has loaded gradcheck, and has no truth in it.

A fork of the command itself would copy the answers, and whatever lock one of its threads holds; a process
that begins anew loads NumPy and gradcheck again.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import TypeVar

from gradcheck import shortage
from gradcheck.errors import GradcheckError
from gradcheck.grading.lifetime import end_all

_SEMAPHORES = "/dev/shm"
_INTERVAL = 0.5
"""Seconds between two looks at the threads of pools."""
_PATIENCE = 20.0
"""Seconds that a process may take to end when it is asked to."""

_Result = TypeVar("_Result")


def load() -> None:
    """Have gradcheck loaded for processes to come, while the caller goes on."""
    _context()


def pool(size: int, start: Callable[..., object], *arguments: object) -> ProcessPoolExecutor:
    """At most `size` processes, each of which calls `start` first; GradcheckError where none can be."""
    try:
        return ProcessPoolExecutor(size, mp_context=_context(), initializer=start, initargs=arguments)
    except OSError as error:
        if shortage.is_short(error):
            raise
        raise GradcheckError(f"{_SEMAPHORES}: {error.strerror}; processes need it to be writable") from None


class Watch:
    """Watches the threads of pools while it lasts.

    A pool has threads that carry tasks and results. One that ends by an error, since the machine allows no
    further thread for instance, leaves tasks that are never done, without an error at them.
    """

    def __init__(self) -> None:
        self._errors: list[BaseException] = []

    def __enter__(self) -> Watch:
        self._before, threading.excepthook = threading.excepthook, self._note
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        threading.excepthook = self._before

    def check(self) -> None:
        """Raises what has ended a thread, and ends all processes, which nobody could ask for an answer."""
        if self._errors:
            end_all()
            for child in multiprocessing.active_children():
                child.join(_PATIENCE)
            raise self._errors[0]

    def result(self, future: Future[_Result]) -> _Result:
        """What a process has answered, or what it or a thread has raised."""
        while not future.done():
            self.check()
            wait([future], timeout=_INTERVAL)
        return future.result()

    def _note(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._errors.append(arguments.exc_value)


@cache
def _context() -> BaseContext:
    """Forks where there can be any; else each process begins anew.

    One asks for a fork at a socket, whose path in the temporary folder may have some hundred bytes: where
    TMPDIR is longer, there is none (https://github.com/python/cpython/issues/132124).
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    multiprocessing.set_forkserver_preload(["gradcheck.grading.grader"])
    try:
        forkserver.ensure_running()
    except OSError:
        return multiprocessing.get_context("spawn")
    return multiprocessing.get_context("forkserver")
