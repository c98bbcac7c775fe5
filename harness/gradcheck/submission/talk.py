"""The conversation with one process for submissions, and why it broke off."""

from __future__ import annotations

import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from gradcheck.submission import messages
from gradcheck.submission.channel import AHEAD, Channel
from gradcheck.submission.outbox import HELD_BACK
from gradcheck.submission.records import (
    IMPORTS,
    Budget,
    Call,
    Ending,
    Failure,
    Job,
    Loaded,
    Outcome,
    Restricted,
    Start,
    Transcript,
)
from gradcheck.submission.scratch import MAX_BYTES, MAX_FILES
from gradcheck.submission.text import size
from gradcheck.submission.wire import CRASHED, Limits, MalformedError, OversizedError, encode

BROKEN = (OSError, EOFError, MalformedError, OversizedError)
"""How a conversation breaks off; TimeoutError is an OSError."""

START_TIME = 60.0
"""Seconds that a process may take to start, which the submission is not charged for."""
_LOADING = 0.5
"""What share of a job's seconds a file may run when it is loaded, even if it trains a network."""


@dataclass
class Account:
    """What one submission has answered so far, and what ended it early."""

    budget: Budget
    allowed: float
    """Seconds."""
    results: list[Outcome | Failure] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    imports: dict[str, None] = field(default_factory=dict)
    restricted: dict[Restricted, None] = field(default_factory=dict)
    seconds: float = 0.0
    truncated: bool = False
    broken: Exception | None = None
    unanswered: int = 0
    spent: float = 0.0
    """Seconds that the harness has waited for it, imports of installed packages aside."""
    imports_exhausted: bool = False
    """Whether those took longer than they may."""
    loaded: Loaded = Loaded()
    """How the file was loaded."""

    def note(self, reply: messages.Reply) -> None:
        """Take down one reply's circumstances."""
        self.output.append(reply.output)
        self.truncated |= reply.truncated
        self.imports |= dict.fromkeys(reply.imports)
        self.restricted |= dict.fromkeys(reply.restricted)
        self.seconds += reply.seconds

    def transcript(self, ending: Ending) -> Transcript:
        """All results; what is missing is explained, also by how the process ended."""
        results = list(self.results)
        if self.broken is not None:
            results += self.unanswered * [self._explanation(self.broken, ending)]
        output, room = "".join(self.output), self.budget.output
        truncated = self.truncated or len(output) > room
        seconds = self.allowed if isinstance(self.broken, TimeoutError) else self.seconds
        noticed = tuple(self.imports), tuple(self.restricted)
        notes = self.loaded.notes
        return Transcript(tuple(results), output[:room], truncated, *noticed, seconds, self.spent, notes)

    def _explanation(self, broken: Exception, ending: Ending) -> Failure:
        if isinstance(broken, TimeoutError) and self.imports_exhausted:
            return Failure("timeout", f"stopped: its imports of packages take more than {IMPORTS:g} s")
        return _explain(broken, ending, self.budget, self.allowed)


