r"""Macros of LaTeX written out: \newcommand, \def and their kin, as far as they only stand for other text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from gradcheck.formulas.errors import Unread
from gradcheck.formulas.limits import MAX_CALLS, MAX_CALLS_IN_ONE, MAX_DOCUMENT, MAX_FORMULA, MAX_NESTING

_COMMAND = re.compile(r"\\(?:(?P<edge>begin|end)\s*\{(?P<environment>[A-Za-z]+\*?)\}|(?P<name>[A-Za-z]+|.))")
_NEW = frozenset({"newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"})
_OPERATORS = frozenset({"DeclareMathOperator"})
_ENVIRONMENTS = frozenset({"newenvironment", "renewenvironment"})
_DOCUMENTED = frozenset({"NewDocumentCommand", "RenewDocumentCommand", "DeclareDocumentCommand"})
_DELIMITERS = frozenset({"DeclarePairedDelimiter"})
DEFINING = _NEW | _OPERATORS | _ENVIRONMENTS | _DOCUMENTED | _DELIMITERS | {"def", "gdef", "let"}
_DEFINES = re.compile(rf"\\(?:{'|'.join(sorted(DEFINING))})(?![A-Za-z])")
_NAME = re.compile(r"\s*\{?\s*\\(?P<name>[A-Za-z]+|[^A-Za-z\s])\s*\}?")
_BLANK = re.compile(r"\s*")
_PLACES = re.compile(r"(?:#[1-9])*")
_EQUALS = re.compile(r"\s*=?\s*\\(?P<name>[A-Za-z]+|.)")
_PLACE = re.compile(r"#([1-9])")
_ARGUMENT = re.compile(r"\\[A-Za-z]+|\\.|[^\s{}\\]")


class Run(NamedTuple):
    """Text, and for each of its characters where in the document what it stands for begins and ends."""

    text: str
    starts: list[int]
    ends: list[int]

    def part(self, start: int, end: int) -> Run:
        """Some of it."""
        return Run(self.text[start:end], self.starts[start:end], self.ends[start:end])

    @classmethod
    def at(cls, text: str, start: int, end: int) -> Run:
        """Text all of which stands for one place."""
        return cls(text, [start] * len(text), [end] * len(text))


class Macro(NamedTuple):
    """What a command stands for."""

    body: str
    takes: int = 0
    """How many arguments it takes."""
    default: str | None = None
    """The first argument, where it is left out: it stands in square brackets."""
    sizes: bool = False
    r"""Whether a star or a size may stand before the argument: \norm*{x}, \norm[\big]{x}."""


BUILT_IN = {
    "pdv": Macro(r"\frac{\partial #1}{\partial #2}", 2),
    "dv": Macro(r"\frac{d #1}{d #2}", 2),
    "diffp": Macro(r"\frac{\partial #1}{\partial #2}", 2),
    "abs": Macro(r"\lvert #1\rvert", 1, sizes=True),
    "norm": Macro(r"\lVert #1\rVert", 1, sizes=True),
}
"""Of the packages physics, diffcoeff and mathtools, where the document doesn't define them."""


class Expanded(NamedTuple):
    """A document with its macros written out."""

    run: Run
    unread: tuple[Unread, ...]


def has_macros(text: str) -> bool:
    """Whether the text defines commands, or has some of well-known packages."""
    return _DEFINES.search(text) is not None or re.search(rf"\\(?:{'|'.join(BUILT_IN)})\b", text) is not None


def expanded(text: str) -> Expanded:
    """The text with blanks for definitions, and with what each command stands for from there on.

    A command that is made of itself, or grows beyond what a formula may be, stands as it is, and is unread.
    """
    return _Expansion(text).expanded()


