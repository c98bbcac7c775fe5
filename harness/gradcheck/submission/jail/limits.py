"""Limits of the operating system on what a process may use up."""

from __future__ import annotations

import contextlib
import math
import os
import sys

from gradcheck.submission.records import IMPORTS, Start
from gradcheck.submission.scratch import MAX_BYTES

if sys.platform != "win32":
    import resource

_FILES = 64
_STACK = 8 << 20
THREADS = 64
"""The most that a stranger's code may run at a time."""


def limit(start: Start, loaded: int = 0) -> None:
    """Memory, processor time, small files. A limit that the system doesn't know is left out (macOS: AS).

    `loaded` is how many bytes of this process's memory were there before anybody asked for them.
    """
    _limit("AS", start.budget.memory + loaded)
    _limit("CPU", processor_seconds(start), spare=1)
    _limit("CORE", 0)
    _limit("FSIZE", MAX_BYTES)


def processor_seconds(start: Start) -> int:
    """How long the process may compute, over all its threads and runs.

    The harness watches the clock; this limit ends a process that the harness no longer watches.
    """
    cores = min(os.cpu_count() or 1, THREADS)
    return cores * (start.runs * (math.ceil(start.budget.seconds) + 1) + math.ceil(IMPORTS))


def limit_strictly(others: int) -> None:
    """What only a stranger's code must not have: many threads, locked memory, queues, many open files.

    `others` is how many threads the same user runs besides.
    """
    _limit("NPROC", THREADS + others)
    for name in ("MEMLOCK", "MSGQUEUE"):
        _limit(name, 0)
    _limit("NOFILE", _FILES)
    _limit("STACK", _STACK)


def _limit(name: str, value: int, spare: int = 0) -> None:
    """The hard limit leaves `spare` more, so that the signal of the soft one comes first."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(AttributeError, OSError, ValueError):
        kind = getattr(resource, f"RLIMIT_{name}")
        most = resource.getrlimit(kind)[1]
        soft, hard = (
            limit if most == resource.RLIM_INFINITY else min(limit, most) for limit in (value, value + spare)
        )
        resource.setrlimit(kind, (soft, hard))
