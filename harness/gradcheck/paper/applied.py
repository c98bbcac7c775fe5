"""Which words of a text are functions: those that it defines, and those that are always applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from gradcheck.expr.registry import called
from gradcheck.formulas.tree import Arguments, Bracket, Claim, Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import innermost, nodes_of, parts
from gradcheck.letters import GREEK
from gradcheck.paper.names import Key
from gradcheck.paper.rewriting.normal import is_function
from gradcheck.paper.words import ALONG

_GREEK = frozenset(GREEK.values())
_FUNCTIONS = frozenset({"f", "g", "h", "s", "theta", "psi", "phi", "varphi", "rho", "Phi", "Psi"})
"""Letters that stand for functions where they are never seen without a bracket behind them."""


@dataclass(frozen=True)
class Applications:
    """How the names of a text are applied."""

    arguments: Mapping[str, set[Node]]
    """What stands in brackets behind each name."""
    primed: frozenset[str]
    """Names whose derivatives the text speaks of as f'(x)."""

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> Applications:
        """All of them, in one walk."""
        arguments: dict[str, set[Node]] = {}
        primed = set()
        for node in nodes_of(claims):
            match node:
                case Scripted(Symbol(name), primes=primes) if primes:
                    primed.add(name)
                case Product(factors):
                    for name, inner in _applied(factors):
                        arguments.setdefault(name, set()).add(inner)
        return cls(arguments, frozenset(primed))

    def of_names(self, name: str) -> bool:
        """Whether only names stand in the brackets behind it: nobody multiplies u(x)."""
        return name in self.arguments and all(map(arguments_of, self.arguments[name]))

    def defined(self, claim: Claim) -> tuple[str, tuple[Key, ...], Node] | None:
        """The function that a claim defines, its arguments and its value: σ(z) = …, applied elsewhere."""
        match claim.sides[0]:
            case Product((Symbol(name), Bracket(inner)), _) if keys := arguments_of(inner):
                if len(self.arguments[name]) > 1 or called(name) or name in self.primed:
                    return name, keys, claim.sides[1]
        return None


def arguments_of(inner: Node) -> tuple[Key, ...]:
    """The names in a bracket that has nothing else."""
    items = inner.items if isinstance(inner, Arguments) else (inner,)
    names = [item.text for item in items if isinstance(item, Symbol)]
    return tuple(map(Key, names)) if len(names) == len(items) else ()


def _applied(factors: Sequence[Node]) -> Iterator[tuple[str, Node]]:
    """The names among the factors that a bracket stands behind, with what it holds."""
    for factor, following in pairwise(factors):
        match factor, following:
            case Symbol(name) | Scripted(Symbol(name)), Bracket(inner):
                yield name, inner


def always_applied(claims: Sequence[Claim], applications: Applications) -> Iterator[str]:
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
        looks = name in _FUNCTIONS or is_word or name in applications.primed
        looks = looks or (name not in heads and applications.of_names(name))
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
