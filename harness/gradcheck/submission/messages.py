"""The records of a submission as messages, and back; what a student's process sends is checked."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, get_args

from gradcheck.submission.records import (
    FOREIGN,
    Array,
    Budget,
    Call,
    Code,
    Failure,
    FailureKind,
    Loaded,
    Location,
    Outcome,
    Restricted,
    Start,
    Unfinished,
    Value,
)
from gradcheck.submission.text import clean, one_line
from gradcheck.submission.wire import Limits, MalformedError, Message, encode

_START, _READY, _CODE, _CALL, _OUTCOME, _FAILURE, _IMPORT, _LOADED = range(1, 9)

READY = Message(_READY)
"""Sent by a student's process before any of the student's code has run."""

IMPORT_BEGINS, IMPORT_ENDS = (Message(_IMPORT, (number,)) for number in (1, 0))
"""Sent by a student's process around the import of an installed package."""

FROM_HARNESS = Limits(texts=1 << 30, values=1 << 40)
_CONFESSED: tuple[FailureKind, ...] = ("syntax", "exception", "memory", "too_large", "timeout")
"""The kinds of failure that a process can tell about itself."""
_RESTRICTED: tuple[Restricted, ...] = get_args(Restricted)
_FOREIGN = frozenset(FOREIGN)
_MAX_TRACE, _MAX_LINE = 64, 400
_ENDLESS = -1
"""In microseconds."""
_BYTES = "latin-1"
"""The encoding in which a text's characters are bytes."""


def from_student(budget: Budget, call: Call | None) -> Limits:
    """The most that the reply of a student's process to that call may hold; None is as for `read_reply`."""
    return Limits(texts=(1 << 20) + 4 * budget.output, values=call.most if call else 0)


class Reply(NamedTuple):
    """A student's process on one call: the result, and what happened since the last reply."""

    result: Outcome | Loaded | Failure
    output: str
    """What was printed."""
    truncated: bool
    imports: tuple[str, ...] = ()
    """The modules of FOREIGN that the code tried to import."""
    restricted: tuple[Restricted, ...] = ()
    """What the code did that it may not do when a class is graded."""
    seconds: float = 0.0
    """What the call took."""


def start_message(start: Start) -> Message:
    """What the process may use up, and where it works."""
    budget = start.budget
    numbers = (math.ceil(budget.seconds), budget.memory, budget.output, start.runs)
    return Message(_START, numbers, (start.folder or "",))


def read_start(message: Message) -> Start:
    """The inverse of `start_message`, with the seconds rounded up."""
    seconds, memory, output, runs = message.numbers
    (folder,) = message.texts
    return Start(Budget(seconds, memory, output), runs, folder or None)


def code_message(code: Code) -> Message:
    """A submission."""
    compiled = code.compiled.decode(_BYTES)
    texts = (code.source, code.filename, code.folder or "", code.run, code.run_file, code.inner, compiled)
    return Message(
        _CODE, (code.run_line, _ENDLESS if code.seconds == math.inf else int(1e6 * code.seconds)), texts
    )


def read_request(message: Message) -> Code | Call:
    """The inverse of `code_message` and of `call_message`."""
    if message.kind == _CALL:
        watched, most = message.numbers
        return Call(message.values, message.texts, bool(watched), most)
    run_line, microseconds = message.numbers
    source, filename, folder, run, run_file, inner, compiled = message.texts
    seconds = math.inf if microseconds == _ENDLESS else microseconds / 1e6
    code = Code(source, filename, folder or None, run, run_file, run_line, inner, compiled.encode(_BYTES))
    return replace(code, seconds=seconds)


def call_message(call: Call) -> Message:
    """One call."""
    return Message(_CALL, (call.watched, call.most), call.reads, call.inputs)


@lru_cache(maxsize=256)
def call_bytes(call: Call) -> list[bytes]:
    """The bytes of its message, in chunks; kept, for it is sent to a whole class."""
    return encode(call_message(call))


def reply_message(reply: Reply) -> Message:
    """One reply."""
    result, head = reply.result, (reply.output, *reply.imports)
    restricted = sum(1 << _RESTRICTED.index(one) for one in reply.restricted)
    numbers = (reply.truncated, len(reply.imports), int(1e6 * reply.seconds), restricted)
    if isinstance(result, Failure):
        return Message(_FAILURE, numbers, (*head, *_failure_texts(result)))
    if isinstance(result, Loaded):
        early = result.unfinished
        stop = (early.left_out, *_failure_texts(early.failure)) if early else ()
        return Message(_LOADED, numbers, (*head, result.ipython, *stop))
    refused = [text for pair in result.refused.items() for text in pair]
    texts = (*refused, *result.changed, *(_failure_texts(result.failure) if result.failure else ()))
    seen = len(result.refused), len(result.changed), result.most_calls, result.turned_complex
    return Message(_OUTCOME, (*numbers, *seen), (*head, *texts), result.arrays)


