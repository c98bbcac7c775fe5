"""The process that student code runs in: a fork server that holds NumPy and no secret, and its children."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import numpy as np

from harness.submission import messages
from harness.submission.capture import Tape, captured
from harness.submission.execute import Session, imports_undone, load
from harness.submission.foreign import Doorkeeper
from harness.submission.jail import kernel
from harness.submission.jail.confine import Jail, tie
from harness.submission.link import Link
from harness.submission.outbox import Outbox
from harness.submission.records import Budget, Call, Code, Failure, Outcome
from harness.submission.text import size
from harness.submission.wire import CRASHED

if TYPE_CHECKING:
    from harness.submission.jail.selftest import Trial

_RESERVE = 16 << 20
_Result = TypeVar("_Result")


def main(descriptor: int, settings: str) -> None:
    """Serve submissions over the inherited socket until the harness closes its end.

    For every connection that the harness sends, a child is forked that serves it. A byte from the harness,
    or the harness's end, ends the child; the answer is the child's exit code, or minus the signal's number.
    Where processes can't fork, the inherited socket is itself the one connection, and the harness starts
    a new process for the next. `settings` is "" for the light form; for the full form it is JSON, and the
    first thing that is said is the outcome of the self-test, a line of JSON.
    """
    with socket.socket(fileno=descriptor) as control:
        cell = _Cell(None, inside=False)
        if settings and hasattr(os, "fork"):
            cell = _fortify(control, json.loads(settings))
        gc.freeze()
        gc.enable()
        if not hasattr(os, "fork"):
            _serve(control, cell)
        if sys.platform == "linux":
            kernel.adopt_orphans()
        while descriptors := socket.recv_fds(control, 1, maxfds=2)[1]:
            child = os.fork()
            if child == 0:
                control.close()
                connection, *unsent = descriptors
                _serve(socket.socket(fileno=connection), cell, *unsent)
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


def _fortify(control: socket.socket, settings: dict[str, str]) -> _Cell:
    """Make ready for the full form, and report what it holds."""
    from harness.submission.jail.choice import strongest
    from harness.submission.jail.preload import preload

    preload()
    # The folders that lead here hold more than a submission may import.
    sys.path[:] = [folder for folder in sys.path if folder not in sys.argv[2:4]]
    sys.path_importer_cache.clear()
    if sys.platform == "linux":
        kernel.hide_memory()
    _rehearse()
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


def _rehearse() -> None:
    """Run through what every child does, so that children find it adapted, looked up and loaded."""
    code = Code(_REHEARSAL, "rehearsal.py", None, "g = f(W, x)", "rehearsal", 1)
    call = Call({"W": np.ones((2, 2)), "x": np.ones((2, 1))}, ("g",))
    student, tape = _Student(Budget()), Tape(1000)
    with contextlib.ExitStack() as stack:
        harness, child = (Link(stack.enter_context(end)) for end in socket.socketpair())
        for _ in range(_REHEARSALS):
            harness.send(messages.code_message(code), messages.call_message(call))
            with captured(tape):
                for _ in (code, call):
                    asked = messages.read_request(child.receive(messages.FROM_HARNESS))
                    result = student.load(asked) if isinstance(asked, Code) else student.call(asked)
            child.send(messages.reply_message(messages.Reply(result, *tape.take())))
            harness.receive(messages.from_student(Budget()))


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


def _serve(connection: socket.socket, cell: _Cell, unsent: int | None = None) -> NoReturn:
    try:
        _converse(connection, cell.jail, unsent)
    except BaseException:
        # Heard by the harness up to the moment of silence, which is when it matters: a failed start.
        traceback.print_exc()
    finally:
        os._exit(CRASHED)


def _converse(connection: socket.socket, jail: Jail | None, unsent: int | None) -> None:
    outbox = None if jail is None else Outbox(connection.detach(), unsent)
    link = Link(outbox or connection)
    start = messages.read_start(link.receive(messages.FROM_HARNESS))
    if start.folder:
        os.chdir(start.folder)
    sys.dont_write_bytecode = True
    if jail is None:
        tie(start)
    _silence()
    if jail and outbox:
        jail.enter(start, outbox.connection)
    _answer(link, outbox, start.budget)


def _answer(link: Link, outbox: Outbox | None, budget: Budget) -> NoReturn:
    """Do what is asked for, one job after the other; there is an outbox in the full form."""
    doorkeeper, tape = Doorkeeper(keeps_out=outbox is not None), Tape(budget.output)
    doorkeeper.stand()
    link.send(messages.READY)
    student = _Student(budget)
    with captured(tape):
        while True:
            request = messages.read_request(link.receive(messages.FROM_HARNESS))
            if outbox and isinstance(request, Code):
                outbox.next_job()
            begun = time.monotonic()
            result = student.load(request) if isinstance(request, Code) else student.call(request)
            seconds = time.monotonic() - begun
            reply = messages.Reply(result, *tape.take(), doorkeeper.take(), seconds)
            link.send(messages.reply_message(reply))


def _silence() -> None:
    """Whatever bypasses Python's own streams, such as a program that the code starts, prints to nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


class _Student:
    """Submissions in a process that outlives whatever their code raises."""

    _session: Session | Failure

    def __init__(self, budget: Budget) -> None:
        self._memory = budget.memory
        self._process = os.getpid()
        self._modules = contextlib.ExitStack()
        # Given up when memory runs out, so that there is some left to say so.
        self._reserve = np.empty(_RESERVE, np.uint8)

    def load(self, code: Code) -> Outcome | Failure:
        """An empty outcome once the code is loaded, in place of the one before."""
        self._modules.close()
        self._modules.enter_context(imports_undone(code))
        self._session = self._survive(lambda: load(code))
        return self._session if isinstance(self._session, Failure) else Outcome({}, {}, ())

    def call(self, call: Call) -> Outcome | Failure:
        """The outcome of one call of the code that was loaded; its failure where it did not load."""
        session = self._session
        return session if isinstance(session, Failure) else self._survive(lambda: session.call(call))

    def _survive(self, step: Callable[[], _Result | Failure]) -> _Result | Failure:
        try:
            result = step()
        except KeyboardInterrupt:
            result = Failure("exception", "KeyboardInterrupt: the code interrupts itself")
        except MemoryError:
            self._reserve = np.empty(0, np.uint8)
            result = Failure("memory", "MemoryError")
        # A copy of this process that the student's code has forked must not answer as well.
        if os.getpid() != self._process:
            os._exit(0)
        if isinstance(result, Failure) and result.kind == "memory":
            return replace(result, message=f"{result.message} (it may use {size(self._memory)})")
        return result
