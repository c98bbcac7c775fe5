"""How far a Σ reaches: Σ_i y_i log p_i + (1 − y_i) log(1 − p_i) is one sum, as i has no meaning outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gradcheck.formulas.tree import BigSum, Claim, Negative, Node, Product, Scripted, Sum, Symbol
from gradcheck.formulas.walk import changed, letters_over, parts


def with_reach(claims: Sequence[Claim]) -> list[Claim]:
    """The claims with each term that needs the letter of a Σ before it put into that Σ.

    Letters of a left side mean the same on the right, and stay as they are.
    """
    return [_widened(claim) for claim in claims]


def _widened(claim: Claim) -> Claim:
    first, *others = claim.sides
    outside = free(first) if others else frozenset()
    return replace(claim, sides=(first, *(_reaching(side, outside) for side in others)))


def free(node: Node) -> frozenset[str]:
    """The letters of indices in a formula that no Σ in it runs over."""
    match node:
        case BigSum(body=body):
            return free(body).difference(letters_over(node))
        case Scripted(Symbol(), _, sup, _, sub):
            scripts = (*sub, *([] if sup is None else [sup]))
            return frozenset(one.text for one in scripts if isinstance(one, Symbol) and len(one.text) == 1)
    return frozenset(letter for part in parts(node) for letter in free(part))


def _reaching(node: Node, outside: frozenset[str]) -> Node:
    inner = changed(node, lambda part: _reaching(part, outside))
    return _joined(inner, outside) if isinstance(inner, Sum) else inner


def _joined(node: Sum, outside: frozenset[str]) -> Node:
    """The sum with terms that need a letter put into the Σ before them that runs over it."""
    terms: list[Node] = []
    for term, further in _with_further(node.terms, outside):
        terms.append(_with(term, further) if further else term)
    return terms[0] if len(terms) == 1 else replace(node, terms=tuple(terms))


def _with_further(terms: Sequence[Node], outside: frozenset[str]) -> Iterator[tuple[Node, list[Node]]]:
    waiting = list(terms)
    while waiting:
        term = waiting.pop(0)
        last = _last(term)
        over = set() if last is None else {*letters_over(last)} - outside
        further: list[Node] = []
        while waiting and over & free(waiting[0]):
            further.append(waiting.pop(0))
        yield term, further


def _last(term: Node) -> BigSum | None:
    """The Σ that a term ends with."""
    match term:
        case BigSum(where=None):
            return term
        case Negative(of):
            return _last(of)
        case Product(factors):
            return _last(factors[-1])
    return None


def _with(term: Node, further: Sequence[Node]) -> Node:
    """The term with more under its Σ. Of −Σ a − b all is negative, of −Σ a + b all that the Σ is of."""
    match term:
        case Negative(of):
            positive = [one.of for one in further if isinstance(one, Negative)]
            return replace(term, of=_with(of, positive if len(positive) == len(further) else further))
        case Product(factors):
            return replace(term, factors=(*factors[:-1], _with(factors[-1], further)))
        case BigSum(body=body):
            return replace(term, body=Sum((body, *further), body.span))
    return term
