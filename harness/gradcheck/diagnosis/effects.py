"""What mistakes make of the cases of a spec, and of trial cases: other seeds, a larger batch, other sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import prod
from typing import Generic, TypeVar

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.equations import candidates_of, changes_of
from gradcheck.diagnosis.predictions import Predictions, same_numbers
from gradcheck.diagnosis.probes import different, own_widths, probes
from gradcheck.diagnosis.witness import numbers
from gradcheck.edits.candidates import unknown_of
from gradcheck.edits.edit import Edit, behind, edited
from gradcheck.layers.dense import Dense
from gradcheck.mistakes.records import Fault
from gradcheck.network.case import draw, everything
from gradcheck.network.forward import laid
from gradcheck.network.lengths import misfits
from gradcheck.network.model import Model
from gradcheck.network.records import Network
from gradcheck.specification.records import CasePlan, Spec

SEED, SEEDS, BATCH, EQUAL = 501, 4, 7, 3
"""Of trial cases: the first seed, how many have the spec's own sizes, how many examples others have, and how
long all axes are where they are equal."""

Numbers = Mapping[str, Array]
Slip = TypeVar("Slip", Fault, Edit)
"""What a mistake is: one of the catalogue's, or an edit of an equation."""
_Case = TypeVar("_Case")


@dataclass(frozen=True)
class Label:
    """What a mistake is called that somebody may make in answers to a spec."""

    name: str
    """Its slug in the catalogue, or the equation that it makes."""
    layer: int | None = None


@dataclass(frozen=True)
class Effects(Generic[Slip]):
    """What mistakes make of the cases."""

    own: int
    """The first so many cases are the spec's own."""
    asked: int
    """The first so many cases are those that a diagnosis may ask for; behind them are trials."""
    trials: Sequence[CasePlan]
    right: Sequence[Numbers]
    """Of each case, all that is asked for."""
    mistakes: Sequence[Slip]
    label: Callable[[Slip], Label]
    made: Callable[[Slip, int], Numbers | None]
    """What comes out otherwise in a case; None where the mistake can't be made. Worked out once."""

    def changed(self, mistake: Slip, cases: Sequence[int]) -> list[int]:
        """The cases in which a mistake can be made and changes a number."""
        return [n for n in cases if self.made(mistake, n)]

    def parted(self, one: Slip, other: Slip, cases: Sequence[int]) -> list[int]:
        """The cases in which two mistakes that can be made there make different numbers."""
        return [n for n in cases if self._differ(self.made(one, n), self.made(other, n), n)]

    def size(self, mistake: Slip, cases: Sequence[int]) -> float:
        """How large all that it changes is together: the same of mistakes that make the same numbers."""
        several = (self.made(mistake, n) or {} for n in cases)
        return sum(float(np.abs(array).sum()) for numbers in several for array in numbers.values())

    def _differ(self, one: Numbers | None, other: Numbers | None, case: int) -> bool:
        if one is None or other is None:
            return False
        if one.keys() != other.keys():
            return True
        return not all(same_numbers(one[name], other[name], self.right[case][name]) for name in one)


def effects_of_layers(spec: Spec) -> Effects[Fault]:
    """The mistakes of the catalogue, each at one layer; a diagnosis asks for probes, too."""
    known = [*spec.cases, *probes(spec)]
    plans, cases = _drawn([*known, *_trials_of_layers(spec)], spec.draw)
    predictions = Predictions(cases)
    asked = spec.layered_notation.unfolded([*spec.check, *spec.accept])
    truths = map(predictions.truth, range(len(cases)))
    right = [{name: truth[name] for name in asked if name in truth} for truth in truths]
    faults = [f for f in predictions.singles if len(f.layers) == 1 or f.mistake.scope == "network"]

    def label(fault: Fault) -> Label:
        return Label(fault.mistake.slug, fault.layers[0] if len(fault.layers) == 1 else None)

    @cache
    def made(fault: Fault, n: int) -> Numbers | None:
        return _others(predictions.one(n, fault), right[n])

    return Effects(len(spec.cases), len(known), plans[len(known) :], right, faults, label, made)


