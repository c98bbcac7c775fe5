"""Texts beside a spec: what they don't define themselves is the spec's network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from gradcheck.boundary import InternalError, attempt
from gradcheck.derivation import wording
from gradcheck.derivation.batches import has_entries, is_of_several, sums_along, sums_an_array
from gradcheck.derivation.columns import Columns, Unbiased
from gradcheck.derivation.meanings import meanings
from gradcheck.derivation.point import Point
from gradcheck.derivation.records import Derivation, Judged, Standing
from gradcheck.derivation.spelling import plain
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.derivation.wording import Explanation
from gradcheck.derivation.words import Reference
from gradcheck.formulas.dialect import Reading, read
from gradcheck.formulas.tree import Claim, Node, Number, Scripted, Symbol
from gradcheck.formulas.walk import nodes
from gradcheck.formulas.written import written
from gradcheck.oracle.lookup import whole_key
from gradcheck.paper.check import shown
from gradcheck.paper.course.course import Course, Points
from gradcheck.paper.course.means import with_means
from gradcheck.paper.course.numbers import for_examples, may_count
from gradcheck.paper.course.reconcile import reconciled
from gradcheck.paper.course.sizes import only_here
from gradcheck.paper.course.subject import about
from gradcheck.paper.declared import declared
from gradcheck.paper.judge import AS_A_ROW, Outcome, Way
from gradcheck.paper.names import Key
from gradcheck.paper.values.algebra import MeaningError
from gradcheck.paper.ways import Ways
from gradcheck.specification.content import content
from gradcheck.specification.records import Spec

if TYPE_CHECKING:
    from gradcheck.paper.course.mistaken import Mistakes

EXAMPLES = (1, 1, 1, 1, 5, 5)
"""The batches of the points: formulas speak of one example, unless they speak of m."""
ASK = "`gradcheck spec show SPEC --backward` prints the reverse pass"
NOTHING: Mapping[str, Node] = MappingProxyType({})
COLUMNS = "vectors are taken for columns"
_ABSENT = ("layer", "index")
_LETTERS = frozenset({"L", "l", "m", "n", "N", "i", "j", "k", "p", "q", "r", "t"})
"""What stands for layers, indices and numbers of things, and gives nothing a name."""
OF_EACH = "deltas are taken for those of one example's loss, without 1/m"


class SpecChecker:
    """A spec's points and names, ready for texts."""

    def __init__(self, spec: Path) -> None:
        self.key = whole_key(spec, EXAMPLES)
        own = [Point.of(self.key.spec, case) for case in self.key.cases[: len(EXAMPLES)]]
        others = self.key.cases[len(EXAMPLES) :]
        points = [Point.of(self.key.spec, case) for case in others]
        self.elsewhere = [point for point in points if len(point.case.x) == 1]
        self.words = Vocabulary(self.key.spec.layered_notation, self.key.spec.stack)
        self.alone = [point for point in own if len(point.case.x) == 1]
        self.batches = [point for point in own if len(point.case.x) > 1]
        self._courses: dict[tuple[Vocabulary, tuple[int, ...], int | None, bool], Course] = {}

    def check(self, text: str, source: str) -> Derivation:
        """All that is said of a text."""
        return self.judged(read(text), source)

    def judged(self, reading: Reading, source: str) -> Derivation:
        """All that is said of a text that was read.

        Where the loss is a mean, sources differ in what a delta is the derivative of: of the mean, or of
        one example's loss. What lets more of the text be right is meant, throughout.
        """
        meant = replace(reading, claims=with_means(self.words, reading.claims))
        beside = Beside(self, meant)
        claims = beside.claims()
        if _wrong(claims) and self.words.stack.reduction == "mean":
            other = Beside(self, meant, each=True)
            if any(map(other.is_of_several, meant.claims)) or any(map(may_count, meant.claims)):
                found = other.claims()
                if _wrong(found) < _wrong(claims):
                    claims = [replace(found[0], notes=(*found[0].notes, OF_EACH)), *found[1:]]
        if any(claim.standing in (Standing.WRONG, Standing.CANNOT_TELL) for claim in claims):
            claims = reconciled(reading, claims, beside.declared)
        return wording.derivation(reading, claims, source, spec=self.key.spec.path)

    def course(
        self,
        words: Vocabulary,
        points: Sequence[Points],
        layer: int | None = None,
        *,
        rows_as_columns: bool = False,
    ) -> Course:
        """The network at some points, which texts share."""
        key = words, tuple(map(id, points)), layer, rows_as_columns
        if key not in self._courses:
            self._courses[key] = Course(words, points, layer, rows_as_columns=rows_as_columns)
        return self._courses[key]

    @cached_property
    def each(self) -> Sequence[Points]:
        """The batches, with deltas of one example's loss."""
        return [point.of_each() for point in self.batches]

    @cached_property
    def sizes_of_batches(self) -> frozenset[int]:
        """How many examples the spec's own cases have."""
        from gradcheck.specification.read import parse  # only where a number may be one of these

        path = Path(self.key.spec.path)
        return frozenset(plan.batch for plan in parse(content(path), str(path)).cases)

    @cached_property
    def mistakes(self) -> Mistakes:
        """The catalogue on all points."""
        from gradcheck.paper.course.mistaken import Mistakes  # only where something is wrong

        return Mistakes(self.key.spec, [*self.alone, *self.batches])

    @cached_property
    def looks(self) -> Sequence[Look]:
        """The ways to look at one example: sources that fold biases leave them out, or write Wᵀ x."""
        if not self.words.has_ones:
            return [Look(self.alone)]
        return [
            Look(self.alone),
            Look([Unbiased(point) for point in self.alone], entries=True),
            Look(
                [Columns(point, ones=True) for point in self.alone],
                f"{COLUMNS}, inputs with x_0 = 1 before them",
            ),
            Look([Columns(point, ones=False) for point in self.alone], COLUMNS, entries=False),
        ]


