"""Syntax of Python 2: where it stands in a file, and what to write instead."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from gradcheck.submission.cells import fault, places


class _Relic(NamedTuple):
    """Syntax of Python 2."""

    message: str
    """How Python 3 complains of it, in the beginning."""
    pattern: str
    """Of what stands there."""
    repaired: str
    """What to put there, so that Python 3 gets on to the next one."""
    write: str


_INVALID = "invalid syntax"
_NAMES_IN_BRACKETS = r"\((?:[\w\s,]|\([\w\s,]*\))*\)"
_RELICS = (
    _Relic(
        "Missing parentheses in call to 'print'",
        r"\bprint\b.*",
        "pass",
        "print(x), not print x",
    ),
    _Relic("Missing parentheses in call to 'exec'", r"\bexec\b.*", "pass", "exec(x), not exec x"),
    _Relic(
        "multiple exception types must be parenthesized",
        r"\bexcept\s+([\w.]+|\([^()]*\))\s*,\s*(\w+)\s*:",
        r"except \1 as \2:",
        "except E as e, not except E, e",
    ),
    _Relic(
        "Function parameters cannot be parenthesized",
        rf"(?<=[(,])\s*{_NAMES_IN_BRACKETS}",
        "_",
        "def f(p): a, b = p, not def f((a, b))",
    ),
    _Relic(
        "Lambda expression parameters cannot be parenthesized",
        rf"(?<=lambda)\s*{_NAMES_IN_BRACKETS}",
        " _",
        "lambda p: p[0] + p[1], not lambda (a, b): a + b",
    ),
    _Relic(
        _INVALID,
        rf"(?<=lambda)\s*{_NAMES_IN_BRACKETS}",
        " _",
        "lambda p: p[0] + p[1], not lambda (a, b): a + b",
    ),
    _Relic(_INVALID, r"\braise\s+[\w.]+\s*,.*", "pass", 'raise E("x"), not raise E, "x"'),
    _Relic(_INVALID, r"`([^`]*)`", r"repr(\1)", "repr(x), not `x`"),
    _Relic(_INVALID, r"<>", "!=", "!=, not <>"),
    _Relic(_INVALID, r"\b[uU][rR](?=[\"'])", "r", 'r"x", not ur"x"'),
    _Relic("leading zeros in decimal", r"\b0+([0-7]+)\b", r"0o\1", "0o17, not 017"),
    _Relic("invalid decimal literal", r"\b(\d+)[lL]\b", r"\1", "10, not 10L"),
    _Relic("invalid hexadecimal literal", r"\b(0[xX][\da-fA-F]+)[lL]\b", r"\1", "0xff, not 0xffL"),
    _Relic(_INVALID, r"\b(0[xX][\da-fA-F]+|0)[lL]\b", r"\1", "0xff, not 0xffL"),
    _Relic(
        _INVALID,
        r"(?<=\bin)\s+([\w.]+(?:\s*,\s*[\w.]+)+)(?=\s*[\])}])",
        r" (\1)",
        "[x for x in (1, 2)], not [x for x in 1, 2]",
    ),
    _Relic(_INVALID, r"\basync\s*(?==)", "async_", "another name than async, which is a keyword"),
)
_MOST = 200
"""Places of a file that are looked at."""


def advice(error: SyntaxError, lines: Sequence[str]) -> str:
    """What to write where the file is one of Python 2; empty where it is none."""
    relics = _relics(error, list(lines))
    write = "; ".join(f"{write} ({places(where, lines)})" for write, where in relics.items())
    return f"this is Python 2: write {write}" if write else ""


def _relics(error: SyntaxError | None, lines: list[str]) -> dict[str, list[int]]:
    """What to write, with the lines: one after the other is mended to see what Python meets next."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for _ in range(_MOST):
        at = (error.lineno or 0) - 1 if error else -1
        if error is None or not 0 <= at < len(lines) or (relic := _relic(error, lines[at])) is None:
            break
        if at + 1 not in found[relic.write]:
            found[relic.write].append(at + 1)
        lines[at] = re.sub(relic.pattern, relic.repaired, lines[at])
        error = fault("".join(lines), "outdated")
    return dict(found)


def _relic(error: SyntaxError, line: str) -> _Relic | None:
    """What of Python 2 it is at which Python 3 stops in a line."""
    place = (error.offset or 0) - 1
    for relic in _RELICS:
        matches = re.finditer(relic.pattern, line)
        if error.msg.startswith(relic.message) and any(one.start() <= place <= one.end() for one in matches):
            return relic
    return None
