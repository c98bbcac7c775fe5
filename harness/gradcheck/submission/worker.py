"""The fork server: a process that holds NumPy and no secret, and forks a child a submission."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import mmap
import os
import select
import signal
import socket
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.submission import messages
from gradcheck.submission.alarm import Alarm
from gradcheck.submission.channel import Channel
from gradcheck.submission.child import Services, Student, serve
from gradcheck.submission.jail import kernel
from gradcheck.submission.packages import Installed
from gradcheck.submission.records import Budget, Call, Code
from gradcheck.submission.scratch import Scratch

if TYPE_CHECKING:
    from gradcheck.submission.jail.confine import Jail
    from gradcheck.submission.jail.selftest import Trial

_LOOK = 0.05
"""Seconds between two looks at what a child has written."""
_GLANCES, _GLANCE = 100, 0.001
"""How often, and after how many seconds each, to look whether a process that is ending has ended."""


def main(descriptor: int, settings: str) -> None:
    """Serve submissions over the inherited socket until the harness closes its end.

    For every connection that the harness sends, a child is forked that serves it. A byte from the harness,
    or the harness's end, ends the child; the answer is the child's exit code, or minus the signal's number.
    Where processes can't fork, the inherited socket is itself the one connection, and the harness starts
    a new process for the next. `settings` is "" for the light form; for the full form it is JSON, and the
    first thing that is said is the outcome of the self-test, a line of JSON.
    """
    with socket.socket(fileno=descriptor) as control:
        forks = hasattr(os, "fork")
        given = json.loads(settings)
        full = forks and given["full"]
        installed = Installed.of_data(given["installed"])
        cell = _Cell(None, Scratch(given["scratch"]), inside=False)
        services = Services(installed, keeps_out=full)
        if full:
            # In the light form code may start processes: this one ends them when the harness closes its end.
            if sys.platform == "linux":
                kernel.die_with_parent()
            cell = _fortify(control, given, installed, services)
        del sys.argv[1:], sys.orig_argv[1:]
        services.take_over()
        gc.freeze()
        gc.enable()
        if not forks:
            serve(control.detach(), None, services)
        if sys.platform == "linux":
            kernel.adopt_orphans()
        _serve_all(control, cell, services)


@dataclass(frozen=True)
class _Cell:
    """Where children are held."""

    jail: Jail | None
    """None for the light form."""
    scratch: Scratch
    """Where they may write."""
    inside: bool
    """Whether bubblewrap is around all processes that this one can see."""


def _serve_all(control: socket.socket, cell: _Cell, services: Services) -> None:
    """Fork a child for every connection, until the harness is gone."""
    plain = _memory_in_use()
    while True:
        asked, descriptors, _, _ = socket.recv_fds(control, 1 << 16, maxfds=2)
        if not descriptors:
            return
        _load(asked.decode("ascii").split())
        loaded = _memory_in_use() - plain
        child = os.fork()
        if child == 0:
            control.close()
            serve(descriptors[0], cell.jail, services, unsent=descriptors[1:], loaded=loaded)
        for descriptor in descriptors:
            os.close(descriptor)
        goes_on, overfull = _wait_for_word(control, child, cell.scratch)
        status, alone, seconds = _end(child, cell)
        if not goes_on:
            return
        control.sendall(b"%d %d %d %f" % (status, alone, overfull, seconds))


def _load(modules: list[str]) -> None:
    """Load what the next child, and others after it, will import; what fails is the child's affair."""
    for name in modules:
        if name not in sys.modules:
            with contextlib.suppress(Exception), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                importlib.import_module(name)


