"""What a prime behind a bare name says: f' is the derivative of f = sin x, c' beside an input c a name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest

from gradcheck.formulas.tree import Bracket, Claim, Derivative, Node, Product, Scripted, Sum, Symbol
from gradcheck.formulas.walk import changed, parts, symbols, without_minus

_VARIABLES = ("x", "t")
"""What a function of several names is one of, as people write it."""


def with_primes(claims: Sequence[Claim], is_word: Callable[[str], bool]) -> Sequence[Claim]:
    """The claims with f' as a derivative where the text defines f, and with other names that it defines.

    What `is_word` is a function or a constant.
    """
    primed = {name for claim in claims for side in claim.sides for name in _primed(side)}
    beside = {name for claim in claims for side in claim.sides for name in _beside_itself(side)}
    if not primed | beside:
        return claims
    defined = dict(_definitions(claims))
    made_of = {name: {text for text in symbols(body) if not is_word(text)} for name, body in defined.items()}
    by = {name: one for name in primed & defined.keys() if (one := _variable(name, made_of))}
    names = {name for claim in claims if len(claim.sides) > 1 for name in _primed_alone(claim.sides[0])}
    own = {name for name in (names | beside) - defined.keys() if not is_word(name)}
    change = partial(_rewritten, by, own)
    return [replace(claim, sides=tuple(map(change, claim.sides))) for claim in claims]


def _definitions(claims: Sequence[Claim]) -> Iterator[tuple[str, Node]]:
    for claim in claims:
        match claim.sides:
            case (Symbol(name), body, *_):
                yield name, body


def _variable(name: str, made_of: Mapping[str, Collection[str]]) -> str | None:
    """What a quantity depends on in the end, where it is one name, or one of them is x."""
    seen, names, waiting = {name}, set(), [*made_of[name]]
    while waiting:
        if (one := waiting.pop()) in seen:
            continue
        seen.add(one)
        if one in made_of:
            waiting.extend(made_of[one])
        else:
            names.add(one)
    return names.pop() if len(names) == 1 else next((one for one in _VARIABLES if one in names), None)


def _primed_alone(node: Node) -> Iterator[str]:
    """c of c', which is no transpose: those are of capital letters."""
    match node:
        case Scripted(Symbol(name), primes, None, _, ()) if primes and not name[:1].isupper():
            yield name


def _beside_itself(node: Node) -> Iterator[str]:
    """x where x - x' stands, or Q - g Q': a vector and its transpose are no terms of one sum.

    Of a matrix they are, as in A + A'.
    """
    if isinstance(node, Sum):
        terms = [*map(without_minus, node.terms)]
        bare = {term.text for term in terms if isinstance(term, Symbol)}
        primed = [(term.factors[-1], True) if isinstance(term, Product) else (term, False) for term in terms]
        for end, is_weighed in primed:
            match end:
                case Scripted(Symbol(text), 1) if text in bare and (is_weighed or not text[:1].isupper()):
                    yield text
    for part in parts(node):
        yield from _beside_itself(part)


def _primed(node: Node) -> Iterator[str]:
    """Names with primes that stand before no bracket."""
    yield from _primed_alone(node)
    children = [*parts(node)]
    applied = {id(f) for f, g in zip_longest(children, children[1:]) if isinstance(g, Bracket)}
    for child in children:
        if not (isinstance(node, Product) and id(child) in applied):
            yield from _primed(child)


def _rewritten(by: Mapping[str, str], names: Collection[str], node: Node) -> Node:
    change = partial(_rewritten, by, names)
    match node:
        case Scripted(Symbol(name) as base, primes, None, _, ()) if primes and name in by:
            found: Node = base
            for _ in range(primes):
                found = Derivative(found, Symbol(by[name], node.span), node.span)
            return found
        case Scripted(Symbol(name), primes, _, _, _) if primes and name in names:
            word = Symbol(name + "'" * primes, node.span)
            return replace(node, base=word, primes=0) if node.sub or node.sup is not None else word
        case Product(factors):
            pairs = zip_longest(factors, factors[1:])
            changed_factors = tuple(f if isinstance(g, Bracket) else change(f) for f, g in pairs)
            return replace(node, factors=changed_factors)
    return changed(node, change)
