"""The process that student code runs in: a fork server that holds NumPy and no secret, and its children."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, TypeVar

import numpy as np

from harness.submission import messages
from harness.submission.capture import Tape, captured
from harness.submission.confine import adopt_orphans, confine
from harness.submission.execute import Session, load
from harness.submission.records import Budget, Call, Code, Failure, Outcome
from harness.submission.text import size
from harness.submission.wire import CRASHED, Link

_RESERVE = 16 << 20
_Result = TypeVar("_Result")


def main(descriptor: int) -> None:
    """Serve submissions over the inherited socket until the harness closes its end.

    For every connection that the harness sends, a child is forked that serves it. A byte from the harness,
    or the harness's end, ends the child; the answer is the child's exit code, or minus the signal's number.
    Where processes can't fork, the inherited socket is itself the one connection, and the harness starts
    a new process for the next.
    """
    with socket.socket(fileno=descriptor) as control:
        gc.freeze()
        gc.enable()
        if not hasattr(os, "fork"):
            _serve(control)
        adopt_orphans()
        while (connection := _next_connection(control)) is not None:
            child = os.fork()
            if child == 0:
                control.close()
                _serve(connection)
            connection.close()
            goes_on = _wait_for_word(control)
            status = _end(child)
            if not goes_on:
                return
            control.sendall(b"%d" % status)


def _next_connection(control: socket.socket) -> socket.socket | None:
    _, descriptors, _, _ = socket.recv_fds(control, 1, maxfds=1)
    return socket.socket(fileno=descriptors[0]) if descriptors else None


def _wait_for_word(control: socket.socket) -> bool:
    """Wait until the child is to be ended; whether the harness itself is still there."""
    try:
        return bool(control.recv(1))
    except ConnectionError:
        return False


def _end(child: int) -> int:
    """Kill the child and all that it left behind. It is not reaped before, so its number is still its own."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
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


def _serve(connection: socket.socket) -> NoReturn:
    try:
        _converse(Link(connection))
    except BaseException:
        # Heard by the harness up to the moment of silence, which is when it matters: a failed start.
        traceback.print_exc()
    finally:
        os._exit(CRASHED)


def _converse(link: Link) -> None:
    code, budget = messages.read_code(link.receive(messages.FROM_HARNESS))
    confine(budget)
    _silence()
    sys.dont_write_bytecode = True
    student, tape = _Student(budget), Tape(budget.output)
    with captured(tape):
        link.send(messages.READY)
        result = student.load(code)
        while True:
            reply = messages.Reply(result, tape.take(), tape.truncated)
            link.send(messages.reply_message(reply))
            result = student.call(messages.read_call(link.receive(messages.FROM_HARNESS)))


def _silence() -> None:
    """Whatever bypasses Python's own streams, such as a program that the code starts, prints to nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


class _Student:
    """A session in a process that outlives whatever the student's code raises."""

    _session: Session

    def __init__(self, budget: Budget) -> None:
        self._memory = budget.memory
        self._process = os.getpid()
        # Given up when memory runs out, so that there is some left to say so.
        self._reserve = np.empty(_RESERVE, np.uint8)

    def load(self, code: Code) -> Outcome | Failure:
        """An empty outcome once the code is loaded."""
        loaded = self._survive(lambda: load(code))
        if isinstance(loaded, Failure):
            return loaded
        self._session = loaded
        return Outcome({}, {}, ())

    def call(self, call: Call) -> Outcome | Failure:
        """The outcome of one call of the code that was loaded."""
        return self._survive(lambda: self._session.call(call))

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
