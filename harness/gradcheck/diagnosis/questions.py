"""What a diagnosis asks of a spec and of a submission: the cases again, and probes where sizes may vary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.diagnose import Findings, diagnose
from gradcheck.diagnosis.evidence import Evidence, decimals
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.probes import probes
from gradcheck.network.rounding import response
from gradcheck.oracle.entry import ROUNDINGS
from gradcheck.oracle.key import AnswerKey
from gradcheck.slopes import EPS
from gradcheck.specification.cases import Case, draw
from gradcheck.specification.inputs import inputs
from gradcheck.submission.records import Call, Failure, Outcome
from gradcheck.verdict.errors import fits_single
from gradcheck.verdict.finding import examine
from gradcheck.verdict.records import Precision, Status
from gradcheck.verdict.tolerance import DOUBLE, EPS_SINGLE, SINGLE

REMEMBERED = 256
"""How many different wrong answers to a spec keep their findings."""


class Questions:
    """One spec's cases and probes, with what is right and what mistakes predict."""

    def __init__(self, key: AnswerKey) -> None:
        self.key = key
        spec = key.spec
        self.plans = (*spec.cases, *probes(spec))
        self.cases: list[Case] = [draw(spec.sized(plan), plan.batch, plan.seed) for plan in self.plans]
        local = list(spec.stack.local(1)) if any("/" in name for name in key.symbols) else []
        self.predictions = Predictions(self.cases, local=local)
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

    def evidence(self, results: Sequence[Outcome | Failure], precision: Precision) -> list[Evidence]:
        """What the results of the cases, and of the probes if they follow, say; judged by that precision."""
        answers = {n: self._answers(r) for n, r in enumerate(results) if isinstance(r, Outcome)}
        known = [n for n in answers if n < len(self.key.cases)]
        fair = {n: _fair(self.key, n, results[n], precision) for n in known}
        return [replace(one, fair=fair.get(one.number, frozenset())) for one in self.seen(answers, precision)]

    def seen(
        self, answers: Mapping[int, Mapping[str, Array]], precision: Precision | None = None
    ) -> list[Evidence]:
        """The evidence in answers by the numbers of cases and probes, in canonical names and layout."""
        precision = precision or Precision()
        gradients = {f"{n} {name}": a for n, answer in answers.items() for name, a in answer.items()}
        places = decimals(gradients)
        single = precision.single or any(
            fits_single(a) and np.any(a) and a.size > 1 for a in gradients.values()
        )
        measure = replace(precision, single=single)
        return [
            Evidence(
                number,
                answer,
                self._true(number, answer),
                places,
                single,
                {
                    name: self._tolerance(a, self._responses[number].get(name), measure, name)
                    for name, a in self._true(number, answer).items()
                },
            )
            for number, answer in answers.items()
            if answer
        ]

    def fresh(
        self, key: AnswerKey, outcome: Outcome, known: Sequence[Evidence], precision: Precision
    ) -> tuple[Predictions, Evidence]:
        """The predictions with those of the key's fresh case, and what the submission's answer to it says.

        How its numbers are rounded is known from those of the `known` cases.
        """
        (case,) = key.fresh
        predictions = self.predictions.with_case(case.case(self.key.spec))
        number, answer = len(self.predictions.points), self._answers(outcome)
        true = {name: a for name, a in _right(predictions, number).items() if name in answer}
        responses = {name: entry.response for name, entry in case.entries.items()}
        tolerance = {
            name: self._tolerance(true[name], responses.get(name), precision, name) for name in answer
        }
        fair = _fair(key, len(key.own.cases), outcome, precision)
        one = Evidence(number, answer, true, known[0].decimals, known[0].single, tolerance, fair)
        return predictions, one

    def _answers(self, outcome: Outcome) -> dict[str, Array]:
        """The numbers of the quantities, in canonical layout."""
        arrays = {
            name: outcome.arrays[symbol].astype(np.float64)
            for name, symbol in self.key.symbols.items()
            if symbol in outcome.arrays and outcome.arrays[symbol].dtype != np.float16
        }
        finite = {name: a for name, a in arrays.items() if np.isfinite(a).all()}
        return self.key.spec.layered_notation.restored(finite)

    def _true(self, number: int, names: Iterable[str]) -> dict[str, Array]:
        known = _right(self.predictions, number)
        return {name: known[name] for name in names}

    def _tolerance(
        self, true: Array, response_to_rounding: float | None, precision: Precision, name: str
    ) -> float:
        """How far the verdict lets a quantity of a case or a probe be off."""
        single = precision.single and name not in precision.strict
        relative = self.key.spec.tolerance or DOUBLE
        size = float(np.abs(true).max(initial=0.0))
        rounding = max(size, 1.0) if response_to_rounding is None else response_to_rounding
        return max(
            (max(relative, SINGLE) if single else relative) * size,
            ROUNDINGS * (EPS_SINGLE if single else EPS) * rounding,
        )

    @cached_property
    def _responses(self) -> list[Mapping[str, float]]:
        """Of each case and probe what rounding does to each quantity."""
        whole = self.predictions.equations.whole
        return [response(whole, point.given, point.lengths) for point in self.predictions.points]


def _right(predictions: Predictions, number: int) -> dict[str, Array]:
    """All that has a name in a case, as it should be."""
    point = predictions.points[number]
    return {**point.gradients, **point.forward}


def _fair(key: AnswerKey, number: int, result: Outcome | Failure, precision: Precision) -> frozenset[str]:
    """The quantities in which the verdict finds nothing wrong, in what a notation folds part by part."""
    wrong: dict[str, Array] = {}
    for name in key.symbols:
        finding = examine(key, name, number, result, precision)
        shape = key.cases[number].entries[name].autograd.shape
        judged = finding.judged if finding.reason == "values" else None
        mask = judged.wrong if judged else np.full(shape, finding.status is Status.WRONG)
        wrong[name] = mask.astype(float)
    parts = key.spec.layered_notation.restored(wrong)
    return frozenset(name for name, mask in parts.items() if not mask.any())


@lru_cache(maxsize=64)
def questions(key: AnswerKey) -> Questions:
    """The questions of a spec, made once for a whole class."""
    return Questions(key)
