"""Fractions and derivatives: a/b with a bar, ∂C/∂w in all its ways of being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeGuard

from gradcheck.formulas.cursor import Cursor
from gradcheck.formulas.groups import grouped
from gradcheck.formulas.names import is_known
from gradcheck.formulas.scripts import scripted, touches_name, with_bracket
from gradcheck.formulas.tree import (
    Bracket,
    Derivative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Span,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import is_application

_WAYS = "write ∂C/∂w, or \\frac{\\partial C}{\\partial w}"
_HIGHER = "derivatives are read up to the third"
_ORDERS = ("2", "3")
_ENDS = frozenset({"comma", "semicolon", "stop", "relation", "compare", "implies", "break", "row", "cell"})
_NEAR = 12
"""Within how many tokens the slash of a derivative stands."""


def fraction(cursor: Cursor) -> Node:
    """A bar with its two arguments; a derivative where both begin with ∂ or with d."""
    start = cursor.advance().start
    top = _half(cursor)
    if top.order > 1:
        return _repeated(cursor, top, _changes_in_braces(cursor), start)
    bottom = _half(cursor)
    span = (start, cursor.behind.end)
    if top.curly != bottom.curly or bottom.node is None or bottom.order > 1:
        cursor.fail("∂ stands in one half of this fraction only, or alone", help=_WAYS, span=span)
    if top.curly:
        return _derivative(top.node, bottom.node, span)
    assert top.node is not None
    if _is_straight(top.node) and _is_straight(bottom.node) and (by := without_d(bottom.node)) is not None:
        return _derivative(without_d(top.node), by, span)
    return Quotient(_operand(top.node), _operand(bottom.node), span)


@dataclass(frozen=True)
class _Half:
    """One argument of a fraction: whether it begins with ∂ or d², how often that is, and what follows."""

    curly: bool
    order: int
    node: Node | None


def _half(cursor: Cursor) -> _Half:
    opening = cursor.token
    if cursor.take("partial"):
        return _Half(True, 1, None)
    if opening.text == "{":
        cursor.advance()
        curly = cursor.sees("partial")
        order = _order(cursor)
        if curly or order > 1:
            inner = None if cursor.sees("close", "{") else cursor.nested()
            cursor.close(opening)
            return _Half(curly, order, inner)
        cursor.at -= 1
    return _Half(False, 1, cursor.argument())


def _order(cursor: Cursor) -> int:
    """How often something is differentiated that begins with ∂² or d², which are stepped over.

    ∂ alone is once and is stepped over, too; all else is 1 and stays.
    """
    start = cursor.at
    curly = cursor.take("partial")
    if not curly and not cursor.take("name", "d"):
        return 1
    if cursor.take("script", "^"):
        opening = cursor.token
        braced = cursor.take("open", "{")
        if cursor.sees("number", *_ORDERS):
            order = int(cursor.advance().text)
            if not braced or cursor.take("close", "{"):
                return order
        if curly:
            cursor.fail(_HIGHER, help=_WAYS, span=(opening.start, cursor.token.end))
    if not curly:
        cursor.at = start
    return 1


def _repeated(cursor: Cursor, top: _Half, below: Sequence[Node], start: int) -> Derivative:
    """A derivative of a derivative: ∂²f/∂x∂y is that by x of the one by y."""
    names = _as_many(below, top.order)
    span = (start, cursor.behind.end)
    if names is None:
        cursor.fail(
            f"∂ stands {top.order} times above and not so below", help="write ∂²L/∂w² or ∂²L/∂w∂b", span=span
        )
    of = None if top.node is None else _operand(top.node)
    for by in reversed(names):
        of = Derivative(of, by, span)
    assert isinstance(of, Derivative)
    return of


def _as_many(below: Sequence[Node], order: int) -> list[Node] | None:
    """What is differentiated by, one after the other: x twice where x² stands below."""
    if len(below) == order:
        return [_upright(by) for by in below]
    names: list[Node] = []
    for by in below:
        base, count = _powered(by)
        names += [_upright(base)] * count
    return names if len(names) == order else None


def _powered(by: Node) -> tuple[Node, int]:
    match by:
        case Scripted(base, primes, Number(count), "", sub) if count in (2, 3):
            return (Scripted(base, primes, sub=sub, span=by.span) if primes or sub else base), int(count)
        case Power(Bracket(base) | base, Number(count)) if count in (2, 3):
            return base, int(count)
    return by, 1


def _upright(by: Node) -> Node:
    """x of ∂x∂xᵀ."""
    return by.of if isinstance(by, Transpose) else by


def _changes_in_braces(cursor: Cursor) -> list[Node]:
    opening = cursor.token
    if not cursor.take("open", "{"):
        cursor.fail("the derivative is not said to be by anything", help=_WAYS)
    changes = _changes(cursor)
    cursor.close(opening)
    return changes


def _changes(cursor: Cursor) -> list[Node]:
    """What stands behind each ∂, or each d."""
    changes: list[Node] = []
    while True:
        if cursor.take("partial") or _takes_d(cursor):
            changes.append(_close_by(cursor))
        elif cursor.sees("name") and len(cursor.token.text) > 1 and cursor.token.text[0] == "d":
            token = cursor.token
            cursor.tokens[cursor.at] = token._replace(text=token.text[1:], start=token.start + 1)
            changes.append(_close_by(cursor))
        elif changes:
            return changes
        else:
            cursor.fail("the derivative is not said to be by anything", help=_WAYS)


def _takes_d(cursor: Cursor) -> bool:
    return cursor.tokens[min(cursor.at + 1, len(cursor.tokens) - 1)].kind in ("name", "open") and cursor.take(
        "name", "d"
    )


def _derivative(of: Node | None, by: Node, span: Span) -> Derivative:
    return Derivative(None if of is None else _operand(of), _operand(by), span)


def _operand(node: Node) -> Node:
    """A half of a fraction as it would stand beside a slash, where f(x) needs no bracket."""
    return node if is_application(node) else grouped(node)


def slanted(cursor: Cursor) -> Node:
    """∂C/∂w as typed in a line; ∂/∂w and ∂_w alone have no `of` yet."""
    start = cursor.token.start
    if (below := cursor.tokens[cursor.at + 1]).kind == "script" and below.text == "_":
        cursor.at += 2
        return Derivative(None, cursor.argument(), (start, cursor.behind.end))
    order = _order(cursor)
    of = None if cursor.sees("operator", "/") else _above(cursor)
    if not cursor.take("operator", "/") or not cursor.sees("partial"):
        cursor.fail("∂ is no quantity of its own", help=_WAYS, span=(start, start + 1))
    if order > 1:
        return _repeated(cursor, _Half(True, order, of), _changes(cursor), start)
    cursor.advance()
    return Derivative(of, _close_by(cursor), (start, cursor.behind.end))


def straight(cursor: Cursor) -> Node | None:
    """d²y/dx² and d log y/dx as typed in a line; None, and the cursor where it was, for anything else."""
    start, first = cursor.at, cursor.token.start
    if not cursor.sees("name", "d"):
        return None
    order = _order(cursor)
    if (order == 1 and not _takes_d(cursor)) or not _divides_by_change(cursor):
        cursor.at = start
        return None
    of = None if cursor.sees("operator", "/") else _above(cursor)
    if not cursor.take("operator", "/"):
        cursor.misplaced()
    changes = _changes(cursor)
    if order > 1 or len(changes) > 1:
        return _repeated(cursor, _Half(False, order, of), changes, first)
    return Derivative(of, changes[0], (first, cursor.behind.end))


def _divides_by_change(cursor: Cursor) -> bool:
    """Whether /dx follows the one thing at hand."""
    tokens = cursor.tokens[cursor.at : cursor.at + _NEAR]
    for token, following in pairwise(tokens):
        if token.kind in _ENDS:
            return False
        if token.kind == "operator":
            return token.text == "/" and following.kind == "name" and following.text[0] == "d"
    return False


def applied(derivative: Derivative, of: Node, span: Span) -> Derivative:
    """∂/∂w with what it is applied to; of ∂²/∂w², too."""
    inner = applied(derivative.of, of, span) if isinstance(derivative.of, Derivative) else of
    return replace(derivative, of=inner, span=span)


def is_operator(node: Node) -> TypeGuard[Derivative]:
    """Whether it is ∂/∂w or ∂²/∂w² and nothing stands above."""
    while isinstance(node, Derivative) and node.of is not None:
        node = node.of
    return isinstance(node, Derivative)


def _above(cursor: Cursor) -> Node:
    """All that stands between ∂ and the slash: log σ(z) of ∂ log σ(z)/∂z."""
    start = cursor.token.start
    factors = [_close_by(cursor)]
    while cursor.sees("name") or cursor.sees("open"):
        factors.append(_close_by(cursor))
    if len(factors) == 1:
        return factors[0]
    return Product(tuple(factors), ("",) * (len(factors) - 1), (start, cursor.behind.end))


def _close_by(cursor: Cursor) -> Node:
    """What ∂ applies to in a line: one thing with its scripts, and the bracket behind a name."""
    start = cursor.token.start
    node = scripted(cursor, cursor.atom(), start)
    return with_bracket(cursor, node) if touches_name(cursor) else node


def _is_straight(node: Node) -> bool:
    """Whether it is d, dC or d… as in dC/dw; a name such as delta is not."""
    match node:
        case Symbol(text=text):
            return (
                text == "d" or (text[0] == "d" and len(text) == 2) or (text[0] == "d" and text[1:2].isupper())
            )
        case Scripted(base=Symbol() as base):
            return base.text != "d" and _is_straight(base)
        case Product(factors=(first, *_), operators=operators):
            return not any(operators) and _is_straight(first)
    return False


def is_change(node: Node) -> bool:
    """Whether it is dz2 or dW^[2], a d with a name that is no word such as delta."""
    head = node.base if isinstance(node, Scripted) else node
    name = head.text if isinstance(head, Symbol) else ""
    return name[:1] == "d" and len(name) > 1 and not is_known(name)


def without_d(node: Node) -> Node | None:
    """What follows the d."""
    match node:
        case Symbol(text=text, span=(start, end)):
            return Symbol(text[1:], (start + 1, end)) if text != "d" else None
        case Scripted(base=base):
            inner = without_d(base)
            return replace(node, base=inner) if inner is not None else None
        case Product(factors=(first, *others)):
            inner = without_d(first)
            rest = others if inner is None else [inner, *others]
            return (
                rest[0]
                if len(rest) == 1
                else replace(node, factors=tuple(rest), operators=("",) * (len(rest) - 1))
            )
    return None
