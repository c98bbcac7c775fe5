"""Fractions and derivatives: a/b with a bar, ∂C/∂w in all its ways of being written."""

from __future__ import annotations

from dataclasses import replace

from gradcheck.formulas.cursor import Cursor
from gradcheck.formulas.groups import grouped
from gradcheck.formulas.scripts import scripted, touches_name, with_bracket
from gradcheck.formulas.tree import Derivative, Node, Product, Quotient, Scripted, Span, Symbol
from gradcheck.formulas.walk import is_application

_WAYS = "write ∂C/∂w, or \\frac{\\partial C}{\\partial w}"


def fraction(cursor: Cursor) -> Node:
    """A bar with its two arguments; a derivative where both begin with ∂ or with d."""
    start = cursor.advance().start
    halves = [_half(cursor), _half(cursor)]
    span = (start, cursor.behind.end)
    (top_curly, top), (bottom_curly, bottom) = halves
    if top_curly != bottom_curly or bottom is None:
        cursor.fail("∂ stands in one half of this fraction only, or alone", help=_WAYS, span=span)
    if top_curly:
        return _derivative(top, bottom, span)
    assert top is not None
    if _is_straight(top) and _is_straight(bottom) and (by := _without_d(bottom)) is not None:
        return _derivative(_without_d(top), by, span)
    return Quotient(_operand(top), _operand(bottom), span)


def _half(cursor: Cursor) -> tuple[bool, Node | None]:
    """One argument: whether it begins with ∂, and what else is in it."""
    opening = cursor.token
    if cursor.take("partial"):
        return True, None
    if opening.text != "{" or cursor.tokens[cursor.at + 1].kind != "partial":
        return False, cursor.argument()
    cursor.advance()
    cursor.advance()
    _no_second(cursor)
    inner = None if cursor.sees("close", "{") else cursor.nested()
    cursor.close(opening)
    return True, inner


def _derivative(of: Node | None, by: Node, span: Span) -> Derivative:
    return Derivative(None if of is None else _operand(of), _operand(by), span)


def _operand(node: Node) -> Node:
    """A half of a fraction as it would stand beside a slash, where f(x) needs no bracket."""
    return node if is_application(node) else grouped(node)


def _no_second(cursor: Cursor) -> None:
    if cursor.sees("script"):
        cursor.fail(
            "second derivatives are not read", help="write the derivative of a derivative in two steps"
        )


def slanted(cursor: Cursor) -> Node:
    """∂C/∂w as typed in a line; ∂/∂w alone has no `of` yet."""
    start = cursor.advance().start
    _no_second(cursor)
    of = None if cursor.sees("operator", "/") else _close_by(cursor)
    if not cursor.take("operator", "/") or not cursor.take("partial"):
        cursor.fail("∂ is no quantity of its own", help=_WAYS, span=(start, start + 1))
    return Derivative(of, _close_by(cursor), (start, cursor.behind.end))


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


def _without_d(node: Node) -> Node | None:
    """What follows the d."""
    match node:
        case Symbol(text=text, span=(start, end)):
            return Symbol(text[1:], (start + 1, end)) if text != "d" else None
        case Scripted(base=base):
            inner = _without_d(base)
            return replace(node, base=inner) if inner is not None else None
        case Product(factors=(first, *others)):
            inner = _without_d(first)
            rest = others if inner is None else [inner, *others]
            return (
                rest[0]
                if len(rest) == 1
                else replace(node, factors=tuple(rest), operators=("",) * (len(rest) - 1))
            )
    return None
