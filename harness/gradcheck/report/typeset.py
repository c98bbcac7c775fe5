r"""Quantities as a textbook prints them, `dZ^[2]`, `W^{(1)}_{12}`, `\delta^l` with indices above and below.

A screen reader reads each of them in words: "dZ superscript [2]".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from gradcheck.letters import GREEK
from gradcheck.report.elements import Html, element, plain

_LETTERS = {name: letter for letter, name in reversed(GREEK.items())}
_COMMAND = rf"\\(?:{'|'.join(sorted(_LETTERS, key=len, reverse=True))})(?![A-Za-z])"
_INSIDE = {"[": r"\[[^\[\]]{1,24}\]", "{": r"\{[^{}]{1,24}\}", "(": r"\([^()]{1,24}\)"}
_RAISED = rf"\^(?:{'|'.join(_INSIDE.values())}|\d+|[A-Za-z](?![A-Za-z]))"
_LOWERED = rf"_{_INSIDE['{']}"
_WORDED = r"(?<=Σ)_[a-z]+(?:,[a-z]+)*|(?<=\bn)_[a-z]+(?![\w(])"
"""What a sum goes over, and what there is a number of: Σ_samples, n_in."""
_SCRIPT = re.compile(f"{_RAISED}|{_LOWERED}|{_WORDED}")
_BASE = rf"(?:{_COMMAND}|[^\W_]+[′']*)"
_TOKEN = re.compile(rf"(?:{_BASE}|Σ)?(?:{_SCRIPT.pattern})+|{_COMMAND}")


class _Piece(NamedTuple):
    start: int
    stop: int
    html: Html


def typeset(text: str, mark: tuple[int, int] = (0, 0), kind: str = "") -> Html:
    """A text, escaped, with its quantities set; the marked part stands in a `mark` of that class.

    A quantity that is marked in part is marked as a whole.
    """
    pieces = list(_pieces(text))
    start, stop = mark
    if start >= stop:
        return Html("".join(piece.html for piece in pieces))
    several: dict[str, list[Html]] = {"before": [], "inside": [], "behind": []}
    for piece in pieces:
        for place, one in _cut(text, piece, start, stop):
            several[place].append(one)
    inside = element("mark", *several["inside"], class_=kind)
    return Html("".join((*several["before"], inside, *several["behind"])))


def in_drawing(text: str) -> Html:
    """The same within the `text` of a picture, which says it in words itself."""
    drawn, low = list[Html](), 0
    for kind, part in _parts(text):
        here = _SHIFTS[kind]
        size = {"class_": "script"} if here else {}
        drawn.append(element("tspan", plain(part), dy=str(here - low), **size))
        low = here
    return Html("".join(drawn))


def _pieces(text: str) -> Iterator[_Piece]:
    """Plain text and quantities, in turn."""
    at = 0
    for match in _TOKEN.finditer(text):
        if at < match.start():
            yield _Piece(at, match.start(), plain(text[at : match.start()]))
        yield _Piece(match.start(), match.end(), _quantity(match[0]))
        at = match.end()
    if at < len(text):
        yield _Piece(at, len(text), plain(text[at:]))


def _cut(text: str, piece: _Piece, start: int, stop: int) -> Iterator[tuple[str, Html]]:
    """Where a piece stands; plain text is cut where the mark begins and ends."""
    if _TOKEN.fullmatch(text, piece.start, piece.stop):
        is_inside = piece.start < stop and start < piece.stop
        yield ("inside" if is_inside else "before" if piece.stop <= start else "behind"), piece.html
        return
    bounds = (piece.start, min(max(start, piece.start), piece.stop), min(max(stop, piece.start), piece.stop))
    yield "before", plain(text[bounds[0] : bounds[1]])
    yield "inside", plain(text[bounds[1] : bounds[2]])
    yield "behind", plain(text[bounds[2] : piece.stop])


@lru_cache(maxsize=1024)
def _quantity(text: str) -> Html:
    parts = list(_parts(text))
    spoken = " ".join(filter(None, (f"{_SPOKEN[kind]} {part}".strip() for kind, part in parts)))
    shown = (plain(part) if kind == "base" else element(kind, plain(part)) for kind, part in parts)
    return element("span", *shown, class_="math", role="img", aria_label=spoken)


_SPOKEN = {"base": "", "sup": "superscript", "sub": "subscript"}
_SHIFTS = {"base": 0, "sup": -5, "sub": 4}
"""How far a picture's script stands below the line."""


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """(base, sup or sub; text) from left to right."""
    at = 0
    for match in _SCRIPT.finditer(text):
        if at < match.start():
            yield "base", _lettered(text[at : match.start()])
        script = match[0][1:]
        yield "sup" if match[0][0] == "^" else "sub", _lettered(script[1:-1] if script[0] == "{" else script)
        at = match.end()
    if at < len(text):
        yield "base", _lettered(text[at:])


def _lettered(text: str) -> str:
    return re.sub(_COMMAND, lambda match: _LETTERS[match[0][1:]], text)
