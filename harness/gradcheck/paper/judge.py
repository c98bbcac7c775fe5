"""Whether claims hold: their sides worked out at random points, for every likely way to take the names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import Protocol

import numpy as np

from gradcheck.arrays import Array, Mask
from gradcheck.derivation.errors import Kind
from gradcheck.derivation.records import Standing
from gradcheck.expr.layout import Laid
from gradcheck.expr.named import Lengths, Named, filled
from gradcheck.expr.tree import Expr, Name, axis_of
from gradcheck.formulas.tree import (
    EQUAL,
    BigOperation,
    BigSum,
    Bracket,
    Claim,
    Comparison,
    Derivative,
    Node,
    Number,
    Product,
    Scripted,
    Symbol,
)
from gradcheck.formulas.walk import is_chain_rule, letters_over, without_minus
from gradcheck.paper.course.course import Course, laid_out, lengths_of
from gradcheck.paper.names import Reference, walk
from gradcheck.paper.text import Text
from gradcheck.paper.values.algebra import NOWHERE, ONE, LetterError, MeaningError, form
from gradcheck.paper.values.examples import is_of_one_example
from gradcheck.paper.values.expressions import Expressions
from gradcheck.paper.values.meaning import Reader
from gradcheck.paper.values.network import Network, resized, squared, with_shapes
from gradcheck.paper.values.point import TARGETS, Point, point

CLOSE = 1e-8
"""How near two sides must come, relative to the largest entry."""
TINY = 1e-12
"""What is 0 beside arrays of numbers about 1."""
MOST_DECIMALS = 12
"""Of a number that may be a rounded one: one with more is taken as it stands."""
NOT_ROUNDED: Mapping[int, float] = MappingProxyType({})
"""How far sides may be off that are rounded numbers, by their places: none is."""
MOST_FORMULAS = 1000
"""Of how many formulas a text's values are stored."""
POINTS, MANY_POINTS = 4, 16
"""At how many points a claim is tried, and one of a text with max(0, z) or the like."""
WORST = (Standing.WRONG, Standing.CANNOT_TELL, Standing.RIGHT)
"""Standings, that of the whole being the first of them that one of its parts has."""
AS_A_ROW = "a row and a column are taken for the same vector"
TURNED = "a Jacobian is taken in either layout: ∂zᵢ/∂xⱼ in row i, or in row j"
ENTRIES = "an array without an index is taken for its entries"
DIAGONAL = "it is taken entry by entry: of each entry by the one at its place"
ROUNDED = "the number is taken for a rounded one"
OF_ONE = "it is about a single example"
SUM_TO_ONE = "holds where the targets add up to 1"


@dataclass(frozen=True)
class Outcome:
    """How the sides of a claim stand to each other."""

    claim: Claim
    standings: tuple[Standing, ...]
    """Of each side, against the last one before it that has a value, or the first."""
    faults: tuple[MeaningError | None, ...]
    """Why a side has no value."""
    values: tuple[tuple[Array, ...], ...] = ()
    """Of each side that has some, at every point."""
    known: tuple[int, ...] = ()
    """Which sides these are."""
    broken: int | None = None
    """The first side that is not what stands before it."""
    before: int = 0
    """The side that it was compared with."""
    end_right: bool = False
    notes: tuple[str, ...] = ()
    way: Way | None = None
    """How the names were taken."""

    @classmethod
    def unknown(cls, claim: Claim, why: MeaningError) -> Outcome:
        """Nothing is known of any side, for the same reason."""
        if why.span == NOWHERE:
            why.span = claim.span
        others = len(claim.sides) - 1
        return cls(claim, (Standing.CANNOT_TELL,) * (others + 1), (why, *[None] * others))

    def wrong_where(self, is_wrong: Callable[[MeaningError], bool]) -> Outcome:
        """The outcome where sides with such faults are wrong: how long axes are is known."""
        wrong = [n for n, fault in enumerate(self.faults) if fault is not None and is_wrong(fault)]
        standings = tuple(Standing.WRONG if n in wrong else one for n, one in enumerate(self.standings))
        return replace(self, standings=standings, broken=wrong[0], before=max(0, wrong[0] - 1))

    @property
    def is_open(self) -> bool:
        """Whether the text doesn't say what it would take to judge it."""
        faults = [fault for fault in self.faults if fault is not None]
        is_open = all(fault.kind in ("unknown", "equation") for fault in faults)
        return self.standing is Standing.CANNOT_TELL and is_open

    @property
    def standing(self) -> Standing:
        """The worst of them."""
        return min(self.standings, key=WORST.index)


