"""The text of a network cut into its lines: equations, first states, loops and the lines under them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from gradcheck.expr.errors import ExprError

MAX_LENGTH = 40_000
"""Characters of a network's text."""
MAX_LINES = 400
NESTED = "loops are not nested: along other axes whole arrays go, by sum, @ or cumsum"


@dataclass(frozen=True)
class Line:
    """`name = right` or `name[index] = right`; spans are offsets in the whole text."""

    name: str
    index: str | None
    right: str
    start: int
    """Where the name stands."""
    right_start: int

    @property
    def span(self) -> tuple[int, int]:
        """Where the name stands: from and up to."""
        return self.start, self.start + len(self.name)


@dataclass(frozen=True)
class Block:
    """`for index in axis:` and the lines under it."""

    index: str
    axis: str
    lines: tuple[Line, ...]
    start: int
    axis_start: int


Part: TypeAlias = Line | Block

_COMMENT = re.compile("#[^\n]*")
_LOOP = re.compile(r"for\s+(?P<index>\w+)\s+in\s+(?P<axis>\w+)\s*(?P<colon>:?)\s*\Z")
_RANGE = re.compile(r"for\s+(?P<index>\w+)\s+in\s+range\s*\(.*?(?P<axis>\w+)\s*\)*\s*:\s*\Z")
_LOOP_LIKE = re.compile(r"(for|while|if|def|return|import|print|with|class)\b")
_EQUATION = re.compile(r"(?P<name>[^\W\d]\w*)\s*(?:\[(?P<index>[^\]\n]*)\]\s*)?=(?!=)", re.DOTALL)
_AUGMENTED = re.compile(r"(?P<name>[^\W\d]\w*)\s*(?:\[[^\]\n]*\]\s*)?[-+*/@]=")


@dataclass
class Parts:
    """What a text consists of, and what is wrong with its lines."""

    parts: list[Part] = field(default_factory=list)
    faults: list[ExprError] = field(default_factory=list)


def cut(text: str) -> Parts:
    """The text's equations and loops, in order; lines that are neither become faults."""
    result = Parts()
    if len(text) > MAX_LENGTH:
        reason = f"the equations have {len(text):,} characters, and {MAX_LENGTH:,} are the most"
        result.faults.append(ExprError(reason, (0, 1)))
        return result
    pieces = list(_logical(_COMMENT.sub(lambda match: " " * len(match[0]), text)))
    if len(pieces) > MAX_LINES:
        reason = f"there are {len(pieces):,} equations, and {MAX_LINES:,} are the most"
        result.faults.append(ExprError(reason, (pieces[MAX_LINES].start, pieces[MAX_LINES].start + 1)))
        return result
    _grouped(pieces, result)
    return result


def loop_indices(text: str) -> set[str]:
    """The t of each `for t in T:`."""
    return {part.index for part in cut(text).parts if isinstance(part, Block)}


@dataclass(frozen=True)
class _Piece:
    """A line of the text, with those that follow while a bracket is open."""

    text: str
    start: int
    indent: int

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the text."""
        return self.start, self.start + len(self.text)


def _logical(text: str) -> Iterator[_Piece]:
    """The lines that hold something, each with those in which its brackets are closed."""
    open_brackets, start = 0, 0
    for line in re.finditer(r"[^\n]*(\n|\Z)", text):
        if not open_brackets:
            start = line.start()
        open_brackets += sum(line[0].count(c) for c in "([") - sum(line[0].count(c) for c in ")]")
        if open_brackets > 0 and line.end() < len(text) and not _EQUATION.match(text[line.end() :].lstrip()):
            continue
        open_brackets = 0
        whole = text[start : line.end()]
        if whole.strip():
            indent = len(whole) - len(whole.lstrip())
            yield _Piece(whole.strip(), start + indent, indent)


def _grouped(pieces: list[_Piece], result: Parts) -> None:
    base = min((piece.indent for piece in pieces), default=0)
    rest = iter(pieces)
    piece = next(rest, None)
    while piece is not None:
        if loop := _LOOP.match(piece.text) or _RANGE.match(piece.text):
            if what := _loop_fault(loop):
                reason = f"{what}: write for {loop['index']} in {loop['axis']}:"
                result.faults.append(ExprError(reason, piece.span))
            under: list[_Piece] = []
            header, piece = piece, next(rest, None)
            while piece is not None and piece.indent > header.indent:
                under.append(piece)
                piece = next(rest, None)
            _add_loop(loop, header, under, result)
            continue
        if piece.indent > base:
            reason = "this line is indented, and stands in no loop: begin it where the others begin"
            result.faults.append(ExprError(reason, piece.span))
        _add_line(piece, result.parts, result)
        piece = next(rest, None)


def _loop_fault(loop: re.Match[str]) -> str | None:
    """What is wrong with a loop's first line, of which one knows what it should be."""
    if loop.re is _RANGE:
        return "a loop goes over an axis by its name"
    return None if loop["colon"] else "a loop's first line ends with a colon"


def _add_loop(loop: re.Match[str], header: _Piece, under: list[_Piece], result: Parts) -> None:
    lines: list[Part] = []
    for piece in under:
        if _LOOP.match(piece.text):
            result.faults.append(ExprError(NESTED, piece.span))
        else:
            _add_line(piece, lines, result)
    if not under:
        reason = "a loop needs lines under it, indented further: what is made at each time"
        result.faults.append(ExprError(reason, header.span))
    inside = tuple(line for line in lines if isinstance(line, Line))
    result.parts.append(
        Block(loop["index"], loop["axis"], inside, header.start, header.start + loop.start("axis"))
    )


def _add_line(piece: _Piece, parts: list[Part], result: Parts) -> None:
    match = _EQUATION.match(piece.text)
    if match is None:
        result.faults.append(ExprError(_no_equation(piece.text), piece.span))
        return
    right = piece.text[match.end() :].lstrip()
    index = match["index"] and "".join(match["index"].split())
    start = piece.start + len(piece.text) - len(right)
    parts.append(Line(match["name"], index, right, piece.start, start))


def _no_equation(text: str) -> str:
    if augmented := _AUGMENTED.match(text):
        name = augmented["name"]
        return f"a quantity gets its value once: write {name} = ... with all its terms"
    if _LOOP_LIKE.match(text):
        return "here stand equations `name = expression` and loops `for t in T:`, no other Python"
    return "this is no equation: write `name = expression`"
