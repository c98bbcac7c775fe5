"""Identity matrices and vectors of ones: every text knows them, each as large as it has to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from gradcheck.formulas.tree import (
    Bracket,
    Claim,
    Comparison,
    Derivative,
    Keyword,
    Negative,
    Node,
    Number,
    Product,
    Quotient,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import changed, nodes, parts

_IDENTITY, _ONES = "I", "ones"
_MARK = "~"
"""What tells a name in one place from the same in another: each may be another size."""


def is_identity(base: str) -> bool:
    """Whether a name is one of an identity matrix."""
    return base.startswith(_IDENTITY + _MARK)


def is_ones(base: str) -> bool:
    """Whether a name is one of a vector of ones."""
    return base.startswith(_ONES + _MARK)


def is_constant(base: str) -> bool:
    """Whether a name is one of either."""
    return is_identity(base) or is_ones(base)


def with_constants(claims: Sequence[Claim]) -> list[Claim]:
    """The claims with a name of its own for each identity matrix and each vector of ones."""
    sides = [side for claim in claims for side in claim.sides]
    heads = {claim.sides[0] for claim in claims if len(claim.sides) > 1}
    places = [place for side in sides for place in _places(side)]
    sure = "surely" in places or any(map(_inverts, claims))
    identity = Symbol(_IDENTITY) not in heads and all(places) and sure
    if any(node == Transpose(Number(1.0)) for side in sides for node, _ in nodes(side)):
        claims = [replace(claim, sides=tuple(map(_with_ones, claim.sides))) for claim in claims]
    numbers = count(1)
    return [
        replace(claim, sides=tuple(_renamed(side, numbers, identity=identity) for side in claim.sides))
        for claim in claims
    ]


def _with_ones(node: Node) -> Node:
    """The ones of 1 xᵀ, in a text that has 1ᵀ."""
    match node:
        case Product((Number(1.0) as one, Transpose(), *_) as factors, ("", *_)):
            node = replace(node, factors=(Symbol("ones", one.span), *factors[1:]))
    return changed(node, _with_ones)


def _inverts(claim: Claim) -> bool:
    """Whether it says that what is turned or inverted makes I, as QᵀQ = I, or a derivative by a matrix."""
    others = [side for side in claim.sides if not _is_identity(side)]
    every = [node for side in others for node, _ in nodes(side)]
    turned = any(isinstance(node, Transpose) or node == Negative(Number(1.0)) for node in every)
    by = [node.by.text for node in every if isinstance(node, Derivative) and isinstance(node.by, Symbol)]
    return 0 < len(others) < len(claim.sides) and (turned or any(name[:1].isupper() for name in by))


def _is_identity(node: Node) -> bool:
    match node:
        case Symbol(text) | Scripted(Symbol(text), 0, None):
            return text == _IDENTITY
    return False


def _places(node: Node, around: str = "maybe") -> Iterator[str]:
    """For each I whether it is an identity where it stands: surely, maybe, or "" where it is none."""
    if _is_identity(node):
        yield around
        return
    match node:
        case Product(factors, operators):
            for n, factor in enumerate(factors):
                yield from _places(factor, _in_product(factors, operators, n, around))
        case Sum(terms):
            for term in terms:
                yield from _places(term, "surely")
        case Negative(inner) | Bracket(inner):
            yield from _places(inner, around)
        case Quotient(top, bottom):
            yield from _places(top, around)
            yield from _places(bottom, "maybe")
        case _:
            within = "" if isinstance(node, Derivative) else "maybe"
            for part in parts(node):
                yield from _places(part, within)


def _in_product(factors: Sequence[Node], operators: Sequence[str], at: int, around: str) -> str:
    """Beside ⊗ it surely is one, behind numbers as far as their product may be, and beside matrices not."""
    if "⊗" in (*operators[max(0, at - 1) : at], *operators[at : at + 1]):
        return "surely"
    if at == len(factors) - 1 and all(map(_is_number, factors[:at])):
        return around
    return "" if _is_identity(factors[at]) else "maybe"


def _is_number(node: Node) -> bool:
    match node:
        case Number() | Quotient() | Bracket():
            return True
        case Symbol(text) | Scripted(Symbol(text)):
            return not text[:1].isupper()
    return False


def _renamed(node: Node, numbers: Iterator[int], *, identity: bool) -> Node:
    match node:
        case Symbol(text) | Scripted(Symbol(text), 0, None) if identity and text == _IDENTITY:
            return Symbol(f"{_IDENTITY}{_MARK}{next(numbers)}", node.span)
        case Scripted(Symbol("ones"), 0, None, _, (Comparison() | Keyword(),)):
            return replace(node, base=Number(1.0, node.base.span))  # where a condition holds
        case Symbol("ones") | Scripted(Symbol("ones"), 0, None):
            return Symbol(f"{_ONES}{_MARK}{next(numbers)}", node.span)
        case Transpose(Number(1.0) as one):
            node = replace(node, of=Symbol("ones", one.span))  # of 1ᵀ x
        case Bracket(Keyword(), "["):
            node = _as_condition(node, None)
        case Product(factors, operators):
            factors = tuple(map(_before_condition, factors, (*factors[1:], None)))
            factors = tuple(map(_as_condition, factors, (None, *factors)))
            factors = tuple(map(_behind_factor, factors, ("*", *operators), (*operators, "*")))
            node = replace(node, factors=factors)
    return changed(node, lambda part: _renamed(part, numbers, identity=identity))


def _before_condition(factor: Node, following: Node | None) -> Node:
    """The number 1 for ones or I before a condition in a bracket; and the condition, of [i = j], too."""
    match factor, following:
        case Symbol("ones" | "I"), Bracket(Comparison() | Keyword()):
            return Number(1.0, factor.span)
    return factor


def _behind_factor(factor: Node, before: str, behind: str) -> Node:
    """The ones of W 1, a product that ends with them: nobody writes the number there."""
    return Symbol("ones", factor.span) if factor == Number(1.0) and before == "" != behind else factor


def _as_condition(factor: Node, before: Node | None) -> Node:
    """i = j of 1(i = j), and of [i = j] wherever it stands."""
    match factor:
        case Bracket(Keyword(name, value, span), fence) if fence == "[" or before == Number(1.0):
            return replace(factor, inner=Comparison(Symbol(name, span), "=", value, span))
    return factor
