"""Seeded cases of a network: numbers at which faults can't hide.

Of a few draws the first is taken in which no unit is near a kink and every gradient speaks, or else the best.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from gradcheck.expr.adjoint import kinks
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.tree import Expr, axis_of
from gradcheck.network.backward import adjoint
from gradcheck.network.draws import Draw, drawn
from gradcheck.network.forward import run
from gradcheck.network.model import Model
from gradcheck.network.records import Loop, named

ATTEMPTS = 40
NEAR_A_KINK = 1e-2
SILENT = 1e-5
"""A gradient this small against the largest says nothing about a mistake."""

UPSTREAM = Draw("normal")


@dataclass(frozen=True)
class Case:
    """The numbers that a case gives, and how long its axes are."""

    model: Model
    lengths: Lengths
    given: Mapping[str, Named]
    """Inputs, parameters and upstream gradients."""


def draw(model: Model, sizes: Lengths, seed: int, like: Case | None = None) -> Case:
    """The case of these sizes; sizes that are not said are the model's own.

    Where it is to be `like` another one, what is drawn from whole numbers is that one's, its samples in
    another order: code may rely on the classes that occur.
    """
    rng = np.random.RandomState(seed)
    lengths = {**model.sizes, **sizes}
    best: tuple[float, Case] | None = None
    for _ in range(ATTEMPTS):
        case = Case(model, lengths, _draw(model, lengths, rng))
        if like is not None:
            case = replace(case, given={**case.given, **_reordered(like, rng)})
        score = _score(case, everything(case))
        if best is None or score > best[0]:
            best = score, case
        if score >= NEAR_A_KINK:
            break
    assert best is not None
    return best[1]


def _reordered(like: Case, rng: np.random.RandomState) -> dict[str, Named]:
    """What a case has drawn from whole numbers, its samples in another order."""
    samples = like.model.samples
    order = rng.permutation(like.lengths.get(samples, 1))
    discrete = [name for name, how in like.model.draws.items() if how.discrete]
    return {
        name: Named(array.take(order, axes.index(samples)), axes) if samples in axes else Named(array, axes)
        for name, (array, axes) in ((name, like.given[name]) for name in discrete)
    }


def everything(case: Case) -> dict[str, Named]:
    """All values and gradients of a case, by the forward pass and the derived reverse pass."""
    return run(case.model.whole, case.given, case.lengths)


def _draw(model: Model, lengths: Lengths, rng: np.random.RandomState) -> dict[str, Named]:
    given = {}
    for name, layout in model.handed_over.items():
        axes = named(layout)
        how = model.draws.get(name, UPSTREAM)
        below = lengths[how.below] if isinstance(how.below, str) else how.below or 2
        shape = [lengths[axis_of(axis)] for axis in axes]
        given[name] = Named(drawn(how, axes, shape, below, rng), axes)
    return given


def _score(case: Case, values: Mapping[str, Named]) -> float:
    """The distance to the nearest kink, less 1 for every silent gradient of a parameter."""
    gradients = [adjoint(name) for name in case.model.parameters if adjoint(name) in values]
    if not all(np.isfinite(value.array).all() for value in values.values()):
        return -np.inf
    sizes = [float(np.abs(values[name].array).max(initial=0.0)) for name in gradients]
    silent = sum(size <= SILENT * max(sizes) for size in sizes)
    return _nearest_kink(case, values) - silent


def _nearest_kink(case: Case, values: Mapping[str, Named]) -> float:
    with np.errstate(all="ignore"):
        distances = [
            float(np.abs(evaluate(kink, values, case.lengths).array).min(initial=np.inf))
            for kink in _kinks(case.model)
        ]
    return min(distances, default=np.inf)


def _kinks(model: Model) -> Iterator[Expr]:
    """Expressions that are 0 where an equation has no derivative."""
    for step in model.network.steps:
        for equation in step.equations if isinstance(step, Loop) else (step,):
            for kink in kinks(equation.expression):
                if any(name not in model.draws or not model.draws[name].discrete for name in kink.reads):
                    yield kink
