"""One attack: hostile Python that turns a wrong submission into a dangerous one."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

ANSWERED = ("answered",)
FAILED = ("exception",)
EITHER = ("answered", "exception")
STOPPED = ("timeout",)
DEAD = ("died",)
REFUSED = ("protocol",)

_TOOLS = """\
import ctypes, os, signal, socket, subprocess, sys, threading, time
import numpy as np

TRAPS = {traps!r}

def reached(what):
    print("REACHED", what, flush=True)

def attempt(what, step, *args):
    "Whatever `step` does without an exception is a success of the attack."
    try:
        found = step(*args)
    except BaseException:
        return None
    reached(what)
    return found

def read(path, count=4096):
    with open(path, "rb") as file:
        return file.read(count)

def channel():
    "The harness's end of the conversation, as it lies in this process's memory."
    import gc
    from gradcheck.submission.channel import Channel
    return next(thing for thing in gc.get_objects() if isinstance(thing, Channel))

def answer(arrays, texts=("",), numbers=(0,) * 8, kind="_OUTCOME"):
    "Send what looks like the answer to a call."
    from gradcheck.submission import messages
    from gradcheck.submission.wire import Message
    channel().send(Message(getattr(messages, kind), numbers, texts, arrays))

def line():
    "The number of the descriptor that leads to the harness."
    for number in range(3, 256):
        try:
            os.write(number, b"")
        except OSError:
            continue
        return number

def tell(data):
    "Send bytes to the harness."
    number = line()
    while data:
        data = data[os.write(number, data):]

def each(answers, change):
    return tuple(map(change, answers)) if isinstance(answers, tuple) else change(answers)

def system(number, *args):
    "A system call by its number on x86-64, where this machine is one; raises OSError as Python would."
    if os.uname().machine != "x86_64":
        raise OSError
    libc = ctypes.CDLL(None, use_errno=True)
    passed = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    result = libc.syscall(*passed)
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result

def strike(student, *inputs, **options):
    return student(*inputs, **options)

"""
"""What every attack finds at hand. No attack relies on being told less than a student could find out."""

_WRAP = """
import functools
for entry in {entries!r}:
    globals()[entry] = functools.partial(strike, globals()[entry])
"""


@dataclass(frozen=True)
class Attack:
    """Hostile code; it may define `strike(student, *inputs)`, called in place of the student's own."""

    name: str
    aim: str
    """What must not happen, told as the attacker's wish."""
    source: str
    ends: tuple[str, ...] = ANSWERED
    """How its calls may end where it is contained: "answered", or the kind of a failure."""
    right: bool = False
    """Whether it may earn all points, because it computes a right gradient in an odd way."""

    @property
    def waits(self) -> bool:
        """Whether it runs until its time is up."""
        return "timeout" in self.ends

    def submission(self, student: str, run: str, traps: Mapping[str, Any]) -> str:
        """The source of `student`, with the functions that `run` calls turned into this attack.

        `traps` says where there is something to steal, to break or to reach.
        """
        entries = sorted(_called(run))
        tools = _TOOLS.format(traps=dict(traps))
        return "\n".join([student, tools, dedent(self.source), _WRAP.format(entries=entries)])


def _called(run: str) -> set[str]:
    calls = (node.func for node in ast.walk(ast.parse(run)) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}
