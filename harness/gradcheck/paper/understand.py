"""From claims to what the text says: which of them define something, and what is left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gradcheck.expr.registry import called
from gradcheck.formulas.tree import (
    COMPARING,
    EQUAL,
    Bracket,
    Claim,
    Derivative,
    Node,
    Number,
    Power,
    Product,
    Scripted,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import nodes, nodes_of
from gradcheck.paper.applied import Applications, always_applied, arguments_of
from gradcheck.paper.course.course import Course
from gradcheck.paper.declared import ARGUMENT, Declared
from gradcheck.paper.deltas import name_deltas
from gradcheck.paper.names import Key, Names, Reference
from gradcheck.paper.rewriting.entries import spelled
from gradcheck.paper.rewriting.normal import SPOKEN, is_function, normal
from gradcheck.paper.rewriting.ranges import with_ranges
from gradcheck.paper.rewriting.steps import Steps, steps
from gradcheck.paper.taken import LIKELY, Taken
from gradcheck.paper.text import Definition, Text, inverts, mentions_derivative
from gradcheck.paper.values.constants import is_constant
from gradcheck.paper.words import ALONG, ANY, ANYTHING

NOTHING = Declared()


def understood(
    claims: Sequence[Claim],
    declared: Declared = NOTHING,
    course: Course | None = None,
    taken: Taken = LIKELY,
) -> Text:
    """The text's definitions, functions and inputs."""
    if course is not None:
        course = course.besides(claims)
        shapes, functions = {**course.shapes, **declared.shapes}, {**course.functions, **declared.functions}
        declared = Declared(shapes, declared.sizes, functions)
    written = written_out(claims, course)
    names = Names(written.claims, written.places, course, taken.apart)
    text = _without_conditions(written, names)
    text = _with_definitions(replace(text, declared=declared, taken=taken))
    text.symmetric |= declared.symmetric
    _name_derivatives(text)
    name_deltas(text)
    _find_inputs(text)
    _find_objectives(text)
    return text


def written_out(claims: Sequence[Claim], course: Course | None) -> Steps:
    """The claims with one way to write each thing, for every layer or time that they are about."""
    if course is not None:
        claims = [replace(claim, sides=tuple(map(course.plain, claim.sides))) for claim in claims]
    written = steps(normal(claims, course), course)
    return replace(written, claims=with_ranges(written.claims))


def _without_conditions(written: Steps, names: Names) -> Text:
    """The claims; i = j behind one says for which of its letters it is made."""
    about: list[Claim] = []
    numbers: list[int] = []
    conditions: dict[int, list[Claim]] = {}
    at: list[Mapping[str, int]] = []
    for number, claim, values in zip(written.numbers, written.claims, written.at, strict=True):
        relation = claim.relations[0] if claim.relations else ""
        letters = [isinstance(side, Symbol) and names.is_place(side, relation) for side in claim.sides]
        compares = not COMPARING.isdisjoint(claim.relations)
        if about and len(letters) > 1 and (all(letters) or compares or claim.restricts):
            conditions.setdefault(len(about) - 1, []).append(claim)
        else:
            about.append(claim)
            numbers.append(number)
            at.append(values)
    return Text(about, names, numbers, at, written.letters, conditions)


def _with_definitions(text: Text) -> Text:
    """The text with what it defines, each after what it is made of."""
    course = text.names.course
    applications = Applications.of(text.claims)
    for name in always_applied(text.claims, applications):
        if course is not None and course.reference(Symbol(name), {}) is not None:
            continue
        text.abstract.add(name)
        text.functions[name] = (ANYTHING,), ANY
    quantities = set(_quantities(text.claims)) if course is not None else set()
    for name in text.declared.functions:
        if name in text.names.applied and name not in quantities:
            text.functions[name] = (ARGUMENT,), text.declared.body(name)
            text.abstract.discard(name)
    found = _definitions(text, applications)
    text.definitions = found
    text.definitions = _ordered(text, found)
    left = found.keys() - text.definitions.keys()
    if not text.names.by_letters and any(isinstance(i, str) for key in left for i in found[key].indices):
        text.names.number_layers_by_letters()  # o_j is made of o_i: the letters are layers
        again = replace(text, definitions={}, defining={}, functions={}, abstract=set(), with_arguments=set())
        return _with_definitions(again)
    text.defining = {n: key for n, key in text.defining.items() if key is None or key in text.definitions}
    return text


def _quantities(claims: Sequence[Claim]) -> Iterator[str]:
    """What a text says what it is, as no function: g = ∇_ŷ J, and not f = σ."""
    for claim in claims:
        match claim.sides:
            case (Symbol(name), other, *_) if not isinstance(other, Symbol):
                yield name


