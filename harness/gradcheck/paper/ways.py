"""The likely ways to take a text's names, and what is known of its claims whichever is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from gradcheck.boundary import InternalError, attempt
from gradcheck.derivation.records import Standing
from gradcheck.derivation.wording import Explanation
from gradcheck.expr.named import Lengths
from gradcheck.formulas.tree import Claim, Node, Product
from gradcheck.formulas.walk import nodes
from gradcheck.formulas.written import written
from gradcheck.letters import GREEK
from gradcheck.paper.course.course import Course
from gradcheck.paper.declared import Declared
from gradcheck.paper.effort import Effort
from gradcheck.paper.judge import WORST, Outcome, Way, is_misshapen
from gradcheck.paper.lengths import entries_along, with_other_lengths
from gradcheck.paper.names import Key
from gradcheck.paper.rewriting.differentials import is_change
from gradcheck.paper.rewriting.nabla import gradients_by
from gradcheck.paper.rewriting.posed import posed
from gradcheck.paper.taken import LIKELY, Taken
from gradcheck.paper.text import mentions, mentions_derivative
from gradcheck.paper.understand import understood
from gradcheck.paper.values.algebra import ONE, MeaningError, Shape, form
from gradcheck.paper.values.constants import is_constant
from gradcheck.paper.values.links import factors_of
from gradcheck.paper.values.network import networks

At = Mapping[str, int]
"""A layer or a time: the values of its letters."""
LINKED = "derivatives in a product are taken for the links of a chain rule, in whichever layout"
_GREEK = {name: letter for letter, name in reversed(GREEK.items())}


class Ways:
    """A text, understood in each of the ways that are as likely as the likeliest."""

    def __init__(
        self,
        claims: Sequence[Claim],
        question: tuple[Node, Node] | None,
        declared: Declared,
        course: Course | None = None,
        effort: Effort | None = None,
        taken: Taken = LIKELY,
    ) -> None:
        """`effort` is what reading may cost; UsageError where the question is by a name that isn't in it."""
        self.claims = claims if question is None else posed(*question, claims)
        self.text = understood(self.claims, declared, course, taken)
        self.text.effort = effort or self.text.effort
        self.ways = [Way(network) for network in networks(self.text)]
        self._at: dict[int, list[int]] = defaultdict(list)
        """The number of what was read -> the text's claims that it is, one for every layer or time."""
        for n, number in enumerate(self.text.numbers):
            self._at[number].append(n)

    def readings(self) -> Iterator[str]:
        """What letters and names are taken for, where the text has functions by other names, or arrays."""
        functions = [
            (name, word) for name, word in self.text.declared.functions.items() if name in self.text.functions
        ]
        if functions:
            yield ", ".join(
                f"{_GREEK.get(name, name)} is {word or 'the identity'}" for name, word in functions
            )
        for name, by in gradients_by(self.claims).items():
            yield f"∇{name} is by {_GREEK.get(by.text, by.text)}"
        for key, delta in self.text.deltas.items():
            yield f"{replace(key, base=_GREEK.get(key.base, key.base))} is {written(delta.meaning)}"
        network = self.ways[0].network
        for key, axis in network.counts.items():
            if key.base not in self.text.names.counting and str(key) != axis:
                name, what = entries_along(axis, network)
                yield f"{key} is how many {what} {name} has"
        named = [key for key in self.text.inputs if not (is_constant(key.base) or is_change(key.base))]
        arrays = [(key, network.shapes[key]) for key in named if network.shapes.get(key)]
        if arrays:
            shapes = ", ".join(f"{key}: {_written(shape, network.lengths)}" for key, shape in arrays)
            yield f"{shapes} (or say it with --shapes)"

    def names(self) -> Iterator[str]:
        """What each name is taken for, and whether the text says what it is."""
        network = self.ways[0].network
        for key in (*self.text.inputs, *self.text.definitions):
            if key in network.shapes:
                shape = _written(network.shapes[key], network.lengths) if network.shapes[key] else "a number"
                yield f"{key}: {shape}, {'defined' if key in self.text.definitions else 'given'}"

    def is_claim(self, number: int) -> bool:
        """Whether what was read says more than for which letters another claim is made."""
        return number in self._at

    def defines(self, number: int) -> bool:
        """Whether a claim gives a quantity or a function its meaning."""
        return any(n in self.text.defining for n in self._at[number])

    def quantity(self, number: int) -> Key | None:
        """The quantity that a claim gives a meaning."""
        return next((self.text.defining[n] for n in self._at[number] if n in self.text.defining), None)

    def is_about_a_derivative(self, number: int) -> bool:
        """Whether a derivative stands in a claim, or a name for one."""
        sides = [side for n in self._at[number] for side in self.text.claims[n].sides]
        names = (self.text.names.family(key) for side in sides for key in self.text.mentioned(side))
        return any(map(mentions_derivative, sides)) or any(name in self.text.aliases for name in names)

    def why_not(self, number: int) -> MeaningError | None:
        """Why what a claim defines has no meaning here."""
        defining = (n for n in self._at[number] if n in self.text.defining)
        return next(filter(None, map(self._why_not, defining)), None)

    def _why_not(self, n: int) -> MeaningError | None:
        key, body = self.text.defining[n], self.text.claims[n].sides[1]
        if key is None:
            return None
        if self.ways[0].nowhere is not None:
            return self.ways[0].nowhere
        for name in sorted(self.text.abstract) if self.text.is_posed else ():
            if mentions(body, name):
                error = MeaningError(
                    f"which function is {name}?", f"write what it is: {name}(x) = …", "unknown"
                )
                error.span = body.span
                return error
        return self.text.unknown.get(key)

    def answer(self, number: int, *, latex: bool) -> tuple[str, ...]:
        """The equations that answer a claim. Raises MeaningError with its place."""
        from gradcheck.paper.answer import answer  # the reverse pass: only where it is asked for

        claim = self.text.claims[self._at[number][0]]
        try:
            return answer(self.ways[0].network, claim, latex=latex)
        except MeaningError as error:
            error.span = claim.span
            raise

    def judged(self, number: int) -> Outcome:
        """What is known of a claim whichever way is meant, for all the layers or times that it is about."""
        each = self._at[number]
        about = [n for n in each if n not in self.text.defining] or each
        outcomes = [(self.text.at[n], self._as_chain(n)) for n in about]
        outcome = joined(outcomes, is_whole=self.text.names.course is not None)
        for note, ways in self._otherwise(outcome):
            found = ways.judged(number)
            if found.standing is Standing.RIGHT:
                return replace(found, notes=(*found.notes, note))
        return outcome

    def _otherwise(self, outcome: Outcome) -> Iterator[tuple[str, Ways]]:
        """Less likely ways to take the text, for a claim that is not right in the likely one."""
        if outcome.standing not in (Standing.WRONG, Standing.CANNOT_TELL) or self.text.taken != LIKELY:
            return
        if outcome.standing is Standing.WRONG:
            yield from self._apart
        if any(_has_dots(side) for side in outcome.claim.sides):
            yield from self._dotted

    @cached_property
    def _apart(self) -> list[tuple[str, Ways]]:
        """With letters that have one value in all of it as parts of names: u_o is none of the u_k."""
        letters = frozenset(self.ways[0].network.fixed)
        note = f"{' and '.join(sorted(letters))} is taken for a part of the name"
        return [(note, self._taken(Taken(apart=letters)))] if letters and self._is_alone else []

    @cached_property
    def _dotted(self) -> list[tuple[str, Ways]]:
        """With · between vectors as their inner product, and with · between their entries."""
        if not self._is_alone:
            return []
        return [
            ("· is taken for the inner product of vectors", self._taken(Taken(inner=True))),
            ("· is taken for the product entry by entry", self._taken(Taken(inner=False))),
        ]

    @property
    def _is_alone(self) -> bool:
        return self.text.names.course is None

    def _taken(self, taken: Taken) -> Ways:
        return Ways(self.claims, None, self.text.declared, None, self.text.effort, taken)

    def _as_chain(self, n: int) -> Outcome:
        """How a claim stands, where need be with derivatives in products as links of a chain rule."""
        outcome = self._with_other_lengths(n, self.ways)
        is_settled = outcome.standing is Standing.CANNOT_TELL and not self._is_alone
        if is_settled or outcome.standing is Standing.RIGHT or not any(factors_of(outcome.claim)):
            return outcome
        linked = self._with_other_lengths(n, [way.linked for way in self.ways])
        if linked.standing is Standing.CANNOT_TELL and outcome.standing is Standing.WRONG:
            linked = self._with_other_lengths(n, [self.ways[0].linked])  # the others only avoid the product
        is_better = is_misshapen(outcome) and linked.standing is Standing.WRONG and not is_misshapen(linked)
        if linked.standing is not Standing.RIGHT and not is_better:
            return outcome
        return replace(linked, notes=(*linked.notes, LINKED))

    def _with_other_lengths(self, n: int, ways: Sequence[Way]) -> Outcome:
        conditions = self.text.conditions.get(n, [])
        return with_other_lengths(ways, self.text.claims[n], self._judged(n, ways), conditions)

    def _judged(self, n: int, ways: Sequence[Way]) -> Outcome:
        claim, conditions = self.text.claims[n], self.text.conditions.get(n, [])
        outcomes = [_judged(way, claim, conditions) for way in ways]
        whole = [one for one in outcomes if not any(one.faults)]
        if whole and all(one.standing is Standing.WRONG for one in whole):
            outcomes = whole  # what is wrong where it has values is not meant to have none
        first, *others = outcomes
        if all(other.standings == first.standings for other in others):
            return replace(first, end_right=all(one.end_right for one in outcomes))
        error = MeaningError(f"this depends on what {self._open()} is", "say it with --shapes", "unknown")
        error.span = claim.span
        standings = tuple(
            standing if all(other.standings[n] is standing for other in others) else Standing.CANNOT_TELL
            for n, standing in enumerate(first.standings)
        )
        faults = tuple(
            error if standing is Standing.CANNOT_TELL and (whole or fault is None) else fault
            for standing, fault in zip(standings, first.faults, strict=True)
        )
        return replace(first, standings=standings, faults=faults, broken=None, end_right=False)

    def explained(self, number: int, outcome: Outcome) -> Explanation:
        """What makes the broken side of what stands before it."""
        if outcome.broken is None or outcome.faults[outcome.broken] is not None or outcome.way is None:
            return Explanation()
        from gradcheck.paper.remarks import explained  # only where something is wrong

        found = attempt("diagnose", lambda: explained(outcome))
        return Explanation() if isinstance(found, InternalError) else found

    @property
    def stated(self) -> Sequence[Claim]:
        """The claims as they were read."""
        return self.claims

    def meant(self, outcome: Outcome) -> Sequence[Way]:
        """The ways in which an outcome has to hold: one alone where it is about a single example."""
        if outcome.way is None or any(way is outcome.way for way in self.ways):
            return self.ways
        return [outcome.way]

    def _open(self) -> str:
        """Names that are taken in several ways."""
        one, *others = (way.network.shapes for way in self.ways)
        keys = [key for key in one if any(form(other[key]) != form(one[key]) for other in others)]
        keys = keys or [key for key in one if any(other[key] != one[key] for other in others)]
        return " or ".join(str(key) for key in keys if key in self.text.inputs or len(keys) == 1)


