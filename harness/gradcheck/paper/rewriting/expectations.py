"""Expectations over given samples: 𝔼[x y] is the mean of x y over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from gradcheck.formulas.tree import BigOperation, Bracket, Claim, Derivative, Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import changed, nodes, parts

_EXPECTATION = "expectation"
SAMPLE = Symbol("sample")
"""The letter of samples."""


def with_means(claims: Sequence[Claim], is_function: Callable[[str], bool]) -> list[Claim]:
    """The claims with a mean for each expectation; over nothing where it isn't clear what varies in it."""
    sides = [side for claim in claims for side in claim.sides]
    inner = {name for side in sides for within, name in _names(side) if within}
    outer = {name for side in sides for within, name in _names(side) if not within}
    fixed = {name for side in sides for name in _differentiated(side)}
    fixed |= {name for claim in claims for name in _heads(claim)}
    varying = {name for name in inner - fixed if not is_function(name)}
    clear = bool(varying) and not varying & outer
    return [
        replace(claim, sides=tuple(_with_means(side, varying, clear=clear) for side in claim.sides))
        for claim in claims
    ]


def _is_expectation(node: Node) -> bool:
    match node:
        case Symbol(text) | Scripted(Symbol(text), 0, None):
            return text == _EXPECTATION
    return False


def _with_means(node: Node, varying: set[str], *, clear: bool) -> Node:
    if isinstance(node, Product):
        factors: list[Node] = []
        operators: list[str] = []
        for operator, factor in zip(("", *node.operators), node.factors, strict=True):
            if factors and operator == "" and _is_expectation(factors[-1]) and isinstance(factor, Bracket):
                body = _sampled(factor.inner, varying)
                letters = (SAMPLE,) if clear else ()
                span = (factors[-1].span[0], factor.span[1])
                mean = BigOperation("mean", letters, None, None, body, span)
                factors[-1] = Bracket(mean, "(", span)
                continue
            factors.append(_with_means(factor, varying, clear=clear))
            operators.append(operator)
        if len(factors) == 1:
            return factors[0]
        return replace(node, factors=tuple(factors), operators=tuple(operators[1:]))
    return changed(node, lambda part: _with_means(part, varying, clear=clear))


def _sampled(node: Node, varying: set[str]) -> Node:
    """The formula for one of the samples."""
    match node:
        case Symbol(text) if text in varying:
            return Scripted(node, sub=(SAMPLE,), span=node.span)
        case Scripted(Symbol(text)) if text in varying:
            return replace(node, sub=(SAMPLE, *node.sub))
    return changed(node, lambda part: _sampled(part, varying))


def _names(formula: Node, *, within: bool = False) -> Iterator[tuple[bool, str]]:
    """Every name, and whether it stands in an expectation."""
    match formula:
        case Symbol(text):
            yield within, text
        case Product(factors):
            for before, factor in zip((None, *factors), factors, strict=False):
                inside = before is not None and _is_expectation(before) and isinstance(factor, Bracket)
                if not _is_expectation(factor):
                    yield from _names(factor, within=within or inside)
        case _:
            for part in parts(formula):
                yield from _names(part, within=within)


def _differentiated(formula: Node) -> Iterator[str]:
    """By what something is differentiated."""
    by = (node.by for node, _ in nodes(formula) if isinstance(node, Derivative))
    return (name for one in by for _, name in _names(one))


def _heads(claim: Claim) -> Iterator[str]:
    """What a claim defines, and its arguments."""
    if len(claim.sides) > 1:
        match claim.sides[0]:
            case Symbol(name):
                yield name
            case Product((Symbol(), Bracket()), _):
                yield from (name for _, name in _names(claim.sides[0]))
