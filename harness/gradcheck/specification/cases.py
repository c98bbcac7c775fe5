"""Seeded cases: numbers at which faults can't hide.

No two weights are equal, no bias is zero, an upstream gradient is not all ones, every class occurs, and
units stay away from the kinks of their activations. The generator is numpy's RandomState, whose stream
never changes (NEP 19), so the same spec gives the same numbers everywhere.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite, prod, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array, Shape, largest
from gradcheck.network import case as network_case
from gradcheck.network.draws import Draw, numbers
from gradcheck.network.forward import as_named
from gradcheck.network.search import first_speaking, scored
from gradcheck.quantity import Quantity
from gradcheck.specification.targets import draw_targets

if TYPE_CHECKING:
    from gradcheck.layers import Stack


@dataclass(frozen=True)
class Case:
    """A network's numbers, samples as rows."""

    stack: Stack
    parameters: Mapping[str, Array]
    x: Array
    y: Array
    """The target; for an upstream loss the given ∂J/∂output."""

    @property
    def given(self) -> dict[str, Array]:
        """All of them by name: the parameters, x, and what the loss compares with."""
        target = self.stack.target
        return {**self.parameters, "x": self.x, **({target: self.y} if target else {})}


@dataclass(frozen=True)
class Passes:
    """A case with what its forward and its reverse pass make."""

    case: Case
    values: Mapping[str, Array]
    """x and all that is made."""
    gradients: Mapping[str, Array]
    """∂J/∂ each of these and of the parameters, by its name."""
    nearest_kink: float
    """How far the nearest unit is from a kink of its layer, or from where it has no value."""

    @property
    def infinite(self) -> str | None:
        """The first quantity that layers make of which a number is not finite."""
        made = ((name, array) for name, array in self.values.items() if name != "J")
        return next((name for name, array in made if not np.isfinite(array).all()), None)


def draw(stack: Stack, examples: int, seed: int) -> Case:
    """The first of a few draws in which every gradient speaks and no kink is near, or the best."""
    return Sampler(stack, examples).draw(seed).case


class Sampler:
    """Draws cases of one network; what no seed changes is worked out once."""

    def __init__(self, stack: Stack, examples: int, like: Array | None = None) -> None:
        """With `like`, targets of that many examples, every class in it occurs in each case, too.

        Code may rely on it where it counts the classes of a batch.
        """
        self._stack = stack
        self._like = like
        self._numbers = 2 * sum(map(prod, stack.shapes(examples).values()))
        self._targets = (examples, *stack.outputs)
        self._inputs = (examples, *stack.inputs)
        ranges = [_ranges_of(stack.quantities[name], shape) for name, shape in stack.parameters.items()]
        if not stack.drawn.discrete:
            ranges.append(_Ranges("x", self._inputs, 0.1, 1.5))
        positive = [stack.draws.get(one.name, Draw()).kind == "positive" for one in ranges]
        counts = [prod(one.shape) for one in ranges]
        ends = np.cumsum(counts)
        self._places = [
            (one.name, slice(int(end) - count, int(end)), one.shape)
            for one, count, end in zip(ranges, counts, ends, strict=True)
        ]
        # The stream gives the signs of one array, its sizes, the signs of the next one.
        offsets = np.repeat(ends - counts, counts)
        self._signs = np.arange(sum(counts)) + offsets
        self._sizes = self._signs + np.repeat(counts, counts)
        self._low = np.repeat([one.low for one in ranges], counts)
        self._span = np.repeat([one.high - one.low for one in ranges], counts)
        self._positive = np.repeat(positive, counts)
        self._divisor = np.repeat([one.divisor for one in ranges], counts)

    def draw(self, seed: int) -> Passes:
        """The first of a few draws in which every gradient speaks and no kink is near, or the best.

        Where numbers of either sign make no finite ones, as logarithms of them, every other draw is positive.
        """
        rng = _generator.stream
        rng.seed(seed)

        def attempt(number: int, without_values: bool) -> tuple[float, Passes]:
            passes = run_passes(self._case(rng, without_values and number % 2 == 1))
            return _score(passes), passes

        return first_speaking(attempt, self._numbers)[1]

    def _case(self, rng: np.random.RandomState, positive: bool) -> Case:
        drawn = rng.random_sample(2 * len(self._low))
        signs = np.where(self._positive | positive, 1.0, drawn[self._signs] - 0.5)
        numbers = np.copysign(self._low + self._span * drawn[self._sizes], signs)
        numbers /= self._divisor
        arrays = {name: numbers[place].reshape(shape) for name, place, shape in self._places}
        x: Any = arrays.pop("x") if "x" in arrays else self._whole_numbers(rng)
        y = draw_targets(self._stack.loss, self._targets, rng)
        return Case(self._stack, arrays, x, y if self._like is None else with_classes(y, self._like, rng))

    def _whole_numbers(self, rng: np.random.RandomState) -> NDArray[np.int64]:
        below = self._stack.drawn.below or 2
        return numbers(rng, self._inputs, self._stack.sizes[below] if isinstance(below, str) else below)


