"""Brackets of all kinds: round, square and curly ones, matrices, absolute values and norms."""

from __future__ import annotations

from collections.abc import Callable

from gradcheck.formulas.commands import DOTS_ADVICE
from gradcheck.formulas.cursor import Cursor
from gradcheck.formulas.dots import collapsed
from gradcheck.formulas.tokens import Token
from gradcheck.formulas.tree import (
    Abs,
    Arguments,
    BigOperation,
    BigSum,
    Bracket,
    Cases,
    Comparison,
    Keyword,
    Matrix,
    Negative,
    Node,
    Norm,
    Product,
    Sum,
    Symbol,
)
from gradcheck.letters import GREEK

_NEAR = 20
"""Within how many tokens a condition in braces has its relation."""
_FAR = 400
"""Within how many tokens a bar has its partner."""


def bracket(cursor: Cursor) -> Node:
    """What stands between an opening and its end."""
    opening = cursor.token
    match opening.text:
        case "{" if cursor.at > 0 and cursor.behind.text == "sqrt":
            inner = cursor.argument()
            return Bracket(inner, "(", (opening.start, cursor.behind.end))
        case "{" if not _holds_condition(cursor):
            return grouped(cursor.argument())
        case "matrix":
            return _tex_matrix(cursor)
        case "cases":
            return _cases(cursor)
        case "[" if not is_index(cursor):
            return _square(cursor)
        case _:
            cursor.advance()
            inner = items(cursor)
            cursor.close(opening)
            fence = "(" if opening.text in ("\\{", "{") else opening.text
            return Bracket(inner, fence, (opening.start, cursor.behind.end))


def grouped(node: Node) -> Node:
    """The node, in a bracket where it would fall apart among its neighbours."""
    loose = isinstance(node, Sum | Product | Negative | BigSum | BigOperation | Comparison | Arguments)
    return Bracket(node, "(", node.span) if loose else node


def _holds_condition(cursor: Cursor) -> bool:
    """Whether the brace at hand stands around i = j or z > 0, as in 1{i = j}."""
    for token in cursor.tokens[cursor.at + 1 : cursor.at + _NEAR]:
        if token.kind in ("open", "close"):
            return False
        if token.kind in ("compare", "relation"):
            return True
    return False


def items(cursor: Cursor) -> Node:
    """One thing, or several with commas between."""
    start = cursor.token.start
    items = [_item(cursor)]
    while cursor.take("comma") or cursor.take("semicolon") or _takes_given(cursor):
        dots = cursor.token
        between = cursor.take("dots") and cursor.take("comma")
        items.append(_item(cursor))
        if between:
            whole = collapsed(items, len(items) - 1)
            if whole is None:
                cursor.fail(DOTS_ADVICE, span=(dots.start, dots.end))
            items = whole
    return items[0] if len(items) == 1 else Arguments(tuple(items), (start, cursor.behind.end))


def _takes_given(cursor: Cursor) -> bool:
    """Step over the bar of p(o|c), which closes nothing and opens nothing."""
    given = cursor.sees("bar", "|") and cursor.bars[-1] != "|" and not has_partner(cursor)
    return given and cursor.take("bar")


def has_partner(cursor: Cursor) -> bool:
    """Whether the bar at hand has one that closes it, before the bracket closes in which it stands."""
    depth, bars = 0, 0
    for token in cursor.tokens[cursor.at : cursor.at + _FAR]:
        depth += (token.kind == "open") - (token.kind == "close")
        if depth < 0:
            return bars % 2 == 0
        bars += depth == 0 and token.kind == "bar" and token.text == cursor.token.text
    return True


def is_frobenius(cursor: Cursor) -> bool:
    """Whether the colon at hand stands between two matrices, as in A : B or g : dx, but not in W: Z = 1."""
    if not cursor.sees("stop", ":") or cursor.at == 0:
        return False
    before, colon = cursor.behind, cursor.token
    after = cursor.tokens[cursor.at + 1]
    apart = before.end < colon.start, colon.end < after.start
    is_pair = _may_be_matrix(before, "close") and (_may_be_matrix(after, "open") or _sees_change(cursor))
    return apart[0] == apart[1] and is_pair


def _sees_change(cursor: Cursor) -> bool:
    """Whether dx, or d with a name behind it, stands behind the token at hand."""
    after, *further = cursor.tokens[cursor.at + 1 : cursor.at + 3]
    name = after.text.removeprefix("d")
    if after.kind != "name" or name == after.text:
        return False
    return len(name) == 1 or name in GREEK.values() or (not name and further[0].kind == "name")


def _may_be_matrix(token: Token, bracket: str) -> bool:
    capital = token.text.removeprefix("d")[:1].isupper()
    return token.kind in (bracket, "transpose") or (token.kind == "name" and capital)


def braced_items(cursor: Cursor) -> Node:
    """What a subscript takes: several things where it has braces."""
    opening = cursor.token
    if not cursor.take("open", "{"):
        return cursor.argument()
    inner = items(cursor)
    cursor.close(opening)
    return inner


