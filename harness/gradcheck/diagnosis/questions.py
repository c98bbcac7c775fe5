"""What a diagnosis asks of a spec and of a submission: the cases again, and probes where sizes may vary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np

from gradcheck.diagnosis.diagnose import Findings, diagnose
from gradcheck.diagnosis.evidence import Evidence, decimals
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.probes import probes
from gradcheck.maths._arrays import Array
from gradcheck.oracle.entry import ROUNDINGS
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.oracle.slopes import EPS
from gradcheck.spec.cases import Case, draw
from gradcheck.spec.inputs import inputs
from gradcheck.submission.records import Call, Failure, Outcome
from gradcheck.verdict.compare import EPS_SINGLE, is_single

REMEMBERED = 256
"""How many different wrong answers to a spec keep their findings."""


class Questions:
    """One spec's cases and probes, with what is right and what mistakes predict."""

    def __init__(self, key: AnswerKey) -> None:
        self.key = key
        spec = key.spec
        self.plans = (*spec.cases, *probes(spec))
        self.cases: list[Case] = [draw(spec.chain(plan), plan.batch, plan.seed) for plan in self.plans]
        self.predictions = Predictions(self.cases, with_links=any("/" in name for name in key.symbols))
        self._found: dict[tuple[object, ...], Findings | None] = {}

    @cached_property
    def more(self) -> tuple[Call, ...]:
        """The probes, as calls."""
        reads = tuple(self.key.symbols.values())
        more = self.cases[len(self.key.cases) :]
        return tuple(Call(inputs(self.key.spec, case), reads, most=self.key.most) for case in more)

    def findings(self, evidence: Sequence[Evidence]) -> Findings | None:
        """The findings, looked for once for all in a class who have the same numbers."""
        at = tuple(one.digest for one in evidence)
        if at not in self._found:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[at] = diagnose(self.predictions, evidence)
        return self._found[at]

    def evidence(self, results: Sequence[Outcome | Failure]) -> list[Evidence]:
        """What the results of the cases, and of the probes if they follow, say."""
        return self.seen({n: self._answers(r) for n, r in enumerate(results) if isinstance(r, Outcome)})

    def seen(self, answers: Mapping[int, Mapping[str, Array]]) -> list[Evidence]:
        """The evidence in answers by the numbers of cases and probes, in canonical names and layout."""
        gradients = {f"{n} {name}": a for n, answer in answers.items() for name, a in answer.items()}
        places = decimals(gradients)
        single = any(is_single(a) and np.any(a) and a.size > 1 for a in gradients.values())
        return [
            Evidence(number, answer, self._true(number, answer), places, single, self._slack(number, single))
            for number, answer in answers.items()
            if answer
        ]

    def fresh(
        self, case: KeyCase, outcome: Outcome, known: Sequence[Evidence]
    ) -> tuple[Predictions, Evidence]:
        """The predictions with those of a fresh case, and what the submission's answer to it says.

        How exact its numbers are is known from those of the known cases.
        """
        predictions = self.predictions.with_case(case.case(self.key.spec))
        number, answer = len(self.predictions.scenes), self._answers(outcome)
        true = _right(predictions, number)
        eps = EPS_SINGLE if known[0].single else EPS
        slack = {name: ROUNDINGS * eps * entry.response for name, entry in case.entries.items()}
        alike = {name: true[name] for name in answer}
        return predictions, Evidence(number, answer, alike, known[0].decimals, known[0].single, slack)

    def _answers(self, outcome: Outcome) -> dict[str, Array]:
        """The numbers of the quantities, in canonical layout."""
        arrays = {
            name: outcome.arrays[symbol].astype(np.float64)
            for name, symbol in self.key.symbols.items()
            if symbol in outcome.arrays and outcome.arrays[symbol].dtype != np.float16
        }
        finite = {name: a for name, a in arrays.items() if np.isfinite(a).all()}
        return self.key.spec.notation.restored(finite)

    def _true(self, number: int, answer: Mapping[str, Array]) -> dict[str, Array]:
        known = _right(self.predictions, number)
        return {name: known[name] for name in answer}

    def _slack(self, number: int, single: bool) -> dict[str, float]:
        """What rounding may do."""
        if number >= len(self.key.cases):
            return {}
        entries = self.key.cases[number].entries
        eps = EPS_SINGLE if single else EPS
        return {name: ROUNDINGS * eps * entry.response for name, entry in entries.items()}


def _right(predictions: Predictions, number: int) -> dict[str, Array]:
    """All that has a name in a case, as it should be."""
    scene = predictions.scenes[number]
    return {**predictions.right[number], **scene.values, "J": np.asarray(scene.objective)}


@lru_cache(maxsize=64)
def questions(key: AnswerKey) -> Questions:
    """The questions of a spec, made once for a whole class."""
    return Questions(key)
