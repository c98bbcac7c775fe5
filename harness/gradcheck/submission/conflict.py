"""A merge that nobody has finished: Git's marks in a file."""

from __future__ import annotations

import re

_BEGINS, _TURNS, _ENDS = (re.compile(rf"[ \t]*{mark}(?:[ \t].*)?") for mark in ("<{7}", "={7}", ">{7}"))


def merge_conflict(text: str) -> int | None:
    """The line at which the first conflict begins, from 1; None where there is none."""
    if "<<<<<<<" not in text:
        return None
    begun: int | None = None
    turned = False
    for number, line in enumerate(text.split("\n"), start=1):
        if begun is None:
            begun = number if _BEGINS.fullmatch(line) else None
        elif not turned:
            turned = _TURNS.fullmatch(line) is not None
        elif _ENDS.fullmatch(line):
            return begun
    return None
