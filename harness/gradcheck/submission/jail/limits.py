"""Limits of the operating system on what a process may use up."""

from __future__ import annotations

import contextlib
import math
import sys

from gradcheck.submission.records import Start

if sys.platform != "win32":
    import resource

_FILES = 64
_STACK = 8 << 20


def limit(start: Start) -> None:
    """Memory, processor time, and no files. A limit that the system doesn't know is left out (macOS: AS)."""
    _limit("AS", start.budget.memory)
    # The harness watches the clock; this one ends a process that the harness no longer watches.
    _limit("CPU", start.runs * (math.ceil(start.budget.seconds) + 1))
    _limit("CORE", 0)
    _limit("FSIZE", 0)


def limit_strictly() -> None:
    """What only a stranger's code must not have: processes, locked memory, queues, many open files."""
    for name in ("NPROC", "MEMLOCK", "MSGQUEUE"):
        _limit(name, 0)
    _limit("NOFILE", _FILES)
    _limit("STACK", _STACK)


def _limit(name: str, value: int) -> None:
    if sys.platform == "win32":
        return
    with contextlib.suppress(AttributeError, OSError, ValueError):
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))
