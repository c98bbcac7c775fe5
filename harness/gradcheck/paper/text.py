"""What a text says: its quantities, its functions, and the claims that it makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from gradcheck.formulas.tree import (
    COMPARING,
    DEMANDED,
    QUESTION,
    Abs,
    BigOperation,
    BigSum,
    Bracket,
    Cases,
    Claim,
    Comparison,
    Derivative,
    Differential,
    Keyword,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import letters_over, nodes, nodes_of, parts
from gradcheck.paper.declared import Declared
from gradcheck.paper.effort import Effort
from gradcheck.paper.names import Index, Key, Names, walk
from gradcheck.paper.rewriting.differentials import is_change
from gradcheck.paper.rewriting.normal import is_function, is_slope
from gradcheck.paper.rewriting.steps import letters_of
from gradcheck.paper.taken import LIKELY, Taken
from gradcheck.paper.values.algebra import MeaningError, Shape
from gradcheck.paper.values.constants import is_constant
from gradcheck.paper.words import ANY, CONSTANTS, Functions

EXPRESSION = Symbol("the expression")
"""What claims call what is differentiated, where that is given beside the text."""


LENGTHS = range(2, 1000)
"""Which numbers are taken for lengths."""
_KINKS = frozenset(
    {"max", "min", "maximum", "minimum", "relu", "abs", "where", "sign", "clip", "argmax", "argmin"}
)
_COVARIANCES = frozenset({"S", "K", "P", "C", "R", "Q"})
"""Letters of covariances and of kernels, where they have an inverse."""


@dataclass(frozen=True)
class Definition:
    """What a quantity is, for each value of its letters."""

    key: Key
    indices: tuple[Index, ...]
    bodies: tuple[Node, ...]
    """The right sides of its chain, of which the first that has a meaning counts."""


@dataclass(frozen=True)
class Delta:
    """What a δ is taken for."""

    meaning: Derivative
    claims: list[Claim]
    """Those by which it is: ∂L/∂W = δ xᵀ."""


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
    effort: Effort = field(default_factory=Effort)
    """What reading and trying it may cost."""
    declared: Declared = Declared()
    """What is said beside the formulas."""
    taken: Taken = LIKELY
    """How what it leaves open is taken."""
    definitions: dict[Key, Definition] = field(default_factory=dict)
    """In an order in which each is made of those before it."""
    defining: dict[int, Key | None] = field(default_factory=dict)
    """The number of a claim -> the quantity that it defines, None where it is a function."""
    aliases: dict[Key, tuple[tuple[Index, ...], Node]] = field(default_factory=dict)
    """Names of derivatives, for each value of their letters: δ_j = ∂E/∂a_j."""
    deltas: dict[Key, Delta] = field(default_factory=dict)
    """Each δ of which the text does not say what it is."""
    functions: Functions = field(default_factory=dict)
    abstract: set[str] = field(default_factory=set)
    """Those functions of which nothing is said."""
    with_arguments: set[Key] = field(default_factory=set)
    """Quantities that are written with what they depend on, J(θ)."""
    inputs: dict[Key, None] = field(default_factory=dict)
    """What the text defines nowhere."""
    objectives: dict[Key, None] = field(default_factory=dict)
    """What is differentiated and defined nowhere: some function of what the text makes."""
    symmetric: set[str] = field(default_factory=set)
    """Letters of matrices that are said to be symmetric."""
    spelled: dict[Key, Shape] = field(default_factory=dict)
    """Arrays of which all entries are written down, by their names."""
    _open: list[str] = field(default_factory=list)
    """Functions the bodies of which are looked at."""
    _below: dict[str, frozenset[str]] = field(default_factory=dict)
    bodies: dict[Key, Node] = field(default_factory=dict)
    """The right side by which each is defined."""
    unknown: dict[Key, MeaningError] = field(default_factory=dict)
    """What it defines by something that has no meaning here, and why."""
    totals: frozenset[Key] = frozenset()
    """Quantities that are made of all examples, where names are taken for arrays of these."""

    @property
    def known(self) -> set[Key]:
        """The quantities that have a meaning."""
        found = self.inputs.keys() | self.definitions.keys() | self.objectives.keys()
        return found - self.unknown.keys()

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
                yield from self._factors(factors, bound)
            case BigSum() | BigOperation():
                bound = bound.union(letters_over(node))
                for child in (node.body, *([] if node.where is None else [node.where])):
                    yield from self.mentioned(child, bound)
            case Comparison(left, relation, right):
                sides = (side for side in (left, right) if not self.names.is_place(side, relation))
                yield from (key for side in sides for key in self.mentioned(side, bound))
            case _:
                for child in parts(node) if not isinstance(node, Keyword) else ():
                    yield from self.mentioned(child, bound)

    def _factors(self, factors: Sequence[Node], bound: frozenset[str]) -> Iterator[Key]:
        for before, factor, following in _with_neighbours(factors):
            if before is not None and self._is_function(before, factor):
                yield from self.mentioned(factor, bound | self._letters_after(before))
            elif self._is_function(factor, following):
                yield from self._within(factor)
            else:
                yield from self.mentioned(factor, bound)

    def _within(self, function: Node) -> Iterator[Key]:
        """What a function's body speaks of besides its arguments."""
        head = function.base if isinstance(function, Scripted) else function
        name = head.text if isinstance(head, Symbol) else ""
        keys, body = self.functions.get(name, ((), ANY))
        if body != ANY and name not in self._open:
            self._open.append(name)
            yield from [*self.mentioned(body, frozenset(map(str, keys)))]
            self._open.pop()

    def letter_arguments(self, name: str) -> frozenset[str]:
        """The arguments of a function that stand below names in its body, and nowhere else."""
        if name not in self._below:
            keys, body = self.functions[name]
            bare = {str(key) for key in self.mentioned(body)} if len(keys) > 1 else set()
            scripted = (node for node in walk(body) if isinstance(node, Scripted))
            below = {part.text for node in scripted for part in _symbols(node)}
            self._below[name] = frozenset(str(key) for key in keys if str(key) in below - bare)
        return self._below[name]

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

    def _letters_after(self, function: Node) -> frozenset[str]:
        """Which names behind a function are letters."""
        head = function.base if isinstance(function, Scripted) else function
        arguments = head.text if isinstance(head, Symbol) else ""
        if len(self.functions.get(arguments, ((), None))[0]) < 2 or not self.letter_arguments(arguments):
            return frozenset()
        return self._letters_given

    @cached_property
    def _letters_given(self) -> frozenset[str]:
        """Names of one letter, any of which may be given for a letter."""
        every = (node for claim in self.claims for side in claim.sides for node in walk(side))
        below = {part.text for node in every if isinstance(node, Scripted) for part in _symbols(node)}
        return frozenset(letter for letter in below if len(letter) == 1)

    def _is_function(self, factor: Node, following: Node | None) -> bool:
        head = factor.base if isinstance(factor, Scripted) else factor
        if not isinstance(head, Symbol) or Key(head.text) in self.definitions:
            return False
        return head.text in self.functions or (isinstance(following, Bracket) and is_function(head.text))

    def _is_word(self, key: Key) -> bool:
        """Whether a name is one of a function or a constant."""
        name = key.base
        if self.names.is_known(key):
            return False
        if name in self.functions:
            return True
        if name == QUESTION:
            return True
        if str(key) != name or key in self.definitions or not (is_function(name) or name in CONSTANTS):
            return False
        if name == "sigma" and name in self.names.by:
            return False
        return name in self.names.applied or not (name == "sigma" or is_slope(name))

    def length(self, key: Key) -> int | None:
        """The length that the text gives as a number, as by n = 4."""
        definition = self.definitions.get(key)
        match definition.bodies if definition is not None else ():
            case (Number(value), *_) if value in LENGTHS:
                return int(value)
        return None

    def keys(self, claim: Claim, start: int = 0) -> Iterator[Key]:
        """The quantities that a claim speaks of, from one of its sides on."""
        return (key for side in claim.sides[start:] for key in self.mentioned(side))

    def differentiated(self, node: Node) -> Iterator[Key]:
        """Of what derivatives stand in a formula."""
        for one in derivatives(node):
            if one.of is not None:
                of = one.of.factors[0] if isinstance(one.of, Product) else one.of
                reference = self.names.reference(of)
                if reference is not None and reference.power is None and not reference.indices:
                    yield reference.key

    # What the text leaves open

    def foreign(self, claim: Claim) -> Iterator[Key]:
        """Names in a claim that nothing differentiated is made of and no derivative is of."""
        changing = (node for node in nodes_of([claim]) if isinstance(node, Derivative | Differential))
        read = {*self._network}
        if self.names.course is None:
            read |= {key for one in changing for key in self.mentioned(one)}
        read |= {*self._arguments(claim.sides[0])}
        direct = [key for key in dict.fromkeys(self.keys(claim)) if key in self.inputs]
        behind = sorted(self.inputs_of(self.keys(claim)) - {*direct}, key=str)
        for key in (*direct, *behind):
            if key not in read and not _is_free(key) and not self.names.is_known(key):
                yield key

    @cached_property
    def _network(self) -> set[Key]:
        """What definitions read, but for what nothing differentiated is made of, where something is."""
        read = {key for body in self.bodies.values() for key in self.mentioned(body)}
        every = (one.of for claim in self.claims for side in claim.sides for one in derivatives(side))
        made_of = self.inputs_of(key for of in every if of is not None for key in self.mentioned(of))
        return read & made_of if made_of else read

    def deltas_in(self, claim: Claim) -> Iterator[tuple[Key, Delta]]:
        """Each δ in a claim, with what it is taken for."""
        return ((key, self.deltas[key]) for key in dict.fromkeys(self.keys(claim)) if key in self.deltas)

    def equation(self, claim: Claim, broken: int) -> str:
        """What a claim may say that does not hold for all values: what is to be solved, or its solution."""
        if self.names.course is not None:
            return ""
        if claim.relations[broken - 1] == DEMANDED:
            return "what has to hold"
        first = claim.sides[0]
        derived = any(map(self._is_derived, claim.sides))
        if claim.sides[broken] == Number(0.0) and (len(claim.sides) > 2 or not derived):
            return "where something is 0"
        reference = self.names.reference(first) if isinstance(first, Symbol | Scripted) else None
        if reference is not None and reference.key in self.inputs:
            return f"where {reference.key} has to be"
        if not derived and reference is None and not _is_applied(first):
            return "where two things are equal"
        return ""

    def constraints(self, claim: Claim) -> Iterator[Claim]:
        """What stands above a claim and may say where inputs of it have to be, as x^3 = 8."""
        mine = self.inputs_of(self.keys(claim))
        for number, other in enumerate(self.claims):
            if other is claim:
                return
            if number in self.defining or len(other.sides) < 2 or not other.equates:
                continue
            if self._is_constraint(other) and not mine.isdisjoint(self.inputs_of(self.keys(other))):
                yield other

    def _is_constraint(self, claim: Claim) -> bool:
        """Whether it may say where an input has to be: x^3 = 8, x_1 = y, and x + y = 1."""
        head = claim.sides[0]
        if isinstance(head, Sum):
            return isinstance(claim.sides[1], Number) and bool(self.equation(claim, 1))
        reference = self.names.reference(head) if isinstance(head, Scripted) else None
        return reference is not None and reference.key in self.inputs and bool(self.equation(claim, 1))

    def inputs_of(self, keys: Iterable[Key]) -> set[Key]:
        """The inputs on which quantities depend."""
        found = set[Key]()
        waiting = [*keys]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += self.mentioned(self.bodies[key]) if key in self.bodies else ()
        return found & self.inputs.keys()

    def passes(self, of: Key, by: Key, through: Key) -> bool:
        """Whether all that changes `of` with `by` does so by a third quantity."""
        seen, waiting = {through}, [of]
        while waiting:
            key = waiting.pop()
            if key == by:
                return False
            if key not in seen:
                seen.add(key)
                waiting += self._made_of(key)
        return True

    def _made_of(self, key: Key) -> Iterable[Key]:
        """What a quantity is made of at once; of what the text doesn't define, all that it makes last."""
        if key in self.bodies:
            return self.mentioned(self.bodies[key])
        if key not in self.objectives:
            return ()
        read = {name for body in self.bodies.values() for name in self.mentioned(body)}
        return self.definitions.keys() - read

    def _is_derived(self, node: Node) -> bool:
        """Whether it is about a derivative, by whatever name."""
        for one, _ in nodes(node):
            if isinstance(one, Derivative | Differential) or (isinstance(one, Scripted) and one.primes):
                return True
            reference = self.names.reference(one) if isinstance(one, Symbol | Scripted) else None
            if reference is not None and self.names.family(reference.key) in self.aliases:
                return True
        return False

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
        return any(map(self.is_of_an_objective, parts(node)))

    @cached_property
    def square(self) -> set[Key]:
        """What has an inverse or a determinant, if it is a matrix."""
        every = nodes_of(self.claims)
        names = (name for node in every for name in _squared(node))
        references = (self.names.reference(name) for name in names)
        inverted = {reference.key for reference in references if reference is not None}
        return inverted | {Key(letter) for letter in self.symmetric}

    @cached_property
    def diagonals(self) -> set[Key]:
        """What diag is of, or a formula of it: no number."""
        every = nodes_of(self.claims)
        products = (node.factors for node in every if isinstance(node, Product))
        pairs = (pair for factors in products for pair in pairwise(factors))
        return {key for head, of in pairs if head == Symbol("diag") for key in self.mentioned(of)}

    @property
    def perhaps_symmetric(self) -> Set[str]:
        """Letters of matrices of which the text leaves open whether they are symmetric."""
        inverted = {key.base for key in self.square if key.base in _COVARIANCES}
        return (self.declared.perhaps_symmetric | inverted) - self.symmetric

    @cached_property
    def stacks(self) -> bool:
        """Whether the columns of a matrix are stacked with vec somewhere."""
        return any(mentions(side, "vec") for claim in self.claims for side in claim.sides)

    @cached_property
    def has_kinks(self) -> bool:
        """Whether something in it is not one formula everywhere."""
        every = nodes_of(self.claims)
        behind = (claim for claims in self.conditions.values() for claim in claims)
        compares = any(not COMPARING.isdisjoint(claim.relations) for claim in behind)
        return compares or any(map(_has_kinks, every))

    @cached_property
    def has_roots(self) -> bool:
        """Whether a square root stands in it, which takes the sign from a square."""
        return any(mentions(side, "sqrt") for claim in self.claims for side in claim.sides)

    def open_steps(self, claim: Claim) -> Iterator[str]:
        """Letters of layers or times that a claim leaves open."""
        return (letter for letter in letters_of(claim) if letter in self.stepping)


