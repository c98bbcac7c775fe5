"""Differentials: df = 2 xᵀ dx says how f changes where x changes by dx."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gradcheck.formulas.tree import Bracket, Claim, Differential, Node, Product, Quotient, Symbol
from gradcheck.formulas.walk import changed, nodes

_CHANGE = "d "
"""What the name of a change begins with; no text has such a name."""


def is_change(base: str) -> bool:
    """Whether a name is one of a change."""
    return base.startswith(_CHANGE)


def origin(base: str) -> str:
    """What changes by that."""
    return base.removeprefix(_CHANGE)


def change(name: str) -> str:
    """The name of a change."""
    return _CHANGE + name


def with_differentials(claims: Sequence[Claim]) -> list[Claim]:
    """The claims; those about changes with what changes by what."""
    bodies = dict(_bodies(claims))
    words = {text for claim in claims for side in claim.sides for text in _names(side)}
    words |= {text[1:] for text in words if text[:1] == "d" and text[1:] in bodies}
    return [_with_differential(claim, bodies, words) for claim in claims]


def _bodies(claims: Sequence[Claim]) -> Iterator[tuple[str, set[str]]]:
    """What the names that a text defines are made of."""
    for claim in claims:
        if len(claim.sides) > 1:
            match claim.sides[0]:
                case Symbol(name) | Product((Symbol(name), Bracket()), ("",)):
                    yield name, {text for side in claim.sides[1:] for text in _names(side)}


def _with_differential(claim: Claim, bodies: Mapping[str, set[str]], words: set[str]) -> Claim:
    of = _of_change(claim.sides[0], words)
    if of is None or len(claim.sides) < 2 or not claim.equates:
        return claim
    others = tuple(_joined(side, words) for side in claim.sides[1:])
    changes = {origin(name) for side in others for name in _names(side) if is_change(name)}
    if not changes or not changes <= _behind(of, bodies):
        return claim
    base = {name for name in changes if name not in bodies} or changes
    by = tuple(Symbol(name, claim.sides[0].span) for name in sorted(base))
    sides = (_of_others(side, changes - base, by) for side in others)
    return replace(claim, sides=(Differential(of, by, claim.sides[0].span), *sides))


def _of_change(node: Node, words: set[str]) -> Node | None:
    """f of df, X⁻¹ of d(X⁻¹)."""
    match node:
        case Symbol(text) if text[:1] == "d" and text[1:] in words:
            return Symbol(text[1:], node.span)
        case Product((Symbol("d"), *rest), ("", *operators)):
            return rest[0] if len(rest) == 1 else Product(tuple(rest), tuple(operators), node.span)
    return None


def _behind(of: Node, bodies: Mapping[str, set[str]]) -> set[str]:
    """All that a formula is made of, in the end, but not itself."""
    found = set(bodies.get(of.text, ())) if isinstance(of, Symbol) else set(_names(of))
    while more := {name for one in found for name in bodies.get(one, ())} - found:
        found |= more
    return found


def _joined(node: Node, words: set[str]) -> Node:
    """The formula with one name for each change, dX or d X; derivatives stay as they are."""
    match node:
        case Symbol(text) if text[:1] == "d" and text[1:] in words:
            return Symbol(change(text[1:]), node.span)
        case Quotient(Symbol(top), Symbol(bottom)) if top[:1] == bottom[:1] == "d":
            return node
        case Product():
            return _joined_product(node, words)
    return changed(node, lambda part: _joined(part, words))


def _joined_product(node: Product, words: set[str]) -> Node:
    found: list[Node] = []
    between: list[str] = []
    for operator, factor in zip(("", *node.operators), node.factors, strict=True):
        if found and found[-1] == Symbol("d") and operator == "" and isinstance(factor, Symbol):
            found[-1] = Symbol(change(factor.text), factor.span)
            continue
        found.append(_joined(factor, words))
        between.append(operator)
    return found[0] if len(found) == 1 else replace(node, factors=tuple(found), operators=tuple(between[1:]))


def _of_others(node: Node, others: set[str], by: tuple[Symbol, ...]) -> Node:
    """The formula with dY as what the changes of others make of it."""
    match node:
        case Symbol(text) if is_change(text) and origin(text) in others:
            return Differential(Symbol(origin(text), node.span), by, node.span)
    return changed(node, lambda part: _of_others(part, others, by))


def _names(formula: Node) -> Iterator[str]:
    return (node.text for node, _ in nodes(formula) if isinstance(node, Symbol))