def _item(cursor: Cursor) -> Node:
    """An expression; `name=` may stand before it, and a comparison may follow."""
    start = cursor.token
    left = cursor.nested()
    if isinstance(left, Symbol) and cursor.take("relation", "="):
        return Keyword(left.text, cursor.nested(), (start.start, cursor.behind.end))
    if not (cursor.sees("compare") or cursor.sees("relation", "≠")):
        return left
    relation = cursor.advance().text
    return Comparison(left, relation, cursor.nested(), (start.start, cursor.behind.end))


def is_index(cursor: Cursor) -> bool:
    """Whether the square bracket at hand touches what it picks from, as in W[0, 1]."""
    before = cursor.behind
    if cursor.at == 0 or before.end != cursor.token.start:
        return False
    return before.kind in ("name", "prime") or (before.kind == "close" and before.text == "(")


def _square(cursor: Cursor) -> Node:
    """[x] is a bracket; [a, b], [a; b] and [[a, b], [c, d]] are matrices."""
    opening = cursor.advance()
    rows = [_cells(cursor, "comma", lambda: _item(cursor))]
    while cursor.take("semicolon"):
        rows.append(_cells(cursor, "comma", cursor.nested))
    cursor.close(opening)
    span = (opening.start, cursor.behind.end)
    if len(rows) == 1 and all(_is_row(cell) for cell in rows[0]):
        rows = [_row(cell) for cell in rows[0]]
    elif len(rows) == 1 and len(rows[0]) == 1:
        return Bracket(rows[0][0], "[", span)
    return _matrix(cursor, rows, opening)


def _is_row(node: Node) -> bool:
    if isinstance(node, Matrix):
        return len(node.rows) == 1
    return isinstance(node, Bracket) and node.fence == "["


def _row(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Matrix):
        return node.rows[0]
    return (node.inner,) if isinstance(node, Bracket) else (node,)


def _tex_matrix(cursor: Cursor) -> Node:
    opening = cursor.advance()
    rows = [_cells(cursor, "cell", cursor.nested)]
    while cursor.take("row"):
        if not cursor.sees("close"):
            rows.append(_cells(cursor, "cell", cursor.nested))
    cursor.close(opening)
    return _matrix(cursor, rows, opening)


_WORDS = frozenset({"if", "for", "when", "where", "otherwise", "else"})


def _cases(cursor: Cursor) -> Cases:
    """Rows of a value and its condition; one without a condition is for all else."""
    opening = cursor.advance()
    branches: list[tuple[Node, Node]] = []
    otherwise: Node | None = None
    while not cursor.sees("close"):
        value = cursor.nested()
        while cursor.take("cell") or cursor.take("comma"):
            pass
        condition = _condition(cursor)
        if condition is None:
            otherwise = value
        else:
            branches.append((value, condition))
        while cursor.take("row") or cursor.take("comma"):
            pass
    cursor.close(opening)
    return Cases(tuple(branches), otherwise, (opening.start, cursor.behind.end))


def _condition(cursor: Cursor) -> Node | None:
    """What stands behind a value, without the words around it; None where it is all else."""
    _skip_words(cursor)
    if cursor.sees("row") or cursor.sees("close"):
        return None
    condition = comparison(cursor)
    _skip_words(cursor)
    return condition


def comparison(cursor: Cursor) -> Node:
    """a > b, or i = j."""
    start = cursor.token.start
    left = cursor.nested()
    if not (cursor.sees("compare") or cursor.sees("relation", "=", "≠")):
        cursor.misplaced()
    relation = cursor.advance().text
    right = cursor.nested()
    return Comparison(left, relation, right, (start, cursor.behind.end))


def _skip_words(cursor: Cursor) -> None:
    while cursor.sees("implies") or cursor.sees("stop") or cursor.sees("name", *_WORDS):
        cursor.advance()


def _cells(cursor: Cursor, between: str, cell: Callable[[], Node]) -> tuple[Node, ...]:
    cells = [cell()]
    while cursor.take(between):
        cells.append(cell())
    return tuple(cells)


def _matrix(cursor: Cursor, rows: list[tuple[Node, ...]], opening: Token) -> Matrix:
    span = (opening.start, cursor.behind.end)
    if len({len(row) for row in rows}) > 1:
        lengths = ", ".join(str(len(row)) for row in rows[:5])
        cursor.fail(f"the rows of this matrix have {lengths} entries", span=span)
    return Matrix(tuple(rows), span)


def between_bars(cursor: Cursor) -> Node:
    """|x| or ‖x‖."""
    opening = cursor.advance()
    inner = cursor.nested(bar=opening.text)
    if not cursor.take("bar", opening.text):
        cursor.fail(f"this {opening.text} has no partner", span=(opening.start, opening.end))
    kind = Norm if opening.text == "‖" else Abs
    return kind(inner, (opening.start, cursor.behind.end))
