"""The grammar of expressions, one for both dialects: sums of products of things with scripts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from gradcheck.formulas.commands import DOTS_ADVICE
from gradcheck.formulas.cursor import Cursor, Grammar
from gradcheck.formulas.derivatives import fraction, slanted
from gradcheck.formulas.dots import series
from gradcheck.formulas.groups import between_bars, bracket, comparison, grouped
from gradcheck.formulas.limits import MAX_DIGITS
from gradcheck.formulas.products import product
from gradcheck.formulas.tokens import Token
from gradcheck.formulas.tree import BigSum, Cases, Negative, Node, Number, Scripted, Sum, Symbol

_ELSE = ("else", "otherwise")
_FAR = 200
"""Within how many tokens the else of an if stands."""


def expression(cursor: Cursor) -> Node:
    """Terms with + and - between."""
    start = cursor.token.start
    terms = [_term(cursor)]
    while cursor.sees("operator", "+", "-"):
        sign = cursor.advance()
        dots = cursor.token
        skipped = sign.text == "+" and cursor.take("dots") and cursor.take("operator", "+")
        if dots.kind == "dots" and not skipped:
            cursor.fail(DOTS_ADVICE, span=(dots.start, dots.end))
        term = _term(cursor)
        if skipped:
            terms = _with_series(cursor, terms, term, dots)
        else:
            terms.append(Negative(term, (sign.start, cursor.behind.end)) if sign.text == "-" else term)
    node = terms[0] if len(terms) == 1 else Sum(tuple(terms), (start, cursor.behind.end))
    return _conditional(cursor, node) if _has_else(cursor) else node


def _with_series(cursor: Cursor, terms: list[Node], last: Node, dots: Token) -> list[Node]:
    """The terms with a sum over an index in the place of those around dots."""
    if (found := series(terms, last)) is None:
        cursor.fail(DOTS_ADVICE, span=(dots.start, dots.end))
    count, pattern = found
    first = Number(float(pattern.first), terms[-count].span)
    span = (terms[-count].span[0], last.span[1])
    return [*terms[:-count], BigSum((pattern.index,), first, pattern.last, pattern.body, span)]


def _has_else(cursor: Cursor) -> bool:
    """Whether `if` is at hand and `else` follows, as in Python."""
    if not cursor.sees("name", "if"):
        return False
    for token in cursor.tokens[cursor.at : cursor.at + _FAR]:
        if token.kind in ("break", "end", "close", "implies", "row", "cell"):
            return False
        if token.kind == "name" and token.text in _ELSE:
            return True
    return False


def _conditional(cursor: Cursor, value: Node) -> Node:
    """`x if a > b else 0`."""
    cursor.advance()
    condition = cursor.within(comparison)
    cursor.take("comma")
    if not cursor.take("name", *_ELSE):
        cursor.misplaced()
    otherwise = cursor.within(expression)
    return Cases(((value, condition),), otherwise, (value.span[0], cursor.behind.end))


def _term(cursor: Cursor) -> Node:
    """A product; a minus in front is the minus of all of it."""
    sign = cursor.token
    if cursor.take("operator", "+"):
        return cursor.within(_term)
    if cursor.take("operator", "-"):
        term = cursor.within(_term)
        return Negative(term, (sign.start, cursor.behind.end))
    return product(cursor)


def atom(cursor: Cursor) -> Node:
    """One thing, without what hangs on it."""
    return _ATOMS.get(cursor.token.kind, Cursor.misplaced)(cursor)


def _symbol(cursor: Cursor) -> Symbol:
    token = cursor.advance()
    return Symbol(token.text, (token.start, token.end))


def _number(cursor: Cursor) -> Number:
    token = cursor.token
    value = float(token.text) if len(token.text) <= MAX_DIGITS else math.inf
    if not math.isfinite(value):
        cursor.fail("this number is too long or too large")
    cursor.advance()
    return Number(value, (token.start, token.end))


def _accented(cursor: Cursor) -> Node:
    """ŷ: a name of its own, with scripts under the accent or without."""
    accent = cursor.advance()
    node = cursor.argument()
    span = (accent.start, cursor.behind.end)
    letter = node.base if isinstance(node, Scripted) else node
    if not isinstance(letter, Symbol):
        cursor.fail("an accent stands over a single letter only", span=span)
    accented = replace(letter, text=letter.text + accent.text, span=span)
    return replace(node, base=accented) if isinstance(node, Scripted) else accented


def _without_note(cursor: Cursor) -> Node:
    """What a brace above or below holds together, without the words on the brace."""
    cursor.advance()
    node = grouped(cursor.argument())
    while cursor.take("script"):
        depth = 0
        while True:
            token = cursor.advance()
            depth += (token.kind == "open") - (token.kind == "close")
            if depth <= 0 or token.kind == "end":
                break
    return node


_ATOMS: dict[str, Callable[[Cursor], Node]] = {
    "number": _number,
    "name": _symbol,
    "open": bracket,
    "bar": between_bars,
    "frac": fraction,
    "partial": slanted,
    "accent": _accented,
    "note": _without_note,
}
GRAMMAR = Grammar(expression, atom)