def _definitions(text: Text, applications: Applications) -> dict[Key, Definition]:
    """The first claim about each name that says what it is; functions are put in the text."""
    heads = _heads(text.claims)
    derivatives = set(_derivatives(text))
    found: dict[Key, Definition] = {}
    for number in sorted(range(len(text.claims)), key=lambda n: bool(text.at[n])):
        claim = text.claims[number]  # what is said of one layer alone goes first
        if len(claim.sides) < 2 or claim.relations[0] not in EQUAL:
            continue
        for applied, keys, value in _named_within(heads, claim):
            text.functions[applied] = keys, value
            text.abstract.discard(applied)
        function = applications.defined(claim)
        if function is not None and not (text.names.course and _has_meaning(text, function[0])):
            text.functions[function[0]] = function[1:]
            text.abstract.discard(function[0])
            text.defining[number] = None
            continue
        head, bodies = _head(text, claim), claim.sides[1:]
        if head is None and (solved := _solved(text, claim)) is not None:
            head, bodies = solved
        if head is not None and (shape := spelled(text.names, head.key, claim.sides[1])):
            text.spelled[head.key] = shape
            text.defining[number] = None
            continue
        says = not any(map(mentions_derivative, claim.sides[1:]))
        if (name := _symmetric(claim)) is not None:
            text.symmetric.add(name)
            text.defining[number] = None
            continue
        if head is not None and (_is_solution(text, head, number) or _is_update(text, head, claim)):
            continue
        if (
            head is not None
            and not text.names.is_known(head.key)
            and says
            and text.names.family(head.key) not in derivatives
            and head.key not in found
        ):
            found[head.key] = Definition(head.key, head.indices, bodies)
            text.defining[number] = head.key
    return found


def _is_solution(text: Text, head: Reference, number: int) -> bool:
    """Whether a claim says where the derivative by a name is 0, and not what the name is."""
    earlier = text.claims[:number]
    is_zero = any(side == Number(0.0) for claim in earlier for side in claim.sides[1:])
    solves = any(True for side in text.claims[number].sides[1:] for node, _ in nodes(side) if inverts(node))
    if not (is_zero or solves):
        return False
    derivatives = (node for node in nodes_of(earlier) if isinstance(node, Derivative))
    references = (text.names.reference(node.by) for node in derivatives)
    return any(one is not None and one.key == head.key for one in references)


def _is_update(text: Text, head: Reference, claim: Claim) -> bool:
    """Whether it is w = w - η g: a name is no part of what it is."""
    return not head.indices and head.key in {*text.mentioned(claim.sides[1])}


def _symmetric(claim: Claim) -> str | None:
    """A of A = Aᵀ."""
    match claim.sides:
        case (Symbol(name), Transpose(Symbol(other))) | (Transpose(Symbol(name)), Symbol(other)):
            return name if name == other else None
    return None


def _heads(claims: Sequence[Claim]) -> set[str]:
    """What the claims say something of: f of f = … and of f(x) = …."""
    heads = [claim.sides[0] for claim in claims if len(claim.sides) > 1]
    applied = {name for head in heads for name, _ in _applied(head)}
    return applied | {head.text for head in heads if isinstance(head, Symbol)}


def _named_within(heads: set[str], claim: Claim) -> Iterator[tuple[str, tuple[Key, ...], Node]]:
    """The functions that a chain names on its way: CE of J = CE(y, a) = 1, f of y = f(x) = 1."""
    for side, value in zip(claim.sides[1:], claim.sides[2:], strict=False):
        for name, keys in _applied(side):
            if name not in heads and not is_function(name) and not mentions_derivative(value):
                yield name, keys, value


def _applied(side: Node) -> Iterator[tuple[str, tuple[Key, ...]]]:
    """The name before a bracket that has names alone, and these."""
    match side:
        case Product((Symbol(name), Bracket(inner)), ("",)) if keys := arguments_of(inner):
            yield name, keys


def _has_meaning(text: Text, function: str) -> bool:
    """Whether a function's name means something besides the text."""
    return function in text.declared.functions or called(function) is not None


def _derivatives(text: Text) -> set[Key]:
    """Names that some claim equates with derivatives."""
    heads = [
        text.names.reference(claim.sides[0])
        for claim in text.claims
        if any(map(mentions_derivative, claim.sides[1:]))
    ]
    return {text.names.family(head.key) for head in heads if head is not None}


