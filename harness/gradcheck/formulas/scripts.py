"""What hangs on a base: primes, superscripts, subscripts, transposes and powers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gradcheck.formulas.cursor import Cursor
from gradcheck.formulas.groups import braced_items, bracket, is_index
from gradcheck.formulas.limits import MAX_DEPTH
from gradcheck.formulas.names import is_word
from gradcheck.formulas.tree import (
    Arguments,
    Bracket,
    Evaluated,
    Keyword,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import is_name

_NEAR = 40
"""Within how many tokens the = of a place stands behind its bar."""


_NABLA = Symbol("nabla")
"""What has below it what a gradient is by, and no indices."""


@dataclass(frozen=True)
class _Superscript:
    """What stands above: primes, an index or exponent, a transpose, or several of them."""

    node: Node | None = None
    primes: int = 0
    transposed: bool = False


def scripted(cursor: Cursor, base: Node, start: int) -> Node:
    """The base with all that hangs on it; each transpose and each power wraps what came before."""
    node = base
    wrapped = 0
    while True:
        token = cursor.token
        if wrapped > MAX_DEPTH:
            cursor.fail("this is nested too deep", help="give a part a name", span=(start, cursor.behind.end))
        wrapped += token.kind == "transpose" or token.text == "^"
        if token.kind == "prime":
            node = _primed(node, _primes(cursor))
        elif token.kind == "transpose":
            cursor.advance()
            node = Transpose(node)
        elif token.kind == "script" and token.text == "^":
            node = _raised(cursor, node, start, grouped=node is base)
        elif token.kind == "script":
            node = _indexed(cursor, node)
        elif token.kind == "bar" and _is_evaluated(cursor):
            node = _evaluated(cursor, node)
        else:
            return node
        node = replace(node, span=(start, cursor.behind.end))


def touches_name(cursor: Cursor) -> bool:
    """Whether the bracket at hand may belong to what was read last: f(x), W[0, 1]."""
    close = cursor.token.start == cursor.behind.end
    return (close and cursor.sees("open", "(")) or (cursor.sees("open", "[") and is_index(cursor))


def with_bracket(cursor: Cursor, node: Node) -> Node:
    """A name and the bracket at hand, with what hangs on it; anything else alone."""
    if not is_name(node):
        return node
    start = cursor.token.start
    argument = scripted(cursor, bracket(cursor), start)
    return Product((node, argument), ("",), (node.span[0], cursor.behind.end))


def _primed(node: Node, primes: int) -> Node:
    if isinstance(node, Scripted):
        return replace(node, primes=node.primes + primes)
    return Scripted(node, primes=primes)


def _primes(cursor: Cursor) -> int:
    """How many primes stand here, which are stepped over."""
    primes = 0
    while cursor.take("prime"):
        primes += 1
    return primes


def _raised(cursor: Cursor, node: Node, start: int, *, grouped: bool) -> Node:
    above = _superscript(cursor)
    if above.primes:
        node = _primed(node, above.primes)
    if above.node is not None:
        node = _layered_or_power(node, above.node, grouped=grouped)
    if not above.transposed:
        return node
    return Transpose(replace(node, span=(start, cursor.behind.end)))


def _layered_or_power(node: Node, sup: Node, *, grouped: bool) -> Node:
    """A superscript on a name; a power on what is no name or has a superscript already.

    TeX writes {a_1}^2 where the braces are meant to be seen: that is a power, too.
    """
    whole = isinstance(node, Symbol) or (
        isinstance(node, Scripted)
        and isinstance(node.base, Symbol)
        and node.sup is None
        and not (grouped and node.sub)
    )
    if not whole:
        return Power(node, sup)
    is_power = isinstance(sup, Bracket) and isinstance(sup.inner, Negative | Quotient)
    fence = sup.fence if isinstance(sup, Bracket) and not is_power else ""
    inner = sup.inner if isinstance(sup, Bracket) else sup
    above = node if isinstance(node, Scripted) else Scripted(node)
    return replace(above, sup=inner, fence=fence)


def _superscript(cursor: Cursor) -> _Superscript:
    cursor.advance()
    if cursor.take("transpose"):
        return _Superscript(transposed=True)
    if cursor.take("prime"):
        return _Superscript(primes=1)
    if cursor.sees("open", "{"):
        return _braced(cursor)
    return _taken_apart(signed(cursor))


def _braced(cursor: Cursor) -> _Superscript:
    opening = cursor.advance()
    primes = _primes(cursor)
    if cursor.take("transpose"):
        above = _Superscript(transposed=True)
    elif cursor.sees("operator", "-") and cursor.tokens[cursor.at + 1].kind == "transpose":
        start = cursor.advance().start
        end = cursor.advance().end
        above = _Superscript(Negative(Symbol("T", (start + 1, end)), (start, end)))
    elif primes and cursor.sees("close", "{"):
        above = _Superscript()
    else:
        above = _taken_apart(cursor.nested())
    cursor.close(opening)
    return replace(above, primes=above.primes + primes)


def _taken_apart(node: Node) -> _Superscript:
    """A superscript such as `(3)T` or `(l)'` in its parts."""
    match node:
        case Symbol("T"):
            return _Superscript(transposed=True)
        case Transpose(of=inner):
            return replace(_taken_apart(inner), transposed=True)
        case Scripted(base=Bracket() as inner, primes=primes, sup=None, sub=()):
            return _Superscript(inner, primes)
        case Product(factors=(first, Symbol("T")), operators=("",)):
            return replace(_taken_apart(first), transposed=True)
        case Product(factors=(Symbol("T"), last), operators=("",)):
            return replace(_taken_apart(last), transposed=True)
    return _Superscript(node)


def signed(cursor: Cursor) -> Node:
    """What a script without braces takes, which may have a minus in plain text."""
    start = cursor.token.start
    if cursor.take("operator", "-"):
        node = cursor.within(signed)
        return Negative(node, (start, cursor.behind.end))
    return cursor.argument()


def _is_evaluated(cursor: Cursor) -> bool:
    """Whether the bar at hand closes nothing and something with = stands below it."""
    following = cursor.tokens[cursor.at + 1 : cursor.at + _NEAR]
    if cursor.token.text == cursor.bars[-1] or [token.kind for token in following[:2]] != ["script", "open"]:
        return False
    return any(token.kind == "relation" and token.text == "=" for token in following[3:])


def _evaluated(cursor: Cursor, node: Node) -> Evaluated:
    """A value at the places that stand below the bar."""
    cursor.advance()
    start = cursor.advance().start
    inner = braced_items(cursor)
    places = inner.items if isinstance(inner, Arguments) else (inner,)
    named = tuple(place for place in places if isinstance(place, Keyword))
    if len(named) < len(places):
        cursor.fail("places are written x = 0, y = 1", span=(start, cursor.behind.end))
    return Evaluated(node, named)


def _indexed(cursor: Cursor, node: Node) -> Node:
    if isinstance(node, Scripted) and node.base == _NABLA and len(node.sub) == 1:  # ∇_h₂
        return replace(node, sub=(_indexed(cursor, node.sub[0]),))
    if isinstance(node, Scripted) and node.sub:
        cursor.fail("this has two subscripts", help="write them in one: w_{ij}")
    cursor.advance()
    inner = braced_items(cursor)
    by = node.base if isinstance(node, Scripted) else node
    sub = (inner,) if by == _NABLA and not isinstance(inner, Arguments) else separate(inner)
    if isinstance(node, Scripted):
        return replace(node, sub=sub)
    return Scripted(node, sub=sub)


def separate(node: Node) -> tuple[Node, ...]:
    """The indices of a subscript: `ij`, `i,j` and `11` are two, `12,3` too, a word is one."""
    inner = node.inner if isinstance(node, Bracket) else node
    if isinstance(inner, Arguments):
        return tuple(index for item in inner.items for index in _letters(item))
    return tuple(index for item in _side_by_side(inner) for index in _letters(item, digits=True))


def _side_by_side(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Product) and not any(node.operators):
        return node.factors
    return (node,)


def _letters(node: Node, *, digits: bool = False) -> tuple[Node, ...]:
    """The letters of a symbol that is no word, and the digits of a number, each a node of its own."""
    match node:
        case Symbol(text=text) if not is_word(text) and re.fullmatch("[A-Za-z][A-Za-z0-9]+", text):
            pieces = re.findall(r"[A-Za-z]|\d+", text)
        case Number(value=value, span=(start, end)) if digits and value.is_integer() and end - start > 1:
            pieces = list(f"{value:.0f}".zfill(end - start))  # w_{01} has a 0 in front
        case _:
            return (node,)
    start, end = node.span
    exact = end - start == sum(map(len, pieces))
    symbols: list[Node] = []
    for piece in pieces:
        span = (start, start + len(piece)) if exact else node.span
        symbols.append(Number(float(piece), span) if piece.isdigit() else Symbol(piece, span))
        start += len(piece)
    return tuple(symbols)
