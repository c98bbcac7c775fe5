"""Which part of an equation is another one than in the right equation."""

from __future__ import annotations

import re
from typing import NamedTuple

Span = tuple[int, int]
"""Where the part begins in a text, and where it ends."""


class Part(NamedTuple):
    """A piece of what is said of a mistake."""

    label: str
    """Empty where it goes on with what stands above it."""
    text: str
    changed: Span = (0, 0)
    """Which part of an equation is another one; empty in other texts."""


_TOKEN = re.compile(r"[\w.′\u0300-\u036f]+|\s+|.")
"""A name with its index, prime and accents is one."""
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def changed(yours: str, right: str) -> tuple[Span, Span]:
    """The parts of two texts between what both begin and what both end with; brackets in them close.

    A part is empty where something is left out there. Of `2 * (a + b)` and `a + b` it is `2 *`.
    """
    one, other = (_TOKEN.findall(text) for text in (yours, right))
    least = min(len(one), len(other))
    before = next((n for n in range(least) if one[n] != other[n]), least)
    after = next((n for n in range(least - before) if one[-1 - n] != other[-1 - n]), least - before)
    while True:
        inner = [tokens[before : len(tokens) - after] for tokens in (one, other)]
        closing, opening = (max(counts) for counts in zip(*map(_unmatched, inner), strict=True))
        if closing and before:
            before -= 1
        elif opening and after:
            after -= 1
        else:
            break
    first, second = (_span(tokens, before, after) for tokens in (one, other))
    return _around(yours, first, right, second), _around(right, second, yours, first)


def _around(text: str, span: Span, other: str, inner: Span) -> Span:
    """What of a part stands before or behind brackets around the other part, if it has those."""
    (start, stop), inside = span, other[slice(*inner)]
    part, whole = text[start:stop], f"({inside})"
    if inside and part.startswith(whole):
        rest = part[len(whole) :].lstrip()
        return stop - len(rest), stop
    if inside and part.endswith(whole):
        return start, start + len(part[: -len(whole)].rstrip())
    if part and (inside.startswith(f"({part})") or inside.endswith(f"({part})")):
        return start, start
    return span


def _unmatched(tokens: list[str]) -> tuple[int, int]:
    """How many brackets close that none has opened, and how many stay open."""
    closing = still_open = 0
    for token in tokens:
        still_open += _BRACKETS.get(token, 0)
        if still_open < 0:
            closing, still_open = closing + 1, 0
    return closing, still_open


def _span(tokens: list[str], before: int, after: int) -> Span:
    start = len("".join(tokens[:before]))
    inside = "".join(tokens[before : len(tokens) - after])
    start += len(inside) - len(inside.lstrip())
    return start, start + len(inside.strip())