@dataclass
class Way:
    """A way to take the names of a text, and points at which its claims are tried."""

    network: Network

    @property
    def text(self) -> Text:
        """The text."""
        return self.network.text

    @property
    def course(self) -> Course:
        """The network beside which the text stands."""
        course = self.text.names.course
        assert course is not None
        return course

    @cached_property
    def nowhere(self) -> MeaningError | None:
        """Why there is no point at which all of the text has values."""
        try:
            self.points  # noqa: B018
        except MeaningError as error:
            return error
        return None

    @cached_property
    def points(self) -> Sequence[Point]:
        """Random ones, as many as it takes to lie on all sides of kinks."""
        return [point(self.network, seed) for seed in range(self._number)]

    @cached_property
    def distributions(self) -> Sequence[Point]:
        """Random ones, at which targets add up to 1."""
        return [point(self.network, seed, distributions=True) for seed in range(self._number)]

    @cached_property
    def positive(self) -> Sequence[Point]:
        """Positive ones, for roots and logarithms."""
        return [point(self.network, seed, positive=True) for seed in range(self._number)]

    @cached_property
    def symmetric(self) -> Sequence[Point]:
        """Random ones, at which matrices are symmetric that may be."""
        letters = self.text.perhaps_symmetric
        return [point(self.network, seed, symmetric=letters) for seed in range(self._number)]

    @property
    def _number(self) -> int:
        return MANY_POINTS if self.text.has_kinks else POINTS

    def judged(self, claim: Claim, conditions: Sequence[Claim] = ()) -> Outcome:
        """How the sides of a claim stand."""
        made = self.expressions()
        if self.nowhere is not None:
            return Outcome.unknown(claim, self.nowhere)
        sides = [self._read(made, side) for side in claim.sides]
        outcome = self._at(self.points, claim, made, sides, conditions)
        if any(fault is not None and fault.kind == "not finite" for fault in outcome.faults):
            outcome = self._at(self.positive, claim, made, sides, conditions)
        if outcome.standing is Standing.WRONG:
            somewhere = self._somewhere(claim, made, sides, conditions)
            if somewhere is not None:
                return somewhere
        if outcome.standing is Standing.CANNOT_TELL and self._is_of_two_axes(claim, outcome):
            if self.text.names.course is not None:
                return outcome.wrong_where(lambda fault: isinstance(fault, LetterError))
            square = self.square.judged(claim, conditions)
            return square if square.standing is Standing.WRONG else outcome
        for letter in self.text.open_steps(claim) if outcome.standing is not Standing.RIGHT else ():
            advice = f"write it out, with a number for {letter}, or as a sum over all"
            return Outcome.unknown(claim, MeaningError(f"which {letter} is meant?", advice, "unknown"))
        outcome = self._of_each_example(claim, conditions, self._as_known(claim, outcome, made))
        return self._as_larger(claim, conditions, outcome) if is_misshapen(outcome) else outcome

    def _somewhere(
        self,
        claim: Claim,
        made: Expressions,
        sides: Sequence[Laid | MeaningError],
        conditions: Sequence[Claim],
    ) -> Outcome | None:
        """What is known of a claim that holds for some inputs of the kinds that texts have in mind."""
        if self.has_targets():
            other = self._at(self.distributions, claim, made, sides, conditions)
            if other.standing is Standing.RIGHT and any(np.any(v) for side in other.values for v in side):
                return Outcome(claim, other.standings, other.faults, notes=(*other.notes, SUM_TO_ONE))
        if self.text.perhaps_symmetric:
            letters = " and ".join(sorted(self.text.perhaps_symmetric))
            if self._at(self.symmetric, claim, made, sides, conditions).standing is Standing.RIGHT:
                error = MeaningError(f"this holds where {letters} is symmetric", "write A = A^T", "unknown")
                return Outcome.unknown(claim, error)
        leaves_signs = self.text.has_roots and not self.text.has_kinks
        if (
            leaves_signs
            and self._at(self.positive, claim, made, sides, conditions).standing is Standing.RIGHT
        ):
            advice = "write |a| where a root leaves the sign open"
            error = MeaningError("this holds where all numbers are positive", advice, "unknown")
            return Outcome.unknown(claim, error)
        return None

    def _as_larger(self, claim: Claim, conditions: Sequence[Claim], outcome: Outcome) -> Outcome:
        """What is wrong by its shape alone may be right where names are larger arrays."""
        for shapes in self.network.larger:
            way = Way(with_shapes(self.network, shapes))
            if way.judged(claim, conditions).standing is Standing.RIGHT:
                ours, theirs = self.network.shapes, way.network.shapes
                name = next(str(key) for key in ours if form(theirs[key]) != form(ours[key]))
                error = MeaningError(f"this depends on what {name} is", "say it with --shapes", "unknown")
                return Outcome.unknown(claim, error)
        return outcome

    def _of_each_example(self, claim: Claim, conditions: Sequence[Claim], outcome: Outcome) -> Outcome:
        """What is said of each example, as by da/dz = a (1 - a)."""
        shapes = self.network.found.single
        if shapes is None or outcome.standing is Standing.RIGHT:
            return outcome
        if is_of_one_example(self.text, shapes, claim):
            found = self.single.judged(claim, conditions)
            return replace(found, notes=(*found.notes, OF_ONE), way=self.single)
        return outcome

    def _is_of_two_axes(self, claim: Claim, outcome: Outcome) -> bool:
        """Whether a letter of the left side runs over axes that need not be as long as each other."""
        letters = {
            letter.text
            for node in walk(claim.sides[0])
            if isinstance(node, Scripted)
            for letter in node.sub
            if isinstance(letter, Symbol)
        }
        every = (node for side in claim.sides for node in walk(side))
        sums = (node for node in every if isinstance(node, BigSum | BigOperation))
        free = letters - {letter for node in sums for letter in letters_over(node)}
        return any(isinstance(fault, LetterError) and fault.letter in free for fault in outcome.faults)

    @cached_property
    def square(self) -> Way:
        """The same with all axes as long as each other: what is wrong there is wrong."""
        return self if self.network.is_square else Way(squared(self.network))

    @cached_property
    def resized(self) -> Way:
        """The same with axes of other lengths, and those of this way again in turn."""
        other = Way(resized(self.network))
        other.resized = self
        return other

    @cached_property
    def linked(self) -> Way:
        """The same with derivatives in products as links of a chain rule."""
        text = copy(self.text)
        text.taken = replace(text.taken, linked=True)
        return Way(replace(self.network, text=text))

    @cached_property
    def single(self) -> Way:
        """The same about one example, where names are taken for arrays of examples."""
        shapes = self.network.found.single
        assert shapes is not None
        return Way(with_shapes(self.network, shapes))

    def has_targets(self) -> bool:
        """Whether some arrays may be distributions."""
        return any(key.base in TARGETS and self.network.shapes.get(key) for key in self.text.inputs)

    def values(self, side: Node) -> list[Array]:
        """A formula's value at each point, worked out once. Raises MeaningError."""
        if side not in self._values_of:
            if len(self._values_of) >= MOST_FORMULAS:
                self._values_of.clear()
            self._values_of[side] = self._evaluate(side)
        found = self._values_of[side]
        if isinstance(found, MeaningError):
            raise found
        return found

    @cached_property
    def _values_of(self) -> dict[Node, list[Array] | MeaningError]:
        """Values of formulas, or why they have none: many wrong claims are compared with the same ones."""
        return {}

    def _evaluate(self, side: Node) -> list[Array] | MeaningError:
        made = self.expressions()
        try:
            laid = Reader(made, self.text).read(side)
            table = Table(self.network, made, self.points, [laid], ())
        except MeaningError as error:
            return error
        return table.faults[0] or table.values[0]

    def value(self, side: Node, values: Mapping[str, Named], number: int) -> tuple[Array, tuple[str, ...]]:
        """A formula's value where quantities have these, and the letters that its first axes are of.

        `number` is the course's point. Raises MeaningError.
        """
        made = self.expressions()
        laid = Reader(made, self.text).read(side)
        at = Point(self.network, dict(values), number)
        whole = Laid(made.written_in_full(laid.expression), laid.layout)
        table = Table(self.network, made, [at], [whole], (), may_be_open=True)
        if table.faults[0] is not None:
            raise table.faults[0]
        return table.values[0][0], tuple(table.letters)

    def common(self, claim: Claim, outcome: Outcome) -> list[Sequence[Array]]:
        """What stands before the broken side and that side, for the entries that both have."""
        assert outcome.broken is not None
        sides = [claim.sides[n] for n in (outcome.before, outcome.broken)]
        met: dict[str, set[str]] = {}
        for side in sides:
            probe = self.expressions()
            self._read(probe, side)
            for letter, axes in probe.met.items():
                met.setdefault(letter, set()).update(axes)
        made = self.expressions()
        for letter, axes in met.items():
            made.limit(letter, min(axes, key=int))
        table = Table(self.network, made, self.points, [self._read(made, side) for side in sides], ())
        return [table.values[n] for n in table.known] if len(table.known) > 1 else []

    def entry(self, reference: Reference, array: Array, number: int) -> Array:
        """What a name speaks of, of another array at a point. Raises MeaningError."""
        made, name = self.expressions(), "another value"
        layout = laid_out(array.shape)
        axes = tuple(axis for axis in layout if axis != ONE)
        found = Reader(made, self.text).entry(Laid(Name(name, axes), layout), reference)
        value = Named(array.reshape([int(axis_of(axis)) for axis in axes]), axes)
        at = self.points[number]
        there = replace(at, values={**at.values, name: value})
        network = replace(self.network, lengths={**self.network.lengths, **lengths_of(layout)})
        table = Table(network, made, [there], [found], ())
        if table.faults[0] is not None:
            raise table.faults[0]
        return table.values[0][0]

    def _as_known(self, claim: Claim, outcome: Outcome, made: Expressions) -> Outcome:
        """What fails with one thing in the place of an unknown one may hold with another."""
        if outcome.broken is None:
            return outcome
        error = self._unknown(claim, outcome) or self._unsure(made)
        if error is None:
            return outcome
        error.span = claim.sides[outcome.broken].span
        standings = tuple(Standing.CANNOT_TELL if one is Standing.WRONG else one for one in outcome.standings)
        faults = tuple(error if n == outcome.broken else one for n, one in enumerate(outcome.faults))
        return Outcome(claim, standings, faults, notes=outcome.notes)

    def lengths(self, made: Expressions) -> Lengths:
        """How long axes are, those of letters that were read too."""
        return _lengths(self.network, made)

    def _unsure(self, made: Expressions) -> MeaningError | None:
        """Nothing is wrong without two witnesses: the derived equations, and differences."""
        lengths = self.lengths(made)
        if all(self.points[0].agrees(one, lengths) for one in made.derivatives):
            return None
        return MeaningError("differences and derivatives do not agree here")

    def _unknown(self, claim: Claim, outcome: Outcome) -> MeaningError | None:
        """What the text would have to say for the claim to be wrong."""
        assert outcome.broken is not None
        if _is_word(claim.sides[0]) and self.text.names.course is not None:
            return MeaningError("is this one name?", "write \\mathrm around it", "unknown")
        for name in self.text.unknown_functions(claim):
            return MeaningError(f"which function is {name}?", f"write what it is: {name}(x) = …", "unknown")
        if what := self.text.equation(claim, outcome.broken):
            kind: Kind = "unknown" if any(self.text.foreign(claim)) else "equation"
            return MeaningError(f"this may say {what}", "write where it holds", kind)
        if any(map(self._fails, self.text.constraints(claim))):
            message = "the text says where something has to be; this may hold there"
            return MeaningError(message, kind="equation")
        deltas = [key for key, delta in self.text.deltas_in(claim) if all(map(self._fails, delta.claims))]
        of = [self.text.is_of_an_objective(claim.sides[n]) for n in (outcome.before, outcome.broken)]
        objectives = self.text.objectives if any(of) and not all(of) else ()
        foreign = (key for key in self.text.foreign(claim) if key not in self.network.counts)
        for key in (*deltas, *foreign, *objectives):
            if key in self.text.names.layerless:
                return MeaningError("which layer's is this?", "write its number", "layer")
            return MeaningError(f"the text does not say what {key} is", f"write {key} = …", "unknown")
        return None

    def _fails(self, claim: Claim) -> bool:
        """Whether a claim does not hold everywhere."""
        made = self.expressions()
        sides = [self._read(made, side) for side in claim.sides]
        return self._at(self.points, claim, made, sides, ()).standing is Standing.WRONG

    def expressions(self) -> Expressions:
        """An algebra in which formulas of the text are read."""
        return Expressions(
            self.network.shapes,
            self.network.definitions,
            self.network.auxiliaries,
            self.network.lengths,
            fixed=self.network.fixed,
            course=self.text.names.course,
        )

    def is_jacobian(self, side: Node) -> bool:
        """Whether it is the derivative of a vector, which lies in either of two layouts."""
        if not isinstance(side, Derivative) or side.of is None:
            return False
        of = self._read(self.expressions(), side.of)
        return isinstance(of, Laid) and bool(of.layout)

    def _read(self, made: Expressions, side: Node) -> Laid | MeaningError:
        try:
            return Reader(made, self.text).read(side)
        except MeaningError as error:
            return error

    def _at(
        self,
        points: Sequence[Point],
        claim: Claim,
        made: Expressions,
        sides: Sequence[Laid | MeaningError],
        conditions: Sequence[Claim],
    ) -> Outcome:
        jacobian = self.is_jacobian(claim.sides[0])
        try:
            holding = self.conditions(made, conditions)
        except MeaningError as error:
            return Outcome.unknown(claim, error)
        zeros = [n for n, side in enumerate(claim.sides) if side == Number(0.0)]
        rounded = {n: half for n, side in enumerate(claim.sides) if (half := half_of_last_digit(side))}
        table = Table(
            self.network, made, points, sides, holding, is_jacobian=jacobian, zeros=zeros, rounded=rounded
        )
        if table.nowhere:
            return Outcome.unknown(claim, MeaningError("its condition holds nowhere that was tried"))
        standings: list[Standing] = []
        broken: tuple[int, int] | None = None
        for n, fault in enumerate(table.faults):
            earlier = [k for k in table.known if k < n]
            if fault is not None:
                fits = fault.kind != "shape" or not (earlier or table.is_strict)
                links = not isinstance(fault, LetterError) and self._is_chain_rule(claim, n)
                standing = Standing.RIGHT if links else Standing.CANNOT_TELL if fits else Standing.WRONG
            else:
                holds = not earlier or table.agree(earlier[-1], n) or table.agree(earlier[0], n)
                standing = Standing.RIGHT if holds else Standing.WRONG
            if standing is Standing.WRONG and broken is None:
                broken = n, earlier[-1] if earlier else n
            standings.append(standing)
        known = table.known
        end_right = (
            broken is not None
            and len(known) > 1
            and known[-1] != broken[0]
            and table.agree(known[0], known[-1])
        )
        if broken is not None and table.is_strict and (some := table.failing(*broken)):
            table.notes[some] = None
        return Outcome(
            claim,
            tuple(standings),
            tuple(table.faults),
            tuple(tuple(table.values[n]) for n in known),
            tuple(known),
            None if broken is None else broken[0],
            0 if broken is None else broken[1],
            end_right,
            tuple({**made.notes, **table.notes}),
        )

    def _is_chain_rule(self, claim: Claim, n: int) -> bool:
        """Whether a side is the chain rule as such for the first one, and nothing is left out."""
        first, side, text = claim.sides[0], claim.sides[n], self.text
        if not is_chain_rule(first, side, partial(_mean_same, text)) or not isinstance(first, Derivative):
            return False
        links = side.factors[1:] if isinstance(side, Product) else ()
        middle = [link.of for link in links if isinstance(link, Derivative) and link.of is not None]
        names = [text.names.reference(node) for node in (first.of, first.by, *middle) if node is not None]
        of, by, *through = [name.key for name in names if name is not None]
        return len(names) > 2 + len(through) or all(text.passes(of, by, key) for key in through)

    def conditions(self, made: Expressions, claims: Sequence[Claim]) -> list[Expr]:
        """What has to hold, each as a value that is 0 where it does not. Raises MeaningError."""
        found = []
        for claim in claims:
            for left, relation, right in zip(claim.sides, claim.relations, claim.sides[1:], strict=False):
                condition = Comparison(left, "=" if relation in EQUAL else relation, right, claim.span)
                laid = Reader(made, self.text).read(condition)
                if laid.layout:
                    raise MeaningError("a condition is on numbers")
                found.append(laid.expression)
        return found


