"""LaTeX as MathML, which browsers set by themselves: for notebooks without MathJax, such as VS Code's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial

from gradcheck.report import mathml_signs as signs
from gradcheck.report.elements import Html, element, plain

_DEEPEST = 40
_TOKEN = re.compile(
    rf"\\(?:{'|'.join(sorted(signs.WORDS))})\*?\s*\{{(?:[^{{}}\\$]|\\[_ ,])*\}}"
    r"|\\(?:begin|end)\s*\{[A-Za-z]+\*?\}|\\(?:[A-Za-z]+|.)|\d+(?:\.\d+)?|.",
    re.DOTALL,
)
_CLOSING = frozenset({"}", "&", "\\\\", "\\right"})


class _UnknownError(Exception):
    """Something that is not written here."""


def mathml(latex: str) -> Html | None:
    """A formula for the middle of a line; None where something in it is not known here."""
    reader = _Reader([token for token in _TOKEN.findall(latex) if not token.isspace()])
    try:
        content = reader.row()
    except _UnknownError:
        return None
    return element("math", *content) if reader.next == "" else None


class _Reader:
    """Reads tokens from left to right; raises _UnknownError."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens[::-1]
        self._depth = 0
        self._commands: dict[str, Callable[[], list[Html]]] = {
            **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), self._fraction),
            **dict.fromkeys(("mathbf", "boldsymbol", "bm", "pmb", "textbf"), self._bold),
            **{name: partial(self._accent, sign) for name, sign in signs.ACCENTS.items()},
            **{name: partial(self._alphabet, alphabet) for name, alphabet in signs.ALPHABETS.items()},
            "sqrt": self._root,
            "left": self._fenced,
        }

    @property
    def next(self) -> str:
        """The token that has not been read, "" at the end."""
        return self._tokens[-1] if self._tokens else ""

    def row(self) -> list[Html]:
        """All up to what closes it."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _UnknownError
        parts: list[Html] = []
        while self.next and self.next not in _CLOSING and not self.next.startswith("\\end"):
            parts += self._with_scripts()
        self._depth -= 1
        return parts

    def _take(self) -> str:
        if not self._tokens:
            raise _UnknownError
        return self._tokens.pop()

    def _expect(self, token: str) -> None:
        if self._take() != token:
            raise _UnknownError

    def _with_scripts(self) -> list[Html]:
        base = [element("mrow")] if self.next in ("^", "_", "'") else self._atom()
        below: list[Html] = []
        above: list[Html] = []
        while self.next in ("^", "_", "'"):
            match self._take():
                case "_":
                    below.append(self._argument())
                case "^":
                    above.append(self._argument())
                case _ if base:  # as a superscript it is hardly seen in most fonts
                    base[-1] = element("mrow", base[-1], _operator("′", lspace="0", rspace="0"))
        scripts = [_together(parts) for parts in (below, above) if parts]
        if not base or not scripts:
            return base
        tag = f"m{'sub' if below else ''}{'sup' if above else ''}"
        return [*base[:-1], element(tag, base[-1], *scripts)]

    def _argument(self) -> Html:
        """What a command takes: a group, a single digit, or one other token."""
        if self.next[:1].isdigit():
            digit, rest = self.next[0], self.next[1:]
            self._tokens[-1:] = [rest] if rest else []
            return element("mn", plain(digit))
        return _together(self._atom())

    def _atom(self) -> list[Html]:
        token = self._take()
        if token == "{":
            content = self.row()
            self._expect("}")
            return [_together(content)]
        if token in signs.FENCES:
            return [_operator(signs.FENCES[token], stretchy="false")]
        if token.startswith("\\"):
            return self._command(token)
        if token[0].isdigit():
            return [element("mn", plain(token))]
        if token.isalpha():
            return [element("mi", plain(token))]
        if token in "}^_&#$%~":
            raise _UnknownError
        return [_operator({"*": "∗", "-": "−"}.get(token, token))]

    def _command(self, token: str) -> list[Html]:
        name, _, word = token[1:].removesuffix("}").partition("{")
        name = name.rstrip().rstrip("*")
        if name == "begin":
            return self._table(word)
        if word:
            return _words(re.sub(r"\\(.)", r"\1", word))
        if name in signs.NAMES:
            return [element("mi", plain(signs.NAMES[name]))]
        if name in signs.FUNCTIONS:
            return [element("mi", plain(name))]
        if name in signs.OPERATORS:
            return [_operator(signs.OPERATORS[name])]
        if name in signs.SPACES:
            return [element("mspace", width=signs.SPACES[name])]
        if name in signs.LOOKS:
            return []
        if name not in self._commands:
            raise _UnknownError
        return self._commands[name]()

    def _fraction(self) -> list[Html]:
        return [element("mfrac", self._argument(), self._argument())]

    def _root(self) -> list[Html]:
        if self.next == "[":
            raise _UnknownError
        return [element("msqrt", self._argument())]

    def _accent(self, sign: str) -> list[Html]:
        return [element("mover", self._argument(), _operator(sign), accent="true")]

    def _bold(self) -> list[Html]:
        return [element("mrow", self._argument(), class_="bold")]

    def _alphabet(self, alphabet: str) -> list[Html]:
        letter = self._take()
        if letter == "{":
            letter = self._take()
            self._expect("}")
        if letter == "1":
            return [element("mn", plain(letter), class_="bold")]
        return [element("mi", plain(_capital(alphabet, letter)))]

    def _fenced(self) -> list[Html]:
        left = self._tall_fence()
        content = self.row()
        self._expect("\\right")
        return [element("mrow", *left, *content, *self._tall_fence())]

    def _tall_fence(self) -> list[Html]:
        token = self._take()
        if token == ".":
            return []
        if token not in signs.FENCES:
            raise _UnknownError
        return _tall(signs.FENCES[token])

    def _table(self, name: str) -> list[Html]:
        if name not in signs.TABLES:
            raise _UnknownError
        rows: list[list[Html]] = [[]]
        while not self.next.startswith("\\end"):
            rows[-1].append(element("mtd", *self.row()))
            if self.next == "&":
                self._take()
            elif self.next == "\\\\":
                self._take()
                rows.append([])
            elif not self.next.startswith("\\end"):
                raise _UnknownError
        self._take()
        left, right = signs.TABLES[name]
        table = element("mtable", *(element("mtr", *cells) for cells in rows if cells))
        return [element("mrow", *_tall(left), table, *_tall(right))]


def _operator(text: str, **attributes: str) -> Html:
    return element("mo", plain(text), **attributes)


def _together(parts: list[Html]) -> Html:
    return parts[0] if len(parts) == 1 else element("mrow", *parts)


def _tall(sign: str) -> list[Html]:
    return [_operator(sign, fence="true", stretchy="true")] if sign else []


def _words(text: str) -> list[Html]:
    """Upright words; a browser drops blanks at their ends."""
    blank = element("mspace", width=signs.SPACES[" "])
    words = [[element("mi", plain(word), mathvariant="normal")] if word else [] for word in text.split(" ")]
    return [*words[0], *(part for word in words[1:] for part in (blank, *word))]


def _capital(alphabet: str, letter: str) -> str:
    """A letter of an alphabet, some of which Unicode has at another place."""
    if not letter.isupper():
        raise _UnknownError
    old = "BLACK-LETTER" if alphabet == "FRAKTUR" else alphabet
    found = _character(f"MATHEMATICAL {alphabet} CAPITAL {letter}") or _character(f"{old} CAPITAL {letter}")
    if found is None:
        raise _UnknownError
    return found


def _character(name: str) -> str | None:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return None