class _Ranges(NamedTuple):
    """What an array's numbers are drawn from: sizes from low to high, of either sign, over a divisor."""

    name: str
    shape: Shape
    low: float
    high: float
    divisor: float = 1.0


def _ranges_of(parameter: Quantity, shape: Shape) -> _Ranges:
    if parameter.is_bias:
        return _Ranges(parameter.name, shape, 0.1, 0.5)
    fan_in = shape[0] if len(shape) == 2 else prod(shape[1:])
    return _Ranges(parameter.name, shape, 0.3, 1.7, sqrt(fan_in))


def run_passes(case: Case) -> Passes:
    """The forward and the reverse pass on a case."""
    return Passes(case, *case.stack.passes(case.parameters, case.x, case.y))


def stated(stack: Stack, case: Case) -> network_case.Case:
    """The same numbers for the network of equations."""
    model, given = stack.model(len(case.x), Draw("normal")), case.given
    network, sizes = model.network, model.sizes
    shaped = {name: as_named(network, name, given[name], sizes) for name in network.given}
    return network_case.Case(model, model.sizes, shaped)


class _Generator(threading.local):
    """The generator of each thread: a new one takes longer than a case takes otherwise."""

    def __init__(self) -> None:
        self.stream = np.random.RandomState(0)


_generator = _Generator()


def with_classes(y: Array, like: Array, rng: np.random.RandomState) -> Array:
    """The targets, with every class of `like` in some example; those without classes stay as they are."""
    if y.size == 1 and float(like.flat[0]) in (-1.0, 0.0, 1.0):
        return like.copy()  # one label, of two, or the only class
    labels, wanted = _labels(y), _labels(like)
    if wanted is None or not _is_binary(y):
        return y
    classes = prod(y.shape[1:])
    if labels is None:  # several may be true of an example, but none such is known to the code
        labels = rng.randint(classes, size=len(y))
    missing = sorted(set(wanted.tolist()) - set(labels.tolist()))
    for label in missing:
        # An example whose class is not asked for, or occurs elsewhere, too.
        spare = [n for n, own in enumerate(labels) if own not in wanted or (labels == own).sum() > 1]
        labels[spare[rng.randint(len(spare))]] = label
    return np.asarray(np.eye(classes)[labels].reshape(y.shape))


def _labels(y: Array) -> NDArray[np.int_] | None:
    """The class of each example, where every row is one-hot."""
    rows = y.reshape(len(y), -1)
    one_hot = rows.shape[1] > 1 and _is_binary(rows) and (rows.sum(1) == 1).all()
    return rows.argmax(1) if one_hot else None


def _is_binary(y: Array) -> bool:
    return bool(((y == 0) | (y == 1)).all())


def _score(passes: Passes) -> float:
    """How well faults show, by kinks and the gradients of parameters; -inf where one is not finite."""
    if not isfinite(largest(np.concatenate([g.ravel() for g in passes.gradients.values()]))):
        return -inf
    return scored(passes.nearest_kink, [passes.gradients[name] for name in passes.case.parameters])