class Talk:
    """One process is asked for one result a call, for one job after the other."""

    def __init__(
        self,
        connection: socket.socket,
        beyond: Callable[[int], bytes],
        start: Start,
        imports: float = IMPORTS,
    ) -> None:
        """`beyond` gives what the process made and did not send, as Channel asks for it.

        `imports` is how many seconds it may spend on importing installed packages.
        """
        self.start = start
        self.imports = imports
        """Seconds that are left for importing installed packages."""
        self.left = start.runs
        """Jobs that it may still be given."""
        self._connection = connection
        self._channel = Channel(connection, beyond)

    def greet(self) -> None:
        """Say what there is to know; the process has started, but no submission has run. Raises BROKEN."""
        self._channel.deadline = time.monotonic() + START_TIME
        self._channel.send(messages.start_message(self.start))
        messages.read_ready(self._channel.receive(messages.from_student(self.start.budget, None)))

    def hold(self, jobs: Sequence[Job]) -> list[Account]:
        """Ask for all results of each job, within its time; up to the first job that breaks off."""
        accounts: list[Account] = []
        for batch in _batches(jobs[: self.left]):
            chunks = [chunk for opening in batch for chunk in opening.chunks]
            for opening in batch:
                self.left -= 1
                account = Account(self.start.budget, opening.job.seconds)
                accounts.append(account)
                self._hold_one(account, opening, chunks)
                if account.broken is not None:
                    return accounts
                chunks = []  # all were sent with the first job
        return accounts

    def _hold_one(self, account: Account, opening: _Opening, chunks: list[bytes]) -> None:
        begun, imports = time.monotonic(), self.imports
        # The end of the job before may be told only now, HELD_BACK after it.
        self._channel.deadline = begun + opening.job.seconds + HELD_BACK
        try:
            self._channel.send_chunks(chunks)
            self._hear_all(account, opening.job.calls, opening.asked)
        except BROKEN as error:
            account.broken = error
            account.unanswered = len(opening.job.calls) - len(account.results)
        account.imports_exhausted = imports > 0 and self.imports <= 0
        account.spent = max(0.0, time.monotonic() - begun - (imports - self.imports))

    def waits(self) -> bool:
        """Whether the process is there and says nothing unasked."""
        if self._connection.fileno() < 0:  # hung up: its last answers were found where they had waited
            return False
        return not (self._channel.ahead or select.select([self._connection], [], [], 0)[0])

    def _hear_all(self, account: Account, calls: Sequence[Call], asked: int) -> None:
        """Take the answers to `calls`, of which the first few are asked already."""
        loaded = self._hear(account, None)
        account.loaded = loaded if isinstance(loaded, Loaded) else Loaded()
        for number, call in enumerate(calls):
            if number >= asked:
                if isinstance(loaded, Failure):
                    account.results.append(loaded)
                    continue
                self._channel.send_chunks(messages.call_bytes(call))
            result = self._hear(account, call)
            assert not isinstance(result, Loaded)
            account.results.append(result)

    def _hear(self, account: Account, call: Call | None) -> Outcome | Loaded | Failure:
        """The answer to a call, or whether the code is loaded, for None."""
        budget = self.start.budget
        limits = messages.from_student(budget, call)
        message = self._channel.receive(limits)
        while message == messages.IMPORT_BEGINS:
            self._wait_for_import(limits)
            message = self._channel.receive(limits)
        reply = messages.read_reply(message, call, budget)
        account.note(reply)
        return reply.result

    def _wait_for_import(self, limits: Limits) -> None:
        """The clock stands still until the end of an import, as long as there is time for imports left."""
        begun, deadline = time.monotonic(), self._channel.deadline
        self._channel.deadline += self.imports
        try:
            end = self._channel.receive(limits)
        finally:
            taken = min(time.monotonic() - begun, self.imports)
            self.imports -= taken
            self._channel.deadline = deadline + taken
        if end != messages.IMPORT_ENDS:
            raise MalformedError("an import that does not end")


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
        code = replace(job.code, seconds=_LOADING * job.seconds)
        chunks = [*encode(messages.code_message(code)), *questions]
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


def _explain(broken: Exception, ending: Ending, budget: Budget, allowed: float) -> Failure:
    """Why a conversation broke off, from its last event and from how the process ended."""
    match broken:
        case MalformedError():
            return Failure("protocol", f"answered with bytes that are no answer ({broken})")
        case OversizedError():
            return Failure("too_large", f"the results take more than {size(broken.most)}")
        case TimeoutError() if ending.status is None or ending.status < 0 or ending.status == CRASHED:
            return Failure("timeout", f"stopped after {round(allowed, 2):g} s: an endless loop?")
        case _:
            return _explain_end(ending, budget)


def _explain_end(ending: Ending, budget: Budget) -> Failure:
    status = ending.status
    if ending.overfull:
        return Failure(
            "too_large",
            f"it writes more than {size(MAX_BYTES)} or {MAX_FILES} files into its temporary folder",
        )
    if status is None:
        return Failure("died", "the code's process ended together with the one that had started it")
    if status == CRASHED:
        return Failure(
            "died", "the harness's own part broke: does the code replace parts of Python or NumPy?"
        )
    if status >= 0:
        remove = "remove exit(), quit() and os._exit()"
        return Failure("died", f"the code ended its process with exit code {status}; {remove}")
    name = _signal_name(-status)
    if name == "SIGXCPU":
        return Failure("timeout", f"used more than {budget.seconds:g} s of processor time: an endless loop?")
    if name == "SIGKILL" and ending.alone:
        return Failure(
            "machine",
            "was killed (SIGKILL), twice: is this machine short of memory? Run the same command again",
        )
    if name == "SIGKILL":
        return Failure("died", "closed its connection to the harness")
    return Failure("died", f"killed: used more than {size(budget.memory)} of memory or crashed ({name})")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
