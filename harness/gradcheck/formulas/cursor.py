"""A place in a list of tokens, from which the grammar reads on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, NoReturn

from gradcheck.formulas.commands import DOTS_ADVICE
from gradcheck.formulas.errors import ReadError, Unread
from gradcheck.formulas.limits import MAX_NESTING
from gradcheck.formulas.tokens import Token
from gradcheck.formulas.tree import Node, Span


class Grammar(NamedTuple):
    """What the parts of the grammar need of each other."""

    expression: Callable[[Cursor], Node]
    atom: Callable[[Cursor], Node]


class Cursor:
    """Tokens, how far they are read, and how deep within brackets and bars this is."""

    def __init__(self, tokens: list[Token], grammar: Grammar) -> None:
        self.tokens, self.at, self.bars = list(tokens), 0, [""]
        self._grammar, self._depth = grammar, 0

    @property
    def token(self) -> Token:
        """The token at hand."""
        return self.tokens[self.at]

    @property
    def behind(self) -> Token:
        """The token that was read last."""
        return self.tokens[max(0, self.at - 1)]

    def advance(self) -> Token:
        """The token at hand, which the next one replaces; the end is never passed."""
        token = self.token
        if token.kind != "end":
            self.at += 1
        return token

    def sees(self, kind: str, *texts: str) -> bool:
        """Whether the token at hand is of the kind and, where texts are given, one of them."""
        token = self.token
        return token.kind == kind and (not texts or token.text in texts)

    def take(self, kind: str, *texts: str) -> bool:
        """Step over the token at hand where it is of the kind."""
        seen = self.sees(kind, *texts)
        if seen:
            self.advance()
        return seen

    def nested(self, bar: str = "") -> Node:
        """An expression within something; `bar` is the bar that would end it."""
        return self.within(self._grammar.expression, bar)

    def argument(self) -> Node:
        """The one thing that a script or a command takes: what is in braces, or a single letter or digit."""
        opening = self.token
        if self.take("open", "{"):
            node = self.nested()
            self.close(opening)
            return node
        if opening.loose and len(opening.text) > 1:
            middle = opening.start + 1
            first = opening._replace(text=opening.text[0], end=middle, loose=False)
            rest = opening._replace(text=opening.text[1:], start=middle)
            self.tokens[self.at : self.at + 1] = [first, rest]
        return self.atom()

    def atom(self) -> Node:
        """One thing, without what hangs on it."""
        return self.within(self._grammar.atom)

    def within(self, reader: Callable[[Cursor], Node], bar: str | None = None) -> Node:
        """What the reader reads, one level deeper; the bar that ends it is the one at hand if not said."""
        if self._depth >= MAX_NESTING:
            self.fail(f"this is nested more than {MAX_NESTING} levels deep", help="give a part a name")
        self._depth += 1
        self.bars.append(self.bars[-1] if bar is None else bar)
        node = reader(self)
        self.bars.pop()
        self._depth -= 1
        return node

    def restart(self) -> None:
        """Go on after an error, outside of all brackets."""
        self.bars, self._depth = [""], 0

    def close(self, opening: Token) -> None:
        """Step over what closes the opening."""
        if self.take("close", opening.text):
            return
        if self.token.kind in ("end", "break", "relation", "row", "implies"):
            self.fail(f"{_shown(opening)} is never closed", span=(opening.start, opening.end))
        self.misplaced()

    def misplaced(self) -> NoReturn:
        """Complain of the token at hand."""
        token = self.token
        match token.kind:
            case "bad":
                self.fail(token.text)
            case "dots":
                self.fail(DOTS_ADVICE)
            case "end" | "break" | "row" | "cell":
                self.fail(
                    "something is missing here", help="write what stands after the last operator or bracket"
                )
            case "close":
                self.fail(
                    f"{_shown(token)} closes nothing, or comes too early",
                    help="look at the brackets before it",
                )
            case _:
                self.fail(
                    f"{token.text} is out of place here", help="see what should stand before and after it"
                )

    def fail(self, message: str, *, help: str | None = None, span: Span | None = None) -> NoReturn:  # noqa: A002
        """Stop reading."""
        raise ReadError(Unread(message, span or (self.token.start, self.token.end), help))


def _shown(token: Token) -> str:
    pair = {"(": "()", "[": "[]", "{": "{}", "\\{": "{}", "⟨": "⟨⟩"}.get(token.text, (token.text, token.text))
    return f"the {pair[token.kind == 'close']}"
