"""What a wrong side should be: the smallest change of what is written that makes it right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, product

from gradcheck.derivation.records import Repair, Standing
from gradcheck.derivation.wording import clip, whole
from gradcheck.formulas.dialect import formula, read
from gradcheck.formulas.lost import lost_its_backslashes
from gradcheck.formulas.macros import has_macros
from gradcheck.formulas.tree import Claim, Node, Scripted, Symbol
from gradcheck.formulas.walk import nodes
from gradcheck.paper.declared import ARGUMENT
from gradcheck.paper.effort import Effort
from gradcheck.paper.judge import SUM_TO_ONE, Outcome, Way
from gradcheck.paper.repair.additions import Additions
from gradcheck.paper.repair.changes import FACTOR, NAME, SIGN, TERM, TWO, Change, Changes, patched
from gradcheck.paper.repair.spelling import Spelling
from gradcheck.paper.repair.trial import Trial
from gradcheck.paper.understand import written_out
from gradcheck.paper.values.algebra import MeaningError
from gradcheck.paper.values.network import open_axes

CHECKS = 6
"""How many changes that are right at one point are tried at all of them."""


ACTIVATION = "sigma"
"""The function of every layer."""
LEAST = 100
"""With less effort than that nothing is found."""
MANY, COST = 30, 4
"""How many claims a long text has, and how many parts of formulas each counts for where a change is tried."""
CHARACTERS = 50
"""How many characters that are read again count for a part of a formula."""
PAIRED = 24
"""How many of the likeliest changes are made two at a time."""


@dataclass(frozen=True)
class Written:
    """A text as it was read: its claims, and where they stand."""

    text: str
    dialect: str
    claims: Sequence[Claim]
    """All that the ways were made of."""
    number: int
    """Which of them is wrong."""


def repair(written: Written, ways: Sequence[Way], outcome: Outcome) -> Repair | None:
    """The likeliest change that makes a broken side right, whichever way is meant, if there is one."""
    assert outcome.broken is not None
    assert outcome.way is not None
    with outcome.way.text.effort.searching() as effort:
        search = _Search(written, ways, outcome, effort)
        return None if effort.left < LEAST or search.is_in_pieces else search.repair()


class _Search:
    """The search for one claim."""

    def __init__(self, written: Written, ways: Sequence[Way], outcome: Outcome, effort: Effort) -> None:
        assert outcome.broken is not None
        assert outcome.way is not None
        self.written, self.outcome, self.effort = written, outcome, effort
        self.ways = [_with_all_names(way) for way in ways]
        self.way, claim = self.ways[[*ways].index(outcome.way)], outcome.claim
        self.before, self.broken = outcome.before, outcome.broken
        self.side = claim.sides[self.broken]
        self.span = whole(written.text, self.side.span)
        text = self.way.text
        self.tried: set[str] = set()
        self.notes: set[str] = set()
        n = next((n for n, one in enumerate(text.claims) if one is claim), -1)
        at: Mapping[str, int] = text.at[n] if n >= 0 else {}
        self.conditions = text.conditions.get(n, [])
        self.spelling = Spelling(self.way, written.text, written.dialect, claim, at)
        lost = self.spelling.is_latex and lost_its_backslashes(written.text)
        self.needs_all = lost or has_macros(written.text)

    @property
    def is_in_pieces(self) -> bool:
        """Whether the side stands in several formulas, with prose between."""
        return "$" in self.written.text[slice(*self.span)]

    def repair(self) -> Repair | None:
        """The first that holds, with another one that is as likely."""
        right: list[tuple[Change, str, str]] = []
        with suppress(MeaningError):  # where the search has cost what it may
            for changes in self._stages():
                for one in self._right(changes):
                    if not right or not _are_one(one[0], right[0][0]):
                        right.append(one)
                    if len(right) > 1 or one[0].rank == TWO:
                        break
                if right:
                    break
        if not right:
            return None
        (change, text, where), *others = right
        yours = clip(self.written.text, self.span)
        return Repair(yours, text, f"{change.words} it is right{where}.", others[0][1] if others else "")

    def _right(self, changes: Iterable[Change]) -> Iterator[tuple[Change, str, str]]:
        """Changes that are right at all points, with what becomes of the text."""
        for change in changes:
            text = patched(self.written.text, self.span, change.patches)
            clipped = _clipped(text)
            if clipped not in self.tried and len(self.tried) < CHECKS:
                self.tried.add(clipped)
                self.notes.clear()
                if self._is_right(text):
                    yield change, clipped, ", where the targets add up to 1" * (SUM_TO_ONE in self.notes)

    def _stages(self) -> Iterator[Iterable[Change]]:
        """Changes that are right at one point, the likeliest first. Raises MeaningError."""
        sides = self.outcome.claim.sides
        trial = Trial(self.way, (sides[0], sides[self.before], self.side), self.conditions, self.effort)

        def likely(changes: Iterable[Change]) -> Iterator[Change]:
            return (change for change in changes if trial.holds(change.alteration(self.side)))

        changes = Changes(self.side, self.spelling).in_order()
        for rank in (SIGN, NAME, FACTOR):
            yield likely(change for change in changes if change.rank == rank)
        additions = Additions(self.side, self.spelling, trial)
        yield chain(additions.of_one(), likely(chain(additions.in_place(), additions.inside())))
        yield likely(additions.with_terms())
        yield chain(likely(change for change in changes if change.rank == TERM), additions.of_a_term())
        yield additions.of_two()
        yield likely(_pairs([change for change in changes if change.rank < TERM]))

    def _is_right(self, text: str) -> bool:
        """Whether the claim is right with this text in the place of its side, for all layers and ways."""
        claim = self.written.claims[self.written.number]
        side = self._read(text, claim)
        if side is None or self._says_itself(side):
            return False
        sides = (*claim.sides[: self.broken], side, *claim.sides[self.broken + 1 :])
        before, behind = self._around
        claims = [*before, replace(claim, sides=sides), *behind]
        self.effort.spend(COST * len(claims))
        return all(self._holds(way, claims, len(before)) for way in chain(self.ways, self._resized()))

    def _read(self, text: str, claim: Claim) -> Node | None:
        """The side that a text is; where macros count, or backslashes are lost, with all around it."""
        if not self.needs_all:
            return formula(text, self.written.dialect)
        (start, end), every = self.span, self.written.text
        self.effort.spend(len(every) // CHARACTERS)
        reading = read(every[:start] + text + every[end:])
        same = (one for one in reading.claims if one.span[0] == claim.span[0])
        found = next(same, None)
        fits = found is not None and len(found.sides) == len(claim.sides)
        return found.sides[self.broken] if found is not None and fits else None

    @cached_property
    def _around(self) -> tuple[list[Claim], list[Claim]]:
        """The claims before and behind it: of a long text those that define something."""
        claims, number, text = self.written.claims, self.written.number, self.way.text
        defining = {text.numbers[n] for n in text.defining} if len(claims) > MANY else range(len(claims))
        before = [claims[n] for n in range(number) if n in defining]
        return before, [claims[n] for n in range(number + 1, len(claims)) if n in defining]

    def _resized(self) -> Iterator[Way]:
        """The ways with axes of other lengths: what is 2 may be how many entries something has."""
        return (way.resized for way in self.ways if open_axes(way.network))

    def _says_itself(self, side: Node) -> bool:
        """Whether a side speaks of what the claim is about, and the one in its place does not."""
        stated, text = self.written.claims[self.written.number], self.way.text
        if any(node == stated.sides[0] for node, _ in nodes(side)):
            return all(node != stated.sides[0] for node, _ in nodes(stated.sides[self.broken]))
        first = self.outcome.claim.sides[0]
        about = {*text.mentioned(first)} if isinstance(first, Symbol | Scripted) else set()
        return not about.isdisjoint({*text.mentioned(side)} - {*text.mentioned(self.side)})

    def _holds(self, way: Way, claims: Sequence[Claim], place: int) -> bool:
        """Whether the step, which is one of these claims, is right in one way to take the names."""
        number, text = self.written.number, way.text
        anew = written_out(claims, text.names.course)
        pairs = zip(anew.numbers, anew.at, anew.claims, strict=True)
        sides = {_key(at): claim.sides for n, at, claim in pairs if n == place}
        about = [n for n, one in enumerate(text.numbers) if one == number and n not in text.defining]
        if not all(_key(text.at[n]) in sides for n in about):
            return False
        steps = ((n, sides[_key(text.at[n])]) for n in about)
        found = [
            way.judged(Claim((step[self.before], step[self.broken]), ("=",)), text.conditions.get(n, []))
            for n, step in steps
        ]
        known = [one for one in found if not one.is_open]
        self.notes.update(note for one in known for note in one.notes)
        return bool(known) and all(one.standing is Standing.RIGHT for one in known)


def _with_all_names(way: Way) -> Way:
    """A way to take a text that knows all names of the network beside which it stands."""
    course = way.text.names.course
    if course is None:
        return way
    text = copy(way.text)
    if ACTIVATION in course.functions and ACTIVATION not in text.functions:
        text.functions = {**text.functions, ACTIVATION: ((ARGUMENT,), text.declared.body(ACTIVATION))}
    names = (key for key in way.network.shapes if key not in text.known and text.names.is_known(key))
    text.inputs = {**text.inputs, **dict.fromkeys(names)}
    return Way(replace(way.network, text=text))


def _are_one(one: Change, other: Change) -> bool:
    """Whether the same is added, at two places."""
    return one.alteration is other.alteration and one.words == other.words


def _pairs(changes: Sequence[Change]) -> Iterator[Change]:
    """Two of the likeliest at once, at two places."""
    for one, other in combinations(changes[:PAIRED], 2):
        if not any(a.start <= b.end and b.start <= a.end for a, b in product(one.patches, other.patches)):
            yield one.besides(other)


def _key(at: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(at.items()))


def _clipped(text: str) -> str:
    return clip(text, (0, len(text)))
