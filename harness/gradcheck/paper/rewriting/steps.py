"""Formulas for all layers or times, as z^l = w^l a^{l-1}, written out for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from gradcheck.formulas.tree import (
    EQUAL,
    BigSum,
    Bracket,
    Claim,
    Derivative,
    Negative,
    Node,
    Number,
    Product,
    Scripted,
    Sum,
    Symbol,
)
from gradcheck.formulas.walk import changed, letters_over, nodes_of, parts
from gradcheck.paper.names import walk

if TYPE_CHECKING:
    from gradcheck.paper.course.course import Course

FEWEST, MOST = 3, 6
"""How many layers or times there are where the text doesn't say, and at most."""
MOST_LETTERS = 2
LAST = frozenset({"L", "T"})
"""Letters of the last layer and of the last time."""

Place = int | None
"""Which of a name's subscripts says the layer or the time; None where its superscript does."""


@dataclass(frozen=True)
class Steps:
    """A text's claims, each as often as it is about a layer or a time."""

    claims: Sequence[Claim]
    numbers: Sequence[int]
    """Which claim of the text each is."""
    at: Sequence[Mapping[str, int]]
    """For which values of its letters."""
    letters: frozenset[str]
    """What stands for layers and times."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Names that have a layer or a time -> where it stands."""


def steps(claims: Sequence[Claim], course: Course | None = None) -> Steps:
    """The claims written out for every layer or time that letters in them stand for."""
    shifted = _shifted(claims)
    letters = _heading(claims) & shifted if course is None else course.letters(claims)
    whole = Steps(claims, range(len(claims)), [{}] * len(claims), shifted)
    if (not letters and course is None) or len(letters) > MOST_LETTERS:
        return whole
    places = _places(claims, letters, last=course is not None)
    return whole if places is None else _Writer(claims, letters, places, course).steps()


def letters_of(claim: Claim) -> Iterator[str]:
    """The letters of scripts, to which something may be added."""
    return (letter for _, _, script in _all([claim]) for letter, _ in _steps_of(script))


def _heading(claims: Sequence[Claim]) -> frozenset[str]:
    """Letters of names that claims say something of."""
    heads = [claim.sides[0] for claim in claims if len(claim.sides) > 1 and claim.relations[0] in EQUAL]
    names = [head.factors[0] if isinstance(head, Product) else head for head in heads]
    scripts = [script for name in names for _, script in _scripts(name)]
    return frozenset(letter for script in scripts for letter, _ in _steps_of(script))


def _shifted(claims: Sequence[Claim]) -> frozenset[str]:
    """Letters to which a number is added somewhere: l in a^{l-1}. That of the last one stands for itself."""
    raised = set(_raised(claims))
    moved = {
        node.by.text
        for node in nodes_of(claims)
        if isinstance(node, Derivative) and isinstance(node.by, Symbol)
    }
    shifted = {
        letter
        for base, place, script in _all(claims)
        for letter, by in _steps_of(script)
        if by and not (place is None and (base, letter) in raised)
    }
    return frozenset(shifted - moved - LAST)


def _raised(claims: Sequence[Claim]) -> Iterator[tuple[str, str]]:
    """Names that are raised to a power of a sum's letter, x^{k-1} in a sum over k, and the letter."""
    every = [*nodes_of(claims)]
    bound = {letter for node in every if isinstance(node, BigSum) for letter in letters_over(node)}
    bare = {node.text for claim in claims for node in _bare(claim)}
    for base, place, script in _all(claims):
        if place is None and base in bare:
            yield from ((base, letter) for letter, by in _steps_of(script) if by and letter in bound)


def _places(claims: Sequence[Claim], letters: frozenset[str], *, last: bool) -> dict[str, Place] | None:
    """Where names have these letters; None where one has them at two places, or is an array of entries."""
    found: dict[str, Place] = {}
    for base, place, script in _all(claims):
        stepped = any(letter in letters or (last and letter in LAST) for letter, _ in _steps_of(script))
        if stepped and found.setdefault(base, place) != place:
            return None
    bare = {node.text for claim in claims for node in _bare(claim)}
    heads = {claim.sides[0] for claim in claims if len(claim.sides) > 1}
    entries = {base for base, place in found.items() if place is not None and base in bare}
    return None if any(Symbol(base) not in heads for base in entries) else found


def _bare(claim: Claim) -> Iterator[Symbol]:
    """Names without scripts."""
    for side in claim.sides if len(claim.sides) > 1 else ():
        yield from (node for node in walk(side) if isinstance(node, Symbol))


def _all(claims: Sequence[Claim]) -> Iterator[tuple[str, Place, Node]]:
    """Every script of every name."""
    for node in nodes_of(claims):
        for place, script in _scripts(node):
            yield node.base.text, place, script  # type: ignore[union-attr]


def _scripts(node: Node) -> Iterator[tuple[Place, Node]]:
    """A name's superscript and its subscripts."""
    if isinstance(node, Scripted) and isinstance(node.base, Symbol) and node.base.text != "e":
        yield from enumerate(node.sub)
        if node.sup is not None:
            yield None, node.sup


def _steps_of(script: Node) -> Iterator[tuple[str, int]]:
    """The letter of a script, and what is added to it."""
    match script:
        case Symbol(letter) if len(letter) == 1:
            yield letter, 0
        case Sum((Symbol(letter), Number(by))) if len(letter) == 1 and by == int(by):
            yield letter, int(by)
        case Sum((Symbol(letter), Negative(Number(by)))) if len(letter) == 1 and by == int(by):
            yield letter, -int(by)


