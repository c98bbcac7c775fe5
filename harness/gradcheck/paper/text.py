"""What a text says: its quantities, its functions, and the claims that it makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest

from gradcheck.derivation.effort import Effort
from gradcheck.formulas.tree import (
    QUESTION,
    Abs,
    BigSum,
    Bracket,
    Cases,
    Claim,
    Comparison,
    Derivative,
    Node,
    Product,
    Scripted,
    Symbol,
)
from gradcheck.formulas.walk import nodes
from gradcheck.paper.algebra import MeaningError
from gradcheck.paper.declared import Declared
from gradcheck.paper.names import Index, Key, Names, children
from gradcheck.paper.normal import FUNCTIONS, is_function, is_slope
from gradcheck.paper.steps import letters_of
from gradcheck.paper.words import CONSTANTS, Functions

EXPRESSION = Symbol("the expression")
"""What claims call what is differentiated, where that is given beside the text."""


_KINKS = frozenset({"max", "min", "maximum", "minimum", "relu", "abs", "where", "sign", "clip"})
STEPS = 400_000
"""How many parts of formulas are read for one text, in all of the ways to take it."""


@dataclass(frozen=True)
class Definition:
    """What a quantity is, for each value of its letters."""

    key: Key
    indices: tuple[Index, ...]
    bodies: tuple[Node, ...]
    """The right sides of its chain, of which the first that has a meaning counts."""


@dataclass
class Text:
    """What a text defines, and all of its claims."""

    claims: Sequence[Claim]
    names: Names
    numbers: Sequence[int]
    """Which claim of what was read each is."""
    at: Sequence[Mapping[str, int]]
    """For which layer or time each is written out."""
    stepping: frozenset[str]
    """Letters of layers and times."""
    conditions: dict[int, list[Claim]]
    """The number of a claim -> under which conditions on its letters it is made."""
    effort: Effort = field(default_factory=lambda: Effort(STEPS))
    """What reading it may cost."""
    declared: Declared = Declared()
    """What is said beside the formulas."""
    definitions: dict[Key, Definition] = field(default_factory=dict)
    """In an order in which each is made of those before it."""
    defining: dict[int, Key | None] = field(default_factory=dict)
    """The number of a claim -> the quantity that it defines, None where it is a function."""
    aliases: dict[Key, tuple[tuple[Index, ...], Node]] = field(default_factory=dict)
    """Names of derivatives, for each value of their letters: δ_j = ∂E/∂a_j."""
    functions: Functions = field(default_factory=dict)
    abstract: set[str] = field(default_factory=set)
    """Those functions of which nothing is said."""
    with_arguments: set[Key] = field(default_factory=set)
    """Quantities that are written with what they depend on, J(θ)."""
    inputs: dict[Key, None] = field(default_factory=dict)
    """What the text defines nowhere."""
    objectives: dict[Key, None] = field(default_factory=dict)
    """What is differentiated and defined nowhere: some function of what the text makes."""
    bodies: dict[Key, Node] = field(default_factory=dict)
    """The right side by which each is defined."""
    unknown: dict[Key, MeaningError] = field(default_factory=dict)
    """What it defines by something that has no meaning here, and why."""

    @property
    def known(self) -> set[Key]:
        """The quantities that have a meaning."""
        return (self.inputs.keys() | self.definitions.keys() | self.objectives.keys()) - self.unknown.keys()

    @property
    def is_posed(self) -> bool:
        """Whether what is differentiated is given beside the text, all names being independent."""
        return Key(EXPRESSION.text) in self.definitions

    # What formulas speak of

    def mentioned(self, node: Node, bound: frozenset[str] = frozenset()) -> Iterator[Key]:
        """The quantities that a formula speaks of, but for the names that are `bound`."""
        match node:
            case Symbol() | Scripted():
                yield from self._named(node, bound)
            case Product(factors):
                for factor, following in zip_longest(factors, factors[1:]):
                    if not self._is_function(factor, following):
                        yield from self.mentioned(factor, bound)
            case BigSum(indices, _, _, body):
                yield from self.mentioned(body, bound | {i.text for i in indices if isinstance(i, Symbol)})
            case Comparison(left, relation, right):
                for side in (left, right):
                    if not (isinstance(side, Symbol) and self.names.is_place(side.text, relation)):
                        yield from self.mentioned(side, bound)
            case _:
                for child in children(node):
                    yield from self.mentioned(child, bound)

    def _named(self, node: Symbol | Scripted, bound: frozenset[str]) -> Iterator[Key]:
        reference = self.names.reference(node)
        if reference is None:
            assert isinstance(node, Scripted)
            yield from self.mentioned(node.base, bound)
        elif not self._is_word(reference.key) and str(reference.key) not in bound:
            yield reference.key
        power = node.sup if isinstance(node, Scripted) else None
        if power is not None and (reference is None or reference.power is not None):
            yield from self.mentioned(power, bound)

    def _is_function(self, factor: Node, following: Node | None) -> bool:
        head = factor.base if isinstance(factor, Scripted) else factor
        if not isinstance(head, Symbol) or Key(head.text) in self.definitions:
            return False
        return head.text in self.functions or (isinstance(following, Bracket) and head.text in FUNCTIONS)

    def _is_word(self, key: Key) -> bool:
        """Whether a name is one of a function or a constant."""
        name = key.base
        if name in self.functions:
            return True
        if name == QUESTION:
            return True
        if str(key) != name or key in self.definitions or not (is_function(name) or name in CONSTANTS):
            return False
        return name in self.names.applied or not (name == "sigma" or is_slope(name))

    def differentiated(self, node: Node) -> Iterator[Key]:
        """Of what derivatives stand in a formula."""
        for one in _derivatives(node):
            if one.of is not None:
                of = one.of.factors[0] if isinstance(one.of, Product) else one.of
                reference = self.names.reference(of)
                if reference is not None and reference.power is None and not reference.indices:
                    yield reference.key

    # What the text leaves open

    def foreign(self, claim: Claim) -> Iterator[Key]:
        """Names in a claim that no definition reads and no derivative is of: nothing is said of them."""
        read = {key for body in self.bodies.values() for key in self.mentioned(body)}
        read |= {key for side in claim.sides for one in _derivatives(side) for key in self.mentioned(one)}
        read |= {*self._arguments(claim.sides[0])}
        for key in dict.fromkeys(key for side in claim.sides for key in self.mentioned(side)):
            if key in self.inputs and key not in read:
                yield key

    def _arguments(self, node: Node) -> Iterator[Key]:
        """x in f'(x) = 2x, which is said of any x."""
        match node:
            case Product((head, Bracket(inner)), _) if self._is_function(head, node.factors[1]):
                yield from self.mentioned(inner)

    def unknown_functions(self, claim: Claim) -> Iterator[str]:
        """Functions of which nothing is said, in a claim or in what its names are defined by."""
        formulas, seen = list(claim.sides), set[Key]()
        while formulas:
            formula = formulas.pop()
            yield from (name for name in sorted(self.abstract) if mentions(formula, name))
            new = {key for key in self.mentioned(formula) if key in self.bodies} - seen
            seen |= new
            formulas += [self.bodies[key] for key in new]

    def is_of_an_objective(self, node: Node) -> bool:
        """Whether a formula speaks of a derivative of what the text doesn't define."""
        reference = self.names.reference(node) if isinstance(node, Symbol | Scripted) else None
        if reference is not None:
            family = self.names.family(reference.key)
            return family in self.aliases and self.is_of_an_objective(self.aliases[family][1])
        if isinstance(node, Derivative):
            return any(key in self.objectives for key in self.differentiated(node))
        return any(map(self.is_of_an_objective, children(node)))

    @cached_property
    def has_kinks(self) -> bool:
        """Whether something in it is not one formula everywhere."""
        every = (node for claim in self.claims for side in claim.sides for node, _ in nodes(side))
        return any(
            isinstance(node, Cases | Abs | Comparison) or (isinstance(node, Symbol) and node.text in _KINKS)
            for node in every
        )

    def open_steps(self, claim: Claim) -> Iterator[str]:
        """Letters of layers or times that a claim leaves open."""
        return (letter for letter in letters_of(claim) if letter in self.stepping)


def mentions(formula: Node, name: str) -> bool:
    """Whether a formula speaks of a function."""
    return any(node == Symbol(name) for node, _ in nodes(formula))


def mentions_derivative(formula: Node) -> bool:
    """Whether a derivative stands in a formula."""
    return any(True for _ in _derivatives(formula))


def _derivatives(formula: Node) -> Iterator[Derivative]:
    return (node for node, _ in nodes(formula) if isinstance(node, Derivative))
