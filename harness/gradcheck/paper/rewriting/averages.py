"""Means by other words: average(…) and avg(…), and x̄ beside the x_i of a Σ."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from gradcheck.formulas.tree import BigSum, Bracket, Claim, Derivative, Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import changed, letters_over, nodes_of, symbols

_WORDS = frozenset({"avg", "Avg", "average", "Average", "Mean"})
_BAR = "_bar"


def with_averages(claims: Sequence[Claim]) -> list[Claim]:
    """The claims with mean(…) for each of them."""
    bars = means_of(claims)
    defined = {text for claim in claims if len(claim.sides) > 1 for text in symbols(claim.sides[0])}
    words = _WORDS - defined

    def rewritten(node: Node) -> Node:
        match node:
            case Product(factors):
                pairs = zip(factors, (*factors[1:], None), strict=True)
                renamed = tuple(_word(*pair, words) for pair in pairs)
                node = replace(node, factors=renamed)
            case Symbol(text) if text in bars:
                inner = Bracket(Symbol(text.removesuffix(_BAR), node.span), "(", node.span)
                return Product((Symbol("mean", node.span), inner), ("",), node.span)
        return changed(node, rewritten)

    return [replace(claim, sides=tuple(map(rewritten, claim.sides))) for claim in claims]


def means_of(claims: Sequence[Claim]) -> frozenset[str]:
    """The names with a bar that are means: none of them is defined, and a Σ goes over the entries of x."""
    every = [*nodes_of(claims)]
    known = {text for claim in claims if len(claim.sides) > 1 for text in symbols(claim.sides[0])}
    known |= {text for node in every if isinstance(node, Derivative) for text in symbols(node.by)}
    summed = {letter for node in every if isinstance(node, BigSum) for letter in letters_over(node)}
    entries = {
        node.base.text
        for node in every
        if isinstance(node, Scripted) and isinstance(node.base, Symbol) and len(node.sub) == 1
        if isinstance(node.sub[0], Symbol) and node.sub[0].text in summed
    }
    names = {node.text for node in every if isinstance(node, Symbol) and node.text.endswith(_BAR)}
    return frozenset(name for name in names - known if name.removesuffix(_BAR) in entries)


def _word(node: Node, following: Node | None, words: Collection[str]) -> Node:
    is_mean = isinstance(node, Symbol) and node.text in words and isinstance(following, Bracket)
    return Symbol("mean", node.span) if is_mean else node