def _memory_in_use() -> int:
    """Bytes of address space; 0 where the system doesn't tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * mmap.PAGESIZE
    except OSError:
        return 0


def _fortify(
    control: socket.socket, settings: dict[str, Any], installed: Installed, services: Services
) -> _Cell:
    """Make ready for the full form, and report what it holds."""
    from gradcheck.submission.jail.choice import Surroundings, strongest
    from gradcheck.submission.jail.preload import preload

    preload()
    # The folder that leads here holds more than a submission may import.
    sys.path[:] = [folder for folder in sys.path if folder not in sys.argv[2:4]]
    sys.path_importer_cache.clear()
    if sys.platform == "linux":
        kernel.hide_memory()
    _rehearse(services)
    inside, scratch, uid = settings["inside"], Scratch(settings["scratch"]), settings["uid"]
    around = Surroundings(
        stages=Path(settings["stages"]),
        scratch=Path(scratch.folder),
        hidden=Path(settings["hidden"]),
        installed=installed,
        uid=uid,
        inside=inside,
    )
    trial = strongest(around, settings["without"])
    if trial.jail.uid is not None:
        os.chown(scratch.folder, trial.jail.uid, trial.jail.uid)
    _report(control, trial)
    return _Cell(trial.jail, scratch, inside)


_REHEARSAL = """\
import numpy as np

def f(W, x):
    return np.maximum(W @ x, 0).sum(axis=1, keepdims=True) * 1.0
"""
_REHEARSALS = 40
"""Python adapts code to its data after a few dozen runs of it."""


def _rehearse(services: Services) -> None:
    """Run through what every child does, so that children find it adapted, looked up and loaded."""
    code = Code(_REHEARSAL, "rehearsal.py", None, "g = f(W, x)", "rehearsal", 1)
    call = Call({"W": np.ones((2, 2)), "x": np.ones((2, 1))}, ("g",))
    student = Student(Budget(), services.advised, Alarm(services.stopwatch))
    with contextlib.ExitStack() as stack:
        harness, child = (Channel(stack.enter_context(end)) for end in socket.socketpair())
        for _ in range(_REHEARSALS):
            harness.send(messages.code_message(code), messages.call_message(call))
            for request in (None, call):
                asked = messages.read_request(child.receive(messages.FROM_HARNESS))
                child.send(services.answer(asked, student))
                harness.receive(messages.from_student(Budget(), request))


def _report(control: socket.socket, trial: Trial) -> None:
    outcome = {"layers": trial.jail.layers, "tried": trial.tried, "open": trial.open}
    control.sendall(json.dumps(outcome).encode("ascii") + b"\n")


def _wait_for_word(control: socket.socket, child: int, scratch: Scratch) -> tuple[bool, bool]:
    """Wait until the child is to be ended: whether the harness is still there.

    And whether the child wrote too much, which ends it at once.
    """
    overfull = False
    while not select.select([control], [], [], None if overfull else _LOOK)[0]:
        if scratch.is_overfull():
            overfull = True
            os.kill(child, signal.SIGKILL)
    try:
        return bool(control.recv(1)), overfull
    except ConnectionError:
        return False, overfull


def _end(child: int, cell: _Cell) -> tuple[int, bool, float]:
    """Kill the child and all that it left behind. It is not reaped before, so its number is still its own.

    Its exit code or minus the signal's number, whether it ended alone, and the processor time that it used.
    """
    alone = _is_over(child)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    _, waited, usage = os.wait4(child, 0)
    status = os.waitstatus_to_exitcode(waited)
    if cell.inside:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
    while orphans := _children():
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)
    cell.scratch.clear()
    return status, alone, usage.ru_utime + usage.ru_stime


def _is_over(child: int) -> bool:
    """Whether the child has ended, by itself or by a stranger; one that is about to is waited for."""
    # The end of its connection is heard of a moment before the process is over.
    for _ in range(_GLANCES):
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return True
        if not _is_exiting(child):
            return False
        time.sleep(_GLANCE)
    return False


def _is_exiting(process: int) -> bool:
    """Whether the kernel is taking the process apart (PF_EXITING of linux/sched.h)."""
    try:
        return bool(int(Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[6]) & 4)
    except OSError:
        return False


def _children() -> list[int]:
    """This process's children, by birth or by adoption; none where the system doesn't tell."""
    try:
        return [int(pid) for pid in Path("/proc/thread-self/children").read_text("ascii").split()]
    except OSError:
        return []
