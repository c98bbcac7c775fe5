"""The records of a submission as messages, and back; what a student's process sends is checked."""

from __future__ import annotations

import math
from dataclasses import dataclass

from harness.submission.records import (
    MAX_ANSWER,
    Array,
    Budget,
    Call,
    Code,
    Failure,
    FailureKind,
    Outcome,
    Value,
)
from harness.submission.text import clean, one_line
from harness.submission.wire import Limits, MalformedError, Message

_CODE, _CALL, _READY, _OUTCOME, _FAILURE = range(1, 6)

READY = Message(_READY)
"""Sent by a student's process before any of the student's code has run."""

FROM_HARNESS = Limits(texts=1 << 30, values=1 << 40)
_CONFESSED: tuple[FailureKind, ...] = ("syntax", "exception", "memory", "too_large")
"""The kinds of failure that a process can tell about itself."""
_MAX_TRACE, _MAX_LINE = 64, 400


def from_student(budget: Budget) -> Limits:
    """The most that one reply of a student's process may hold."""
    return Limits(texts=(1 << 20) + 4 * budget.output, values=MAX_ANSWER)


@dataclass(frozen=True)
class Reply:
    """A student's process on one call: the result, and what was printed since the last reply."""

    result: Outcome | Failure
    output: str
    truncated: bool


def code_message(code: Code, budget: Budget) -> Message:
    """The submission and what it may use up."""
    numbers = (code.run_line, math.ceil(budget.seconds), budget.memory, budget.output)
    texts = (code.source, code.filename, code.folder or "", code.run, code.run_file)
    return Message(_CODE, numbers, texts)


def read_code(message: Message) -> tuple[Code, Budget]:
    """The inverse of `code_message`, with the seconds rounded up."""
    run_line, seconds, memory, output = message.numbers
    source, filename, folder, run, run_file = message.texts
    return Code(source, filename, folder or None, run, run_file, run_line), Budget(seconds, memory, output)


def call_message(call: Call) -> Message:
    """One call."""
    return Message(_CALL, texts=call.reads, values=call.inputs)


def read_call(message: Message) -> Call:
    """The inverse of `call_message`."""
    return Call(message.values, message.texts)


def reply_message(reply: Reply) -> Message:
    """One reply."""
    result = reply.result
    if isinstance(result, Failure):
        texts = (result.kind, result.message, result.where or "", *result.trace)
        return Message(_FAILURE, (reply.truncated,), (reply.output, *texts))
    refused = [text for pair in result.refused.items() for text in pair]
    numbers = (reply.truncated, len(result.refused))
    return Message(_OUTCOME, numbers, (reply.output, *refused, *result.changed), result.arrays)


def read_ready(message: Message) -> None:
    """Raises MalformedError for anything but READY."""
    if message != READY:
        raise MalformedError("not ready")


def read_reply(message: Message, call: Call, budget: Budget) -> Reply:
    """The inverse of `reply_message` for the answer to `call`, from a process that is not to be trusted.

    Raises MalformedError for a reply that answers something else than was asked.
    """
    if message.kind not in (_OUTCOME, _FAILURE) or not message.numbers or not message.texts:
        raise MalformedError("no reply")
    output, *texts = message.texts
    result = _failure(texts) if message.kind == _FAILURE else _outcome(message, texts, call)
    return Reply(result, clean(output, budget.output), bool(message.numbers[0]))


def _failure(texts: list[str]) -> Failure:
    if not 3 <= len(texts) <= 3 + _MAX_TRACE:
        raise MalformedError("no failure")
    name, message, where, *trace = texts
    kind = next((kind for kind in _CONFESSED if kind == name), None)
    if kind is None:
        raise MalformedError("no such failure")
    lines = tuple(clean(line, _MAX_LINE).replace("\n", " ") for line in trace)
    return Failure(kind, one_line(message, _MAX_LINE), one_line(where, _MAX_LINE) or None, lines)


def _outcome(message: Message, texts: list[str], call: Call) -> Outcome:
    if len(message.numbers) != 2 or not 0 <= 2 * message.numbers[1] <= len(texts):
        raise MalformedError("no outcome")
    end = 2 * message.numbers[1]
    refused = {
        name: one_line(reason, _MAX_LINE) for name, reason in zip(texts[:end:2], texts[1:end:2], strict=True)
    }
    changed = tuple(texts[end:])
    arrays = {name: _floats(value) for name, value in message.values.items()}
    asked = set(call.reads)
    if not (refused.keys() <= asked and arrays.keys() <= asked and set(changed) <= call.inputs.keys()):
        raise MalformedError("a name that was not asked for")
    if refused.keys() & arrays.keys() or len(set(changed)) != len(changed):
        raise MalformedError("a name that is told twice")
    return Outcome(arrays, refused, changed)


def _floats(value: Value) -> Array:
    if isinstance(value, (float, int)) or value.dtype.kind != "f":
        raise MalformedError("not an array of floats")
    return value