def _failure_texts(failure: Failure) -> tuple[str, ...]:
    file, line, function = failure.where or ("", None, None)
    return (
        failure.kind,
        failure.message,
        file,
        "" if line is None else str(line),
        function or "",
        *failure.trace,
    )


def read_ready(message: Message) -> None:
    """Raises MalformedError for anything but READY."""
    if message != READY:
        raise MalformedError("not ready")


def read_reply(message: Message, call: Call | None, budget: Budget) -> Reply:
    """The inverse of `reply_message` for the answer to `call`, from a process that is not to be trusted.

    None stands for the code itself, which was to be loaded. Raises MalformedError for a reply that answers
    something else than was asked.
    """
    if (
        message.kind not in (_FAILURE, _OUTCOME if call else _LOADED)
        or len(message.numbers) < 4
        or not message.texts
    ):
        raise MalformedError("no reply")
    truncated, n_imports, microseconds, bits, *numbers = message.numbers
    output, *texts = message.texts
    if not 0 <= n_imports <= min(len(FOREIGN), len(texts)):
        raise MalformedError("no reply")
    imports, rest = tuple(texts[:n_imports]), texts[n_imports:]
    if not _FOREIGN.issuperset(imports):
        raise MalformedError("a module that nobody asks about")
    restricted = tuple(one for bit, one in enumerate(_RESTRICTED) if bits >> bit & 1)
    if message.kind == _FAILURE:
        result: Outcome | Loaded | Failure = _failure(rest)
    else:
        result = _outcome(message, numbers, rest, call) if call else _loaded(rest)
    seconds = min(max(microseconds / 1e6, 0.0), budget.seconds)
    return Reply(result, clean(output, budget.output), bool(truncated), imports, restricted, seconds)


def _failure(texts: Sequence[str]) -> Failure:
    if not 5 <= len(texts) <= 5 + _MAX_TRACE:
        raise MalformedError("no failure")
    name, message, *where, trace = *texts[:5], texts[5:]
    kind = next((kind for kind in _CONFESSED if kind == name), None)
    if kind is None:
        raise MalformedError("no such failure")
    lines = tuple(clean(line, _MAX_LINE).replace("\n", " ") for line in trace)
    return Failure(kind, one_line(message, _MAX_LINE), _location(*where), lines)


def _loaded(texts: Sequence[str]) -> Loaded:
    if not texts:
        raise MalformedError("nothing loaded")
    ipython, *rest = texts
    if not rest:
        return Loaded(ipython=one_line(ipython, _MAX_LINE))
    left_out, *failure = rest
    unfinished = Unfinished(_failure(failure), one_line(left_out, _MAX_LINE))
    return Loaded(unfinished, one_line(ipython, _MAX_LINE))


def _location(file: str, line: str, function: str) -> Location | None:
    if not re.fullmatch("[0-9]{0,9}", line):
        raise MalformedError("no line")
    file, function = one_line(file, _MAX_LINE), one_line(function, _MAX_LINE)
    return Location(file, int(line) if line else None, function or None) if file else None


def _outcome(message: Message, numbers: list[int], texts: list[str], call: Call) -> Outcome:
    if len(numbers) != 4 or min(numbers[:2]) < 0 or 2 * numbers[0] + numbers[1] > len(texts):
        raise MalformedError("no outcome")
    n_refused, n_changed, most_calls, turned_complex = numbers
    end, last = 2 * n_refused, 2 * n_refused + n_changed
    refused = {
        name: one_line(reason, _MAX_LINE) for name, reason in zip(texts[:end:2], texts[1:end:2], strict=True)
    }
    changed = tuple(texts[end:last])
    failure = _failure(texts[last:]) if texts[last:] else None
    arrays = _floats(message.values)
    asked = set(call.reads)
    if not (refused.keys() <= asked and arrays.keys() <= asked and set(changed) <= call.inputs.keys()):
        raise MalformedError("a name that was not asked for")
    if refused.keys() & arrays.keys() or len(set(changed)) != len(changed):
        raise MalformedError("a name that is told twice")
    return Outcome(arrays, refused, changed, max(most_calls, 0), bool(turned_complex), failure)


def _floats(values: Mapping[str, Value]) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    for name, value in values.items():
        if isinstance(value, (float, int)) or value.dtype.kind != "f":
            raise MalformedError("not an array of floats")
        arrays[name] = value
    return arrays
