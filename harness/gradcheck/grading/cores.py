"""The machine's cores, and which of them a process that grades keeps to."""

from __future__ import annotations

import os
import sys


def available() -> list[int]:
    """The cores that this process may run on."""
    if sys.platform == "linux":
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def seats(jobs: int) -> list[int | None]:
    """A core for each of `jobs` processes; None for whichever the system gives it.

    A process that grades and its children work by turns: moved between cores, they lose a sixth of their
    speed. A core is set aside only where the jobs fill all of them, so that two runs do not share one.
    """
    cores = available()
    if jobs < len(cores):
        return [None] * jobs
    return [cores[job % len(cores)] for job in range(jobs)]


def keep_to(core: int | None) -> None:
    """Stay on that core, with all children to come; where the system has no such thing, go on as before."""
    if core is not None and sys.platform == "linux":
        os.sched_setaffinity(0, {core})
