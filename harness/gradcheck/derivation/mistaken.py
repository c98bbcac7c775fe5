"""The mistakes of the catalogue that make a side's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

from gradcheck.arrays import Array
from gradcheck.derivation.about import About
from gradcheck.derivation.context import Context
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.evaluate import Scope
from gradcheck.derivation.judge import same
from gradcheck.derivation.trials import Trial
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.mistakes.records import Fault
from gradcheck.mistakes.statements import Statements


class _Made(NamedTuple):
    """An array, and which of the mistakes make it."""

    array: Array
    makers: set[int]


class Mistakes:
    """The catalogue on one context."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._made: dict[tuple[int, str], list[_Made]] = {}
        self._shown: dict[tuple[int, Fault], Mapping[str, Array]] = {}

    @cached_property
    def _predictions(self) -> Predictions:
        return Predictions([point.case for point in self.context.points])

    def making(self, subject: About, trials: Sequence[Trial], yours: Sequence[Array]) -> Fault | None:
        """The likeliest mistake that makes the same numbers everywhere."""
        singles = self._predictions.singles
        left = set(range(len(singles)))
        for trial, own in zip(trials, yours, strict=True):
            left = self._makers(subject, trial, own, left)
            if not left:
                return None
        found = [singles[number] for number in sorted(left)]
        return min(found, key=lambda f: (len(f.layers), -len(f.mistake.seen)), default=None)

    def _makers(self, subject: About, trial: Trial, yours: Array, among: set[int]) -> set[int]:
        """Those among the mistakes that make these numbers in a trial."""
        try:
            name = subject.name(trial.scope)
        except MeaningError:
            return set()
        weight = trial.scope.point.weight(name)
        found: set[int] = set()
        for made in self._makes(trial.point, name):
            makers = made.makers & among
            if makers and _is_entry(subject, trial.scope, made.array * weight, yours):
                found |= makers
        return found

    def _makes(self, point: int, name: str) -> list[_Made]:
        """What the mistakes make of a quantity at a point: many of them the same."""
        at = point, name
        if at not in self._made:
            every: dict[tuple[object, ...], _Made] = {}
            for number, fault in enumerate(self._predictions.singles):
                if (array := self._shown_of(point, fault).get(name)) is not None:
                    made = every.setdefault((array.shape, array.tobytes()), _Made(array, set()))
                    made.makers.add(number)
            self._made[at] = list(every.values())
        return self._made[at]

    def _shown_of(self, point: int, fault: Fault) -> Mapping[str, Array]:
        """What a mistake makes at a point, in the learner's layout."""
        at = point, fault
        if at not in self._shown:
            made = self._predictions.one(point, fault) or {}
            known, folded = self.context.words.notation.known, self.context.words.notation.folded
            if folded:  # a bias beside the weights is shown with them
                made = {**self._predictions.right[point], **made}
            whole = {name: array for name, array in made.items() if name in known and not known[name].of}
            self._shown[at] = {}
            with suppress(ValueError):  # a wrong shape may fit no bias beside the weights
                self._shown[at] = self.context.words.notation.present(whole)
        return self._shown[at]

    def explained(self, fault: Fault, *, alone: bool) -> str:
        """The mistake as a formula of the reverse pass, in the learner's notation."""
        spec = self.context.alone[0].spec
        unknown = {fault.mistake.unknown: fault.unknown} if fault.mistake.unknown else {}
        equations, layer = self._predictions.equations, fault.layers[-1]
        statements = Statements(spec.layered_notation, equations, layer, unknown, single=alone)
        formula = statements.of_mistake(fault.mistake)[0]
        return f"These are the numbers of {formula.wrong}: {statements.clause(fault.mistake.says)}."


def _is_entry(subject: About, scope: Scope, array: Array, yours: Array) -> bool:
    """Whether the entry that is spoken of has this value; an array of a wrong shape may have none."""
    try:
        return same(subject.entry(scope, array), yours)
    except (MeaningError, ValueError, IndexError):
        return False
