"""The answer key of a spec: every case's numbers and their truth, in the learner's own layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from harness.maths._arrays import Array, Shape
from harness.oracle import store
from harness.oracle.differences import Differences
from harness.oracle.slopes import Slopes
from harness.oracle.truth import Entry, truth
from harness.spec.cases import Case, draw
from harness.spec.records import CasePlan, Spec


@dataclass(frozen=True)
class KeyCase:
    """One case, arranged as the notation has it."""

    plan: CasePlan
    inputs: Mapping[str, Array]
    """What `run` is given, by the names it uses."""
    entries: Mapping[str, Entry]
    """What is true of every quantity that is checked or accepted, by canonical name."""


@dataclass(frozen=True)
class AnswerKey:
    """A spec with its cases answered."""

    spec: Spec
    cases: tuple[KeyCase, ...]


def answer_key(path: Path) -> AnswerKey:
    """The key of the spec at `path`, from the store if it is kept there; SpecError if it is no spec.

    A key that is kept needs neither PyTorch nor a YAML parser.
    """
    try:
        name = store.fingerprint(path.read_bytes())
    except OSError:
        name = ""
    if name and (kept := store.load(name)):
        return _unpacked(path, *kept)
    from harness.spec.read import read  # imports the parsers

    key = answered(read(path))
    store.save(name, *_packed(key))
    return key


def answered(spec: Spec) -> AnswerKey:
    """The key of a spec, computed."""
    return AnswerKey(spec, tuple(_answered(spec, plan) for plan in spec.cases))


def _answered(spec: Spec, plan: CasePlan) -> KeyCase:
    case = draw(spec.chain(plan), plan.batch, plan.seed)
    wanted = spec.notation.unfolded([*spec.check, *spec.accept])
    return KeyCase(plan, _inputs(spec, case), _presented(spec, truth(case, wanted)))


def shapes(spec: Spec, plan: CasePlan) -> tuple[dict[str, Shape], dict[str, Shape]]:
    """Shapes in the learner's layout: of what `run` is given, and of all that is checked or accepted."""
    case = draw(spec.chain(plan), plan.batch, plan.seed)
    values = Differences(case.chain, case.parameters, case.x, case.y).values
    made = values | dict(case.parameters)
    made |= {f"d{name}": value for name, value in made.items()}
    for step in case.chain.steps:
        made[f"d{step.out}/d{step.source}"] = made[step.out]
        made[f"d{step.out}/d{step.named('W')}"] = made[step.source]
    made["J"] = np.asarray(0.0)
    given = {name: np.shape(value) for name, value in _inputs(spec, case).items()}
    return given, {name: np.shape(value) for name, value in spec.notation.present(made).items()}


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


def _packed(key: AnswerKey) -> tuple[Any, list[Array]]:
    arrays: list[Array] = []

    def slot(a: Array) -> int:
        arrays.append(a)
        return len(arrays) - 1

    cases = [
        {
            "inputs": {name: slot(a) for name, a in case.inputs.items()},
            "entries": {
                name: [
                    e.response,
                    slot(e.autograd),
                    *(slot(getattr(e.differences, f.name)) for f in fields(Slopes)),
                ]
                for name, e in case.entries.items()
            },
        }
        for case in key.cases
    ]
    return {"document": key.spec.document, "text_hash": key.spec.text_hash, "cases": cases}, arrays


def _unpacked(path: Path, header: Any, arrays: list[Array]) -> AnswerKey:
    spec = Spec.build(header["document"], str(path), header["text_hash"])
    cases = tuple(
        KeyCase(
            plan,
            {name: arrays[i] for name, i in case["inputs"].items()},
            {
                name: Entry(arrays[i], Slopes(*(arrays[j] for j in rest)), response)
                for name, (response, i, *rest) in case["entries"].items()
            },
        )
        for plan, case in zip(spec.cases, header["cases"], strict=True)
    )
    return AnswerKey(spec, cases)
