"""Processes beside the command: each is forked from one that has loaded gradcheck, and has no truth in it.

A fork of the command itself would copy the answers, and whatever lock one of its threads holds; a process
that begins anew loads NumPy and gradcheck again.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import forkserver

_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
_CONTEXT = multiprocessing.get_context("forkserver" if _FORKS else "spawn")


def load() -> None:
    """Have gradcheck loaded for processes to come, while the caller goes on."""
    if _FORKS:
        _CONTEXT.set_forkserver_preload(["gradcheck.grading.grader"])
        forkserver.ensure_running()


def pool(size: int, start: Callable[..., object], *arguments: object) -> ProcessPoolExecutor:
    """At most `size` processes, each of which calls `start` first."""
    return ProcessPoolExecutor(size, mp_context=_CONTEXT, initializer=start, initargs=arguments)
