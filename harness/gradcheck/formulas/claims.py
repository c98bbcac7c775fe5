"""Claims: chains of expressions with relations between, and what of them could not be read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from gradcheck.formulas.constants import too_large
from gradcheck.formulas.cursor import Cursor
from gradcheck.formulas.errors import ReadError, Unread
from gradcheck.formulas.expression import GRAMMAR, expression
from gradcheck.formulas.layout import laid_out
from gradcheck.formulas.limits import MAX_DEPTH, MAX_FORMULAS, MAX_UNREAD
from gradcheck.formulas.names import CONDITIONS
from gradcheck.formulas.tokens import Token
from gradcheck.formulas.tree import QUESTION, Claim, Node, Scripted, Symbol
from gradcheck.formulas.walk import nodes

_ENDS = frozenset({"break", "stop"})
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


def claims(tokens: list[Token], *, conditional: bool = False) -> tuple[list[Claim], list[Unread]]:
    """Every claim in the tokens; an unreadable side is left out of its chain and reported.

    Where they are `conditional`, the first one may compare.

    The search ends at the first claim, or the first unreadable side, that is one too many.
    """
    cursor = Cursor(laid_out(tokens), GRAMMAR)
    result: list[Claim] = []
    unread: list[Unread] = []
    while not cursor.sees("end") and len(unread) <= MAX_UNREAD and len(result) <= MAX_FORMULAS:
        restricts = cursor.sees("name", *CONDITIONS)
        trails = restricts and bool(result) and cursor.behind.kind not in _ENDS
        if cursor.token.kind in _BETWEEN or restricts:
            cursor.advance()
            if not restricts or cursor.token.kind not in ("name", "open", "number", "bar"):
                continue
        if _is_range(cursor):
            del result[-1:]
            _skip_side(cursor)
            continue
        claim = _chain(cursor, unread, conditional=conditional or restricts).claim()
        conditional = False
        if claim is not None:
            result.append(as_condition(claim) if trails else claim)
    return result, unread


def as_condition(claim: Claim) -> Claim:
    """The claim as a condition of the one before it, where it equates names."""
    are_names = len(claim.sides) == 2 and all(isinstance(side, Symbol | Scripted) for side in claim.sides)
    return replace(claim, restricts=True) if are_names and not claim.leading else claim


def _is_range(cursor: Cursor) -> bool:
    """Whether dots are at hand between commas: i = 1, …, n says which values a letter has."""
    following = cursor.tokens[min(cursor.at + 1, len(cursor.tokens) - 1)]
    return cursor.sees("dots") and cursor.behind.kind == following.kind == "comma"


def _chain(cursor: Cursor, unread: list[Unread], *, conditional: bool) -> _Chain:
    """Sides and the relations between them; behind `if`, those that compare, too."""
    chain = _Chain()
    kinds = {"relation", "compare"} if conditional else {"relation"}
    if cursor.sees("relation"):
        chain.relations.append(cursor.advance().text)
    while True:
        side = _side(cursor, unread, kinds)
        if side is not None:
            chain.sides.append(side)
        else:
            chain.whole = False
            del chain.relations[-1:]
        if cursor.token.kind not in kinds or len(unread) > MAX_UNREAD:
            return chain
        relation = cursor.advance().text
        chain.relations.extend([relation] * bool(chain.sides))


def _side(cursor: Cursor, unread: list[Unread], relations: Collection[str]) -> Node | None:
    """One side of a chain; None, and the cursor before the next side, where it can't be read."""
    start = cursor.at
    if cursor.sees("stop", QUESTION):
        asked = cursor.advance()
        return Symbol(QUESTION, (asked.start, asked.end))
    try:
        node = expression(cursor)
        ends = cursor.token.kind in _BETWEEN | {"end", *relations} or cursor.sees("name", *CONDITIONS)
        if not ends:
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
