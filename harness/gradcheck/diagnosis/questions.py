"""What a diagnosis asks of a spec and of a submission: the cases again, and probes where sizes may vary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.evidence import Evidence, decimals
from gradcheck.diagnosis.findings import Findings, explained, is_composed
from gradcheck.diagnosis.match import unfitted
from gradcheck.diagnosis.singles import SinglePredictions, Table, Words, packed, unpacked
from gradcheck.mistakes.records import Faults
from gradcheck.oracle import store
from gradcheck.oracle.entry import ROUNDINGS
from gradcheck.oracle.key import AnswerKey
from gradcheck.slopes import EPS
from gradcheck.submission.records import Call, Failure, Outcome
from gradcheck.verdict.errors import fits_single
from gradcheck.verdict.finding import examine
from gradcheck.verdict.records import Precision
from gradcheck.verdict.tolerance import DOUBLE, EPS_SINGLE, SINGLE

if TYPE_CHECKING:
    from gradcheck.diagnosis.facts import Fact
    from gradcheck.diagnosis.predictions import Predictions
    from gradcheck.diagnosis.workings import Workings
    from gradcheck.specification.cases import Case

REMEMBERED = 256
"""How many different wrong answers to a spec keep their findings."""
ROOM = 4 << 20
"""Bytes that the numbers of a table may have that is kept."""


class Questions:
    """One spec's cases and probes, with what is right and what mistakes predict.

    What a kept table of single mistakes answers needs no equations; they are made where something else is
    asked for.
    """

    def __init__(self, key: AnswerKey) -> None:
        self.key = key
        self._found: dict[tuple[object, ...], Findings | None] = {}

    @cached_property
    def workings(self) -> Workings:
        """The cases worked out anew."""
        from gradcheck.diagnosis.workings import Workings

        return Workings(self.key)

    @property
    def cases(self) -> list[Case]:
        """The spec's own, and the probes."""
        return self.workings.cases

    @property
    def predictions(self) -> Predictions:
        """What any mistakes make of them."""
        return self.workings.predictions

    @cached_property
    def table(self) -> Table | None:
        """What single mistakes make of them, if it is kept."""
        stored = store.load(self._stored_at)
        return unpacked(self.key.spec.layered_notation.known, *stored) if stored else None

    @cached_property
    def _stored_at(self) -> str:
        return store.fingerprint(json.dumps(self.key.spec.data).encode(), b"single mistakes")

    def keep_table(self) -> None:
        """Keep it for the next wrong answer to the spec, if it is no larger than ROOM."""
        if self.table is not None or "workings" not in self.__dict__:
            return
        header, arrays = packed(self.workings.table())
        if sum(array.nbytes for array in arrays) <= ROOM:
            store.save(self._stored_at, header, arrays)

    @cached_property
    def more(self) -> tuple[Call, ...]:
        """The probes, as calls."""
        reads = tuple(self.key.symbols.values())
        probes = self.workings.probes if self.table is None else self.table.probes
        return tuple(Call(given, reads, most=self.key.most) for given in probes)

    def findings(self, evidence: Sequence[Evidence]) -> Findings | None:
        """The findings, looked for once for all in a class who have the same numbers.

        None where all numbers are right within what mistakes are told apart by.
        """
        if not any(one.wrong for one in evidence):
            return None
        at = tuple(one.digest for one in evidence)
        if at not in self._found:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[at] = self._by_table(evidence) or self.workings.findings(evidence)
        return self._found[at]

    def _by_table(self, evidence: Sequence[Evidence]) -> Findings | None:
        """The findings where one mistake that the table holds explains everything."""
        if self.table is None:
            return None
        found = unfitted(self.table, evidence)
        return Findings(explained(self.table, evidence, found[0]), tuple(found)) if found else None

    def source(self, explanations: Sequence[Faults] = ()) -> SinglePredictions:
        """What answers for these explanations: the table, if it is kept and holds them."""
        is_held = self.table is not None and all(map(self.table.holds, explanations))
        return self.table if self.table is not None and is_held else self.predictions

    def words(self, source: SinglePredictions) -> Words:
        """What is written of these explanations."""
        return source if isinstance(source, Table) else self.workings.wording

    def completed(
        self, findings: Findings, source: SinglePredictions, evidence: Sequence[Evidence]
    ) -> tuple[Findings, Sequence[Fact]]:
        """The findings, with what is changed in equations where the catalogue does not explain all.

        And what is true of the numbers where nothing explains them.
        """
        is_whole = bool(findings.explanations) and not findings.unexplained
        composed = is_whole and is_composed(source, findings.explanations[0])
        if is_whole and not composed:
            return findings, ()
        predictions = self.predictions if isinstance(source, Table) else source
        change = self.workings.change(predictions, evidence)
        if composed and (change is None or len(change.corrections) > 1):
            change = self.workings.composed(predictions, findings.explanations[0])
        if change is not None:
            return replace(findings, explanations=(), unexplained=(), change=change), ()
        return findings, () if findings.explanations else self.workings.facts(predictions, evidence, findings)

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

    def tried(
        self,
        findings: Findings,
        known: Sequence[Evidence],
        key: AnswerKey,
        outcome: Outcome,
        precision: Precision,
    ) -> tuple[Findings, Predictions, list[Evidence]]:
        """The findings on the `known` evidence as far as the answer to the key's fresh case bears them out.

        With the predictions and the evidence that hold that case, too. How its numbers are rounded is known
        from those of the `known` cases.
        """
        (case,) = key.fresh
        workings = self.workings
        predictions = workings.predictions.with_case(case.case(self.key.spec))
        number, answer = len(predictions) - 1, self._answers(outcome)
        right = predictions.truth(number)
        true = {name: right[name] for name in answer}
        responses = {name: entry.response for name, entry in case.entries.items()}
        tolerance = {
            name: self._tolerance(true[name], responses.get(name), precision, name) for name in answer
        }
        fair = _fair(key, len(key.own.cases), outcome, precision)
        one = Evidence(number, answer, true, known[0].decimals, known[0].single, tolerance, fair)
        return workings.tried(findings, predictions, known, one), predictions, [*known, one]

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
        known = self.source().truth(number)
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

    @property
    def _responses(self) -> Sequence[Mapping[str, float]]:
        """Of each case and probe what rounding does to each quantity."""
        return self.workings.responses if self.table is None else self.table.responses


def _fair(key: AnswerKey, number: int, result: Outcome | Failure, precision: Precision) -> frozenset[str]:
    """The quantities in which the verdict finds nothing wrong, in what a notation folds part by part."""
    wrong: dict[str, Array] = {}
    for name in key.symbols:
        shape = key.cases[number].entries[name].autograd.shape
        mask = examine(key, name, number, result, precision).wrong_entries
        wrong[name] = np.broadcast_to(mask, shape).astype(float)
    parts = key.spec.layered_notation.restored(wrong)
    return frozenset(name for name, mask in parts.items() if not mask.any())


@lru_cache(maxsize=64)
def questions(key: AnswerKey) -> Questions:
    """The questions of a spec, made once for a whole class."""
    return Questions(key)