def _is_free(key: Key) -> bool:
    """Whether it may be anything, or is the same everywhere."""
    return is_constant(key.base) or is_change(key.base)


def _is_applied(node: Node) -> bool:
    """Whether it is f(x)."""
    match node:
        case Product((Symbol() | Scripted(), Bracket()), ("",)):
            return True
    return False


def inverts(node: Node) -> bool:
    """Whether it is the inverse of something: (XᵀX)⁻¹."""
    match node:
        case Power(Bracket(Product() | Sum()), Negative(Number(1.0))):
            return True
    return False


def _squared(node: Node) -> Iterator[Node]:
    """X of X⁻¹, of det X and of A X²."""
    match node:
        case Scripted(Symbol(), _, Negative(Number(1.0)), ""):
            yield replace(node, sup=None)
        case Power(Bracket(Symbol() as name) | (Symbol() as name), Negative(Number(1.0))):
            yield name
        case Product(factors):
            for head, factor in pairwise(factors):
                if head == Symbol("det"):
                    yield factor.inner if isinstance(factor, Bracket) else factor
            yield from _multiplied(node)


def _multiplied(node: Product) -> Iterator[Node]:
    """X of A X²: beside another matrix a power is one of matrices."""
    for operator, one, other in zip(node.operators, node.factors, node.factors[1:], strict=False):
        for factor, neighbour in ((one, other), (other, one)):
            inner = neighbour.of if isinstance(neighbour, Transpose) else neighbour
            match factor, inner:
                case Scripted(Symbol(text), 0, Number(2.0 | 3.0), "", ()), Symbol() if operator == "":
                    if text[:1].isupper() and (inner.text[:1].isupper() or inner is not neighbour):
                        yield replace(factor, sup=None)


def _has_kinks(node: Node) -> bool:
    match node:
        case Cases() | Abs() | Comparison():
            return True
        case Symbol(name) | BigOperation(name=name):
            return name in _KINKS
    return False


def _with_neighbours(factors: Sequence[Node]) -> Iterator[tuple[Node | None, Node, Node | None]]:
    return zip((None, *factors), factors, (*factors[1:], None), strict=False)


def _symbols(node: Scripted) -> Iterator[Symbol]:
    return (part for part in node.sub if isinstance(part, Symbol))


def mentions(formula: Node, name: str) -> bool:
    """Whether a formula speaks of a function."""
    return any(node == Symbol(name) for node, _ in nodes(formula))


def mentions_derivative(formula: Node) -> bool:
    """Whether a derivative stands in a formula."""
    return any(True for _ in derivatives(formula))


def derivatives(formula: Node) -> Iterator[Derivative]:
    """The derivatives that stand in a formula."""
    return (node for node, _ in nodes(formula) if isinstance(node, Derivative))
