"""The fork server: a process that holds NumPy and no secret, and forks a child a submission."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.submission import messages
from gradcheck.submission.child import Desk, Student, serve
from gradcheck.submission.jail import kernel
from gradcheck.submission.link import Link
from gradcheck.submission.records import Budget, Call, Code

if TYPE_CHECKING:
    from gradcheck.submission.jail.confine import Jail
    from gradcheck.submission.jail.selftest import Trial


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
        full = forks and bool(settings)
        cell, desk = _Cell(None, inside=False), Desk(keeps_out=full)
        if full:
            cell = _fortify(control, json.loads(settings), desk)
        desk.take_over()
        gc.freeze()
        gc.enable()
        if not forks:
            serve(control.detach(), None, desk)
        if sys.platform == "linux":
            kernel.adopt_orphans()
        while descriptors := socket.recv_fds(control, 1, maxfds=2)[1]:
            child = os.fork()
            if child == 0:
                control.close()
                connection, *unsent = descriptors
                serve(connection, cell.jail, desk, *unsent)
            for descriptor in descriptors:
                os.close(descriptor)
            goes_on = _wait_for_word(control)
            status = _end(child, cell)
            if not goes_on:
                return
            control.sendall(b"%d" % status)


@dataclass(frozen=True)
class _Cell:
    """Where children are held."""

    jail: Jail | None
    """None for the light form."""
    inside: bool
    """Whether bubblewrap is around all processes that this one can see."""


def _fortify(control: socket.socket, settings: dict[str, str], desk: Desk) -> _Cell:
    """Make ready for the full form, and report what it holds."""
    from gradcheck.submission.jail.choice import strongest
    from gradcheck.submission.jail.preload import preload

    preload()
    # The folders that lead here hold more than a submission may import.
    sys.path[:] = [folder for folder in sys.path if folder not in sys.argv[2:4]]
    sys.path_importer_cache.clear()
    if sys.platform == "linux":
        kernel.hide_memory()
    _rehearse(desk)
    inside = settings["inside"] == "yes"
    without = settings["without"].split()
    trial = strongest(Path(settings["stages"]), Path(settings["hidden"]), without, inside=inside)
    _report(control, trial)
    return _Cell(trial.jail, inside)


_REHEARSAL = """\
import numpy as np

def f(W, x):
    return np.maximum(W @ x, 0).sum(axis=1, keepdims=True) * 1.0
"""
_REHEARSALS = 40
"""Python adapts code to its data after a few dozen runs of it."""


def _rehearse(desk: Desk) -> None:
    """Run through what every child does, so that children find it adapted, looked up and loaded."""
    code = Code(_REHEARSAL, "rehearsal.py", None, "g = f(W, x)", "rehearsal", 1)
    call = Call({"W": np.ones((2, 2)), "x": np.ones((2, 1))}, ("g",))
    student = Student(Budget())
    with contextlib.ExitStack() as stack:
        harness, child = (Link(stack.enter_context(end)) for end in socket.socketpair())
        for _ in range(_REHEARSALS):
            harness.send(messages.code_message(code), messages.call_message(call))
            for _ in (code, call):
                asked = messages.read_request(child.receive(messages.FROM_HARNESS))
                child.send(desk.answer(asked, student))
                harness.receive(messages.from_student(Budget(), call))


def _report(control: socket.socket, trial: Trial) -> None:
    said = {"layers": trial.jail.layers, "tried": trial.tried, "open": trial.open}
    control.sendall(json.dumps(said).encode("ascii") + b"\n")


def _wait_for_word(control: socket.socket) -> bool:
    """Wait until the child is to be ended; whether the harness itself is still there."""
    try:
        return bool(control.recv(1))
    except ConnectionError:
        return False


def _end(child: int, cell: _Cell) -> int:
    """Kill the child and all that it left behind. It is not reaped before, so its number is still its own."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if cell.inside:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
    while orphans := _children():
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)
    return status


def _children() -> list[int]:
    """This process's children, by birth or by adoption; none where the system doesn't tell."""
    try:
        return [int(pid) for pid in Path("/proc/thread-self/children").read_text("ascii").split()]
    except OSError:
        return []