@dataclass(frozen=True)
class Look:
    """A way to look at one example."""

    points: Sequence[Points]
    note: str = ""
    entries: bool | None = None
    """Whether for claims about entries alone, or for others alone."""


def speaks_of_several(
    words: Vocabulary, spec: Spec, claim: Claim, defined: Mapping[str, Node] = NOTHING
) -> bool:
    """Whether a claim is about several examples; of names that are `defined` none is their number."""
    sides = [plain(words, side) for side in claim.sides]
    if words.stack.couples_examples or is_of_several(words, defined, sides):
        return True
    return any(plan.batch > 1 for plan in spec.cases) and sums_an_array(words, sides)


def _wrong(claims: Sequence[Judged]) -> int:
    return sum(claim.standing is Standing.WRONG for claim in claims)


class Beside:
    """One text beside a spec, with one way to take its deltas."""

    def __init__(self, checker: SpecChecker, reading: Reading, *, each: bool = False) -> None:
        self.checker, self.reading, self.words, self.each = checker, reading, checker.words, each
        self.declared = declared(reading.text, "", "")
        self.sums = any(sums_along(claim.sides) for claim in reading.claims)
        self.defined = {
            claim.sides[0].text: claim.sides[1]
            for claim in reading.claims
            if len(claim.sides) > 1 and isinstance(claim.sides[0], Symbol)
        }
        self._read_otherwise: dict[tuple[Vocabulary, bool], Ways] = {}
        self._naming: set[int] = set()
        """The claims that give a name to a quantity of the network."""
        self._elsewhere: dict[Point, Ways] = {}
        self._made: dict[tuple[int, int | None], Ways] = {}

    def claims(self) -> list[Judged]:
        """All that is said of each."""
        return [self._shown(number, claim) for number, claim in enumerate(self.reading.claims)]

    def _shown(self, number: int, claim: Claim) -> Judged:
        sides = [plain(self.words, side) for side in claim.sides]
        found = replace(shown(self.reading, self, number, claim), meanings=tuple(meanings(self.words, sides)))
        if not found.steps or about(self.of(number).ways[0], sides[0]) is None:
            return found
        return replace(found, about=wording.clip(self.reading.text, claim.sides[0].span))

    def is_of_several(self, claim: Claim) -> bool:
        """Whether a claim is about several examples at once: of coupled ones every claim is."""
        return speaks_of_several(self.words, self.checker.key.spec, claim, self.defined)

    # Looked at in several ways

    @property
    def _batches(self) -> Sequence[Points]:
        return self.checker.each if self.each else self.checker.batches

    @cached_property
    def batch(self) -> Ways:
        """The text about a batch."""
        return self._ways(self._batches)

    @cached_property
    def columns(self) -> Ways | None:
        """The same where what has a number for each example is a column; None where there is no row."""
        arrays = self._batches[0].values.values() if self._batches else ()
        has_rows = any(array.ndim == 2 and len(array) == 1 for array in arrays)
        return self._ways(self._batches, rows_as_columns=True) if has_rows else None

    def alone(self, look: int = 0, layer: int | None = None) -> Ways:
        """The text about one example, names without a layer being of this one."""
        if (look, layer) not in self._made:
            self._made[look, layer] = self._ways(self.checker.looks[look].points, layer)
        return self._made[look, layer]

    def _ways(
        self, points: Sequence[Points], layer: int | None = None, *, rows_as_columns: bool = False
    ) -> Ways:
        course = self.checker.course(self.words, points, layer, rows_as_columns=rows_as_columns)
        ways = Ways(self.reading.claims, None, self.declared, course)
        renamed = course.renamed(ways.ways[0])
        if renamed is None:
            return ways
        self._naming |= {n for n in range(len(self.reading.claims)) if ways.quantity(n) in renamed.called}
        return Ways(self.reading.claims, None, self.declared, renamed)

    def of(self, number: int) -> Ways:
        """The text as a claim looks at it."""
        return self.batch if self.is_of_several(self.reading.claims[number]) else self.alone()

    # As a text by itself

    def is_claim(self, number: int) -> bool:
        """Whether what was read says more than for which letters another claim is made, as l = L does."""
        first, *others = self.reading.claims[number].sides
        if isinstance(first, Symbol) and first.text in _LETTERS:
            unknown = self.words.reference(first) is None
            if unknown or any(isinstance(side, Number) for side in others):
                return False
        return self.of(number).is_claim(number)

    def defines(self, number: int) -> bool:
        """Whether a claim gives a quantity or a function its meaning."""
        return self.of(number).defines(number) or number in self._naming

    def is_about_a_derivative(self, number: int) -> bool:
        """Beside a spec every claim is about its network."""
        return True

    def why_not(self, number: int) -> MeaningError | None:
        """A name is explained where it is used."""
        return None

    def answer(self, number: int, *, latex: bool) -> tuple[str, ...]:
        """Nothing is answered here. Raises MeaningError."""
        error = MeaningError("beside a spec nothing is answered", ASK)
        error.span = self.reading.claims[number].span
        raise error

    def judged(self, number: int) -> Outcome:
        """What is known of a claim, one of whose numbers may be that of the examples."""
        tried = [len(point.case.x) for point in self.checker.batches]
        return for_examples(
            self.reading.claims,
            number,
            self._judged(number),
            lambda: self.checker.sizes_of_batches,
            tried,
            partial(self._of, number),
        )

    def _of(self, number: int, claims: Sequence[Claim]) -> Outcome:
        """What is known of a claim in a text of other claims."""
        return Beside(self.checker, replace(self.reading, claims=tuple(claims)), each=self.each)._judged(
            number
        )

    def _judged(self, number: int) -> Outcome:
        if self.is_of_several(self.reading.claims[number]):
            return self._of_several(number)
        if self.sums and not self._has_entries(number):
            whole = self.batch.judged(number)
            if not any(whole.faults):
                return whole
        outcome = self.alone().judged(number)
        if outcome.standing is Standing.RIGHT:
            by_chance = () if any(outcome.faults) or self.sums else self._only_here(number)
            return replace(outcome, notes=(*outcome.notes, *by_chance))
        outcome = self._otherwise(number, outcome)
        absent = next((n for n, f in enumerate(outcome.faults) if f is not None and f.kind in _ABSENT), None)
        if outcome.standing is Standing.CANNOT_TELL and absent is not None and self.slip(number):
            standings = list(outcome.standings)
            standings[absent] = Standing.WRONG
            return replace(outcome, standings=tuple(standings), broken=absent)
        return outcome

    def _of_several(self, number: int) -> Outcome:
        """What is known of a claim about a batch; by its indices it may be about one example after all."""
        outcome = self.batch.judged(number)
        if outcome.standing is Standing.CANNOT_TELL and any(f and f.kind == "index" for f in outcome.faults):
            alone = self.alone().judged(number)
            return alone if alone.standing is Standing.RIGHT else outcome
        if any(outcome.faults) and self.columns is not None:
            turned = self.columns.judged(number)
            if turned.standing is Standing.RIGHT:
                return replace(turned, notes=(*turned.notes, AS_A_ROW))
        return outcome

    def _has_entries(self, number: int) -> bool:
        """Whether single entries of arrays occur."""
        claim = self.reading.claims[number]
        return has_entries(self.words, [plain(self.words, side) for side in claim.sides])

    def explained(self, number: int, outcome: Outcome) -> Explanation:
        """Why a step breaks."""
        if outcome.broken is None or outcome.way is None:
            return Explanation()
        # And the catalogue: only where something is wrong
        from gradcheck.paper.course.faults import explained

        found = attempt("diagnose", lambda: explained(self, number, outcome))
        return Explanation() if isinstance(found, InternalError) else found

    @property
    def stated(self) -> Sequence[Claim]:
        """The claims as they were read."""
        return self.reading.claims

    def meant(self, outcome: Outcome) -> Sequence[Way]:
        """The way in which an outcome has to hold."""
        return [] if outcome.way is None else [outcome.way]

    def slip(self, number: int) -> Explanation | None:
        """What is said where all is right with the weights numbered by one layer more, or less."""
        if not any(self._weights(number)):
            return None
        for by in (1, -1):
            words = self.words.shifted("W", by)
            if self._holds(number, words):
                own = self.words.notation
                first, other = own.pretty("W1"), words.notation.pretty("W1")
                what = (
                    f"It is right with the weights numbered otherwise: you call {other} what is {first} "
                    f"in this notation, the weights from the input into the first layer."
                )
                hint = "In your source, does a weight carry the number of the layer it leads into, or out of?"
                return Explanation(what, hint, ("weight-layer-off-by-one",), renames=True)
        return None

    def turned(self, number: int) -> Explanation | None:
        """What is said where all is right with the two indices of the weights in the other order."""
        if not any(len(weight.indices) == 2 for weight in self._weights(number)):
            return None
        words = self.words.weights_turned
        if not self._holds(number, words):
            return None
        ends = ["leads into", "comes from"]
        first, second = ends if words.notation.weights == "out_in" else reversed(ends)
        what = (
            "It is right with the indices of the weights in the other order: in this notation the first "
            f"is the unit that a weight {first}, the second the unit that it {second}."
        )
        hint = "In your source, which index of a weight says where it comes from?"
        return Explanation(what, hint, renames=True)

    def _weights(self, number: int) -> Iterator[Reference]:
        """Every mention of a weight."""
        sides = [plain(self.words, side) for side in self.reading.claims[number].sides]
        found = (self.words.reference(node) for side in sides for node, _ in nodes(side))
        return (reference for reference in found if reference is not None and reference.letter == "W")

    def _holds(self, number: int, words: Vocabulary) -> bool:
        """Whether all holds, as it stands, with the names read otherwise."""
        several = self.is_of_several(self.reading.claims[number])
        if (words, several) not in self._read_otherwise:
            points = self.checker.batches if several else self.checker.alone
            course = self.checker.course(words, points)
            self._read_otherwise[words, several] = Ways(self.reading.claims, None, self.declared, course)
        ways = self._read_otherwise[words, several]
        if not ways.is_claim(number) or ways.defines(number):
            return False
        outcome = ways.judged(number)
        return outcome.standing is Standing.RIGHT and not any(outcome.faults)

    def _only_here(self, number: int) -> Iterator[str]:
        """What is said of a claim that other sizes show to be right by chance."""
        sides = [plain(self.words, side) for side in self.reading.claims[number].sides]
        formulas = [*sides, *self.defined.values()]
        return only_here(self.words, formulas, self.checker.elsewhere, lambda at: self._at(at, number))

    def _at(self, point: Point, number: int) -> Outcome:
        if point not in self._elsewhere:
            self._elsewhere[point] = self._ways([point])
        return self._elsewhere[point].judged(number)

    def _otherwise(self, number: int, outcome: Outcome) -> Outcome:
        """Another way to look at it in which it is right, or in which all sides have values."""
        for note, found, is_likely in self._others(number):
            if found.standing is Standing.RIGHT:
                return replace(found, notes=(*found.notes, note)) if note else found
            is_open = outcome.standing is Standing.CANNOT_TELL and found.standing is Standing.WRONG
            if not any(found.faults) and (is_open or (is_likely and found.standing is outcome.standing)):
                outcome = found
        if outcome.standing is Standing.WRONG and self._has_several_layerless(number):
            claim = self.reading.claims[number]
            return Outcome.unknown(claim, MeaningError("which layers' are these?", "write their numbers"))
        return outcome

    def _has_several_layerless(self, number: int) -> bool:
        """Whether letters may number layers, as in Bishop's δ_j = h'(a_j) Σ_k w_kj δ_k."""
        layerless = self.alone().text.names.layerless
        bases = Counter(
            node.base
            for node in {n for side in self.reading.claims[number].sides for n, _ in nodes(side)}
            if isinstance(node, Scripted) and Key(written(node)) in layerless
        )
        return any(count > 1 for count in bases.values())

    def _others(self, number: int) -> Iterator[tuple[str, Outcome, bool]]:
        """What is said of it, the outcome, and whether it is as likely as the first."""
        entries = self._has_entries(number)
        for n, look in enumerate(self.checker.looks[1:], start=1):
            if look.entries in (None, entries):
                yield look.note, self.alone(n).judged(number), not look.note
        if self.alone().text.names.layerless:
            for layer in range(self.words.last + 1):
                note = f"names without a layer are taken for those of layer {layer}"
                yield note, self.alone(0, layer).judged(number), False
