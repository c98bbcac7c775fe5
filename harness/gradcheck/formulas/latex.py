"""LaTeX to tokens: the mathematics of question-and-answer sites, with what is only for the eye left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gradcheck.formulas import commands
from gradcheck.formulas.limits import MAX_NAME
from gradcheck.formulas.names import CONNECTIVES, folded, is_word
from gradcheck.formulas.plain import tokens_at
from gradcheck.formulas.tokens import Token, end_at
from gradcheck.formulas.tree import DEMANDED

_TOKEN = re.compile(
    r"""
    (?P<blank>   \s+ | (?:np|numpy|math)\.(?=[a-z]) | %[^\n]* | ~ | \\[ ,;:!>/\n] )
  | (?P<row>     \\\\ (?: \* | \[[^\]\n]*\] )? | \\(?:newline|cr)(?![A-Za-z]) )
  | (?P<cell>    & )
  | (?P<left>    \\left \s* \. )
  | (?P<right>   \\right \s* (?:\| | \\[rl]?vert(?![A-Za-z])) (?=\s*_) )
  | (?P<fence>   \\(?:left|right|middle|[bB]igg?[lrm]?)(?![A-Za-z]) \s* \.? )
  | (?P<begin>   \\begin\s*\{ (?P<opened> [A-Za-z]+ ) \*?\} )
  | (?P<end>     \\end\s*\{ (?P<closed> [A-Za-z]+ ) \*?\} )
  | (?P<word>    \\(?:mathrm|text|operatorname|textrm|textit|textsf|texttt|mbox|mathsf|mathtt|mathop)
                 \*?\s* \{ (?P<said> (?: [^{}\\$&^] | \\[_ ,] )* ) \} )
  | (?P<ones>    \\(?:mathbf|mathbb|boldsymbol|bm|vec|pmb) \s* (?: \{ \s* 1 \s* \} | 1 ) (?!\d) )
  | (?P<mean>    \\mathbb \s* (?: \{ \s* E \s* \} | E ) )
  | (?P<command> \\(?P<called> [A-Za-z]+ | . ) )
  | (?P<number>  \d+ (?: \.\d+ )? | \.\d+ )
  | (?P<letters> [A-Za-z]+ \d* )
    """,
    re.VERBOSE,
)
_NAMED = {"ones": "ones", "mean": "expectation"}
"""What is a name by the look of its letter."""
_FENCES = re.compile(
    r"\\(?:(?P<left>left)|right)(?![A-Za-z])(?P<evaluated>\s*(?:\||\\[rl]?vert(?![A-Za-z]))\s*_)?"
)
_BARE = frozenset("{}()[]^_=+-*/,'")
_ASIDE = re.compile(r"\s*(?:\[[^\]]*\])?\s*\{(?:[^{}]|\{[^{}]*\})*\}")
_RELATION = re.compile(r"\s*\{\s*(?P<relation>:?=|\\(?P<command>[a-z]+))\s*\}")
_COLUMNS = re.compile(r"(?<=array\})\s*\{[^{}]*\}|(?<=alignat\}|ignedat\})\s*\{\d*\}")
_LETTERS = re.compile(r"[A-Za-z]\d+\Z|[A-Za-z]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*\Z")


def tokens(text: str, *, lines: bool = False) -> list[Token]:
    """The tokens of one formula or of a block of several; with `lines`, each line may be one."""
    return list(_Lexer(text, lines=lines).tokens())


class _Lexer:
    """Cuts one text; knows how far it is and in which environments."""

    def __init__(self, text: str, *, lines: bool) -> None:
        self.text, self.at, self.lines = folded(text), 0, lines
        self.environments: list[str] = []
        self.evaluated = 0
        """How many of \\left. are open that end with a bar and a place below it."""

    def tokens(self) -> Iterator[Token]:
        fence: int | None = None
        while self.at < len(self.text):
            match = _TOKEN.match(self.text, self.at) if self.text[self.at] not in _BARE else None
            if match and match.lastgroup == "fence":
                fence, self.at = self.at, match.end()
                continue
            for token in self._next(match):
                # A \left( stands as close to the name before it as the bare bracket does.
                yield token if fence is None else token._replace(start=fence)
                fence = None
        yield end_at(len(self.text))

    def _next(self, match: re.Match[str] | None) -> list[Token]:
        if match is None:
            tokens, self.at = tokens_at(self.text, self.at)
            return tokens
        self.at = match.end()
        start, end = match.span()
        match match.lastgroup:
            case "letters":
                run = match[0]
                if run[:1] == "T" and self.text.startswith("^", start - 1):  # r^Tr is rᵀ r
                    run, self.at = "T", start + 1
                return list(_letters(run, start))
            case "number":
                return [Token("number", match[0], start, end, loose=match[0].isdigit())]
            case "row" | "cell" as kind:
                return [Token(kind, kind, start, end)]
            case "word":
                return _word(match["said"], start, end)
            case "begin" | "end":
                return self._environment(match)
            case "command":
                return self._command(match["called"])
            case "blank" if self.lines and "\n" in match[0] and not self.environments:
                return [Token("newline", "newline", start, end)]
        return self._fenced(match)

    def _environment(self, match: re.Match[str]) -> list[Token]:
        start, end = match.span()
        if match.lastgroup == "begin":
            return self._begin(match["opened"], start)
        return self._end(match["closed"], start, end)

    def _fenced(self, match: re.Match[str]) -> list[Token]:
        r"""A name by its look, or the ends of \left. … \right|_{x=0}."""
        start, end = match.span()
        match match.lastgroup:
            case "ones" | "mean" as kind:
                return [Token("name", _NAMED[kind], start, end)]
            case "left" if self._is_evaluated():
                return [Token("open", "{", start, end)]
            case "right":
                close = [Token("close", "{", start, start)] if self.evaluated else []
                self.evaluated = max(0, self.evaluated - 1)
                return [*close, Token("bar", "|", start, end)]
        return []

    def _command(self, name: str) -> list[Token]:
        start, end = self.at - len(name) - 1, self.at
        if name in commands.ASIDES:
            aside = _ASIDE.match(self.text, self.at)
            self.at = aside.end() if aside else self.at
            is_demand = aside is not None and "!" in aside[0]
            return self._relation(DEMANDED if is_demand else "=") if name in commands.ABOVE else []
        if name in commands.LOOKS or name in commands.WORDS:
            return []
        kind, text = commands.meaning(name)
        return [Token(kind, text, start, end)]

    def _relation(self, equal: str) -> list[Token]:
        r"""The = of \overset{!}{=}, which stands in braces of its own and is `equal`."""
        match = _RELATION.match(self.text, self.at)
        if match is None:
            return []
        self.at = match.end()
        start, end = match.span("relation")
        kind, text = commands.meaning(match["command"]) if match["command"] else ("relation", equal)
        return [Token(kind, text, start, end)]

    def _begin(self, name: str, start: int) -> list[Token]:
        columns = _COLUMNS.match(self.text, self.at)
        self.at = columns.end() if columns else self.at
        if name == "array":
            name = "aligned" if "=" in self._until(r"\end{array}") else "matrix"
        self.environments.append(name)
        return [_environment("open", name, start, self.at)]

    def _end(self, name: str, start: int, end: int) -> list[Token]:
        if name == "array" and self.environments:
            name = self.environments[-1]
        del self.environments[-1:]
        return [_environment("close", name, start, end)]

    def _is_evaluated(self) -> bool:
        r"""Whether the \left. just read has its \right|_."""
        depth = 0
        for fence in _FENCES.finditer(self.text, self.at):
            if fence["left"]:
                depth += 1
            elif depth:
                depth -= 1
            else:
                found = fence["evaluated"] is not None
                self.evaluated += found
                return found
        return False

    def _until(self, closing: str) -> str:
        end = self.text.find(closing, self.at)
        return self.text[self.at : end if end >= 0 else len(self.text)]


def _environment(kind: str, name: str, start: int, end: int) -> Token:
    if name in commands.MATRICES:
        return Token(kind, "matrix", start, end)
    if name in commands.CASES:
        return Token(kind, "cases", start, end)
    if name in commands.DISPLAYS:
        return Token("row", "row", start, end)
    return Token("bad", f"the environment {name} is not read: write its lines one by one", start, end)


def _letters(run: str, start: int) -> Iterator[Token]:
    """A run of letters: a word, a differential such as dW, or letters side by side."""
    word = run.rstrip("0123456789")
    end = start + len(run)
    if word in CONNECTIVES:
        yield Token("implies", run, start, end)
    elif is_word(word):
        yield _name(run, start, end)
    elif len(word) == 2 and word[0] == "d":
        yield Token("name", run, start, end, loose=True)
    else:
        for match in _LETTERS.finditer(run):
            yield Token("name", match[0], start + match.start(), start + match.end(), loose=True)


def _word(word: str, start: int, end: int) -> list[Token]:
    """Words in a formula: a name where it is one word, and else prose, which parts claims."""
    text = word.replace("\\_", "_").strip()
    if not text:
        return []
    if _NAME.match(text) and text not in CONNECTIVES:
        return [_name(text, start, end)]
    return [Token("implies", text, start, end)]


def _name(text: str, start: int, end: int) -> Token:
    if len(text) > MAX_NAME:
        return Token("bad", f"a name has more than {MAX_NAME} letters", start, end)
    return Token("name", text, start, end)
