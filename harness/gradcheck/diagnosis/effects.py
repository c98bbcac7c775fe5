"""What mistakes make of the cases of a spec, and of trial cases: other seeds, a larger batch, other sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from math import prod
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.equations import EquationWorkings, drawn
from gradcheck.diagnosis.layered import LayeredWorkings
from gradcheck.diagnosis.predictions import Predictions, same_numbers
from gradcheck.diagnosis.probes import different, own_widths, probes
from gradcheck.diagnosis.witness import numbers
from gradcheck.diagnosis.workings import Workings
from gradcheck.edits.candidates import unknown_of
from gradcheck.edits.edit import Edit, behind, edited
from gradcheck.layers.dense import Dense
from gradcheck.network.lengths import misfits
from gradcheck.network.model import Model
from gradcheck.network.records import Network
from gradcheck.specification.records import CasePlan, Spec

SEED, SEEDS, BATCH, EQUAL = 501, 4, 7, 3
"""Of trial cases: the first seed, how many have the spec's own sizes, how many examples others have, and how
long all axes are where they are equal."""

Numbers = Mapping[str, Array]


@dataclass(frozen=True)
class Label:
    """What a mistake is called that somebody may make in answers to a spec."""

    name: str
    """Its slug in the catalogue, or the equation that it makes."""
    layer: int | None = None


@dataclass(frozen=True, eq=False)
class Slip:
    """A mistake: one of the catalogue's, or an edit of an equation."""

    label: Callable[[], Label]
    make: Callable[[int], Numbers | None]
    """What it makes of what is asked for in a case; None where it can't be made."""


@dataclass(frozen=True)
class Effects:
    """What mistakes make of the cases."""

    own: int
    """The first so many cases are the spec's own."""
    asked: int
    """The first so many cases are those that a diagnosis may ask for; behind them are trials."""
    trials: Sequence[CasePlan]
    right: Sequence[Numbers]
    """Of each case, all that is asked for."""
    mistakes: Sequence[Slip]
    _made: dict[tuple[Slip, int], Numbers | None] = field(default_factory=dict)

    def made(self, mistake: Slip, case: int) -> Numbers | None:
        """What comes out otherwise in a case; None where the mistake can't be made. Worked out once."""
        if (mistake, case) not in self._made:
            made, right = mistake.make(case), self.right[case]
            self._made[mistake, case] = made and {
                name: made[name]
                for name in made.keys() & right.keys()
                if not same_numbers(made[name], right[name], right[name])
            }
        return self._made[mistake, case]

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


def effects_of(spec: Spec) -> Effects:
    """Of the mistakes of the catalogue, each at one layer; or of edits of the reverse pass, one at a time."""
    known, model = [*spec.cases, *probes(spec)], spec.model
    if model is None:
        trials = _fitting(_trials_of_layers(spec), spec.draw)
        layered = LayeredWorkings(spec, [*known, *trials])
        return Effects(len(spec.cases), len(known), trials, _right(layered), [*_faults(layered.truths)])
    trials = _fitting(_trials_of_equations(spec, model), partial(drawn, model))
    workings = EquationWorkings(spec, [*known, *trials])
    return Effects(len(spec.cases), len(known), trials, _right(workings), [*_edits(workings)])


def _faults(predictions: Predictions) -> Iterator[Slip]:
    for fault in predictions.singles:
        if len(fault.layers) == 1 or fault.mistake.scope == "network":
            layer = fault.layers[0] if len(fault.layers) == 1 else None
            yield Slip(partial(Label, fault.mistake.slug, layer), partial(predictions.one, fault=fault))


def _edits(workings: EquationWorkings) -> Iterator[Slip]:
    whole, points, asked = workings.truths.whole, workings.truths.points, set(workings.asked)
    changes = workings.changes()

    def label(edit: Edit) -> Label:
        return Label(changes.equation(edit))

    def make(network: Network, n: int) -> Numbers | None:
        names = network.equations.keys() & asked
        made = numbers(whole, network, names, points[n].values, points[n].lengths) or {}
        is_whole = made.keys() == names and all(np.isfinite(array).all() for array in made.values())
        return made if is_whole else None

    for name in workings.truths.order:
        rest = behind(whole, [name])
        for edit in workings.candidates.of(name) if asked & rest.equations.keys() else ():
            if unknown_of(edit) is None:
                yield Slip(partial(label, edit), partial(make, edited(rest, [edit])))


def _right(workings: Workings[Any]) -> list[Numbers]:
    """Of each case, all that is asked for."""
    truths = map(workings.truths.truth, range(len(workings.truths)))
    return [{name: truth[name] for name in workings.asked if name in truth} for truth in truths]


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


def _fitting(plans: Sequence[CasePlan], draw: Callable[[CasePlan], object]) -> list[CasePlan]:
    """The plans that the network takes."""
    fitting = []
    for plan in plans:
        with suppress(ValueError):  # sizes that don't meet, or no finite values
            draw(plan)
            fitting.append(plan)
    return fitting
