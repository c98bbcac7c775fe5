"""The grammar of formulas: numbers, names, calls and operators, and nothing else."""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from gradcheck.maths._operations import CONSTANTS, FUNCTIONS, OPERATORS, POWER, SIGNS, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH = 500
MAX_DEPTH = 30
MAX_EXPONENT = 100


class FormulaError(ValueError):
    """A text that is no formula: what is wrong, at which column (from 1), and what is allowed."""

    def __init__(self, text: str, column: int, reason: str) -> None:
        super().__init__(text, column, reason)
        self.text, self.column, self.reason = text, column, reason

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 60 else self.text[:60] + "…"
        return f"column {self.column} of the formula {shown!r}: {self.reason}"


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True)
class Variable:
    """A letter that stands for an array."""

    name: str


@dataclass(frozen=True)
class Apply:
    """An operation on smaller formulas."""

    operation: Operation
    arguments: tuple[Node, ...]


Node: TypeAlias = Number | Variable | Apply


def read(text: str, variables: frozenset[str]) -> Node:
    """The tree of a formula, with its constant parts computed.

    Raises FormulaError for whatever is outside the grammar or beyond the limits above.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(text, MAX_LENGTH + 1, f"it has more than {MAX_LENGTH} characters")
    return _Parser(text, variables).whole()


class _Token(NamedTuple):
    kind: str
    """number, name, symbol, end or other."""
    text: str
    column: int


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number> (?: [0-9]+ \.? [0-9]* | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? )
      | (?P<name>   [^\W\d]\w* )
      | (?P<symbol> \*\* | [-+*/^(),] )
      | (?P<end>    \Z )
      | (?P<other>  . )
    )""",
    re.VERBOSE,
)

_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4, "^": 4}
_SIGN_PRECEDENCE = 3  # -z**2 is -(z**2), and -z*2 is (-z)*2


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "end"
        yield _Token(kind, match[kind], match.start(kind) + 1)


class _Parser:
    """Reads one formula by precedence climbing."""

    def __init__(self, text: str, variables: frozenset[str]) -> None:
        self.text, self.variables = text, variables
        self.tokens = _tokens(text)
        self.token = next(self.tokens)

    def whole(self) -> Node:
        root = self._expression(0, depth=1)
        if self.token.kind != "end":
            raise self._error(self._misplaced(self.token))
        return root

    def _expression(self, least: int, depth: int) -> Node:
        """Operands joined by operators of at least this precedence."""
        left = self._operand(depth)
        while (precedence := _PRECEDENCE.get(self.token.text, -1)) >= least:
            operator = self._advance()
            operation = OPERATORS[operator.text]
            # A power takes the powers on its right first: z^2^3 is z^(2^3).
            right = self._expression(precedence + (operation is not POWER), depth + 1)
            left = self._apply(operation, (left, right), operator)
            depth = self._deeper(depth)
        return left

    def _operand(self, depth: int) -> Node:
        """A number, a name, a call, a signed operand or an expression in parentheses."""
        depth = self._deeper(depth)
        token = self._advance()
        if token.kind == "number":
            return self._number(float(token.text), token)
        if token.kind == "name":
            return self._call(token, depth) if self.token.text == "(" else self._name(token)
        if token.text in SIGNS:
            operand = self._expression(_SIGN_PRECEDENCE, depth)
            return self._apply(SIGNS[token.text], (operand,), token)
        if token.text == "(":
            inner = self._expression(0, depth)
            self._close()
            return inner
        raise self._error(self._misplaced(token), token)

    def _name(self, token: _Token) -> Node:
        if token.text in self.variables:
            return Variable(token.text)
        if token.text in CONSTANTS:
            return Number(CONSTANTS[token.text])
        if token.text in FUNCTIONS:
            raise self._error(f"{token.text} is a function: write {token.text}(...)", token)
        raise self._error(self._unknown("name", token.text), token)

    def _call(self, token: _Token, depth: int) -> Node:
        operation = FUNCTIONS.get(token.text)
        if operation is None:
            raise self._error(self._unknown("function", token.text), token)
        self._advance()
        arguments = [self._expression(0, depth)]
        while self.token.text == ",":
            self._advance()
            arguments.append(self._expression(0, depth))
        self._close()
        if len(arguments) != len(operation.partials):
            reason = f"{token.text} takes {len(operation.partials)} argument(s), not {len(arguments)}"
            raise self._error(reason, token)
        return self._apply(operation, tuple(arguments), token)

    def _apply(self, operation: Operation, arguments: tuple[Node, ...], token: _Token) -> Node:
        """The operation on its arguments, or its result where they are all constant."""
        exponent = arguments[-1]
        if operation is POWER and isinstance(exponent, Number) and abs(exponent.value) > MAX_EXPONENT:
            reason = f"the exponent {exponent.value:g} is beyond ±{MAX_EXPONENT}"
            raise self._error(reason, token)
        constants = [np.float64(x.value) for x in arguments if isinstance(x, Number)]
        if len(constants) < len(arguments):
            return Apply(operation, arguments)
        with np.errstate(all="ignore"):
            return self._number(float(operation.value(*constants)), token)

    def _number(self, value: float, token: _Token) -> Number:
        if not math.isfinite(value):
            raise self._error(f"{token.text!r} gives {value}, which is not finite", token)
        return Number(value)

    def _close(self) -> None:
        if self.token.text != ")":
            raise self._error(self._misplaced(self.token))
        self._advance()

    def _advance(self) -> _Token:
        """The token at hand, which the next one replaces."""
        token = self.token
        self.token = next(self.tokens, token)
        return token

    def _deeper(self, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise self._error(f"it is nested more than {MAX_DEPTH} levels deep")
        return depth + 1

    def _misplaced(self, token: _Token) -> str:
        if token.kind == "end":
            return "it ends too early, with an operand or a ) missing"
        if token.kind in ("number", "name") or token.text == "(":
            return f"an operator is missing before {token.text!r}; a product is written with *"
        return f"{token.text!r} is out of place; {self._allowed()}"

    def _unknown(self, what: str, name: str) -> str:
        known = [*FUNCTIONS] if what == "function" else [*self.variables, *CONSTANTS, *FUNCTIONS]
        guess = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {guess[0]}? " if guess else ""
        return f"there is no {what} {name!r}; {hint}{self._allowed()}"

    def _allowed(self) -> str:
        names = ", ".join([*sorted(self.variables), *CONSTANTS])
        return f"allowed are numbers, {names}, + - * / ** ^ ( ) and the functions {', '.join(FUNCTIONS)}"

    def _error(self, reason: str, token: _Token | None = None) -> FormulaError:
        """The complaint at this token, or else at the one at hand."""
        return FormulaError(self.text, (token or self.token).column, reason)
