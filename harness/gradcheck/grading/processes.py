"""Processes beside the command: each is forked from one that has loaded gradcheck, and has no truth in it.

A fork of the command itself would copy the answers, and whatever lock one of its threads holds; a process
that begins anew loads NumPy and gradcheck again.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import BaseContext

from gradcheck import shortage
from gradcheck.errors import GradcheckError

_SEMAPHORES = "/dev/shm"


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
