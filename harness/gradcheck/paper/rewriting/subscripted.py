"""Functions whose names have something below them: h_θ of h_θ(x) = …, where h_θ(x_i) stands, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from gradcheck.formulas.tree import Bracket, Claim, Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import changed, nodes_of
from gradcheck.formulas.written import written


def with_functions(claims: Sequence[Claim]) -> Sequence[Claim]:
    """The claims with such functions named by words, as h_theta."""
    names = frozenset(_functions(claims))
    if not names:
        return claims
    change = partial(_renamed, names)
    return [replace(claim, sides=tuple(map(change, claim.sides))) for claim in claims]


def _functions(claims: Sequence[Claim]) -> Iterator[Scripted]:
    """What is defined as a function is, and applied to something else than its argument."""
    arguments = _arguments(claims)
    for claim in claims:
        match claim.sides:
            case (Product((Scripted() as head, Bracket(Symbol() as argument)), _), _, *_) if head.sub:
                if arguments[_name(head)] - {argument}:
                    yield _name(head)


def _arguments(claims: Sequence[Claim]) -> Mapping[Scripted, set[Node]]:
    """What stands in brackets behind each name with something below it."""
    found: dict[Scripted, set[Node]] = {}
    for node in nodes_of(claims):
        for pair in pairwise(node.factors) if isinstance(node, Product) else ():
            match pair:
                case Scripted() as head, Bracket(inner):
                    found.setdefault(_name(head), set()).add(inner)
    return found


def _name(node: Scripted) -> Scripted:
    """The letter with what stands below it alone."""
    return Scripted(node.base, sub=node.sub)


def _renamed(names: frozenset[Scripted], node: Node) -> Node:
    if not isinstance(node, Scripted) or _name(node) not in names:
        return changed(node, partial(_renamed, names))
    word = Symbol("_".join(map(written, (node.base, *node.sub))), node.span)
    return replace(node, base=word, sub=()) if node.primes or node.sup is not None else word
