r"""What a formula's text stands in: a file of LaTeX, a notebook, Markdown, or nothing at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gradcheck.formulas.errors import Unread
from gradcheck.formulas.limits import MAX_DOCUMENT
from gradcheck.formulas.macros import Run, expanded, has_macros
from gradcheck.formulas.tokens import Token
from gradcheck.formulas.tree import Span

_LATEX = re.compile(r"\\(?:documentclass|usepackage|begin\s*\{document\}|(?:sub)*section\b|chapter\b)")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_CODE = "verbatim|Verbatim|lstlisting|minted|comment|tikzpicture|filecontents|thebibliography|tabbing"
_ASIDE = re.compile(
    rf"\\begin\s*\{{(?P<name>(?:{_CODE})\*?)\}}.*?\\end\s*\{{(?P=name)\}}"
    r"|\\verb\*?(?P<fence>[^\sA-Za-z*])[^\n]*?(?P=fence)|\\iffalse(?![A-Za-z]).*?\\fi(?![A-Za-z])"
    r"|\\(?:url|includegraphics|bibliography|input|include)\s*(?:\[[^\]]*\])?\{[^{}]*\}",
    re.DOTALL,
)
_BEGIN = re.compile(r"\\begin\s*\{document\}")
_END = re.compile(r"\\end\s*\{document\}")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADING = re.compile(r"#{1,6}\s|\s*\\(?:part|chapter|(?:sub)*section|(?:sub)?paragraph)\*?\s*[\[{]")
_MAGIC = re.compile(r"\s*%%(?:latex|markdown)\b[^\n]*\n")


@dataclass(frozen=True)
class Document:
    """A text, and what of it formulas are looked for in."""

    text: str
    """As it is shown; lines are counted in it."""
    run: Run | None = None
    """The text as it is read, where that is another one, and where each of its characters stands."""
    dialect: str = ""
    """Where the text itself does not tell."""
    blocks: tuple[Span, ...] = ()
    """Parts that no formula crosses, of what is read; none where it is one."""
    cells: tuple[tuple[int, int], ...] = ()
    """Of a notebook: on which line each cell begins that is read, and its number."""
    unread: tuple[Unread, ...] = ()

    @property
    def readable(self) -> str:
        """What formulas are looked for in."""
        return self.text if self.run is None else self.run.text

    def headings(self) -> Iterator[int]:
        """Where in the text headings stand."""
        at, fenced = 0, False
        for line in self.readable.splitlines(keepends=True):
            fenced ^= _FENCE.match(line) is not None
            if not fenced and _HEADING.match(line):
                yield self.place(at)
            at += len(line)

    def place(self, offset: int) -> int:
        """Where in the text a character of what is read stands."""
        if self.run is None:
            return offset
        return self.run.starts[offset] if offset < len(self.run.starts) else len(self.text)

    def span(self, start: int, end: int) -> Span:
        """From where to where a piece of what is read stands in the text."""
        if self.run is None:
            return start, end
        first = self.place(start)
        return first, (max(first, self.run.ends[end - 1]) if start < end <= len(self.run.ends) else first)

    def moved(self, tokens: list[Token], start: int) -> list[Token]:
        """The tokens of a piece that begins there, at their places in the text."""
        if self.run is None and start == 0:
            return tokens
        spans = (self.span(token.start + start, token.end + start) for token in tokens)
        return [token._replace(start=a, end=b) for token, (a, b) in zip(tokens, spans, strict=True)]


def document(text: str, name: str = "") -> Document:
    """The text of a file of that name, or one that was pasted: what it is shows in either."""
    if name.endswith(".ipynb") or (text.lstrip()[:1] == "{" and '"cells"' in text):
        cells = _cells(text)
        if cells is not None:
            return _notebook(cells)
        if name.endswith(".ipynb"):
            fault = Unread("this is no notebook: it is no JSON with cells", (0, 0), "save it anew")
            return Document("", None, "markdown", unread=(fault,))
    if len(text) > MAX_DOCUMENT:
        return Document(text)
    if name.endswith(".tex") or _LATEX.search(text):
        return _latex(text)
    if has_macros(text):
        written = expanded(text)
        return Document(text, written.run, unread=written.unread)
    return Document(text)


def _latex(text: str) -> Document:
    """A file of LaTeX, with blanks for comments, code and what stands before and behind the document."""
    written = expanded(_blank(_ASIDE, _COMMENT.sub(_commented, text)))
    readable = written.run.text
    if begin := _BEGIN.search(readable):
        readable = _blanks(readable[: begin.end()]) + readable[begin.end() :]
    if end := _END.search(readable):
        readable = readable[: end.start()] + _blanks(readable[end.start() :])
    has_formulas = re.search(r"\$|\\[(\[]|\\begin\s*\{", readable) is not None
    dialect = "markdown" if has_formulas or begin else ""
    return Document(text, written.run._replace(text=readable), dialect, unread=written.unread)


def _commented(match: re.Match[str]) -> str:
    return match[1] + " " * (len(match[0]) - len(match[1]))


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: _blanks(match[0]), text)


def _blanks(text: str) -> str:
    """As many blanks, on as many lines."""
    return re.sub(r"[^\n]", " ", text)


# Notebooks


def _cells(text: str) -> list[dict[str, Any]] | None:
    """The cells of a notebook; None where the text is none."""
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return cells if isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells) else None


def _notebook(cells: Sequence[dict[str, Any]]) -> Document:
    """The cells that hold formulas, one below the other: those of Markdown, and of %%latex."""
    texts: list[str] = []
    firsts: list[tuple[int, int]] = []
    line, at, ends = 1, 0, set[int]()
    for number, cell in enumerate(cells, start=1):
        source = _formulas(cell)
        if source.strip():
            firsts.append((line, number))
            texts.append(source)
            line += source.count("\n") + 1
            at += len(source) + 1
            ends.add(at - 1)
    text = "\n".join(texts)
    whole = len(text) <= MAX_DOCUMENT and has_macros(text)
    written = expanded(text) if whole else None
    run = written.run if written else None
    unread = written.unread if written else ()
    return Document(text, run, "markdown", tuple(_blocks(text, run, ends)), tuple(firsts), unread)


def _blocks(text: str, run: Run | None, ends: set[int]) -> Iterator[Span]:
    """From where to where each cell is, of what is read."""
    places: Sequence[int] = range(len(text)) if run is None else run.starts
    readable, at = text if run is None else run.text, 0
    for n, place in enumerate(places):
        if place in ends and readable[n] == "\n":
            yield at, n
            at = n + 1
    yield at, len(readable)


def _formulas(cell: dict[str, Any]) -> str:
    """A cell's text, or nothing where it is code."""
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    if cell.get("cell_type") == "markdown":
        return text
    magic = _MAGIC.match(text) if cell.get("cell_type") == "code" else None
    return _blanks(magic[0]) + text[magic.end() :] if magic else ""
