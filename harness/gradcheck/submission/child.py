"""A child of the fork server: it answers for one submission, and outlives whatever that raises."""

from __future__ import annotations

import builtins
import contextlib
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, TypeVar

import numpy as np

from gradcheck.submission import messages
from gradcheck.submission.alarm import Alarm
from gradcheck.submission.capture import Tape, captured
from gradcheck.submission.channel import Channel
from gradcheck.submission.display import DEBUGGERS, DisplayFinder, Stub
from gradcheck.submission.execute import folder_of, imports_undone, load
from gradcheck.submission.foreign import Doorkeeper
from gradcheck.submission.imports import PackageFinder, Stopwatch
from gradcheck.submission.jail.light import tie
from gradcheck.submission.jail.limits import THREADS
from gradcheck.submission.outbox import Outbox
from gradcheck.submission.packages import Installed
from gradcheck.submission.records import Budget, Call, Code, Failure, Loaded, Outcome
from gradcheck.submission.restricted import Auditor
from gradcheck.submission.rights import be_lenient
from gradcheck.submission.session import Session
from gradcheck.submission.text import size
from gradcheck.submission.wire import CRASHED, Message

if TYPE_CHECKING:
    from gradcheck.submission.jail.confine import Jail

_RESERVE = 16 << 20
_ALLOWED = (
    "a class's code can read its own folder, write temporary files (tempfile) and run up to "
    f"{THREADS} threads, but start no program and use no network"
)
_REFUSED = ("PermissionError", "OSError: [Errno 30]", "RuntimeError: can't start new thread", "itimer_error")
"""How exceptions begin that tell of what is not allowed; number 30 is that of a read-only file system."""
_IMPATIENT = 0.25
"""What share of its time to load a file gets once it has run out of that: it would do so for every spec."""
_Result = TypeVar("_Result")


class Services:
    """What every child works with, and the fork server makes for all."""

    def __init__(self, installed: Installed, *, keeps_out: bool) -> None:
        """`keeps_out` tells whether modules that derive gradients can't be imported."""
        self.tape = Tape(0)
        self.stopwatch = Stopwatch()
        """Of the imports of installed packages."""
        self._packages = PackageFinder(installed, self.stopwatch)
        self._doorkeeper = Doorkeeper(keeps_out=keeps_out)
        self._auditor = Auditor()
        self._confines = keeps_out
        self._streams = contextlib.ExitStack()

    def take_over(self) -> None:
        """From here on, what is printed is kept and imports are watched."""
        self._streams.enter_context(captured(self.tape))
        self._packages.stand()
        self._packages.remember_folders()
        DisplayFinder().stand()
        builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]
        for name in ("get_ipython", "display"):  # as in a notebook
            setattr(builtins, name, Stub(name))
        sys.breakpointhook = lambda *_, **__: None
        for name in DEBUGGERS:  # where something has loaded one: a stand-in takes its place
            sys.modules.pop(name, None)
        self._doorkeeper.stand()

    def watch(self) -> None:
        """From here on, what a class's code may not do is noticed; in the full form it is advised about."""
        self._auditor.listen()
        if self._confines:
            be_lenient(os.environ["TMPDIR"])

    def answer(self, request: Code | Call, student: Student) -> Message:
        """Do what is asked for; what came of it, and what happened since the last time."""
        begun = time.monotonic()
        result = student.load(request) if isinstance(request, Code) else student.call(request)
        seconds = max(0.0, time.monotonic() - begun - self.stopwatch.take())
        done = self._auditor.take()
        noticed = self._doorkeeper.take(), () if self._confines else done
        return messages.reply_message(messages.Reply(result, *self.tape.take(), *noticed, seconds))

    def advised(self, failure: Failure) -> Failure:
        """With a word on what is allowed here, where that seems to be what went wrong."""
        if not self._confines:
            return failure
        advice = self._auditor.advice(failure.message)
        if advice is None and failure.message.startswith(_REFUSED):
            advice = _ALLOWED
        return replace(failure, message=f"{failure.message}; {advice}") if advice else failure


