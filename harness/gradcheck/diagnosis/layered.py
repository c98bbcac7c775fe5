"""The cases and probes of a spec of layers worked out anew, with the mistakes of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from inspect import signature

import numpy as np

from gradcheck.diagnosis.changes import Changes
from gradcheck.diagnosis.diagnose import diagnose
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.findings import Change, Findings, compared, list_targets
from gradcheck.diagnosis.match import explains, looked_up, unfitted
from gradcheck.diagnosis.point import StackPoint
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.sentences import named
from gradcheck.diagnosis.singles import Inputs, Row, Table
from gradcheck.diagnosis.wording import Wording
from gradcheck.diagnosis.workings import Workings, candidates_of
from gradcheck.edits.candidates import Candidates
from gradcheck.edits.explanation import Explanation
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.tree import Expr
from gradcheck.layers import Stack
from gradcheck.losses import LOSSES, OUTCOMES, Loss
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.records import Fault, Faults
from gradcheck.network.backward import backward
from gradcheck.oracle.key import KeyCase
from gradcheck.specification.inputs import inputs
from gradcheck.specification.quantity import STRENGTH
from gradcheck.specification.records import CasePlan, Spec


class LayeredWorkings(Workings[Predictions]):
    """Of a network of layers."""

    def __init__(self, spec: Spec, plans: Sequence[CasePlan]) -> None:
        known = spec.stack.quantities
        is_asked = any(name in known and known[name].of for name in (*spec.check, *spec.accept))
        local = list(spec.stack.local(1)) if is_asked else []
        super().__init__(spec, Predictions(list(map(spec.draw, plans)), local=local))
        self.wording = Wording(spec, self.asked, self.truths.equations)

    @cached_property
    def probes(self) -> Sequence[Inputs]:
        """What `run` is given in the cases that are not the spec's own."""
        return tuple(inputs(self.spec, point.case) for point in self.truths.points[len(self.spec.cases) :])

    def point(self, case: KeyCase) -> StackPoint:
        """A case of an answer key."""
        return StackPoint(self.truths.equations, case.case(self.spec), self.truths.local)

    def findings(self, evidence: Sequence[Evidence]) -> Findings | None:
        """The findings; None where all numbers are right within what mistakes are told apart by."""
        return diagnose(self.truths, evidence)

    def tried(
        self, found: Findings, truths: Predictions, evidence: Sequence[Evidence], fresh: Evidence
    ) -> Findings:
        """The findings as far as they hold on a fresh case, of which the `truths` know."""
        explanations = (tuple(map(_entered, faults)) for faults in found.explanations)
        held = tuple(faults for faults in explanations if explains(truths, faults, [fresh]))
        return replace(found, explanations=held) if held else super().tried(found, truths, evidence, fresh)

    @cached_property
    def candidates(self) -> Candidates:
        """The edits of the network's equations."""
        others = {"J": _other_objectives(self.truths.stack)}
        return candidates_of(self.truths, partial(backward, by_name=True), others)

    def changes(self, found: Sequence[Explanation]) -> Changes:
        """The words for explanations, as they are said at the layer of the likeliest one."""
        first = self.truths.known.get(found[0].edits[0].equation)
        layer = (first and first.layer) or 0
        statements = self.wording.statements(layer, {})
        penalty = self.truths.stack.penalty
        constants = {STRENGTH: float(penalty["strength"])} if penalty else {}
        return Changes(
            self.truths.whole, statements.writer, self.asked, self.forward, constants, statements.word
        )

    def change(
        self, truths: Predictions, evidence: Sequence[Evidence], meeting: Faults = ()
    ) -> Change | None:
        """What is changed in equations that makes all numbers; `truths` are of all cases.

        With the name of a mistake of the catalogue that is found by such edits. Where mistakes are `meeting`
        in one equation, what they make of it all in one, unless one edit does.
        """
        found = self.explanations(truths, evidence)
        change = self.changes(found).change(found) if found else None
        if meeting and (change is None or len(change.corrections) > 1):
            return self._composed(truths, meeting)
        constant = found[0].edits[0].constant if found else None
        if change is None or constant is None:
            return change
        number = float(evaluate(constant, {}, truths.points[0].lengths).array)
        fault = looked_up(truths, evidence, {edit.kind for edit in found[0].edits}, number)
        return change if fault is None else self._with_name(change, fault)

    def _composed(self, predictions: Predictions, faults: Faults) -> Change | None:
        """What mistakes that are made one on top of the other make of the equations, all in one."""
        edits = predictions.composed(faults)
        if not edits:
            return None
        whole = (replace(edit, kind="other", part=edit.old, instead=edit.new) for edit in edits)
        found = [Explanation(tuple(whole))]
        change = self.changes(found).change(found)
        words, corrections = named(self.wording, [faults]), change.corrections
        if len(corrections) == 1:
            corrections = (corrections[0]._replace(change="two mistakes meet in it"),)
        return words._replace(corrections=corrections, category=change.category, equations=change.equations)

    def _with_name(self, change: Change, fault: Fault) -> Change:
        """With a mistake of the catalogue that makes the same numbers."""
        return change._replace(
            alternatives=(self.wording.correction(fault).change, *change.alternatives),
            question=f"{change.question} {fault.mistake.hint}",
            explanations=((fault.mistake.slug,),),
        )

    def named(self, found: Sequence[Faults]) -> Change:
        """What is written of mistakes of the catalogue, the likeliest first."""
        return named(self.wording, found)

    def named_of(self, truths: Predictions, evidence: Sequence[Evidence]) -> Change | None:
        """What is written of single mistakes that explain everything, if there are any."""
        found = unfitted(truths, evidence)
        if not found:
            return None
        targets = list_targets(truths, found[0], compared(truths, evidence)[0])
        return named(self.wording, found)._replace(equations=targets)

    def table(self, responses: Sequence[Mapping[str, float]]) -> Table:
        """What single mistakes make of all that is asked for, with what is said of them."""
        predictions, asked = self.truths, self.asked
        truths = [predictions.truth(number) for number in range(len(predictions))]
        return Table(
            known=predictions.known,
            order=predictions.order,
            forward=predictions.forward,
            readings=predictions.readings,
            right=tuple({name: one[name] for name in asked} for one in truths),
            responses=tuple({n: v for n, v in one.items() if n in asked} for one in responses),
            probes=tuple(self.probes),
            rows=tuple(self._row(fault, frozenset(asked)) for fault in self._makeable()),
        )

    def _makeable(self) -> Iterator[Fault]:
        """The single mistakes that can be made in any case: of others there is no equation to write."""
        numbers = range(len(self.truths))
        for fault in self.truths.singles:
            if any(self.truths.one(number, fault) is not None for number in numbers):
                yield fault

    def _row(self, fault: Fault, asked: frozenset[str]) -> Row:
        predictions = self.truths
        made = [predictions.one(number, fault) for number in range(len(self.truths))]
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
    losses = (make() for make in LOSSES.values() if not _needs_options(make))
    others = (replace(stack, loss=loss) for loss in losses if loss.name != stack.loss.name)
    known = (*OUTCOMES, stack.loss.targets)
    networks = (other.network for other in others if other.loss.targets in known)
    return [network.equations["J"].expression for network in networks if network.given == given]


def _needs_options(make: Callable[..., Loss]) -> bool:
    return any(option.default is option.empty for option in signature(make).parameters.values())


def _entered(fault: Fault) -> Fault:
    """With the mistake as it is in the catalogue: one that was kept lacks its formula."""
    return replace(fault, mistake=CATALOGUE.get(fault.mistake.slug, fault.mistake))
