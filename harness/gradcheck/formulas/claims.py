"""Claims: chains of expressions with relations between, and what of them could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field

from gradcheck.formulas.constants import too_large
from gradcheck.formulas.cursor import Cursor
from gradcheck.formulas.errors import ReadError, Unread
from gradcheck.formulas.expression import GRAMMAR, expression
from gradcheck.formulas.layout import laid_out
from gradcheck.formulas.limits import MAX_DEPTH, MAX_FORMULAS, MAX_UNREAD
from gradcheck.formulas.tokens import Token
from gradcheck.formulas.tree import QUESTION, Claim, Node, Symbol
from gradcheck.formulas.walk import nodes

_BETWEEN = frozenset({"break", "implies", "comma", "semicolon", "stop"})


@dataclass
class _Chain:
    """A claim in the making; what stood before its first relation may be missing."""

    sides: list[Node] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    whole: bool = True

    def claim(self) -> Claim | None:
        if not self.sides:
            return None
        extra = len(self.relations) - len(self.sides) + 1
        leading = "".join(self.relations[:extra])
        span = (self.sides[0].span[0], self.sides[-1].span[1])
        return Claim(
            tuple(self.sides), tuple(self.relations[extra:]), span, leading=leading, whole=self.whole
        )


def claims(tokens: list[Token]) -> tuple[list[Claim], list[Unread]]:
    """Every claim in the tokens; an unreadable side is left out of its chain and reported.

    The search ends at the first claim, or the first unreadable side, that is one too many.
    """
    cursor = Cursor(laid_out(tokens), GRAMMAR)
    result: list[Claim] = []
    unread: list[Unread] = []
    while not cursor.sees("end") and len(unread) <= MAX_UNREAD and len(result) <= MAX_FORMULAS:
        if cursor.token.kind in _BETWEEN:
            cursor.advance()
            continue
        claim = _chain(cursor, unread).claim()
        if claim is not None:
            result.append(claim)
    return result, unread


def _chain(cursor: Cursor, unread: list[Unread]) -> _Chain:
    chain = _Chain()
    if cursor.sees("relation"):
        chain.relations.append(cursor.advance().text)
    while True:
        side = _side(cursor, unread)
        if side is not None:
            chain.sides.append(side)
        else:
            chain.whole = False
            del chain.relations[-1:]
        if not cursor.sees("relation") or len(unread) > MAX_UNREAD:
            return chain
        relation = cursor.advance().text
        chain.relations.extend([relation] * bool(chain.sides))


def _side(cursor: Cursor, unread: list[Unread]) -> Node | None:
    """One side of a chain; None, and the cursor before the next side, where it can't be read."""
    start = cursor.at
    if cursor.sees("stop", QUESTION):
        asked = cursor.advance()
        return Symbol(QUESTION, (asked.start, asked.end))
    try:
        node = expression(cursor)
        if cursor.token.kind not in _BETWEEN | {"relation", "end"}:
            cursor.misplaced()
        # Every node on a path down the tree took a token at least.
        if cursor.at - start > MAX_DEPTH and any(depth > MAX_DEPTH for _, depth in nodes(node)):
            cursor.fail("this is nested too deep", help="give a part a name", span=node.span)
        if (unreadable := too_large(node)) is not None:
            raise ReadError(unreadable)
    except ReadError as error:
        unread.append(error.unread)
        _skip_side(cursor)
        return None
    return node


def _skip_side(cursor: Cursor) -> None:
    """Go on to where the next side or claim begins; a relation within brackets is none of the chain's."""
    cursor.restart()
    depth = 0
    while cursor.token.kind not in ("end", "break", "implies") and (depth > 0 or not cursor.sees("relation")):
        kind = cursor.advance().kind
        depth += (kind == "open") - (kind == "close")
