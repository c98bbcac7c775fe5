"""Answering a spec: its cases drawn, their truth found, all of it arranged as the learner has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from gradcheck.maths._arrays import Array
from gradcheck.oracle import equations
from gradcheck.oracle.entry import Entry
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.oracle.truth import truth
from gradcheck.slopes import Slopes
from gradcheck.spec.cases import Case, draw
from gradcheck.spec.inputs import inputs
from gradcheck.spec.records import CasePlan, Spec


def answered(spec: Spec) -> AnswerKey:
    """The key of a spec, computed."""
    if spec.model is not None:
        return equations.answered(spec, spec.model)
    return AnswerKey(spec, tuple(_answered(spec, plan) for plan in spec.cases))


def _answered(spec: Spec, plan: CasePlan) -> KeyCase:
    case = draw(spec.chain(plan), plan.batch, plan.seed)
    return KeyCase(plan, inputs(spec, case), entries(spec, case))


def entries(spec: Spec, case: Case) -> dict[str, Entry]:
    """What both oracles say of all that is checked or accepted, in one case."""
    return _presented(spec, truth(case, spec.notation.unfolded([*spec.check, *spec.accept])))


def _presented(spec: Spec, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """The entries in the learner's layout; what the notation folds together has one response."""

    def arranged(part: str) -> dict[str, Array]:
        return spec.notation.present({name: getattr(e.differences, part) for name, e in entries.items()})

    parts = {f.name: arranged(f.name) for f in fields(Slopes)}
    exact = spec.notation.present({name: e.autograd for name, e in entries.items()})
    return {
        name: Entry(
            exact[name],
            Slopes(**{part: parts[part][name] for part in parts}),
            max(entries[n].response for n in spec.notation.unfolded([name])),
        )
        for name in exact
    }
