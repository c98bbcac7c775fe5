"""The grammar of expressions, one for both dialects: sums of products of things with scripts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from gradcheck.formulas.cursor import Cursor, Grammar
from gradcheck.formulas.derivatives import fraction, slanted
from gradcheck.formulas.groups import between_bars, bracket, grouped
from gradcheck.formulas.limits import MAX_DIGITS
from gradcheck.formulas.products import product
from gradcheck.formulas.tree import Negative, Node, Number, Sum, Symbol


def expression(cursor: Cursor) -> Node:
    """Terms with + and - between."""
    start = cursor.token.start
    terms = [_term(cursor)]
    while cursor.sees("operator", "+", "-"):
        sign = cursor.advance()
        term = _term(cursor)
        terms.append(Negative(term, (sign.start, cursor.behind.end)) if sign.text == "-" else term)
    return terms[0] if len(terms) == 1 else Sum(tuple(terms), (start, cursor.behind.end))


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
    """ŷ: a name of its own."""
    accent = cursor.advance()
    node = cursor.argument()
    span = (accent.start, cursor.behind.end)
    if not isinstance(node, Symbol):
        cursor.fail("an accent stands over a single letter only", span=span)
    return replace(node, text=node.text + accent.text, span=span)


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
