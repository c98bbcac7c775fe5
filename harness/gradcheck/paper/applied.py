"""Which words of a text are functions: those that it defines, and those that are always applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from gradcheck.expr.registry import called
from gradcheck.formulas.tree import Arguments, Bracket, Claim, Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import innermost, nodes, nodes_of, parts
from gradcheck.letters import GREEK
from gradcheck.paper.names import Key
from gradcheck.paper.normal import is_function
from gradcheck.paper.words import ALONG

_GREEK = frozenset(GREEK.values())
_FUNCTIONS = frozenset({"f", "g", "h", "s", "theta", "psi", "phi", "varphi", "rho", "Phi", "Psi"})
"""Letters that stand for functions where they are never seen without a bracket behind them."""


def function_defined(claims: Sequence[Claim], claim: Claim) -> tuple[str, tuple[Key, ...], Node] | None:
    """The function that a claim defines, its arguments and its value: σ(z) = …, applied elsewhere, too."""
    match claim.sides[0]:
        case Product((Symbol(name), Bracket(inner)), _) if keys := arguments_of(inner):
            uses = {inner for one in claims for side in one.sides for inner in _arguments(side, name)}
            if len(uses) > 1 or called(name) or _has_prime(claims, name):
                return name, keys, claim.sides[1]
    return None


def arguments_of(inner: Node) -> tuple[Key, ...]:
    """The names in a bracket that has nothing else."""
    items = inner.items if isinstance(inner, Arguments) else (inner,)
    names = [item.text for item in items if isinstance(item, Symbol)]
    return tuple(map(Key, names)) if len(names) == len(items) else ()


def _has_prime(claims: Sequence[Claim], name: str) -> bool:
    """Whether the text speaks of its derivative as f'(x)."""
    formulas = nodes_of(claims)
    return any(isinstance(node, Scripted) and node.primes and node.base == Symbol(name) for node in formulas)


def _is_of_names(claims: Sequence[Claim], name: str) -> bool:
    """Whether only names stand in the brackets behind it: nobody multiplies u(x)."""
    inner = [one for claim in claims for side in claim.sides for one in _arguments(side, name)]
    return bool(inner) and all(arguments_of(one) for one in inner)


def _arguments(formula: Node, name: str) -> Iterator[Node]:
    """What a name stands before."""
    for node, _ in nodes(formula):
        if isinstance(node, Product):
            for factor, following in pairwise(node.factors):
                base = factor.base if isinstance(factor, Scripted) else factor
                if base == Symbol(name) and isinstance(following, Bracket):
                    yield following.inner


def always_applied(claims: Sequence[Claim]) -> Iterator[str]:
    """Words that never stand without a bracket behind them: functions, where they look like ones."""
    bare: set[str] = set()
    applied: set[str] = set()
    for claim in claims:
        if len(claim.sides) > 1 or not isinstance(claim.sides[0], Symbol):  # our θ is tanh
            for side in claim.sides:
                _note(side, bare, applied)
    heads = {name for claim in claims for name in _head(claim)}
    for name in sorted(applied - bare):
        is_word = len(name) > 2 and name not in _GREEK and name not in heads
        looks = name in _FUNCTIONS or is_word or _has_prime(claims, name)
        looks = looks or (name not in heads and _is_of_names(claims, name))
        if looks and not is_function(name) and name not in ALONG:
            yield name


def _head(claim: Claim) -> Iterator[str]:
    """J of J(θ) = … in its place."""
    match claim.sides[0]:
        case Product((Symbol(name), Bracket()), _) if len(claim.sides) > 1:
            yield name


def _note(node: Node, bare: set[str], applied: set[str]) -> None:
    if isinstance(node, Product):
        for factor, following in zip_longest(node.factors, node.factors[1:]):
            head = factor.base if isinstance(factor, Scripted) and not factor.sub else factor
            behind = None if following is None else innermost(following)
            if isinstance(head, Symbol) and isinstance(behind, Bracket):
                applied.add(head.text)
            else:
                _note(factor, bare, applied)
    elif isinstance(node, Symbol):
        bare.add(node.text)
    else:
        for child in parts(node):
            _note(child, bare, applied)
