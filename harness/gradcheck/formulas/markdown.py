"""Markdown and the like: where in a document its formulas stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from gradcheck.formulas.commands import DISPLAYS
from gradcheck.formulas.limits import MAX_FORMULAS
from gradcheck.formulas.names import is_known

_OPENING = re.compile(
    rf"""
    (?P<escaped> \\[$\\] )
  | (?P<fence>   ^[ \t]* (?P<ticks> `{{3,}}+ | ~{{3,}}+ ) [ \t]*+ (?P<info>[^`\n]*+) \n )
  | (?P<code>    `++ )
  | (?P<double>  \$\$ )
  | (?P<single>  \$ )
  | (?P<round>   \\\( )
  | (?P<square>  \\\[ )
  | (?P<block>   \\begin\s*\{{ (?P<env> (?:{"|".join(sorted(DISPLAYS - {"document"}))}) \*? ) \}} )
    """,
    re.VERBOSE | re.MULTILINE,
)
_WORD = re.compile(r"[A-Za-z]?[a-z]{2,}")
_SIGNS = re.compile(r"[\\^_{}=+*/<>|]")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")

_BETWEEN = re.compile(r"(?:[ \t]|[-+*/=^()\[\]·×⊙∘−]|\d+(?:\.\d+)?)*\Z")
_BEFORE = re.compile(r"(?:(?<![\w$.])(?:\d+(?:\.\d+)?\s?[*/·×]|[A-Za-zα-ωΑ-Ω]\d?[ ]=[ ]))\Z")
_AFTER = re.compile(r"[)\]]+")


class Piece(NamedTuple):
    """A formula's place in the document; `text` has blanks where delimiters stood, and the same length."""

    text: str
    start: int
    inline: bool

    @property
    def end(self) -> int:
        """Where it ends in the document."""
        return self.start + len(self.text)


def pieces(document: str) -> list[Piece]:
    """The formulas of a document, in its order; neighbours that are one formula are joined.

    The search ends at the first that is one too many.
    """
    formulas = list(islice(_formulas(document), MAX_FORMULAS + 1))
    return list(_joined(document, formulas))


def _formulas(document: str) -> Iterator[Piece]:
    at, missing = 0, set[str]()
    while match := _OPENING.search(document, at):
        at = match.end()
        kind, closing = str(match.lastgroup), _closing(match)
        if kind == "escaped" or closing in missing:
            continue
        end = document.find(closing, at)
        if end < 0:
            missing.add(closing)
            continue
        if kind == "single" and not _is_inline(document, at, end):
            continue
        if kind not in ("fence", "code") or match["info"] == "math":
            yield _piece(document, match, end, end + len(closing))
        at = end + len(closing)


def _closing(match: re.Match[str]) -> str:
    match match.lastgroup:
        case "fence":
            return "\n" + match["ticks"]
        case "block":
            return rf"\end{{{match['env']}}}"
        case "round" | "square" as kind:
            return {"round": r"\)", "square": r"\]"}[kind]
    return match[0]


def _is_inline(document: str, start: int, end: int) -> bool:
    """Whether two dollars enclose a formula, and not prose between two sums of money."""
    if _PARAGRAPH.search(document, start, end):
        return False
    inner = document[start:end]
    if _SIGNS.search(inner) or not re.search(r"\s", inner.strip("\n")):
        return True
    return all(is_known(word) for word in _WORD.findall(inner))


def _piece(document: str, match: re.Match[str], end: int, past: int) -> Piece:
    kind = str(match.lastgroup)
    inline = kind in ("single", "round")
    if kind == "block":
        return Piece(document[match.start() : past], match.start(), inline)
    blank = " " * (match.end() - match.start())
    return Piece(blank + document[match.end() : end] + " " * (past - end), match.start(), inline)


def _joined(document: str, formulas: list[Piece]) -> Iterator[Piece]:
    """Runs of inline pieces with nothing but operators, brackets and numbers between, each as one."""
    run: list[Piece] = []
    for piece in formulas:
        if run and not _belongs(document, run[-1], piece):
            yield from _as_one(document, run)
            run = []
        run.append(piece)
    yield from _as_one(document, run)


def _belongs(document: str, before: Piece, piece: Piece) -> bool:
    between = document[before.end : piece.start]
    return (
        before.inline
        and piece.inline
        and (not between or not between.isspace())
        and len(between) < 100
        and _BETWEEN.match(between) is not None
    )


def _as_one(document: str, run: list[Piece]) -> list[Piece]:
    if not run or not run[0].inline:
        return run
    first = run[0]
    before = _BEFORE.search(document, max(0, first.start - 20), first.start)
    start = before.start() if before else first.start
    text, at = "", start
    for piece in run:
        text += document[at : piece.start] + piece.text
        at = piece.end
    if _open_brackets(text) > 0 and (after := _AFTER.match(document, at)):
        text += after[0]
    return [Piece(text, start, True)] if _open_brackets(text) == 0 else run


def _open_brackets(text: str) -> int:
    return sum(map(text.count, "([")) - sum(map(text.count, ")]"))
