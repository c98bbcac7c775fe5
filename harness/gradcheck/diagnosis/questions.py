"""What a diagnosis asks of a spec and of a submission: the cases again, and probes where sizes may vary."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.evidence import Evidence, decimals
from gradcheck.diagnosis.findings import Change, Findings, changed_in, explained, is_composed
from gradcheck.diagnosis.match import unfitted
from gradcheck.diagnosis.sentences import named
from gradcheck.diagnosis.singles import Known, Table, packed, unpacked
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
    from gradcheck.diagnosis.truths import Truths
    from gradcheck.diagnosis.workings import Workings

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
        self._is_tried = False
        """Whether the table was worked out to be kept, whatever came of it."""

    @cached_property
    def workings(self) -> Workings[Any]:
        """The cases worked out anew."""
        from gradcheck.diagnosis.equations import EquationWorkings
        from gradcheck.diagnosis.layered import LayeredWorkings
        from gradcheck.diagnosis.probes import probes

        spec = self.key.spec
        workings = LayeredWorkings if spec.model is None else EquationWorkings
        return workings(spec, (*spec.cases, *probes(spec)))

    @property
    def truths(self) -> Truths:
        """All that is true of them."""
        truths: Truths = self.workings.truths
        return truths

    @cached_property
    def table(self) -> Table | None:
        """What single mistakes make of them, if it is kept."""
        stored = store.load(self._stored_at)
        return unpacked(self.key.spec.layered_notation.known, *stored) if stored else None

    @cached_property
    def _stored_at(self) -> str:
        return store.fingerprint(json.dumps(self.key.spec.data).encode(), b"single mistakes")

    def prepare(self) -> None:
        """Keep the table before any answer is wrong, if it is no larger than ROOM."""
        self.workings  # noqa: B018 (made, and kept: keep_table asks for no others)
        self.keep_table()

    def keep_table(self) -> None:
        """Keep it for the next wrong answer to the spec, if it is no larger than ROOM; once is enough."""
        if self.table is not None or "workings" not in self.__dict__ or self._is_tried:
            return
        self._is_tried = True
        table = self.workings.table(self._responses)
        if table is None:
            return
        header, arrays = packed(table)
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
        if self.table is None or all(one.is_zero for one in evidence):
            return None
        found = unfitted(self.table, evidence)
        return Findings(explained(self.table, evidence, found[0]), tuple(found)) if found else None

    def source(self, explanations: Sequence[Faults] = ()) -> Known:
        """What answers for these explanations: the table, if it is kept and holds them."""
        is_held = self.table is not None and all(map(self.table.holds, explanations))
        return self.table if self.table is not None and is_held else self.truths

    def completed(
        self, findings: Findings, source: Known, evidence: Sequence[Evidence]
    ) -> tuple[Findings, Sequence[Fact]]:
        """The findings, with what is changed in equations where the catalogue does not explain all.

        And what is true of the numbers where nothing explains them.
        """
        found = findings.explanations
        meeting = found[0] if found and is_composed(source, found[0]) else ()
        if found and not meeting:
            words = named(source, found) if isinstance(source, Table) else self.workings.named(found)
            return replace(findings, change=words), ()
        truths = self.truths if isinstance(source, Table) else source
        if all(one.is_zero for one in evidence):
            return findings, self.workings.facts(truths, evidence, findings)
        change = self.workings.change(truths, evidence, meeting)
        if change is not None:
            return _changed(replace(findings, explanations=()), change, truths, evidence, ()), ()
        if found:
            return replace(findings, change=self.workings.named(found)), ()
        change, unexplained = self.workings.part(truths, evidence)
        if change is not None:
            return _changed(findings, change, truths, evidence, unexplained), ()
        return findings, self.workings.facts(truths, evidence, findings)

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
        gradients = {f"{n} {name}": a for n, answer in answers.items() for name, a in answer.items()}
        places, precision = decimals(gradients), precision or Precision()
        single = precision.single or any(
            fits_single(a) and np.any(a) and a.size > 1 for a in gradients.values()
        )
        measure, source = replace(precision, single=single), self.source()
        return [
            self._of_case(number, answer, source, self._responses[number], measure, places)
            for number, answer in answers.items()
            if answer
        ]

    def _of_case(
        self,
        number: int,
        answer: Mapping[str, Array],
        known: Known,
        responses: Mapping[str, float],
        precision: Precision,
        places: int | None,
    ) -> Evidence:
        """The evidence in the answer to one case, rounded to so many decimals."""
        truth = known.truth(number)
        true = {name: truth[name] for name in answer}
        tolerance = {n: self._tolerance(a, responses.get(n), precision, n) for n, a in true.items()}
        return Evidence(number, answer, true, places, precision.single, tolerance)

    def tried(
        self,
        findings: Findings,
        known: Sequence[Evidence],
        key: AnswerKey,
        outcome: Outcome,
        precision: Precision,
    ) -> tuple[Findings, Truths, list[Evidence]]:
        """The findings on the `known` evidence as far as the answer to the key's fresh case bears them out.

        With what is true, and the evidence, of that case, too. How its numbers are rounded is known
        from those of the `known` cases.
        """
        (case,) = key.fresh
        truths = self.truths.with_point(self.workings.point(case))
        responses = {name: entry.response for name, entry in case.entries.items()}
        measure, number = replace(precision, single=known[0].single), len(truths) - 1
        one = self._of_case(number, self._answers(outcome), truths, responses, measure, known[0].decimals)
        one = replace(one, fair=_fair(key, len(key.own.cases), outcome, precision))
        return self.workings.tried(findings, truths, known, one), truths, [*known, one]

    def _answers(self, outcome: Outcome) -> dict[str, Array]:
        """The numbers of the quantities, in canonical layout."""
        arrays = {
            name: outcome.arrays[symbol].astype(np.float64)
            for name, symbol in self.key.symbols.items()
            if symbol in outcome.arrays and outcome.arrays[symbol].dtype != np.float16
        }
        finite = {name: a for name, a in arrays.items() if np.isfinite(a).all()}
        return self.key.spec.notation.restored(finite)

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
    def _responses(self) -> Sequence[Mapping[str, float]]:
        """Of each case and probe what rounding does to each quantity."""
        if self.table is not None:
            return self.table.responses
        from gradcheck.network.rounding import response

        own = [{n: entry.response for n, entry in case.entries.items()} for case in self.key.cases]
        whole, probes = self.truths.whole, self.truths.points[len(own) :]
        return [*own, *(response(whole, point.given, point.lengths) for point in probes)]


def _changed(
    findings: Findings, change: Change, known: Known, evidence: Sequence[Evidence], unexplained: Sequence[str]
) -> Findings:
    """The findings with a change of equations; where it is of gradients, numbers first go wrong there."""
    place = findings.place
    if not change.quantity:
        place = changed_in(known, evidence, change, unexplained)
    return replace(findings, place=place, change=change, unexplained=tuple(unexplained))


def _fair(key: AnswerKey, number: int, result: Outcome | Failure, precision: Precision) -> frozenset[str]:
    """The quantities in which the verdict finds nothing wrong, in what a notation folds part by part."""
    wrong: dict[str, Array] = {}
    for name in key.symbols:
        shape = key.cases[number].entries[name].autograd.shape
        mask = examine(key, name, number, result, precision).wrong_entries
        wrong[name] = np.broadcast_to(mask, shape).astype(float)
    parts = key.spec.notation.restored(wrong)
    return frozenset(name for name, mask in parts.items() if not mask.any())


@lru_cache(maxsize=64)
def questions(key: AnswerKey) -> Questions:
    """The questions of a spec, made once for a whole class."""
    return Questions(key)