def _head(text: Text, claim: Claim) -> Reference | None:
    """What a left side names, with what it depends on or without."""
    head = claim.sides[0]
    if isinstance(head, Product) and len(head.factors) == 2 and isinstance(head.factors[1], Bracket):
        head = head.factors[0]
        if isinstance(head, Symbol) and head.text in SPOKEN:
            return None
        if isinstance(head, Symbol) and head.text in text.abstract:  # f(x), of nothing else than x
            text.abstract.discard(head.text)
            del text.functions[head.text]
        if isinstance(head, Symbol) and head.text in text.functions:
            return None
        if (reference := text.names.reference(head)) is not None:
            text.with_arguments.add(reference.key)
    reference = text.names.reference(head)
    if reference is None or reference.power is not None or reference.primes:
        return None
    if reference.key in text.names.absent:
        return None
    return None if called(reference.key.base) or reference.key.base in ALONG else reference


def _solved(text: Text, claim: Claim) -> tuple[Reference, tuple[Node, ...]] | None:
    """σ of σ² = …, and p of log p = …, which nothing else says what it is, with what it is."""
    if text.names.course is not None:
        return None
    match claim.sides[0]:
        case Product((Symbol("log" | "ln"), name, *behind), _) if {*map(type, behind)} <= {Bracket}:
            head = text.names.reference(name.inner if isinstance(name, Bracket) else name)
            is_solved = head is not None and head.power is None
        case other:
            head = text.names.reference(other)
            is_solved = head is not None and head.power == Number(2.0)
    if head is None or not is_solved or head.primes:
        return None
    others = (text.names.reference(one.sides[0]) for one in text.claims if len(one.sides) > 1)
    is_defined = any(one is not None and one.key == head.key and one.power is None for one in others)
    made_of = {key for body in claim.sides[1:] for key in text.mentioned(body)}
    if is_defined or not made_of or head.key in made_of:
        return None
    if head.power is None:
        text.with_arguments.add(head.key)
        return head, tuple(_exponential(body) for body in claim.sides[1:])
    return replace(head, power=None), tuple(map(_root, claim.sides[1:]))


def _root(body: Node) -> Node:
    return Power(Bracket(body, "(", body.span), Number(0.5), body.span)


def _exponential(body: Node) -> Node:
    return Product((Symbol("exp"), Bracket(body, "(", body.span)), ("",), body.span)


def _ordered(text: Text, found: dict[Key, Definition]) -> dict[Key, Definition]:
    """Each after what it is made of; what is made of itself is none."""
    ordered: dict[Key, Definition] = {}
    waiting = {key: {*text.mentioned(one.bodies[0])} & found.keys() for key, one in found.items()}
    while ready := [key for key, reads in waiting.items() if reads <= ordered.keys()]:
        for key in ready:
            ordered[key] = found[key]
            del waiting[key]
    return ordered


def _name_derivatives(text: Text) -> None:
    """Plain names in chains about derivatives, which nothing defines: δ_j = ∂E/∂a_j."""
    used = {key for one in text.definitions.values() for body in one.bodies for key in text.mentioned(body)}
    for number, claim in enumerate(text.claims if not text.is_posed else ()):
        body = next(filter(mentions_derivative, claim.sides), None)
        if body is None or not claim.equates:
            continue
        for side in claim.sides:
            reference = text.names.reference(side) if isinstance(side, Symbol | Scripted) else None
            if reference is not None and _is_free(text, reference) and reference.key not in used:
                family = text.names.family(reference.key)
                if family not in text.aliases and reference.key not in {*text.mentioned(body)}:
                    text.aliases[family] = reference.indices, body
                    text.defining[number] = None


def _is_free(text: Text, reference: Reference) -> bool:
    whole = reference.power is None and not reference.primes
    entry = any(isinstance(index, int) for index in reference.indices)
    known = reference.key in text.definitions or text.names.is_known(reference.key)
    known = known or is_constant(reference.key.base)
    return whole and not entry and not known


def _find_inputs(text: Text) -> None:
    """What is spoken of and defined nowhere."""
    for number, claim in enumerate(text.claims):
        bound: frozenset[str] = frozenset()
        match claim.sides[0]:
            case Product((Symbol(name), Bracket(inner)), _) if name in text.functions:
                bound = frozenset(map(str, arguments_of(inner))) if number in text.defining else bound
        for side in claim.sides:
            for key in text.mentioned(side, bound):
                known = key in text.definitions or text.names.family(key) in text.aliases
                if not known and key not in text.names.absent:
                    text.inputs[key] = None


def _find_objectives(text: Text) -> None:
    """Inputs that are differentiated, and that nothing is made of."""
    used = {key for one in text.definitions.values() for body in one.bodies for key in text.mentioned(body)}
    for claim in text.claims:
        for side in claim.sides:
            for key in text.differentiated(side):
                if key in text.inputs and key not in used and not text.names.is_known(key):
                    del text.inputs[key]
                    text.objectives[key] = None
