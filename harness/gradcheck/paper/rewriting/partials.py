"""Derivatives that name what they are by below the function, f_x and f_xy, and ∇ of a bracket."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from gradcheck.formulas.tree import (
    Arguments,
    BigOperation,
    BigSum,
    Bracket,
    Claim,
    Derivative,
    Node,
    Product,
    Scripted,
    Symbol,
)
from gradcheck.formulas.walk import changed, letters_over, nodes_of, parts, symbols
from gradcheck.letters import GREEK
from gradcheck.paper.rewriting.nabla import is_bare

_LOW = re.compile(r"([A-Za-z]+)_([A-Za-z]{1,3})")
_GREEK = frozenset(GREEK.values())
_INDICES = frozenset("ijklmn")
"""Letters that are indices below a name, and nothing that a function is of."""


def with_partials(claims: Sequence[Claim], is_word: Callable[[str], bool]) -> Sequence[Claim]:
    """The claims with ∂f/∂x for f_x where f is a formula with x in it.

    `is_word` knows functions and constants.
    """
    claims = [_rewritten(claim, lambda node: _of_bracket(node, is_word)) for claim in claims]
    functions = dict(_functions(claims, is_word))
    partials = {node for node in nodes_of(claims) if _partial(node, functions) is not None}
    if not partials or any(map(_has_other_arguments(functions, partials), nodes_of(claims))):
        return claims
    return [_rewritten(claim, lambda node: _derivative(node, functions)) for claim in claims]


def _functions(
    claims: Sequence[Claim], is_word: Callable[[str], bool]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Names that the text defines, with the letters that they are made of and that are no indices."""
    sums = (node for node in nodes_of(claims) if isinstance(node, BigSum | BigOperation))
    running = {letter for node in sums for letter in letters_over(node)} | _INDICES
    for claim in claims:
        match claim.sides:
            case (Symbol(name), body, *_) | (Product((Symbol(name), Bracket()), ("",)), body, *_):
                letters = (letter for word in _names(body) for letter in _letters(word, is_word))
                yield name, frozenset(letters) - running - {name}


def _names(formula: Node) -> Iterator[str]:
    """The names in a formula, without what stands below them."""
    match formula:
        case Symbol(text):
            yield text
        case Scripted(base, _, sup):
            yield from _names(base)
            yield from _names(sup) if sup is not None else ()
        case _:
            yield from (name for part in parts(formula) for name in _names(part))


def _letters(word: str, is_word: Callable[[str], bool]) -> Iterator[str]:
    """The letter that a word is, or those of ax, which is a product."""
    if word in _GREEK or len(word) == 1:
        yield word
    elif len(word) < 4 and word.isalpha() and not is_word(word):
        yield from word


def _partial(node: Node, functions: Mapping[str, frozenset[str]]) -> tuple[str, tuple[str, ...]] | None:
    """f and the letters x, y of f_xy; None of anything else."""
    match node:
        case Symbol(text) if low := _LOW.fullmatch(text):
            name, letters = low[1], tuple(low[2])
        case Scripted(Symbol(name), 0, None, _, (Symbol(), *_)):
            letters = tuple(part.text if isinstance(part, Symbol) else "" for part in node.sub)
        case _:
            return None
    return (name, letters) if name in functions and functions[name].issuperset(letters) else None


def _has_other_arguments(
    functions: Mapping[str, frozenset[str]], partials: set[Node]
) -> Callable[[Node], bool]:
    """Whether a derivative stands before a bracket with anything but the letters of its function."""

    def is_elsewhere(node: Node) -> bool:
        factors = node.factors if isinstance(node, Product) else ()
        brackets = (
            other for one, other in pairwise(factors) if one in partials and isinstance(other, Bracket)
        )
        return any(not _are_arguments(bracket, functions) for bracket in brackets)

    return is_elsewhere


def _are_arguments(bracket: Bracket, functions: Mapping[str, frozenset[str]]) -> bool:
    items = bracket.inner.items if isinstance(bracket.inner, Arguments) else (bracket.inner,)
    known = frozenset[str]().union(*functions.values())
    return all(isinstance(item, Symbol) and item.text in known for item in items)


def _derivative(node: Node, functions: Mapping[str, frozenset[str]]) -> Node:
    """∂²f/∂x∂y of f_xy, and of f_xy(x, y)."""
    if isinstance(node, Product):
        return _without_arguments(node, functions)
    found = _partial(node, functions)
    if found is None:
        return node
    name, letters = found
    derivative: Node = Symbol(name, node.span)
    for letter in letters:
        derivative = Derivative(derivative, Symbol(letter, node.span), node.span)
    return derivative


def _without_arguments(product: Product, functions: Mapping[str, frozenset[str]]) -> Node:
    factors, operators = [*product.factors], [*product.operators]
    for n in reversed(range(len(operators))):
        if isinstance(factors[n + 1], Bracket) and not operators[n] and _partial(factors[n], functions):
            del factors[n + 1], operators[n]
    if not operators:
        return _derivative(factors[0], functions)
    return replace(product, factors=tuple(factors), operators=tuple(operators))


def _of_bracket(node: Node, is_word: Callable[[str], bool]) -> Node:
    """d/dn of n² for ∇(n²), where there is nothing else that it may be by."""
    match node:
        case Product((nabla, Bracket(inner)), ("",)) if is_bare(nabla) and not isinstance(inner, Arguments):
            names = {text for text in symbols(inner) if not is_word(text)}
            if len(names) == 1:
                return Derivative(inner, Symbol(names.pop(), inner.span), node.span)
    return node


def _rewritten(claim: Claim, change: Callable[[Node], Node]) -> Claim:
    def rewritten(node: Node) -> Node:
        return changed(change(node), rewritten)

    return replace(claim, sides=tuple(map(rewritten, claim.sides)))
