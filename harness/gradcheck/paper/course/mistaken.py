"""The mistakes of the catalogue that make a side's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property

from gradcheck.arrays import Array
from gradcheck.derivation.point import Point
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.mistakes.records import Fault
from gradcheck.mistakes.statements import Statements
from gradcheck.paper.course.subject import About
from gradcheck.paper.judge import Way, same
from gradcheck.paper.values.algebra import MeaningError
from gradcheck.specification.notation import Notation
from gradcheck.specification.records import Spec


class Mistakes:
    """The catalogue on the points of a spec."""

    def __init__(self, spec: Spec, points: Sequence[Point]) -> None:
        self.spec, self.points = spec, points
        self._shown: dict[tuple[int, Fault], Mapping[str, Array]] = {}

    @property
    def notation(self) -> Notation:
        """That of the spec."""
        return self.spec.layered_notation

    @cached_property
    def _predictions(self) -> Predictions:
        return Predictions([point.case for point in self.points])

    def making(self, subject: About, way: Way, yours: Sequence[Array]) -> Fault | None:
        """The likeliest mistake that makes the same numbers everywhere."""
        left = list(self._predictions.singles)
        for n, own in enumerate(yours):
            left = [fault for fault in left if self._makes(fault, subject, way, n, own)]
        return min(left, key=lambda fault: (len(fault.layers), -len(fault.mistake.seen)), default=None)

    def _makes(self, fault: Fault, subject: About, way: Way, n: int, own: Array) -> bool:
        """Whether a mistake makes these numbers at a point."""
        course = way.course
        point = course.points[way.points[n].number]
        number = next(m for m, base in enumerate(self.points) if base.case is point.case)
        array = point.laid(self._shown_of(number, fault)).get(subject.name)
        if array is None:
            return False
        with suppress(MeaningError, ValueError):  # an array of a wrong shape may have no such entry
            found = way.entry(subject.reference, array * course.weight_of(subject.name), n)
            return same(_beginning(found, own.shape), own)
        return False

    def _shown_of(self, number: int, fault: Fault) -> Mapping[str, Array]:
        """What a mistake makes at a point, in the learner's layout."""
        at = number, fault
        if at not in self._shown:
            made = self._predictions.one(number, fault) or {}
            known, folded = self.notation.known, self.notation.folded
            if folded:  # a bias beside the weights is shown with them
                made = {**self._predictions.right[number], **made}
            whole = {name: array for name, array in made.items() if name in known and not known[name].of}
            self._shown[at] = {}
            with suppress(ValueError):  # a wrong shape may fit no bias beside the weights
                self._shown[at] = self.notation.present(whole)
        return self._shown[at]

    def explained(self, fault: Fault, *, alone: bool) -> str:
        """The mistake as a formula of the reverse pass, in the learner's notation."""
        unknown = {fault.mistake.unknown: fault.unknown} if fault.mistake.unknown else {}
        equations, layer = self._predictions.equations, fault.layers[-1]
        statements = Statements(self.notation, equations, layer, unknown, single=alone)
        formula = statements.of_mistake(fault.mistake)[0]
        return f"These are the numbers of {formula.wrong}: {statements.clause(fault.mistake.says)}."


def _beginning(array: Array, shape: tuple[int, ...]) -> Array:
    """The array's first entries, so many as another one has."""
    larger = array.ndim == len(shape) and all(n >= m for n, m in zip(array.shape, shape, strict=True))
    return array[tuple(map(slice, shape))] if larger else array
