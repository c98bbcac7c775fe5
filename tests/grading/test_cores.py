"""Which cores the processes that grade keep to."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gradcheck.grading.cores import available, seats

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process can be told where to run")


@pytest.mark.parametrize("jobs", [1, 2, 3, 8])
def test_a_seat_each(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    """Jobs that fill the machine share its cores evenly; fewer go where the system likes."""
    monkeypatch.setattr("gradcheck.grading.cores.available", lambda: [0, 3, 5])
    expected = {1: [None], 2: [None, None], 3: [0, 3, 5], 8: [0, 3, 5, 0, 3, 5, 0, 3]}
    assert seats(jobs) == expected[jobs]


@LINUX
def test_children_stay_on_the_core() -> None:
    """A process that keeps to a core has children that do; nobody else is moved."""
    core = available()[-1]
    code = (
        "import os, subprocess, sys\n"
        "from gradcheck.grading.cores import keep_to\n"
        f"keep_to(None); before = os.sched_getaffinity(0); keep_to({core})\n"
        "child = [sys.executable, '-c', 'import os; print(*os.sched_getaffinity(0))']\n"
        "print(before == set(map(int, sys.argv[1:])), subprocess.check_output(child, text=True))\n"
    )
    command = [sys.executable, "-c", code, *map(str, available())]
    assert subprocess.check_output(command, text=True).split() == ["True", str(core)]
    assert available() == sorted(os.sched_getaffinity(0))