class Numbers(Protocol):
    """A point, as far as values are concerned."""

    def value(self, expression: Expr, lengths: Lengths) -> Named:
        """An expression's value there."""


class Table:
    """The values of a claim's sides, at each point: arrays with the claim's letters in front."""

    def __init__(
        self,
        network: Network,
        made: Expressions,
        points: Sequence[Numbers],
        sides: Sequence[Laid | MeaningError],
        conditions: Sequence[Expr],
        *,
        is_jacobian: bool = False,
        zeros: Collection[int] = (),
        rounded: Mapping[int, float] = NOT_ROUNDED,
        may_be_open: bool = False,
    ) -> None:
        self.may_be_open = may_be_open
        """Whether quantities may have no numbers yet."""
        self.points, self.is_jacobian, self.zeros, self.rounded = points, is_jacobian, zeros, rounded
        self.is_strict = network.text.names.course is not None
        self.lengths = _lengths(network, made)
        self.notes: dict[str, None] = {}
        self.faults: list[MeaningError | None] = [
            side if isinstance(side, MeaningError) else None for side in sides
        ]
        laid = {n: side for n, side in enumerate(sides) if isinstance(side, Laid)}
        self.letters = sorted(
            {axis for side in laid.values() for axis in side.expression.axes if axis not in side.layout}
        )
        self.nowhere = bool(conditions)
        """Whether its conditions hold nowhere."""
        self.conditions = conditions
        self.values: dict[int, list[Array]] = {}
        for n, side in laid.items():
            try:
                self.values[n] = [self._array(at, side) for at in points]
            except MeaningError as error:
                self.faults[n] = error

    @property
    def known(self) -> list[int]:
        """The sides that have values."""
        return [n for n in self.values if self.faults[n] is None]

    def _array(self, at: Numbers, side: Laid) -> Array:
        """The value, rows and columns last."""
        mine = [axis for axis in side.layout if axis != ONE]
        lengths = self.lengths
        if unknown := [
            axis
            for axis in (*self.letters, *mine)
            if axis not in lengths and axis.rstrip("'*") not in lengths
        ]:
            raise MeaningError(f"over what {unknown[0]} runs is not known here", "", "index")
        value = at.value(side.expression, lengths)
        whole = filled(value, (*self.letters, *mine), lengths)
        if sorted(whole.axes) != sorted((*self.letters, *mine)):
            raise MeaningError("this is no array of rows and columns")
        array = whole.array.transpose([whole.axes.index(axis) for axis in (*self.letters, *mine)])
        places = [slice(None)] * len(self.letters) + [
            slice(None) if axis != ONE else None for axis in side.layout
        ]
        array = np.asarray(array[tuple(places)])
        if not np.isfinite(array).all() and not self.may_be_open:
            what = "not a number" if np.isnan(array).any() else "infinite"
            raise MeaningError(f"this is {what} at a point that was tried", "", "not finite")
        return array[self._holding(at, array.shape[: len(self.letters)])] if self.conditions else array

    def _holding(self, at: Numbers, shape: tuple[int, ...]) -> Mask:
        """For which values of the letters all conditions hold."""
        holds = np.ones(shape, bool)
        for condition in self.conditions:
            value = at.value(condition, self.lengths)
            if not set(value.axes) <= set(self.letters):
                raise MeaningError("a condition is about something else")
            whole = filled(value, tuple(self.letters), self.lengths)
            holds &= whole.array.transpose([whole.axes.index(axis) for axis in self.letters]) != 0
        self.nowhere &= not holds.any()
        return holds

    def failing(self, a: int, b: int) -> str:
        """For which values of the letters two sides differ, where they are the same for others."""
        pairs = [(x, y) for x, y in zip(self.values.get(a, ()), self.values.get(b, ()), strict=False)]
        if not pairs or not self.letters or any(x.shape != y.shape for x, y in pairs):
            return ""
        across = tuple(range(len(self.letters), pairs[0][0].ndim))
        off = np.logical_or.reduce([(~np.isclose(x, y, CLOSE, 0)).any(across) for x, y in pairs])
        if off.all() or not off.any():
            return ""
        first = zip(self.letters, np.argwhere(off)[0], strict=True)
        values = ", ".join(f"{letter.partition('_')[0]} = {value + 1}" for letter, value in first)
        return f"it fails for {values}, and holds for other values"

    def agree(self, a: int, b: int) -> bool:
        """Whether two sides are the same numbers at every point."""
        if a in self.zeros or b in self.zeros:
            return all(np.abs(value).max(initial=0) <= TINY for n in (a, b) for value in self.values[n])
        pairs = list(zip(self.values[a], self.values[b], strict=True))
        if all(same(one, other) for one, other in pairs):
            return True
        if half := max(self.rounded.get(a, 0.0), self.rounded.get(b, 0.0)):
            is_near = all(np.abs(one - other).max(initial=0) <= half for one, other in pairs)
            self.notes |= dict.fromkeys([ROUNDED] * is_near)
            return is_near
        if not self.is_strict and all(_is_each_entry(one, other) for one, other in pairs):
            self.notes[ENTRIES] = None
            return True
        if self.is_strict and all(_of_entries(one, other, len(self.letters)) for one, other in pairs):
            self.notes[ENTRIES] = None
            return True
        if self.is_jacobian and all(_is_diagonal(*pair) for pair in pairs):
            self.notes[DIAGONAL] = None
            return True
        if not all(one.ndim == other.ndim >= 2 for one, other in pairs):
            return False
        if self.is_strict and not self.is_jacobian:
            return False
        turned = all(same(one, np.swapaxes(other, -1, -2)) for one, other in pairs)
        note = AS_A_ROW if 1 in pairs[0][0].shape[-2:] else TURNED if self.is_jacobian else ""
        if turned and note:
            self.notes[note] = None
        return turned and bool(note)