def _has_dots(node: Node) -> bool:
    """Whether a dot stands between factors."""
    return any(isinstance(one, Product) and "·" in one.operators for one, _ in nodes(node))


def _judged(way: Way, claim: Claim, conditions: Sequence[Claim]) -> Outcome:
    """How a claim stands; a fault of gradcheck costs no other one."""
    found = attempt("judge", lambda: way.judged(claim, conditions))
    if not isinstance(found, InternalError):
        return replace(found, way=found.way or way)
    return Outcome.unknown(claim, MeaningError(str(found)))


def joined(outcomes: Sequence[tuple[At, Outcome]], *, is_whole: bool) -> Outcome:
    """How a claim stands that is about several layers or times.

    Where nothing is known of some of them, as of those before the first, it is judged by the others. With
    `is_whole` it is known which layers there are: what fails for some of them is wrong.
    """
    known = [(at, one) for at, one in outcomes if not one.is_open] or outcomes
    right, wrong = (
        [at for at, one in known if one.standing is standing] for standing in (Standing.RIGHT, Standing.WRONG)
    )
    first = min((one for _, one in known), key=lambda one: WORST.index(one.standing))
    if wrong:
        ends = (one.end_right for _, one in known if one.standing is Standing.WRONG)
        first = replace(first, end_right=all(ends))
    if wrong and len(wrong) < len(known) and is_whole:
        others = ", and holds for other values" if right else ""
        return replace(first, notes=(*first.notes, f"it fails for {_values(wrong)}{others}"))
    if wrong and len(wrong) < len(known):
        holds = f"it holds for {_values(right)}, but not" if right else "it does not hold"
        fault = MeaningError(f"{holds} for {_values(wrong)}", "say for which it is meant")
        return Outcome.unknown(first.claim, fault)
    tried = "" if is_whole else _values([at for at, _ in known])
    return replace(first, notes=(*first.notes, f"tried for {tried}")) if tried else first


def _values(each: Sequence[At]) -> str:
    """As in l = 1, 2."""
    letters = each[0]
    if len(letters) < 2:
        return ", ".join(f"{letter} = {', '.join(str(at[letter]) for at in each)}" for letter in letters)
    return "; ".join(", ".join(f"{letter} = {value}" for letter, value in at.items()) for at in each)


def _written(shape: Shape, lengths: Lengths) -> str:
    """As --shapes takes it: 3x2, or 2 of a column."""
    rows, columns = ("1" if axis == ONE else str(lengths[axis]) for axis in shape)
    return rows if columns == "1" else f"{rows}x{columns}"
