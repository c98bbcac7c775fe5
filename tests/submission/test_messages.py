"""The records of a submission as messages."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, get_args

import numpy as np
import pytest

from gradcheck.submission.messages import (
    READY,
    Reply,
    call_message,
    code_message,
    read_ready,
    read_reply,
    read_request,
    read_start,
    reply_message,
    start_message,
)
from gradcheck.submission.records import (
    Budget,
    Call,
    Code,
    Failure,
    Loaded,
    Location,
    Outcome,
    Restricted,
    Start,
    Unfinished,
)
from gradcheck.submission.wire import MalformedError

BUDGET = Budget(seconds=1.5, output=100)
CALL = Call({"x": 1.0}, ("dW", "db"))
OUTCOME = Outcome({"dW": np.ones(2, np.float32)}, {"db": "a list of strings"}, ("x",))


def answered(result: Outcome | Failure, output: str = "", call: Call = CALL) -> Reply:
    """What the harness reads when a process replies with this."""
    return read_reply(reply_message(Reply(result, output, truncated=False)), call, BUDGET)


@pytest.mark.parametrize("folder", [None, "/class/anna"])
def test_a_start_arrives(folder: str | None) -> None:
    """What a process may use arrives as it was sent, its time rounded up to whole seconds."""
    start = Start(BUDGET, 7, folder)
    assert read_start(start_message(start)) == replace(start, budget=replace(BUDGET, seconds=2))


@pytest.mark.parametrize("restricted", [(), ("programs",), get_args(Restricted)])
def test_what_is_restricted_arrives(restricted: tuple[Restricted, ...]) -> None:
    """What the code did that a class's code may not do arrives as it was sent."""
    reply = Reply(OUTCOME, "", truncated=False, restricted=restricted)
    assert read_reply(reply_message(reply), CALL, BUDGET).restricted == restricted


@pytest.mark.parametrize("folder", [None, "/class/anna"])
def test_code_arrives(folder: str | None) -> None:
    """A submission arrives as it was sent."""
    code = Code("x = 1", "anna.py", folder, "dW = x", "two.yaml", 9)
    assert read_request(code_message(code)) == code


def test_the_time_for_loading_arrives() -> None:
    """In seconds, or without an end."""
    code = Code("x = 1", "anna.py", None, "dW = x", "two.yaml", 9, seconds=0.25)
    assert read_request(code_message(code)) == code


@pytest.mark.parametrize(
    "unfinished", [None, Unfinished(Failure("timeout", "ran long", Location("anna.py", 3)), "lines 4-9, 12")]
)
def test_it_arrives_that_code_is_loaded(unfinished: Unfinished | None) -> None:
    """With what ended its file, and as the answer to nothing else."""
    message = reply_message(Reply(Loaded(unfinished), "hello\n", truncated=False))
    assert read_reply(message, None, BUDGET).result == Loaded(unfinished)
    with pytest.raises(MalformedError):
        read_reply(message, CALL, BUDGET)
    with pytest.raises(MalformedError):
        read_reply(reply_message(Reply(OUTCOME, "", truncated=False)), None, BUDGET)


def test_a_call_arrives() -> None:
    """A call arrives as it was sent."""
    read = read_request(call_message(CALL))
    assert isinstance(read, Call)
    assert asdict(read) == asdict(CALL)


@pytest.mark.parametrize(
    "result",
    [
        OUTCOME,
        Outcome({}, {}, ()),
        OUTCOME._replace(
            failure=Failure(
                "exception", "ValueError", Location("anna.py", 3, "f"), ('  File "anna.py"', "    x")
            )
        ),
        Outcome({}, {"db": "None"}, (), 3, True, Failure("memory", "MemoryError")),
        Failure("exception", "ValueError", Location("anna.py", 3, "f"), ('  File "anna.py"', "    x")),
        Failure("memory", "MemoryError"),
    ],
)
def test_a_reply_arrives(result: Outcome | Failure) -> None:
    """A result arrives as it was sent, with what was printed."""
    reply = answered(result, "hello\n")
    assert (reply.result, reply.output, reply.truncated) == (result, "hello\n", False)


@pytest.mark.parametrize(
    ("result", "complaint"),
    [
        (Outcome({"points": np.ones(2)}, {}, ()), "not asked for"),
        (Outcome({}, {"points": "None"}, ()), "not asked for"),
        (Outcome({}, {}, ("dW",)), "not asked for"),
        (Outcome({"dW": np.ones(2)}, {"dW": "None"}, ()), "told twice"),
        (Outcome({}, {}, ("x", "x")), "told twice"),
        (Outcome({"dW": np.ones(2, int)}, {}, ()), "not an array of floats"),
        (Outcome({"dW": 1.0}, {}, ()), "not an array of floats"),  # type: ignore[dict-item]
        (Outcome({}, {}, (), failure=Failure("machine", "it was the harness")), "no such failure"),
        (Failure("machine", "it was the harness"), "no such failure"),
        (Failure("exception", "", None, 99 * ("line",)), "no failure"),
        (Failure("exception", "", Location("anna.py", -1)), "no line"),
    ],
)
def test_a_reply_to_something_else_is_malformed(result: Any, complaint: str) -> None:
    """A process can't answer what it was not asked, nor in another type, nor speak for the harness."""
    with pytest.raises(MalformedError, match=complaint):
        answered(result)


def test_a_reply_drives_no_terminal() -> None:
    """Control characters are replaced and lengths capped, whatever the process did about it."""
    reply = answered(
        Failure("exception", "a\x1b[2J\nb" + 9999 * "c", Location("x\ny", None, "f\x1b"), ("\x07l\n\n",)),
        200 * "\x1b",
    )
    assert isinstance(reply.result, Failure)
    assert reply.result.message.startswith("a�[2J b")
    assert len(reply.result.message) <= 400
    assert (str(reply.result.where), reply.result.trace) == ("x y in f�", ("�l  ",))
    assert reply.output == 100 * "�"


def test_only_ready_is_ready() -> None:
    """A process that starts with something else is not believed."""
    read_ready(READY)
    with pytest.raises(MalformedError):
        read_ready(reply_message(Reply(OUTCOME, "", truncated=False)))