def effects_of_equations(spec: Spec, model: Model) -> Effects[Edit]:
    """The edits of the equations of the reverse pass, one at a time."""
    known, trials = spec.cases, _trials_of_equations(spec, model)
    plans, cases = _drawn([*known, *trials], lambda plan: draw(model, plan.sizes or {}, plan.seed))
    asked = [*spec.check, *spec.accept]
    values = [everything(case) for case in cases]
    right = [
        {name: laid(model.whole, name, true[name], case.lengths) for name in asked}
        for case, true in zip(cases, values, strict=True)
    ]
    changes = changes_of(spec, model.whole, asked)
    candidates = candidates_of(model, cases)
    networks: dict[Edit, Network] = {}
    for name in model.backward.equations:
        rest = behind(model.whole, [name])
        if not rest.equations.keys().isdisjoint(asked):
            edits = (edit for edit in candidates.of(name) if unknown_of(edit) is None)
            networks |= {edit: edited(rest, [edit]) for edit in edits}

    def label(edit: Edit) -> Label:
        return Label(changes.equation(edit))

    @cache
    def made(edit: Edit, n: int) -> Numbers | None:
        network = networks[edit]
        names = network.equations.keys() & right[n].keys()
        arrays = numbers(model.whole, network, names, values[n], cases[n].lengths) or {}
        is_whole = arrays.keys() == names and all(np.isfinite(array).all() for array in arrays.values())
        return _others(arrays, right[n]) if is_whole else None

    return Effects(len(known), len(known), plans[len(known) :], right, list(networks), label, made)


def _trials_of_layers(spec: Spec) -> list[CasePlan]:
    """Other seeds of the largest case, more examples, and widths that are all different, or all equal."""
    largest = max(spec.cases, key=lambda plan: plan.batch)
    more = replace(largest, batch=BATCH, seed=SEED)
    trials = [*(replace(largest, seed=SEED + n) for n in range(SEEDS)), more]
    if all(isinstance(layer, Dense) for layer in spec.stack.layers):
        fixed = largest.widths or own_widths(spec)
        free = [True] * (len(fixed) - 1) + [fixed[-1] > 1]
        equal = tuple(EQUAL if is_free else n for is_free, n in zip(free, fixed, strict=True))
        trials += [replace(more, widths=widths) for widths in (different(free, fixed, BATCH), equal)]
    return trials


def _trials_of_equations(spec: Spec, model: Model) -> list[CasePlan]:
    """Other seeds of the largest case, more samples, and axes that are all different, or all equally long."""
    largest = max(spec.cases, key=lambda plan: prod((plan.sizes or {}).values()))
    sizes = {**model.sizes, **(largest.sizes or {})}
    free, fixed = [axis != model.samples for axis in sizes], tuple(sizes.values())
    several = [
        {**sizes, model.samples: BATCH},
        {**dict(zip(sizes, different(free, fixed, BATCH), strict=True)), model.samples: BATCH},
        dict.fromkeys(sizes, EQUAL),
    ]
    fitting = (one for one in several if not any(misfits(model.network, one, model.draws)))
    return [
        *(replace(largest, seed=SEED + n) for n in range(SEEDS)),
        *(replace(largest, sizes={a: one[a] for a in sizes}, seed=SEED) for one in fitting),
    ]


def _others(made: Numbers | None, right: Numbers) -> Numbers | None:
    """What is asked for and comes out otherwise."""
    if made is None:
        return None
    asked = made.keys() & right.keys()
    return {name: made[name] for name in asked if not same_numbers(made[name], right[name], right[name])}


def _drawn(
    plans: Sequence[CasePlan], draw_one: Callable[[CasePlan], _Case]
) -> tuple[list[CasePlan], list[_Case]]:
    """The plans that the network takes, with their cases."""
    fitting, cases = [], []
    for plan in plans:
        try:
            cases.append(draw_one(plan))
        except ValueError:  # sizes that don't meet, or no finite values
            continue
        fitting.append(plan)
    return fitting, cases
