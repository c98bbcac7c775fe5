"""The conversation with one process for submissions, and why it broke off."""

from __future__ import annotations

import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from gradcheck.submission import messages
from gradcheck.submission.link import AHEAD, Link
from gradcheck.submission.outbox import HELD_BACK
from gradcheck.submission.records import (
    Budget,
    Call,
    Failure,
    Job,
    Outcome,
    Start,
    Transcript,
)
from gradcheck.submission.text import size
from gradcheck.submission.wire import CRASHED, MalformedError, OversizedError, encode

BROKEN = (OSError, EOFError, MalformedError, OversizedError)
"""How a conversation breaks off; TimeoutError is an OSError."""

START_TIME = 60.0
"""Seconds that a process may take to start, which the submission is not charged for."""
_LOADING = Call({}, ())
"""The code's own execution as a module: nothing goes in and nothing is read."""


@dataclass
class Account:
    """What one submission has answered so far, and what ended it early."""

    budget: Budget
    results: list[Outcome | Failure] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    imports: dict[str, None] = field(default_factory=dict)
    seconds: float = 0.0
    truncated: bool = False
    broken: Exception | None = None
    unanswered: int = 0

    def note(self, reply: messages.Reply) -> Outcome | Failure:
        """Take down one reply's circumstances; its result."""
        self.output.append(reply.output)
        self.truncated |= reply.truncated
        self.imports |= dict.fromkeys(reply.imports)
        self.seconds += reply.seconds
        return reply.result

    def transcript(self, status: int | None) -> Transcript:
        """All results; what is missing is explained, also by the status that the process ended with."""
        results = list(self.results)
        if self.broken is not None:
            results += self.unanswered * [_explain(self.broken, status, self.budget)]
        output, room = "".join(self.output), self.budget.output
        truncated = self.truncated or len(output) > room
        seconds = self.budget.seconds if isinstance(self.broken, TimeoutError) else self.seconds
        return Transcript(tuple(results), output[:room], truncated, tuple(self.imports), seconds)


class Talk:
    """One process is asked for one result a call, for one job after the other."""

    def __init__(self, connection: socket.socket, beyond: Callable[[int], bytes], start: Start) -> None:
        """`beyond` gives what the process made and did not send, as Link asks for it."""
        self.start = start
        self.left = start.runs
        """Jobs that it may still be given."""
        self._connection = connection
        self._link = Link(connection, beyond)

    def greet(self) -> None:
        """Say what there is to know; the process has started, but no submission has run. Raises BROKEN."""
        self._link.deadline = time.monotonic() + START_TIME
        self._link.send(messages.start_message(self.start))
        messages.read_ready(self._link.receive(messages.from_student(self.start.budget, _LOADING)))

    def hold(self, jobs: Sequence[Job]) -> list[Account]:
        """Ask for all results of each job, within the budget's time; up to the first job that breaks off."""
        accounts: list[Account] = []
        for batch in _batches(jobs[: self.left]):
            chunks = [chunk for opening in batch for chunk in opening.chunks]
            for opening in batch:
                self.left -= 1
                # The end of the job before may be told only now, HELD_BACK after it.
                self._link.deadline = time.monotonic() + self.start.budget.seconds + HELD_BACK
                account = Account(self.start.budget)
                accounts.append(account)
                try:
                    self._link.send_chunks(chunks)
                    self._hear_all(account, opening.job.calls, opening.asked)
                except BROKEN as error:
                    account.broken = error
                    account.unanswered = len(opening.job.calls) - len(account.results)
                    return accounts
                chunks = []  # all were sent with the first job
        return accounts

    def waits(self) -> bool:
        """Whether the process is there and says nothing unasked."""
        there = self._connection.fileno() >= 0  # it is closed where its process has ended
        return there and not (self._link.ahead or select.select([self._connection], [], [], 0)[0])

    def _hear_all(self, account: Account, calls: Sequence[Call], asked: int) -> None:
        """Take the answers to `calls`, of which the first few are asked already."""
        loaded = self._hear(account, _LOADING)
        for number, call in enumerate(calls):
            if number >= asked:
                if isinstance(loaded, Failure):
                    account.results.append(loaded)
                    continue
                self._link.send_chunks(messages.call_bytes(call))
            account.results.append(self._hear(account, call))

    def _hear(self, account: Account, call: Call) -> Outcome | Failure:
        budget = self.start.budget
        message = self._link.receive(messages.from_student(budget, call))
        return account.note(messages.read_reply(message, call, budget))


class _Opening(NamedTuple):
    """What is sent of a job before any of it is answered."""

    job: Job
    chunks: list[bytes]
    asked: int
    """How many of its calls are in it."""


def _batches(jobs: Sequence[Job]) -> Iterator[list[_Opening]]:
    """The jobs' openings, those together that may be sent before any is answered.

    They fit into the connection's buffer: neither side waits for the other to read.
    """
    batch: list[_Opening] = []
    room = AHEAD
    for job in jobs:
        questions = _questions(job.calls)
        chunks = [*encode(messages.code_message(job.code)), *questions]
        size = sum(map(len, chunks))
        whole = len(questions) == len(job.calls)
        if batch and (size > room or not whole):
            yield batch
            batch, room = [], AHEAD
        batch.append(_Opening(job, chunks, len(questions)))
        room -= size
        if not whole:
            yield batch
            batch, room = [], AHEAD
    if batch:
        yield batch


@lru_cache(maxsize=256)
def _questions(calls: tuple[Call, ...]) -> list[bytes]:
    """The first calls, each as its bytes, as many as can be sent together."""
    questions: list[bytes] = []
    room = AHEAD
    for call in calls:
        chunks = messages.call_bytes(call)
        room -= sum(map(len, chunks))
        if room < 0:
            break
        questions.append(b"".join(chunks))
    return questions


def _explain(broken: Exception, status: int | None, budget: Budget) -> Failure:
    """Why a conversation broke off, from its last event and from how the process ended."""
    match broken:
        case MalformedError():
            return Failure("protocol", f"answered with bytes that are no answer ({broken})")
        case OversizedError():
            return Failure("too_large", f"the results take more than {size(broken.most)}")
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