@dataclass
class _Expansion:
    text: str
    macros: dict[str, Macro] = field(default_factory=lambda: dict(BUILT_IN))
    waiting: list[tuple[Run, int]] = field(default_factory=list)
    """What is still to be read, the innermost last: texts, and how far each is read."""
    pieces: list[Run] = field(default_factory=list)
    length: int = 0
    unread: list[Unread] = field(default_factory=list)
    calls: int = 0

    def expanded(self) -> Expanded:
        places = list(range(len(self.text) + 1))
        self.waiting = [(Run(self.text, places[:-1], places[1:]), 0)]
        while self.waiting and self.length <= 2 * MAX_DOCUMENT:
            self._step()
        starts = [place for piece in self.pieces for place in piece.starts]
        ends = [place for piece in self.pieces for place in piece.ends]
        return Expanded(Run("".join(piece.text for piece in self.pieces), starts, ends), tuple(self.unread))

    def _write(self, run: Run) -> None:
        self.pieces.append(run)
        self.length += len(run.text)

    def _step(self) -> None:
        """Copy what stands before the next command, and do what that is."""
        run, at = self.waiting.pop()
        match = _COMMAND.search(run.text, at)
        if match is None:
            self._write(run.part(at, len(run.text)))
            return
        self._write(run.part(at, match.start()))
        self.waiting.append((run, match.end()))
        name = match["name"] or f"{match['edge']}{{{match['environment']}}}"
        if name in DEFINING:
            self._define(name, run, match.start())
        elif name in self.macros and len(self.waiting) == 1:
            self._call_outermost(name, run.starts[match.start()])
        elif name in self.macros:
            self._call(name, run.starts[match.start()], run.ends[match.end() - 1])
        else:
            self._write(run.part(match.start(), match.end()))

    # Calls

    def _call_outermost(self, name: str, start: int) -> None:
        """Write out one call of the document, with all that its body calls; a long one is unread."""
        document, at = self.waiting[0]
        written, length = len(self.pieces), self.length
        end = document.ends[at - 1]
        limit = min(self.calls + MAX_CALLS_IN_ONE, MAX_CALLS)
        self._call(name, start, end)
        while len(self.waiting) > 1 and self.calls <= limit:
            if self.length - length > MAX_FORMULA or len(self.waiting) > MAX_NESTING:
                break
            self._step()
        if len(self.waiting) > 1:
            del self.pieces[written:], self.waiting[1:]
            self.length = length
            self.waiting[0] = document, at
            self.macros.pop(name, None)
            message = f"\\{name} is made of itself, or too long when it is written out"
            self.unread.append(Unread(message, (start, end), "write out what it stands for"))

    def _call(self, name: str, start: int, end: int) -> None:
        self.calls += 1
        macro = self.macros[name]
        if macro.sizes:
            self._skip_size()
        arguments = [self._bracketed(macro.default, start, end)] if macro.default is not None else []
        while len(arguments) < macro.takes:
            arguments.append(self._argument() or Run.at("", start, end))
        end = max([end, *(place for argument in arguments for place in argument.ends[-1:])])
        end += self.text[end : end + 1] == "}" and bool(arguments)
        for piece in reversed(list(_filled(macro.body, arguments, start, end))):
            self.waiting.append((piece, 0))

    def _skip_size(self) -> None:
        run, at = self._top()
        if run.text[at : at + 1] == "*":
            self.waiting[-1] = run, at + 1
        self._bracketed("", 0, 0)

    def _top(self) -> tuple[Run, int]:
        """The text at hand and how far it is read, blanks stepped over; what is read up is left."""
        while True:
            run, at = self.waiting[-1]
            blank = _BLANK.match(run.text, at)
            at = blank.end() if blank else at
            if at < len(run.text) or len(self.waiting) == 1:
                self.waiting[-1] = run, at
                return run, at
            self.waiting.pop()

    def _argument(self) -> Run | None:
        """What stands in braces, or a single command or character."""
        run, at = self._top()
        if run.text[at : at + 1] == "{":
            end = closing(run.text, at)
            if end < 0:
                return None
            self.waiting[-1] = run, end + 1
            return run.part(at + 1, end)
        match = _ARGUMENT.match(run.text, at)
        if match is None:
            return None
        self.waiting[-1] = run, match.end()
        return run.part(at, match.end())

    def _bracketed(self, default: str, start: int, end: int) -> Run:
        """What stands in square brackets, or what is meant without."""
        run, at = self._top()
        close = run.text.find("]", at, at + MAX_FORMULA)
        if run.text[at : at + 1] != "[" or close < 0:
            return Run.at(default, start, end)
        self.waiting[-1] = run, close + 1
        return run.part(at + 1, close)

    # Definitions

    def _define(self, kind: str, run: Run, start: int) -> None:
        """Take in a definition, with blanks in its place; one of a form that is not known is passed over."""
        at = self.waiting[-1][1]
        if run.text[at : at + 1] == "*":
            self.waiting[-1] = run, at + 1
        if kind in _ENVIRONMENTS:
            self._define_environment()
        elif kind == "let":
            self._let(run)
        elif (match := _NAME.match(run.text, self.waiting[-1][1])) is not None:
            self.waiting[-1] = run, match.end()
            macro = self._defined(kind)
            if macro is not None:
                self.macros[match["name"]] = macro
        run, end = self.waiting[-1]
        if len(self.waiting) == 1:
            blanks = re.sub(r"[^\n]", " ", run.text[start:end])
            self._write(Run(blanks, run.starts[start:end], run.ends[start:end]))

    def _defined(self, kind: str) -> Macro | None:
        run, at = self.waiting[-1]
        if kind in ("def", "gdef"):
            places = _PLACES.match(run.text, at)
            self.waiting[-1] = run, places.end() if places else at
            at = self.waiting[-1][1]
            body = self._argument() if run.text[at : at + 1] == "{" else None
            return None if body is None else Macro(body.text, len(places[0]) // 2 if places else 0)
        if kind in _OPERATORS:
            word = self._argument()
            return None if word is None else Macro(rf"\operatorname{{{word.text}}}")
        if kind in _DELIMITERS:
            left, right = self._argument(), self._argument()
            return None if not left or not right else Macro(f"{left.text} #1{right.text}", 1, sizes=True)
        if kind in _DOCUMENTED:
            takes, body = self._argument(), self._argument()
            return _documented(takes.text, body.text) if takes and body else None
        count = self._bracketed("0", 0, 0).text.strip()
        run, at = self._top()
        default = self._bracketed("", 0, 0).text if run.text[at : at + 1] == "[" else None
        body = self._argument()
        return None if body is None or not count.isdigit() else Macro(body.text, int(count), default)

    def _define_environment(self) -> None:
        name, count = self._argument(), self._bracketed("0", 0, 0).text.strip()
        before, behind = self._argument(), self._argument()
        if name and before and behind and count.isdigit():
            self.macros[f"begin{{{name.text}}}"] = Macro(before.text, int(count))
            self.macros[f"end{{{name.text}}}"] = Macro(behind.text)

    def _let(self, run: Run) -> None:
        name = _NAME.match(run.text, self.waiting[-1][1])
        meaning = _EQUALS.match(run.text, name.end()) if name else None
        if name and meaning:
            self.waiting[-1] = run, meaning.end()
            self.macros[name["name"]] = self.macros.get(meaning["name"], Macro("\\" + meaning["name"]))


def _documented(takes: str, body: str) -> Macro | None:
    """A macro whose arguments are all asked for, the first of them perhaps with a default: `O{2} m m`."""
    match = re.fullmatch(r"\s*(?:O\s*\{(?P<default>[^{}]*)\})?(?P<asked>[m\s]*)", takes)
    if match is None:
        return None
    has_default = match["default"] is not None
    return Macro(body, match["asked"].count("m") + has_default, match["default"] if has_default else None)


def _filled(body: str, arguments: list[Run], start: int, end: int) -> list[Run]:
    """The body with its arguments, each where it stands in the document."""
    pieces, at = [], 0
    for match in _PLACE.finditer(body):
        pieces.append(Run.at(body[at : match.start()], start, end))
        number = int(match[1]) - 1
        if number < len(arguments):
            pieces.append(arguments[number])
        at = match.end()
    pieces.append(Run.at(body[at:], start, end))
    whole = Run(
        "".join(piece.text for piece in pieces),
        [place for piece in pieces for place in piece.starts],
        [place for piece in pieces for place in piece.ends],
    )
    return [whole] if whole.text else []


def closing(text: str, at: int) -> int:
    """Where the brace closes that opens here; -1 where it does not within what a formula may be."""
    depth, end = 0, min(len(text), at + MAX_FORMULA)
    while at < end:
        match text[at]:
            case "\\":
                at += 1
            case "{":
                depth += 1
            case "}":
                depth -= 1
                if depth == 0:
                    return at
        at += 1
    return -1
