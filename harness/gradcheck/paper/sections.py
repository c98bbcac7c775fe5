"""A document in sections: each is read by itself, with what was defined before it and is still in force."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from gradcheck.boundary import InternalError, attempt
from gradcheck.derivation.records import Standing
from gradcheck.formulas.tree import EQUAL, Bracket, Claim, Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import parts
from gradcheck.paper.declared import Declared
from gradcheck.paper.effort import STEPS, Effort
from gradcheck.paper.rewriting.normal import normal
from gradcheck.paper.text import mentions_derivative
from gradcheck.paper.ways import Ways

STEPS_OF_A_DOCUMENT = 2 * STEPS
MOST_RENEWED = 100
"""How many times a name may be defined anew; beyond that the document is one section."""
_ANY = Symbol("any letter")


@dataclass(frozen=True)
class Section:
    """Claims that are read together."""

    ways: Ways | InternalError
    numbers: range
    """Which claims of the document it has."""
    before: int
    """How many claims stand before them that it takes from earlier sections."""
    renewed: int | None = None
    """Which claim of the document says otherwise than its first one what a name is."""

    def place(self, number: int) -> int:
        """Where the claim of the document with that number stands among those of the section."""
        return number - self.numbers.start + self.before

    @property
    def numbers_layers_by_letters(self) -> bool:
        """Whether a quantity is made of itself but for its letter: o_j of o_i, a layer further."""
        return isinstance(self.ways, Ways) and self.ways.text.names.by_letters

    def definitions(self) -> Iterator[int]:
        """Which claims of the document say here what something is."""
        ways = self.ways
        if isinstance(ways, Ways):
            places = ((number, self.place(number)) for number in self.numbers)
            yield from (n for n, place in places if ways.is_claim(place) and ways.defines(place))


def sections(
    claims: Sequence[Claim], headings: Sequence[int], declared: Declared, *, has_prose: bool = True
) -> Iterator[Section]:
    """The sections, one after the other: each begins at a heading, or where a name is defined anew.

    Without prose, a name is defined anew only where something is differentiated before it and behind it.
    """
    yield from Parting(claims, headings, declared, has_prose=has_prose).sections()


class Parting:
    """Goes through a document; knows what is in force."""

    def __init__(
        self, claims: Sequence[Claim], headings: Sequence[int], declared: Declared, *, has_prose: bool = True
    ) -> None:
        self.claims, self.declared, self.has_prose = claims, declared, has_prose
        self.normal = normal(claims)
        about = [any(map(mentions_derivative, claim.sides)) for claim in self.normal]
        self.derived = [n for n, is_derivative in enumerate(about) if is_derivative]
        """The numbers of claims about derivatives."""
        self.heads = [_head(claim) for claim in self.normal]
        self.headings = {
            n
            for n, (one, other) in enumerate(pairwise(claims), start=1)
            if any(one.span[0] < heading <= other.span[0] for heading in headings)
        }
        self.force: dict[int, None] = {}
        """The numbers of claims before the section that still say what something is."""
        self.effort = Effort(STEPS_OF_A_DOCUMENT)
        self.count = 0

    def sections(self) -> Iterator[Section]:
        """The sections, one after the other."""
        start: int = 0
        renewed: int | None = None
        for number in range(len(self.claims)):
            again = self._renewed(number, start) if number > start else None
            if again is not None or number in self.headings:
                yield self._section(range(start, number), renewed)
                renewed = self._renewed(number, start=number) if again is None else again
                start = number
        yield self._section(range(start, len(self.claims)), renewed)

    def _section(self, numbers: range, renewed: int | None) -> Section:
        if renewed is not None:
            self._forget(self.heads[numbers.start])
        known = [*self.force, *self._later(numbers)]
        before = self._needed([self.normal[n] for n in numbers], known)
        ways = self._ways([*before, *numbers])
        section = Section(ways, numbers, len(before), renewed)
        self.force |= dict.fromkeys(section.definitions())
        return section

    def _later(self, numbers: range) -> Iterator[int]:
        """What is said below the section, up to the next heading, of names that nothing before defines."""
        known = {self.heads[n] for n in (*self.force, *numbers) if self._could_define(n)}
        end = min((n for n in self.headings if n >= numbers.stop), default=len(self.claims))
        for n in range(numbers.stop, end):
            if self._could_define(n) and self.heads[n] not in known:
                known.add(self.heads[n])
                yield n

    def _could_define(self, number: int) -> bool:
        return self.heads[number] is not None and _could_define(self.normal[number])

    def _ways(self, numbers: Sequence[int]) -> Ways | InternalError:
        """What some of the claims say together; a fault of gradcheck costs no other ones."""
        claims = [self.claims[n] for n in numbers]
        return attempt("judge", lambda: Ways(claims, None, self.declared, effort=self.effort))

    def _needed(self, claims: Sequence[Claim], known: Sequence[int]) -> list[int]:
        """Which claims say what these are about, and what those are made of."""
        found, names = set[int](), {name for claim in claims for name in _names(claim)}
        while new := [n for n in known if n not in found and _is_among(self.heads[n], names)]:
            found.update(new)
            names |= {name for n in new for name in _names(self.normal[n])}
        return sorted(found)

    def _forget(self, head: Node | None) -> None:
        """What gave a name its meaning before, that of its entries, too, where all of it is new."""
        whole = isinstance(head, Symbol)
        for n in list(self.force):
            if self.heads[n] == head or (whole and _base(self.heads[n]) == _base(head)):
                del self.force[n]

    def _is_derived_from(self, earlier: int, number: int) -> bool:
        """Whether derivatives are claimed between two claims, and behind the second."""
        return any(earlier < n < number for n in self.derived) and any(n > number for n in self.derived)

    def _renewed(self, number: int, start: int) -> int | None:
        """Which claim says what something is, where another one gives it another meaning."""
        claim, head = self.normal[number], self.heads[number]
        if self.count > MOST_RENEWED or not self._could_define(number):
            return None
        earlier = [n for n in (*self.force, *range(start, number)) if self._could_define(n)]
        alike = [n for n in earlier if self.heads[n] == head]
        if not alike or not (self.has_prose or self._is_derived_from(alike[-1], number)):
            return None
        self.count += 1
        known = self._needed([claim, *(self.normal[n] for n in alike)], earlier)
        tried, last = self._ways([*known, number]), len(known)
        if isinstance(tried, InternalError) or not tried.is_claim(last) or tried.defines(last):
            return None
        return None if tried.judged(last).standing is Standing.RIGHT else alike[-1]


def _could_define(claim: Claim) -> bool:
    """Whether it says what something is, and not what its derivative is."""
    if len(claim.sides) < 2 or claim.relations[0] not in EQUAL or claim.asks:
        return False
    return not any(map(mentions_derivative, claim.sides))


def _head(claim: Claim) -> Node | None:
    """What a claim may define, whichever letters its indices have."""
    head = claim.sides[0]
    if isinstance(head, Product) and len(head.factors) == 2 and isinstance(head.factors[1], Bracket):
        head = head.factors[0]
    match head:
        case Symbol():
            return head
        case Scripted(Symbol(), 0):
            sup = None if head.sup is None else _any(head.sup)
            return replace(head, sup=sup, sub=tuple(map(_any, head.sub)))
    return None


def _any(script: Node) -> Node:
    is_letter = isinstance(script, Symbol) and len(script.text) == 1 and script.text.islower()
    return _ANY if is_letter else script


def _base(head: Node | None) -> str:
    match head:
        case Symbol(text) | Scripted(Symbol(text)):
            return text
    return ""


_Name = tuple[str, Node | None]
"""A letter and its superscript: any of its entries."""


def _name(node: Symbol | Scripted) -> _Name:
    sup = node.sup if isinstance(node, Scripted) else None
    return _base(node), None if sup is None else _any(sup)


def _names(claim: Claim) -> Iterator[_Name]:
    waiting: list[Node] = [*claim.sides]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Symbol | Scripted):
            waiting += parts(node)
            continue
        yield _name(node)
        if isinstance(node, Scripted):
            is_index = isinstance(node.base, Symbol) and node.base.text != "e"
            waiting += [node.base] * (not isinstance(node.base, Symbol))
            waiting += [node.sup] if node.sup is not None and not is_index else []


def _is_among(head: Node | None, names: Collection[_Name]) -> bool:
    if not isinstance(head, Symbol | Scripted):
        return False
    base, sup = _name(head)
    return (base, sup) in names or (base, _ANY) in names or (sup == _ANY and any(b == base for b, _ in names))
