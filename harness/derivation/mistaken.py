"""The mistakes of the catalogue that make a side's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from harness.derivation.about import About
from harness.derivation.errors import MeaningError
from harness.derivation.judge import same
from harness.derivation.trials import Ground, Trial
from harness.diagnosis.predictions import Predictions
from harness.maths._arrays import Array
from harness.mistakes.records import Fault
from harness.mistakes.speaker import Speaker
from harness.mistakes.spoken import clause, statements


class Mistakes:
    """The catalogue on one ground."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._known: dict[tuple[Fault, int], Mapping[str, Array]] = {}

    @cached_property
    def _predictions(self) -> Predictions:
        return Predictions([point.case for point in self.ground.points])

    def making(self, told: About, trials: Sequence[Trial], yours: Sequence[Array]) -> Fault | None:
        """The likeliest mistake that makes the same numbers everywhere."""
        found = [
            fault
            for fault in self._predictions.singles
            if all(self._makes(fault, told, t, own) for t, own in zip(trials, yours, strict=True))
        ]
        return min(found, key=lambda f: (len(f.layers), -len(f.mistake.seen)), default=None)

    def _makes(self, fault: Fault, told: About, trial: Trial, yours: Array) -> bool:
        try:
            name = told.name(trial.scope)
            shown = self._shown(fault, trial.point)
            if name not in shown:
                return False
            return same(told.entry(trial.scope, shown[name] * trial.scope.point.weight(name)), yours)
        except (MeaningError, ValueError, IndexError):
            return False

    def _shown(self, fault: Fault, point: int) -> Mapping[str, Array]:
        """What a mistake makes at a point, in the learner's layout."""
        key = fault, point
        if key not in self._known:
            made = self._predictions.one(point, fault) or {}
            whole = {name: array for name, array in made.items() if "/" not in name}
            self._known[key] = self.ground.words.notation.present(whole)
        return self._known[key]

    def said(self, fault: Fault, *, alone: bool) -> str:
        """The mistake as a formula of the reverse pass, in the learner's notation."""
        spec = self.ground.alone[0].spec
        unknown = {fault.mistake.unknown: fault.unknown} if fault.mistake.unknown else {}
        speaker = Speaker(spec.notation, self.ground.words.chain, fault.layers[-1], unknown, single=alone)
        formula = statements(fault.mistake, speaker)[0]
        return f"These are the numbers of {formula.wrong}: {clause(fault.mistake.says, speaker)}."
