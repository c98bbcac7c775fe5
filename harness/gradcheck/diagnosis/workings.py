"""A spec's cases worked out anew, with its equations: for all that a table of single mistakes lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from inspect import signature

import numpy as np

from gradcheck.diagnosis.changes import Changes
from gradcheck.diagnosis.diagnose import diagnose
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.facts import Fact, facts_at
from gradcheck.diagnosis.findings import Change, Findings
from gradcheck.diagnosis.fresh import tried
from gradcheck.diagnosis.match import looked_up
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.probes import probes
from gradcheck.diagnosis.singles import Inputs, Row, Table
from gradcheck.diagnosis.tracing import explanations
from gradcheck.diagnosis.variants import Variants
from gradcheck.diagnosis.witness import Witness, makes
from gradcheck.diagnosis.wording import Wording
from gradcheck.edits.candidates import Candidates
from gradcheck.edits.explanation import Explanation
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.tree import Expr
from gradcheck.layers import Stack
from gradcheck.losses import LOSSES, OUTCOMES, Loss
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.records import Fault, Faults
from gradcheck.network.backward import backward
from gradcheck.network.rounding import response
from gradcheck.oracle.key import AnswerKey
from gradcheck.specification.cases import Case, draw
from gradcheck.specification.inputs import inputs


class Workings:
    """One spec's cases and probes, with what is right and what mistakes make of it."""

    def __init__(self, key: AnswerKey) -> None:
        self.key = key
        spec = key.spec
        self.plans = (*spec.cases, *probes(spec))
        self.cases: list[Case] = [draw(spec.sized(plan), plan.batch, plan.seed) for plan in self.plans]
        known = spec.stack.quantities
        is_asked = any(name in known and known[name].of for name in key.symbols)
        local = list(spec.stack.local(1)) if is_asked else []
        self.predictions = Predictions(self.cases, local=local)
        self.wording = Wording(key, self.predictions.equations)

    @cached_property
    def probes(self) -> tuple[Inputs, ...]:
        """What `run` is given in the probes."""
        return tuple(inputs(self.key.spec, case) for case in self.cases[len(self.key.cases) :])

    @cached_property
    def responses(self) -> list[Mapping[str, float]]:
        """Of each case and probe what rounding does to each quantity."""
        whole = self.predictions.equations.whole
        return [response(whole, point.given, point.lengths) for point in self.predictions.points]

    def findings(self, evidence: Sequence[Evidence]) -> Findings | None:
        """The findings; None where all numbers are right within what mistakes are told apart by."""
        return diagnose(self.predictions, evidence)

    def facts(
        self, predictions: Predictions, evidence: Sequence[Evidence], found: Findings
    ) -> Sequence[Fact]:
        """What is true of numbers that nothing explains; `predictions` are of all cases."""
        return facts_at(predictions, evidence, found.place, self.key.spec.layered_notation.folded)

    def tried(
        self, found: Findings, predictions: Predictions, evidence: Sequence[Evidence], fresh: Evidence
    ) -> Findings:
        """The findings as far as they hold on a fresh case, of which the `predictions` know."""
        explanations = tuple(tuple(map(_entered, faults)) for faults in found.explanations)
        return tried(replace(found, explanations=explanations), predictions, evidence, fresh)

    @cached_property
    def candidates(self) -> Candidates:
        """The edits of the network's equations."""
        equations, stack = self.predictions.equations, self.predictions.stack
        points = self.predictions.points
        return Candidates(
            stack.network,
            equations.whole,
            frozenset(stack.parameters),
            [point.lengths for point in points],
            partial(backward, by_name=True),
            partial(makes, equations.whole, points[0].values, points[0].lengths),
            {"J": _other_objectives(stack)},
        )

    @cached_property
    def variants(self) -> Variants:
        """Other networks that people have in mind."""
        asked = self.key.spec.layered_notation.unfolded(self.key.symbols)
        return Variants(self.candidates, asked, len(self.cases))

    def change(self, predictions: Predictions, evidence: Sequence[Evidence]) -> Change | None:
        """What is changed in equations that makes all numbers; `predictions` are of all cases."""
        whole = self.candidates.whole
        if any(not one.wrong <= whole.equations.keys() for one in evidence):
            return None
        points = predictions.points
        witnesses = [Witness(points[e.number].lengths, points[e.number].values, e) for e in evidence]
        found = explanations(self.variants, witnesses)
        if not found:
            return None
        change, edits = self._changes(found).change(found), found[0].edits
        instead = edits[0].instead
        if instead is None or instead.reads or instead.axes:
            return change
        number = float(evaluate(instead, {}, points[0].lengths).array)
        fault = looked_up(predictions, evidence, {edit.kind for edit in edits}, number)
        return change if fault is None else self._with_name(change, fault)

    def composed(self, predictions: Predictions, faults: Faults) -> Change | None:
        """What mistakes that are made one on top of the other make of the equations, all in one."""
        edits = predictions.composed(faults)
        if not edits:
            return None
        whole = (replace(edit, kind="other", part=edit.old, instead=edit.new) for edit in edits)
        found = [Explanation(tuple(whole))]
        change = self._changes(found).change(found)
        if len(change.corrections) == 1:
            change = change._replace(
                corrections=(change.corrections[0]._replace(change="two mistakes meet in it"),)
            )
        return change._replace(
            question=" ".join(dict.fromkeys(fault.mistake.hint for fault in faults)),
            explanations=(tuple(dict.fromkeys(fault.mistake.slug for fault in faults)),),
        )

    def _changes(self, found: Sequence[Explanation]) -> Changes:
        """The words for explanations, as they are said at the layer of the likeliest one."""
        first = self.predictions.known.get(found[0].edits[0].equation)
        layer = (first and first.layer) or 0
        writer = self.wording.statements(layer, {}).writer
        return Changes(self.candidates.whole, writer, self.key.symbols)

    def _with_name(self, change: Change, fault: Fault) -> Change:
        """With a mistake of the catalogue that makes the same numbers."""
        return change._replace(
            alternatives=(self.wording.correction(fault).change, *change.alternatives),
            question=f"{change.question} {fault.mistake.hint}",
            explanations=((fault.mistake.slug,),),
        )

    def table(self) -> Table:
        """What single mistakes make of all that is asked for, with what is said of them."""
        predictions = self.predictions
        asked = self.key.spec.layered_notation.unfolded(self.key.symbols)
        truths = [predictions.truth(number) for number in range(len(self.cases))]
        return Table(
            known=predictions.known,
            order=predictions.order,
            forward=predictions.forward,
            readings=predictions.readings,
            right=tuple({name: one[name] for name in asked} for one in truths),
            responses=tuple({n: v for n, v in one.items() if n in asked} for one in self.responses),
            probes=self.probes,
            rows=tuple(self._row(fault, frozenset(asked)) for fault in self._makeable()),
        )

    def _makeable(self) -> Iterator[Fault]:
        """The single mistakes that can be made in any case: of others there is no equation to write."""
        numbers = range(len(self.cases))
        for fault in self.predictions.singles:
            if any(self.predictions.one(number, fault) is not None for number in numbers):
                yield fault

    def _row(self, fault: Fault, asked: frozenset[str]) -> Row:
        predictions = self.predictions
        made = [predictions.one(number, fault) for number in range(len(self.cases))]
        return Row(
            fault,
            self.wording.correction(fault),
            predictions.reached((fault,)),
            predictions.targets(fault),
            tuple(
                frozenset() if one is None else frozenset(predictions.altered(number, one))
                for number, one in enumerate(made)
            ),
            tuple(
                None
                if one is None
                else {n: a for n, a in one.items() if n in asked and not np.array_equal(a, right[n])}
                for one, right in zip(made, predictions.right, strict=True)
            ),
        )


def _other_objectives(stack: Stack) -> list[Expr]:
    """What J would be with other losses of the same output and targets."""
    given = stack.network.given
    plain = (make for make in LOSSES.values() if not _required(make))
    losses = (make() for make in plain)
    others = (replace(stack, loss=loss) for loss in losses if loss.name != stack.loss.name)
    networks = (other.network for other in others if other.loss.targets in OUTCOMES)
    return [network.equations["J"].expression for network in networks if network.given == given]


def _required(make: Callable[..., Loss]) -> list[str]:
    """The options that a loss needs."""
    options = signature(make).parameters.values()
    return [option.name for option in options if option.default is option.empty]


def _entered(fault: Fault) -> Fault:
    """With the mistake as it is in the catalogue: one that was kept lacks its formula."""
    return replace(fault, mistake=CATALOGUE.get(fault.mistake.slug, fault.mistake))
