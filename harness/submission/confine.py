"""What a process gives up before it runs a student's code: the one place for all such protections."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import sys

from harness.submission.records import Budget

if sys.platform != "win32":
    import resource

if sys.platform == "linux":
    _libc = ctypes.CDLL(None)

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def confine(budget: Budget) -> None:
    """Tie this process to its parent's life, to a process group of its own and to its budget.

    A limit that the system doesn't know is left out (macOS has no RLIMIT_AS).
    """
    if sys.platform == "win32":
        return
    with contextlib.suppress(PermissionError):  # it leads a group of its own already
        os.setsid()
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _limit("RLIMIT_AS", budget.memory)
    # The harness watches the clock; this one ends a process that the harness no longer watches.
    _limit("RLIMIT_CPU", math.ceil(budget.seconds) + 1)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", 0)


def adopt_orphans() -> None:
    """Become the parent of every process that a child of this one leaves behind (Linux only)."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _limit(name: str, value: int) -> None:
    with contextlib.suppress(AttributeError, OSError, ValueError):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0)