def is_misshapen(outcome: Outcome) -> bool:
    """Whether a side is wrong since its shape is."""
    if outcome.standing is not Standing.WRONG or outcome.broken is None:
        return False
    if (fault := outcome.faults[outcome.broken]) is not None:
        return fault.kind == "shape"
    shapes = [outcome.values[outcome.known.index(n)][0].shape for n in (outcome.before, outcome.broken)]
    return shapes[0] != shapes[1]


def _is_each_entry(a: Array, b: Array) -> bool:
    """Whether one is a number, and the other an array with that number everywhere, as dL/dx = 1."""
    return min(a.size, b.size) == 1 and a.size != b.size and same(*np.broadcast_arrays(a, b))


def _is_diagonal(a: Array, b: Array) -> bool:
    """Whether a square matrix has another array as its diagonal, and nothing else: ∂a/∂z beside a (1 - a)."""
    a, b = (a, b) if a.size > b.size else (b, a)
    if a.ndim != 2 or a.shape[0] != a.shape[1] or b.ndim not in (0, 2) or 1 not in (*b.shape, b.size):
        return False
    if b.size not in (1, len(a)):
        return False
    return same(a, np.diag(np.broadcast_to(b.ravel(), len(a))))


def _lengths(network: Network, made: Expressions) -> Lengths:
    """How long axes are, those of letters too."""
    known = network.lengths
    return {**known, **{letter: known[axis] for letter, axis in made.lengths.items() if axis in known}}


