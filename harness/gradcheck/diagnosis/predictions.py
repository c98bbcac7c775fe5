"""What every mistake predicts for a spec's cases: found once, compared with all who are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.point import Point, StackPoint
from gradcheck.diagnosis.sketch import near, sketches_of
from gradcheck.diagnosis.truths import Truths
from gradcheck.edits.edit import Edit, behind, by_equation, edited
from gradcheck.expr.layout import Laid
from gradcheck.expr.named import Named
from gradcheck.expr.tree import Number, axis_of, substituted
from gradcheck.layers import Stack
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.edits import (
    NoSuchMistakeError,
    fits,
    independent,
    layers_of,
    replace_expressions,
    targets,
    unknown,
)
from gradcheck.mistakes.equations import Equations
from gradcheck.mistakes.records import Fault, Faults, Mistake
from gradcheck.network.copies import Copies
from gradcheck.network.forward import laid, run
from gradcheck.network.graph import needed
from gradcheck.network.records import Network
from gradcheck.quantity import Quantity
from gradcheck.specification.cases import Case

SAME = 1e-9
"""Two predictions that differ by less than this, relative to the larger, are the same numbers."""
ROUNDOFF = 1e-13
"""So are two that differ by less than this, relative to what is right: sums that are zero, say."""

UNKNOWN = np.zeros(2)
"""In the place of a sketch where there is none."""
ROOM, ENTRY = 8 << 20, 400
"""Bytes that predictions of pairs may take, and about how many each takes beside its numbers."""


class Predictions(Truths):
    """The cases of one spec of layers, and what mistakes make of them."""

    points: list[StackPoint]

    def __init__(self, cases: Sequence[Case], local: Sequence[str] = ()) -> None:
        """With those `local` derivatives, da1/dz1, among the gradients."""
        self.equations = Equations(cases[0].stack)
        super().__init__(
            [StackPoint(self.equations, case, local) for case in cases], cases[0].stack.parameters.keys()
        )
        self.local = local
        self.mistakes = list(CATALOGUE.values())
        self._rests: dict[tuple[tuple[Mistake, tuple[int, ...]], ...], _Rest | None] = {}
        self._reaches: dict[tuple[Mistake, tuple[int, ...]], frozenset[str]] = {}
        self._dependents: dict[frozenset[str], Network] = {}
        self._forget()

    def _forget(self) -> None:
        """Forget what goes by the number of a case, or by which cases there are."""
        self._changed: dict[Fault, frozenset[str]] = {}
        self._predicted: dict[tuple[int, Fault], Mapping[str, Array] | None] = {}
        self._together: dict[tuple[int, Faults, str], Array | None] = {}
        self._sketches: dict[tuple[int, str], dict[Faults, Array | None]] = {}
        self._room = ROOM

    @property
    def stack(self) -> Stack:
        """The network, in the sizes of the first case."""
        return self.equations.stack

    @property
    def known(self) -> Mapping[str, Quantity]:
        """Every quantity by its name, gradients and local derivatives, too."""
        return self.equations.known

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All gradients on the way back, local ones where they come in: causes before effects."""
        into = {self._factor_of(name): name for name in self.local}
        return tuple(part for name in self.equations.order for part in (into.get(name), name) if part)

    def _factor_of(self, local: str) -> str:
        """The gradient that a local derivative is a factor of: dz1 of da1/dz1."""
        return self.equations.known[local].gradient.name

    @cached_property
    def singles(self) -> tuple[Fault, ...]:
        """Every mistake at every layer where it can be made, and at all of them."""
        return tuple(self._faults(fitted=False))

    @cached_property
    def with_unknown(self) -> tuple[Fault, ...]:
        """Those whose formula holds a number that nobody knows."""
        return tuple(self._faults(fitted=True))

    def _faults(self, *, fitted: bool) -> Iterator[Fault]:
        for mistake in self.mistakes:
            if fitted != (mistake.unknown is not None and not mistake.known):
                continue
            # What the sizes of one case rule out may fit another's.
            layers = tuple(sorted({n for point in self.points for n in layers_of(mistake, point.stack)}))
            alone = [(n,) for n in layers] if mistake.scope == "layer" or len(layers) == 1 else []
            together = [tuple(layers)] if len(layers) > 1 else []
            together += [layers[1:]] if layers[:1] == (0,) and len(layers) > 2 else []
            for chosen in (*alone, *together):
                for value in mistake.known or (1.0,):
                    yield Fault(mistake, chosen, value)

    def changed(self, fault: Fault) -> frozenset[str]:
        """The gradients that the mistake changes in any case; none where it can't be made."""
        if fault not in self._changed:
            self._changed[fault] = frozenset(self._compared(fault))
        return self._changed[fault]

    def _compared(self, fault: Fault) -> set[str]:
        found: set[str] = set()
        for number in range(len(self.points)):
            predicted = self.one(number, fault)
            if predicted is not None:
                found |= self.altered(number, predicted)
        return found

    def altered(self, number: int, predicted: Mapping[str, Array]) -> set[str]:
        """The gradients of a case that are not the right ones."""
        right = self.right[number]
        return {
            name for name, array in predicted.items() if not same_numbers(array, right[name], right[name])
        }

    def affected(self, number: int, faults: Faults) -> set[str]:
        """The gradients of a case that mistakes, which can be made there, change together."""
        predicted = self.predicted(number, faults)
        assert predicted is not None
        return self.altered(number, predicted)

    def targets(self, fault: Fault) -> tuple[str, ...]:
        """The gradients whose own equations a mistake replaces."""
        made = [self.known[name] for name in targets(self.equations, fault)]
        return tuple(replace(one, base="z" if one.base == "h" else one.base).name for one in made)

    def reached(self, faults: Faults) -> frozenset[str]:
        """The gradients that may be others by these mistakes."""
        return frozenset().union(*map(self._reach, faults))

    def _reach(self, fault: Fault) -> frozenset[str]:
        at = fault.mistake, fault.layers
        if at not in self._reaches:
            changed = targets(self.equations, fault)
            from_data = changed if fault.mistake.part == "data" else ()
            local = {name for name in self.local if self._factor_of(name) in from_data}
            reached = local.union(self._behind(frozenset(changed)).equations)
            self._reaches[at] = frozenset(reached.intersection(self.order))
        return self._reaches[at]

    def _behind(self, names: frozenset[str]) -> Network:
        """The equations of some gradients and of all that depends on them."""
        if names not in self._dependents:
            self._dependents[names] = behind(self.equations.whole, names)
        return self._dependents[names]

    def one(self, number: int, fault: Fault) -> Mapping[str, Array] | None:
        """What a single mistake predicts for a case; None where it can't be made."""
        at = (number, fault)
        if at not in self._predicted:
            self._predicted[at] = self.predicted(number, (fault,))
        return self._predicted[at]

    def together(self, number: int, pair: Faults, name: str) -> Array | None:
        """What two mistakes predict for one quantity of a case; None where they can't be made.

        A class asks for the same pairs again and again: as many are kept as there is room for.
        """
        at = (number, pair, name)
        if at in self._together:
            return self._together[at]
        predicted = self.predicted(number, pair, upto=name)
        found = None if predicted is None else predicted.get(name, self.right[number][name])
        if self._room > 0:
            self._room -= ENTRY + (0 if found is None else found.nbytes)
            self._together[at] = found
        return found

    def may_make(self, one: Evidence, pairs: Sequence[Faults], name: str) -> Sequence[bool]:
        """Whether two mistakes may make what was handed in of one quantity, as far as sketches tell."""
        at = one.number, name
        known = self._sketches.setdefault(at, {})
        missing = [pair for pair in pairs if pair not in known]
        if self._room > 0:
            known |= self._sketched(one.number, missing, name)
            self._room -= ENTRY * len(missing)
        sketches = [known.get(pair) for pair in pairs]
        made = np.array([UNKNOWN if sketch is None else sketch for sketch in sketches])
        may = near(made, one.yours[name], one.widest(name))
        return [sketch is None or bool(is_near) for sketch, is_near in zip(sketches, may, strict=True)]

    def _sketched(self, number: int, pairs: Sequence[Faults], name: str) -> dict[Faults, Array | None]:
        """What mistakes that are made in equations of their own predict, all at once; None of others."""
        whole, point = self.equations.whole, self.points[number]
        order = {quantity: n for n, quantity in enumerate(whole.layouts)}
        edits: dict[Faults, Sequence[Edit]] = {}
        for pair in pairs if name in whole.equations else ():
            alone = [self._rest((fault,)) for fault in pair] if independent(self.equations, pair) else [None]
            several = [edit for rest in alone if rest for edit in rest.edits]
            is_plain = None not in alone and not any(fault.mistake.unknown for fault in pair)
            if is_plain and all(order.get(n, 0) < order[e.equation] for e in several for n in e.new.reads):
                edits[pair] = several
        copies = Copies(point.values, point.lengths, len(edits), by_equation(edits.values()))
        found: dict[Faults, Array | None] = dict.fromkeys(pairs)
        if edits:
            copies.run(needed(whole, [name]))
            sketches = sketches_of(copies.values[name], whole.layouts[name], copies)
            doubtful = copies.failed | copies.unfit
            found |= {p: None if n in doubtful else sketches[n] for n, p in enumerate(edits)}
        return found

    def composed(self, faults: Faults) -> tuple[Edit, ...]:
        """What mistakes make of equations together, with the values of unknown numbers."""
        numbers = {unknown(f.mistake).text: Number(f.unknown) for f in faults if f.mistake.unknown}
        rest = self._rest(faults)
        edits = () if rest is None else rest.edits
        return tuple(replace(edit, new=substituted(edit.new, numbers)) for edit in edits)

    def with_point(self, point: Point) -> Self:
        """The same predictions, and those of one more case behind the others."""
        more = super().with_point(point)
        more._forget()  # this case is another one every time
        return more

    def same(self, fault: Fault, other: Fault, names: Sequence[str]) -> bool:
        """Whether another mistake makes the same of these quantities, wherever the first can be made."""
        for number, right in enumerate(self.right):
            one, others = self.one(number, fault), self.one(number, other)
            if one is None:
                continue
            if others is None or not all(
                same_numbers(one.get(n, right[n]), others.get(n, right[n]), right[n]) for n in names
            ):
                return False
        return True

    def predicted(self, number: int, faults: Faults, upto: str = "") -> Mapping[str, Array] | None:
        """What mistakes change together in a case, `upto` a gradient; None where they can't be made."""
        rest, point = self._rest(faults), self.points[number]
        if rest is None or not all(fits(edit, point.lengths) for edit in rest.edits):
            return None
        values = dict(point.values)
        for fault in faults:
            if fault.mistake.unknown:
                values[unknown(fault.mistake).text] = Named(np.asarray(fault.unknown), ())
        try:
            network = needed(rest.network, [upto]) if upto in rest.network.equations else rest.network
            found = run(network, values, point.lengths)
            if not all(self._is_whole(edit, found[edit.equation], point) for edit in rest.edits):
                return None
            made = network.equations.keys() & rest.reached
            arrays = {n: laid(network, n, found[n], point.lengths) for n in made}
            return arrays | point.local_by(rest.data, {**values, **found})
        except ValueError:  # arrays that don't meet
            return None

    def _is_whole(self, edit: Edit, value: Named, point: Point) -> bool:
        """Whether what is no parameter's gradient has the shape that it must have."""
        lengths = tuple(point.lengths[axis_of(axis)] for axis in value.axes)
        return self.equations.parameter(edit.equation) is not None or value.array.shape == lengths

    def _rest(self, faults: Faults) -> _Rest | None:
        """What mistakes leave to be worked out; None where they can't be made."""
        at = tuple((fault.mistake, fault.layers) for fault in faults)
        if at not in self._rests:
            try:
                self._rests[at] = self._edited(faults)
            except NoSuchMistakeError:
                self._rests[at] = None
        return self._rests[at]

    def _edited(self, faults: Faults) -> _Rest:
        edits, data = self._edits(faults)
        rest = edited(self._behind(frozenset(edit.equation for edit in edits)), edits)
        rest = Network(rest.given, self.equations.ordered(rest.steps))
        local = {name for name in self.local if self._factor_of(name) in data}
        reached = rest.equations.keys() & set(self.equations.order)
        return _Rest(edits, data, rest, frozenset(reached | local))

    def _edits(self, faults: Faults) -> tuple[Sequence[Edit], Mapping[str, Laid]]:
        """The edits, and what the data's part of some gradients is made by, then."""
        if len(faults) > 1 and independent(self.equations, faults):
            alone = [self._rest((fault,)) for fault in faults]
            if None in alone:
                raise NoSuchMistakeError("one of several can't be made")
            known = [rest for rest in alone if rest]
            data = {name: made for rest in known for name, made in rest.data.items()}
            return [edit for rest in known for edit in rest.edits], data
        changes = replace_expressions(self.equations, faults)
        return changes.edits(), changes.data


@dataclass(frozen=True)
class _Rest:
    """What mistakes leave to be worked out."""

    edits: Sequence[Edit]
    data: Mapping[str, Laid]
    """What the data's part of some gradients is made by."""
    network: Network
    reached: frozenset[str]
    """The gradients that may be others."""


def same_numbers(a: Array, b: Array, right: Array) -> bool:
    """Whether two predictions of a quantity are the same numbers."""
    if a is b:
        return True
    if np.shape(a) != np.shape(b):
        return False
    size, largest = (max(np.abs(v).max(initial=0.0) for v in of) for of in ((right,), (a, b)))
    return bool(np.abs(a - b).max(initial=0.0) <= max(SAME * largest, ROUNDOFF * size))