class _OutsideError(Exception):
    """There is no such layer or time."""


class _Writer:
    """Writes claims out, for the layers or times from 1 to the last."""

    def __init__(
        self,
        claims: Sequence[Claim],
        letters: frozenset[str],
        places: Mapping[str, Place],
        course: Course | None,
    ) -> None:
        self.claims, self.letters, self.places, self.course = claims, letters, places, course
        scripts = [script for base, place, script in _all(claims) if places.get(base, -1) == place]
        largest = max((int(one.value) for one in scripts if isinstance(one, Number)), default=0)
        speaks_of_last = any(letter in LAST for one in scripts for letter, _ in _steps_of(one))
        self.last = min(MOST, largest if largest > 1 and not speaks_of_last else max(FEWEST, largest))
        if course is not None:
            self.last = course.words.last
        heads = {claim.sides[0] for claim in claims if len(claim.sides) > 1}
        self.counts = {
            node.upper
            for node in nodes_of(claims)
            if isinstance(node, BigSum) and self._letter(node) and isinstance(node.upper, Symbol)
        } - heads
        """Names for how many there are."""

    def steps(self) -> Steps:
        """The claims for every value of their letters; as it stands where there is none that it has."""
        written: list[Claim] = []
        numbers: list[int] = []
        at: list[Mapping[str, int]] = []
        for number, claim in enumerate(self.claims):
            for values, one in self._written(claim):
                written.append(one)
                numbers.append(number)
                at.append(values)
        return Steps(written, numbers, at, self.letters, self.places)

    def _written(self, claim: Claim) -> Iterator[tuple[Mapping[str, int], Claim]]:
        if isinstance(claim.sides[0], Symbol) and claim.sides[0].text in self.letters:
            return  # l = 1, …, L - 1: for which layers
        first, *others = ({*self._free(side)} for side in claim.sides)
        if others and not first.issuperset(letter for other in others for letter in other):
            yield {}, claim  # L = (a_t - y)^2 says of no t which one it is
            return
        free = sorted(first.union(*others))
        found = 0
        for values in product(range(1, self.last + 1), repeat=len(free)):
            at = dict(zip(free, values, strict=True))
            try:
                sides = tuple(self._at(side, at) for side in claim.sides)
            except _OutsideError:
                continue
            yield at, replace(claim, sides=sides)
            found += 1
            if len(claim.sides) < 2:
                return
        if not found:
            yield {}, claim

    def _free(self, node: Node, bound: frozenset[str] = frozenset()) -> Iterator[str]:
        """The letters of layers and times that no sum runs over."""
        if isinstance(node, BigSum) and (letter := self._letter(node)):
            bound |= {letter}
        if isinstance(node, Scripted) and (script := self._script(node)) is not None:
            yield from (one for one, _ in _steps_of(script) if one in self.letters - bound)
        for part in parts(node):
            yield from self._free(part, bound)

    def _script(self, node: Scripted) -> Node | None:
        """What says in which layer, or at which time, a name is."""
        if not isinstance(node.base, Symbol) or node.base.text not in self.places:
            return None
        place = self.places[node.base.text]
        return node.sup if place is None else node.sub[place] if place < len(node.sub) else None

    def _letter(self, node: BigSum) -> str:
        """The letter of layers or times that a sum runs over."""
        return next((letter for letter in letters_over(node) if letter in self.letters), "")

    def _at(self, node: Node, at: Mapping[str, int]) -> Node:
        """The node where letters have these values. Raises _OutsideError."""
        if isinstance(node, BigSum) and (letter := self._letter(node)):
            return self._sum(node, letter, at)
        if isinstance(node, Symbol) and node in self.counts:
            return Number(float(self.last), node.span)
        if isinstance(node, Scripted) and (script := self._script(node)) is not None:
            node = self._numbered(node, script, at)
        return changed(node, lambda part: self._at(part, at))

    def _numbered(self, node: Scripted, script: Node, at: Mapping[str, int]) -> Scripted:
        number = self._number(script, at)
        if number is None:
            return node
        if not 0 <= number <= self.last:
            raise _OutsideError
        assert isinstance(node.base, Symbol)
        place, written = self.places[node.base.text], Number(float(number), script.span)
        sub = node.sub if place is None else (*node.sub[:place], written, *node.sub[place + 1 :])
        found = replace(node, sub=sub, sup=written if place is None else node.sup)
        if self.course is not None and self.course.lacks(found):
            raise _OutsideError
        return found

    def _number(self, script: Node, at: Mapping[str, int]) -> int | None:
        for letter, by in _steps_of(script):
            if letter in at or letter in LAST:
                return at.get(letter, self.last) + by
        return int(script.value) if isinstance(script, Number) else None

    def _sum(self, node: BigSum, letter: str, at: Mapping[str, int]) -> Node:
        """A sum over layers or times, term by term."""
        others = tuple(index for index in node.indices if index != Symbol(letter))
        body = replace(node, indices=others) if others else node.body
        first = 1 if node.lower is None else self._number(node.lower, at)
        last = self.last if node.upper is None or node.upper in self.counts else self._number(node.upper, at)
        if first is None or last is None or node.where is not None:
            raise _OutsideError
        terms = []
        for value in range(first, last + 1):
            try:
                terms.append(self._at(body, {**at, letter: value}))
            except _OutsideError:
                if node.upper is not None:
                    raise
        if not terms:
            raise _OutsideError
        return Bracket(terms[0] if len(terms) == 1 else Sum(tuple(terms), node.span), "(", node.span)
