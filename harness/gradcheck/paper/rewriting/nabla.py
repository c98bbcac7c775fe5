"""By what ∇ is where neither ∇_x nor f(x) says so: by the parameters, as people call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from gradcheck.formulas.tree import Claim, Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import nodes_of, symbols

_PARAMETERS = ("theta", "w", "beta", "W", "x", "z", "u", "v")
"""The first of these that a text has and does not define is what its ∇ is by."""


def gradients_by(claims: Sequence[Claim]) -> Mapping[str, Symbol]:
    """What the gradient of each name is by, of those behind a bare ∇."""
    defined = {text for claim in claims if len(claim.sides) > 1 for text in symbols(claim.sides[0])}
    words = {text for claim in claims for side in claim.sides for text in symbols(side)}
    by = next((Symbol(one) for one in _PARAMETERS if one in words - defined), None)
    if by is None:
        return {}
    products = nodes_of(claims)
    pairs = (pair for node in products if isinstance(node, Product) for pair in pairwise(node.factors))
    names = {of.text for nabla, of in pairs if is_bare(nabla) and isinstance(of, Symbol)}
    return dict.fromkeys(sorted(names & defined), by)


def is_nabla(node: Node) -> bool:
    """Whether it is ∇ or ∇², with something below it or not."""
    return (node.base if isinstance(node, Scripted) else node) == Symbol("nabla")


def is_bare(node: Node) -> bool:
    """Whether it is ∇ or ∇² with nothing below it."""
    match node:
        case Symbol("nabla") | Scripted(Symbol("nabla"), 0, _, _, ()):
            return True
    return False
