"""Seeded cases of a network: numbers at which faults can't hide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, prod

import numpy as np

from gradcheck.expr.adjoint import edges, kinks
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.tree import Expr, axis_of
from gradcheck.network.backward import adjoint
from gradcheck.network.draws import Draw, drawn
from gradcheck.network.forward import run
from gradcheck.network.graph import needed
from gradcheck.network.model import Model
from gradcheck.network.records import Equation, named
from gradcheck.network.search import first_speaking, scored

UPSTREAM = Draw("normal")
_SIGNED = ("normal", "weights")
"""What is drawn of either sign."""


@dataclass(frozen=True)
class Case:
    """The numbers that a case gives, and how long its axes are."""

    model: Model
    lengths: Lengths
    given: Mapping[str, Named]
    """Inputs, parameters and upstream gradients."""


class OutsideError(ValueError):
    """At no numbers that were drawn has an equation, or its reverse pass, a finite value."""

    def __init__(self, equation: Equation) -> None:
        super().__init__(f"{equation.name} has no finite value at the numbers that are drawn")
        self.equation = equation


def draw(model: Model, sizes: Lengths, seed: int, like: Case | None = None) -> Case:
    """The case of these sizes; sizes that are not said are the model's own.

    Where it is to be `like` another one, what is drawn from whole numbers is that one's, its samples in
    another order: code may rely on the classes that occur. What is drawn of either sign is drawn of one
    sign, or smaller, where an equation has no value else. Raises OutsideError where that doesn't help.
    """
    rng = np.random.RandomState(seed)
    lengths = {**model.sizes, **sizes}
    limits = _Limits(model)
    narrowed: set[str] = set()

    def attempt(number: int, without_values: bool) -> tuple[float, Case]:
        given = _draw(model, lengths, rng)
        given |= {name: _narrowed(given[name], rng) for name in sorted(narrowed)}
        case = Case(model, lengths, given)
        if like is not None:
            case = replace(case, given={**case.given, **_reordered(like, rng)})
        values = everything(case)
        score = _score(case, values, limits)
        if score == -inf:
            narrowed.update(limits.sources(limits.beyond(values, lengths)))
        return score, case

    shapes = model.whole.layouts.values()
    numbers = sum(prod(lengths[axis_of(axis)] for axis in named(layout)) for layout in shapes)
    score, case = first_speaking(attempt, numbers)
    if score == -inf:
        values = everything(case)
        raise OutsideError((limits.beyond(values, lengths) or _infinite(model, values))[0])
    return case


def _narrowed(value: Named, rng: np.random.RandomState) -> Named:
    """The numbers of either sign, of one sign, and perhaps smaller."""
    array = (value.array, np.abs(value.array), np.abs(value.array), -np.abs(value.array))[rng.randint(4)]
    return Named(array * (1.0, 0.3, 0.1)[rng.randint(3)], value.axes)


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


def _score(case: Case, values: Mapping[str, Named], limits: _Limits) -> float:
    """How well faults show, by kinks, edges and the gradients of parameters; -inf without values."""
    gradients = [adjoint(name) for name in case.model.parameters if adjoint(name) in values]
    if not all(np.isfinite(value.array).all() for value in values.values()):
        return -inf
    return scored(limits.nearest(values, case.lengths), [values[name].array for name in gradients])


def _infinite(model: Model, values: Mapping[str, Named]) -> list[Equation]:
    """The equations whose values are not finite, those of the reverse pass last."""
    return [e for name, e in model.whole.equations.items() if not np.isfinite(values[name].array).all()]


class _Limits:
    """Where a model's equations have no derivative, or no value."""

    def __init__(self, model: Model) -> None:
        self.model = model
        equations = model.network.equations.values()
        self.kinks = [kink for e in equations for kink in kinks(e.expression) if self._moves(kink)]
        self.edges = [
            (e, edge) for e in equations for edge in edges(e.expression, model.intervals) if self._moves(edge)
        ]

    def _moves(self, limit: Expr) -> bool:
        """Whether it depends on more than what is drawn from whole numbers."""
        draws = self.model.draws
        return any(name not in draws or not draws[name].discrete for name in limit.reads)

    def nearest(self, values: Mapping[str, Named], lengths: Lengths) -> float:
        """The distance of the nearest number to a kink, or to an edge."""
        with np.errstate(all="ignore"):
            near = [
                float(np.abs(evaluate(kink, values, lengths).array).min(initial=inf)) for kink in self.kinks
            ]
            near += [float(evaluate(edge, values, lengths).array.min(initial=inf)) for _, edge in self.edges]
        return min(near, default=inf)

    def beyond(self, values: Mapping[str, Named], lengths: Lengths) -> list[Equation]:
        """The equations that have no value at some of these numbers, in their order."""
        with np.errstate(all="ignore"):
            return [e for e, edge in self.edges if not (evaluate(edge, values, lengths).array > 0).all()]

    def sources(self, equations: list[Equation]) -> set[str]:
        """What is drawn of either sign of all that the equations follow from."""
        before = needed(self.model.network, [equation.name for equation in equations])
        read = {name for equation in before.equations.values() for name in equation.expression.reads}
        return {name for name in read & self.model.draws.keys() if self.model.draws[name].kind in _SIGNED}
