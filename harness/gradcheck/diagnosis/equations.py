"""The cases of a spec in equations worked out anew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial

from gradcheck.diagnosis.changes import Changes
from gradcheck.diagnosis.point import Point
from gradcheck.diagnosis.truths import Truths
from gradcheck.diagnosis.workings import Workings, candidates_of
from gradcheck.edits.candidates import Candidates
from gradcheck.edits.explanation import Explanation
from gradcheck.edits.objectives import objectives
from gradcheck.expr.writing.paper import Paper
from gradcheck.expr.writing.plain import Plain
from gradcheck.network.backward import backward
from gradcheck.network.case import Case, draw
from gradcheck.network.model import Model
from gradcheck.network.write import writer_of
from gradcheck.oracle.key import KeyCase
from gradcheck.specification.records import CasePlan, Spec


class EquationWorkings(Workings[Truths]):
    """Of a network of equations."""

    def __init__(self, spec: Spec, plans: Sequence[CasePlan]) -> None:
        assert spec.model is not None
        self.model = spec.model
        super().__init__(spec, Truths([self._point(plan) for plan in plans], self.model.parameters))

    def _point(self, plan: CasePlan, case: Case | None = None) -> Point:
        model = self.model
        case = case or drawn(model, plan)
        return Point(model.network, model.whole, case.given, case.lengths, model.samples)

    def point(self, case: KeyCase) -> Point:
        """A case of an answer key."""
        assert case.drawn is None or isinstance(case.drawn, Case)
        return self._point(case.plan, case.drawn)

    @cached_property
    def candidates(self) -> Candidates:
        """The edits of the network's equations."""
        reverse = partial(backward, upstream=self.model.upstream or None)
        return candidates_of(self.truths, reverse, objectives(self.model.network, self.model.parameters))

    def changes(self, found: Sequence[Explanation] = ()) -> Changes:
        """The words for explanations: code where the notation writes code, else paper."""
        notation, whole = self.spec.notation, self.truths.whole
        dialect = Plain() if notation.display.writes_code else Paper(symbol=notation.pretty)
        return Changes(whole, writer_of(whole, dialect), self.asked, self.forward)


def drawn(model: Model, plan: CasePlan) -> Case:
    """The numbers of a case."""
    return draw(model, plan.sizes or {}, plan.seed)
