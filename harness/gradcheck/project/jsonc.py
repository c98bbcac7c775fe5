"""JSON with comments, as editors keep their settings: one member is set, and all else stays as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_TOKEN = re.compile(
    r"""(?P<blank>[\s\ufeff]+)|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<string>"(?:[^"\\\n]|\\.)*")"""
    r"""|(?P<word>[-+.\w]+)|(?P<mark>[{}\[\],:])""",
    re.DOTALL,
)
_INDENT = "    "


class JsoncError(Exception):
    """It is no object in JSON with comments: the text says why and where."""


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _Member(NamedTuple):
    """Where a member of the outer object has its value."""

    key: str
    start: int
    end: int


def with_member(text: str, key: str, value: Any) -> str:
    """The text with that member of the outer object, in place of one of that name. Raises JsoncError."""
    if not text.strip("\ufeff \t\r\n"):
        text = "{}\n"
    tokens = [*_tokens(text)]
    members, closing = _members(text, tokens)
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = _indent(text, tokens)
    written = json.dumps(value, indent=indent, ensure_ascii=False).replace("\n", f"{newline}{indent}")
    for member in reversed(members):
        if member.key == key:
            return text[: member.start] + written + text[member.end :]
    before = tokens[closing - 1]  # of the last member, its comma, or the bracket that opens the object
    comma = "" if before.text in ("{", ",") else ","
    rest = text[before.end : tokens[closing].start]
    lead = rest.rstrip()
    added = f"{newline}{indent}{json.dumps(key)}: {written}{newline}"
    return f"{text[: before.end]}{comma}{lead}{added}{text[tokens[closing].start :]}"


def member(text: str, key: str) -> Any:
    """The value of that member of the outer object, None where there is none. Raises JsoncError."""
    if not text.strip("\ufeff \t\r\n"):
        return None
    tokens = [*_tokens(text)]
    members, _ = _members(text, tokens)
    for one in reversed(members):
        if one.key == key:
            inside = [token for token in tokens if one.start <= token.start < one.end]
            return _plain(text, inside)
    return None


def _plain(text: str, tokens: list[_Token]) -> Any:
    """The value that the tokens are, without the commas at the ends of lists."""
    kept = [
        token.text
        for token, after in zip(tokens, [*tokens[1:], None], strict=True)
        if not (token.text == "," and after is not None and after.text in "]}")
    ]
    try:
        return json.loads(" ".join(kept))
    except ValueError:
        raise JsoncError(f"the value at {_place(text, tokens[0].start)} is not JSON") from None


def _tokens(text: str) -> Iterator[_Token]:
    """All but blanks and comments."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or not match.lastgroup:
            raise JsoncError(f"what begins at {_place(text, at)} is not JSON")
        if match.lastgroup not in ("blank", "comment"):
            yield _Token(match.lastgroup, match[0], at, match.end())
        at = match.end()


def _members(text: str, tokens: list[_Token]) -> tuple[list[_Member], int]:
    """The members of the outer object, and which token closes it."""
    if not tokens or tokens[0].text != "{" or tokens[0].kind != "mark":
        raise JsoncError("it is not an object in braces")
    members, closing = list[_Member](), 1
    while closing < len(tokens) and tokens[closing].text != "}":
        key, colon = tokens[closing], tokens[closing + 1] if closing + 1 < len(tokens) else None
        if key.kind != "string" or colon is None or colon.text != ":":
            raise JsoncError(f"there is no member at {_place(text, key.start)}")
        last = _end_of_value(text, tokens, closing + 2)
        members.append(_Member(json.loads(key.text), tokens[closing + 2].start, tokens[last].end))
        closing = last + 1
        if closing < len(tokens) and tokens[closing].text == ",":
            closing += 1
        elif closing < len(tokens) and tokens[closing].text != "}":
            raise JsoncError(f"a comma is missing before {_place(text, tokens[closing].start)}")
    if closing != len(tokens) - 1:
        where = len(text) if closing >= len(tokens) else tokens[closing + 1].start
        raise JsoncError(f"its braces don't match at {_place(text, where)}")
    return members, closing


def _end_of_value(text: str, tokens: list[_Token], first: int) -> int:
    """Which token a value ends with."""
    depth, at = 0, first
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "mark":
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token.text, 0)
            if depth < 0 or (depth == 0 and token.text in ",:"):
                break
        if depth == 0:
            return at
        at += 1
    where = tokens[first].start if first < len(tokens) else len(text)
    raise JsoncError(f"there is no value at {_place(text, where)}")


def _indent(text: str, tokens: list[_Token]) -> str:
    """How members are indented; four blanks where they don't say."""
    line = text[: tokens[1].start].rpartition("\n")[2] if tokens[1].kind == "string" else ""
    return line if line and not line.strip() else _INDENT


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line}, column {at - text.rfind(chr(10), 0, at)}"