def half_of_last_digit(side: Node) -> float:
    """How far a decimal number that somebody has written may be off, as 0.3333 is of 1/3; 0 of others."""
    value = without_minus(side)
    if not isinstance(value, Number):
        return 0.0
    decimals = len(f"{value.value:.15g}".partition(".")[2])
    return 0.51 * 10.0**-decimals if 2 <= decimals <= MOST_DECIMALS else 0.0


def same(a: Array, b: Array) -> bool:
    """Whether two arrays are the same numbers, up to rounding."""
    if a.size == b.size == 1:
        a, b = a.reshape(()), b.reshape(())  # an array of one number is a number
    if a.shape != b.shape:
        return False
    scale = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0), 1e-300)
    return bool(np.abs(a - b).max(initial=0) <= CLOSE * scale)


def _is_word(side: Node) -> bool:
    """Whether letters stand side by side, as those of a word do."""
    side = side.inner if isinstance(side, Bracket) else side
    letters = side.factors if isinstance(side, Product) and not any(side.operators) else ()
    return len(letters) > 1 and all(isinstance(one, Symbol) and len(one.text) == 1 for one in letters)


def _of_entries(a: Array, b: Array, letters: int) -> bool:
    """Whether one has the other's numbers as its entries: b of b_j, beside what has an index j."""
    if a.ndim < b.ndim:
        a, b = b, a
    if b.ndim != letters or a.ndim != letters + 2 or 1 not in a.shape[letters:]:
        return False
    a = a.reshape(*a.shape[:letters], -1)
    axes = [n for n in range(letters) if a.shape[n] == a.shape[-1]]
    return any(same(np.moveaxis(np.diagonal(a, 0, n, -1), -1, n), b) for n in axes)


def _mean_same(text: Text, a: Node, b: Node) -> bool:
    one, other = text.names.reference(a), text.names.reference(b)
    return a == b if one is None or other is None else one == other
