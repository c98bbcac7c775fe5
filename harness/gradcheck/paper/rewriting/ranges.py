"""Over which values sums and products go: what stands below and above them, as conditions on letters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from gradcheck.formulas.tree import (
    BigOperation,
    BigSum,
    Bracket,
    Claim,
    Comparison,
    Negative,
    Node,
    Number,
    Product,
    Scripted,
    Sum,
    Symbol,
)
from gradcheck.formulas.walk import changed, letters_over, nodes, nodes_of

Big = BigSum | BigOperation
_LETTERS = frozenset("ijklmnpqrst")
_PAIRS = frozenset({"<", "≤", ">", "≥"})


def first_number(claims: Sequence[Claim]) -> int:
    """By which number the first entry of an array goes: 0 where a sum begins there."""
    every = nodes_of(claims)
    return 0 if any(map(_begins_at_zero, every)) else 1


def _begins_at_zero(node: Node) -> bool:
    match node:
        case BigSum(lower=Number(0)) | BigOperation(lower=Number(0)) | Bracket(Number(0), "["):
            return True
    return False


def ends(claims: Sequence[Claim]) -> set[Node | None]:
    """What stands above the sums that begin at 0."""
    every = nodes_of(claims)
    return {node.upper for node in every if isinstance(node, Big) and node.lower == Number(0.0)}


def with_ranges(claims: Sequence[Claim]) -> list[Claim]:
    """The claims with all that restricts the letters of sums as conditions."""
    ranges = Ranges(claims)
    return [
        replace(
            claim,
            sides=tuple(ranges.rewritten(side, letters_below(claim.sides[0])) for side in claim.sides),
        )
        for claim in claims
    ]


def letters_below(formula: Node) -> set[str]:
    """The single letters below names."""
    below = (one for node, _ in nodes(formula) if isinstance(node, Scripted) for one in node.sub)
    return {one.text for one in below if isinstance(one, Symbol) and len(one.text) == 1}


class Ranges:
    """How the sums of a text are to be read."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.first, self.ends = first_number(claims), ends(claims)

    def rewritten(self, node: Node, outside: set[str]) -> Node:
        """The formula with conditions in its sums, where these letters are given."""
        if isinstance(node, Big):
            node = self._conditional(node, outside)
            outside = outside | {*letters_over(node)}
        return changed(node, lambda part: self.rewritten(part, outside))

    def _conditional(self, node: Big, outside: Collection[str]) -> Big:
        """The sum with all that restricts its letters as one condition; `outside` has other letters."""
        node = _paired(node, outside)
        if len(node.indices) != 1 or not isinstance(node.indices[0], Symbol):
            return node
        letter = node.indices[0]
        conditions = [condition for condition in (node.where,) if condition is not None]
        if node.lower is not None and not self._is_whole(node):
            conditions.append(Comparison(letter, "≥", node.lower, node.span))
            node = replace(node, lower=None)
        if node.upper is not None and _letters(node.upper) & set(outside):
            conditions.append(Comparison(letter, "≤", node.upper, node.span))
            node = replace(node, upper=None)
        return replace(node, where=_all(conditions))

    def _is_whole(self, node: Big) -> bool:
        """Whether it begins with the first entry; at 1 in a text that counts from 0 where the ends differ."""
        if not isinstance(node.lower, Number):
            return False
        if node.lower.value == self.first:
            return True
        return node.lower.value == 1 and node.upper not in self.ends


def _paired(node: Big, outside: Collection[str]) -> Big:
    """Σ_{i<j} over both letters, where the second one is not given; over none that is clear for Σ_{i≠j}."""
    match node.indices, node.where:
        case (Symbol(one),), Comparison(Symbol(), relation, Symbol(other)) if relation in _PAIRS:
            if one != other and other not in outside:
                return replace(node, indices=(*node.indices, Symbol(other, node.where.right.span)))
        case (Symbol(),), Comparison(Symbol(), "≠", Symbol(other)) if other in _LETTERS - {*outside}:
            return replace(node, indices=())
    return node


def _all(conditions: Sequence[Node]) -> Node | None:
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    brackets = tuple(Bracket(condition, "(", condition.span) for condition in conditions)
    return Product(brackets, ("⊙",) * (len(brackets) - 1), brackets[0].span)


def _letters(node: Node) -> set[str]:
    """The letters of i, or i + 1."""
    match node:
        case Symbol(text):
            return {text}
        case Sum((Symbol(text), Number() | Negative(Number()))):
            return {text}
    return set()


def renamed(node: Node, old: str, new: Node) -> Node:
    """A formula with another letter in the place of one."""
    return new if node == Symbol(old) else changed(node, lambda part: renamed(part, old, new))
