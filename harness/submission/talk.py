"""The conversation with one submission's process, and why it broke off."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Sequence

from harness.submission import messages
from harness.submission.records import MAX_ANSWER, Budget, Call, Code, Failure, Outcome, Transcript
from harness.submission.text import size
from harness.submission.wire import CRASHED, Link, MalformedError, OversizedError

BROKEN = (OSError, EOFError, MalformedError, OversizedError)
"""How a conversation breaks off; TimeoutError is an OSError."""

_START = 60.0
"""Seconds that a process may take to start, which the submission is not charged for."""
_LOADING = Call({}, ())
"""The code's own execution as a module: nothing goes in and nothing is read."""


class Talk:
    """One submission is asked for one result a call, until it has answered or the conversation broke off."""

    def __init__(self, connection: socket.socket, budget: Budget) -> None:
        self._link = Link(connection)
        self._budget = budget
        self._limits = messages.from_student(budget)
        self._output: list[str] = []
        self._truncated = False
        self._results: list[Outcome | Failure] = []
        self._unanswered = 0
        self._broken: Exception | None = None

    def greet(self, code: Code) -> None:
        """Hand over the submission; the process has started, but nothing of it has run. Raises BROKEN."""
        self._link.deadline = time.monotonic() + _START
        self._link.send(messages.code_message(code, self._budget))
        messages.read_ready(self._link.receive(self._limits))

    def hold(self, calls: Sequence[Call]) -> None:
        """Ask for one result a call, within the budget's time."""
        self._link.deadline = time.monotonic() + self._budget.seconds
        try:
            self._ask(calls)
        except BROKEN as error:
            self._broken = error
            self._unanswered = len(calls) - len(self._results)

    def transcript(self, status: int | None) -> Transcript:
        """All results; what is missing is explained, also by the status that the process ended with."""
        results = list(self._results)
        if self._broken is not None:
            results += self._unanswered * [_explain(self._broken, status, self._budget)]
        output, room = "".join(self._output), self._budget.output
        return Transcript(tuple(results), output[:room], self._truncated or len(output) > room)

    def _ask(self, calls: Sequence[Call]) -> None:
        loaded = self._hear(_LOADING)
        if isinstance(loaded, Failure):
            self._results += len(calls) * [loaded]
            return
        for call in calls:
            self._link.send(messages.call_message(call))
            self._results.append(self._hear(call))

    def _hear(self, call: Call) -> Outcome | Failure:
        reply = messages.read_reply(self._link.receive(self._limits), call, self._budget)
        self._output.append(reply.output)
        self._truncated |= reply.truncated
        return reply.result


def _explain(broken: Exception, status: int | None, budget: Budget) -> Failure:
    """Why a conversation broke off, from its last event and from how the process ended."""
    match broken:
        case MalformedError():
            return Failure("protocol", f"answered with bytes that are no answer ({broken})")
        case OversizedError():
            return Failure("too_large", f"the results take more than {size(MAX_ANSWER)}")
        case TimeoutError() if status is None or status < 0 or status == CRASHED:
            return Failure("timeout", f"stopped after {budget.seconds:g} s: an endless loop?")
        case _:
            return _explain_end(status, budget)


def _explain_end(status: int | None, budget: Budget) -> Failure:
    if status is None:
        return Failure("died", "ended together with the process that had started it")
    if status == CRASHED:
        return Failure(
            "died", "the harness's own part broke: does the code replace parts of Python or NumPy?"
        )
    if status >= 0:
        return Failure("died", f"ended itself with exit code {status}; remove exit(), quit() and os._exit()")
    name = _signal_name(-status)
    if name == "SIGXCPU":
        return Failure("timeout", f"used more than {budget.seconds:g} s of processor time: an endless loop?")
    if name == "SIGKILL":
        return Failure("died", "was killed (SIGKILL), or closed its connection to the harness")
    return Failure("died", f"killed: used more than {size(budget.memory)} of memory or crashed ({name})")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
