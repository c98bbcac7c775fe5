"""Text for people, measured in the columns of a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from gradcheck.submission.text import clean

TAB = 4
NARROWEST = 44
"""The fewest columns that a report makes do with."""
_JAMO = re.compile(r"[\u1160-\u11ff\ud7b0-\ud7ff\u3164\uffa0]")
"""Vowels and final consonants of Hangul, which join the letter before them, and the fillers."""


def printable(text: str) -> str:
    """The text with its tabs as blanks, and every other control character but newline replaced."""
    if text.isprintable():  # a tab is not
        return text
    return clean(text, len(text)).expandtabs(TAB)


def unbroken(text: str) -> str:
    """The text on one line, as printable as above, with one blank for any white space."""
    return " ".join(printable(text).split())


def muted(text: str) -> str:
    """The text with what a log on GitHub takes for commands parted by a blank: lines that begin with `::`.

    A file's name or a print can hold them, and could make annotations or stop those of others
    (docs.github.com, "Workflow commands for GitHub Actions").
    """
    if "::" not in text and "##[" not in text:
        return text
    return re.sub(r"^([^\S\n]*):(?=:)", r"\1: ", text, flags=re.MULTILINE).replace("##[", "# #[")


def amount(count: int, noun: str) -> str:
    """1 weight, 23,860 weights; 1 entry, 2 entries; 1 day, 2 days."""
    plural = re.sub(r"(?<![aeiou])y$", "ie", noun) + "s"
    return f"{count:,} {noun if count == 1 else plural}"


def amounts(counts: Sequence[int], noun: str) -> str:
    """3 weights, 3 to 10 weights: what there is of something in each of several cases."""
    least, most = min(counts), max(counts)
    return amount(most, noun) if least == most else f"{least:,} to {amount(most, noun)}"


def columns(text: str) -> int:
    """How many columns a terminal needs for a line of text."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=1024)
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf") or _JAMO.match(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def chop(line: str, width: int) -> list[str]:
    """The line in pieces of at most `width` ≥ 2 columns, whatever its words; at least one piece."""
    if columns(line) <= width:
        return [line]
    if line.isascii():
        return [line[at : at + width] for at in range(0, len(line), width)]
    pieces, room = [""], width
    for character in line:
        size = _columns(character)
        if size > room:
            pieces.append("")
            room = width
        pieces[-1] += character
        room -= size
    return pieces


def chop_formula(line: str, width: int) -> list[str]:
    """The same, in front of a sign where one is near: no word falls apart that need not."""
    pieces = []
    while columns(line) > width:
        first = chop(line, width)[0]
        near = max(first.rfind(" ") + 1, first.rfind("\\"), first.rfind("+"), first.rfind("="))
        first = first[:near] if near > len(first) // 2 else first
        pieces.append(first)
        line = line[len(first) :]
    return [*pieces, line]


def clip(line: str, width: int) -> str:
    """The line on at most `width` ≥ 3 columns; what is cut off shows as an ellipsis."""
    return line if columns(line) <= width else chop(line, width - 1)[0] + "…"


def pad(line: str, width: int) -> str:
    """The line with blanks after it, up to `width` columns."""
    return line + " " * (width - columns(line))


def wrap(text: str, width: int) -> list[str]:
    """The words of a text on lines of at most `width` ≥ 2 columns; only longer words are broken."""
    lines, line = [], ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if columns(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = chop(word, width)
        lines += full
    return [*lines, line]


def hanging(start: str, size: int, text: str, width: int) -> list[str]:
    """Words below each other behind a start that takes `size` columns."""
    first, *more = wrap(text, width - size)
    return [start + first, *(" " * size + line for line in more)]


def headline(left: str, right: str, width: int) -> list[str]:
    """One text at each margin or, if need be, the second below the first."""
    room = width - columns(right)
    if columns(left) + 2 <= room:
        return [pad(left, room) + right]
    return [*wrap(left, width), *wrap(right, width)]
