"""Answering a spec: its cases drawn, their truth found, all of it arranged as the learner has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from harness.maths._arrays import Array
from harness.oracle.differences import Differences
from harness.oracle.entry import Entry
from harness.oracle.key import AnswerKey, KeyCase
from harness.oracle.slopes import Slopes
from harness.oracle.truth import truth
from harness.spec.cases import Case, draw
from harness.spec.records import CasePlan, Spec


def answered(spec: Spec) -> AnswerKey:
    """The key of a spec, computed."""
    return AnswerKey(spec, tuple(_answered(spec, plan) for plan in spec.cases))


def _answered(spec: Spec, plan: CasePlan) -> KeyCase:
    case = draw(spec.chain(plan), plan.batch, plan.seed)
    wanted = spec.notation.unfolded([*spec.check, *spec.accept])
    return KeyCase(plan, _inputs(spec, case), _presented(spec, truth(case, wanted)))


def _inputs(spec: Spec, case: Case) -> dict[str, Array]:
    """The parameters, x, and what the loss compares with, under the learner's names."""
    values = {**case.parameters, "x": case.x}
    if spec.loss.targets == "upstream":
        values["dout"] = case.y
    elif spec.loss.targets != "none":
        values["y"] = case.y
    values |= _given(spec, case)
    named = {spec.notation.symbol(n): v for n, v in spec.notation.present(values).items()}
    if spec.labels:
        named[spec.notation.symbol("y")] = case.y.argmax(-1)
    if spec.penalty is not None:
        named["lam"] = np.asarray(spec.penalty.strength)
    return named


def _given(spec: Spec, case: Case) -> dict[str, Array]:
    values = Differences(case.chain, case.parameters, case.x, case.y).values
    return {name: values[name] for name in spec.contract.given}


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