def serve(
    connection: int, jail: Jail | None, services: Services, *, unsent: Sequence[int] = (), loaded: int = 0
) -> NoReturn:
    """Answer over the descriptor `connection` until the end of this process; `jail` is that of the full form.

    Answers may wait in the memory of which `unsent` may hold the descriptor: see Outbox. `loaded` is how
    many bytes of memory other submissions' packages take up here.
    """
    try:
        # Held here, so that the harness hears of the end of this process before that of the connection.
        stream = Outbox(connection, *unsent) if jail else socket.socket(fileno=connection)
        _converse(stream, jail, services, loaded)
    except BaseException:
        # Heard by the harness up to the moment of silence, which is when it matters: a failed start.
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(CRASHED)


def _converse(stream: Outbox | socket.socket, jail: Jail | None, services: Services, loaded: int) -> NoReturn:
    channel = Channel(stream)
    start = messages.read_start(channel.receive(messages.FROM_HARNESS))
    if start.folder:
        os.chdir(start.folder)
    sys.dont_write_bytecode = True
    if jail is None:
        tie(start, loaded)
    _silence()
    if jail:
        jail.enter(start, stream.fileno(), loaded)
    _reset_signals()
    services.tape.limit = start.budget.output
    services.watch()
    services.stopwatch.tell = lambda begins: _tell_of_import(channel, stream, begins)
    student = Student(start.budget, services.advised, Alarm(services.stopwatch))
    channel.send(messages.READY)
    while True:
        request = messages.read_request(channel.receive(messages.FROM_HARNESS))
        if isinstance(stream, Outbox) and isinstance(request, Code):
            stream.next_job()
        channel.send(services.answer(request, student))


def _tell_of_import(channel: Channel, stream: Outbox | socket.socket, begins: bool) -> None:
    """The harness stops its clock when it hears of it: this must not wait for the answers."""
    channel.send(messages.IMPORT_BEGINS if begins else messages.IMPORT_ENDS)
    if isinstance(stream, Outbox):
        stream.flush()


def _reset_signals() -> None:
    """As Python has them: a command that runs in the background hands on that it ignores some."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_DFL)


def _silence() -> None:
    """Whatever bypasses Python's own streams, such as a program that the code starts, prints to nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


class Student:
    """Submissions in a process that outlives whatever their code raises."""

    _session: Session | Failure

    def __init__(self, budget: Budget, advised: Callable[[Failure], Failure], alarm: Alarm) -> None:
        """`advised` adds to a failure, as soon as there is one, what the form that holds the code says.

        The `alarm` ends a file that runs too long.
        """
        self._memory = budget.memory
        self._advised = advised
        self._alarm = alarm
        self._share = 1.0
        self._process = os.getpid()
        self._modules = contextlib.ExitStack()
        # Given up when memory runs out, so that there is some left to say so.
        self._reserve = np.empty(_RESERVE, np.uint8)

    def load(self, code: Code) -> Loaded | Failure:
        """Load the code in place of the one before."""
        self._modules.close()
        self._modules.enter_context(imports_undone(code))
        if code.folder:
            with contextlib.suppress(OSError):  # the run before may have left it for another
                os.chdir(folder_of(code))
        code = replace(code, seconds=self._share * code.seconds)
        self._session = self._survive(lambda: load(code, self._alarm))
        if isinstance(self._session, Failure):
            return self._impatient(self._session)
        loaded = self._session.loaded
        early = loaded.unfinished
        failure = early and self._limited(self._impatient(early.failure))
        return loaded._replace(unfinished=early._replace(failure=failure)) if early and failure else loaded

    def _impatient(self, failure: Failure) -> Failure:
        """The failure; after one for want of time, the file gets less of it for other specs."""
        self._share = _IMPATIENT if failure.kind == "timeout" else self._share
        return failure

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
        if isinstance(result, Failure):
            return self._limited(result)
        if isinstance(result, Outcome) and result.failure:
            return result._replace(failure=self._limited(result.failure))
        return result

    def _limited(self, failure: Failure) -> Failure:
        """The failure, with how much memory there is where that has run out, and what else is limited."""
        if failure.kind != "memory":
            return self._advised(failure)
        return replace(failure, message=f"{failure.message} (it may use {size(self._memory)})")
