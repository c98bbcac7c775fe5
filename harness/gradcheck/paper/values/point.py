"""Values of all that a text speaks of, at random inputs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.adjoint import gradient
from gradcheck.expr.by_numpy import remembered
from gradcheck.expr.layout import lying
from gradcheck.expr.named import Lengths, Named, filled
from gradcheck.expr.tree import Apply, Expr, Name
from gradcheck.paper.names import Key
from gradcheck.paper.values.algebra import ONE, MeaningError
from gradcheck.paper.values.arrays import plain
from gradcheck.paper.values.constants import is_constant, is_identity
from gradcheck.paper.values.expressions import Differentiated
from gradcheck.paper.values.network import Network
from gradcheck.slopes import slopes

ADJOINT = "the adjoint"
"""A name that no text has."""
COST = 200
"""How many parts of formulas a difference counts for."""
STEP = 1e-5
NEAR = 1e-4
SMALLEST = 1e-9
"""How far an entry is moved, how near differences have to come, and to what size they tell nothing."""
ROUNDING = 1e-14
"""How far a value may be off by what its parts are rounded to."""


@dataclass(frozen=True)
class Point:
    """Values of all quantities, at random inputs."""

    network: Network
    values: dict[str, Named]
    number: int = 0
    """Of the course's points, where there are some."""

    def value(self, expression: Expr, lengths: Lengths) -> Named:
        """An expression's value here."""
        values = dict(self.values)
        for name in expression.reads - values.keys():
            values[name] = self.network.auxiliaries[name].make(self, lengths)
        return evaluated(expression, values, lengths)

    def agrees(self, one: Differentiated, lengths: Lengths) -> bool:
        """Whether differences are what a derivative is, as far as they tell."""
        axes = (*one.through.axes, *one.columns)
        derivative = filled(self.value(one.derivative, lengths), axes, lengths)
        exact = derivative.array.transpose([derivative.axes.index(axis) for axis in axes])
        moved = self.values[str(one.by)]
        slopes = [self._slope(one, lengths, place) for place in np.ndindex(moved.array.shape)]
        found = np.stack(slopes, -1).reshape(exact.shape)
        scale = max(np.abs(exact).max(initial=0), np.abs(found).max(initial=0), SMALLEST)
        size = np.abs(self.value(one.through, lengths).array).max(initial=0)
        return bool(np.abs(exact - found).max(initial=0) <= NEAR * scale + ROUNDING * size / STEP)

    def _slope(self, one: Differentiated, lengths: Lengths, place: tuple[int, ...]) -> Array:
        """The central difference by one entry."""
        ends = []
        for step in (STEP, -STEP):
            array, axes = self.values[str(one.by)]
            moved = np.array(array, float)
            moved[place] += step
            there = replace(self, values={**self.values, str(one.by): Named(moved, axes)})
            value = filled(there.value(one.through, lengths), one.through.axes, lengths)
            ends.append(value.array.transpose([value.axes.index(axis) for axis in one.through.axes]))
        return np.asarray((ends[0] - ends[1]) / (2 * STEP))

    def moved(self, through: Expr, by: Key, lengths: Lengths) -> Named:
        """∂/∂by of an expression, by differences: the course's network runs again."""
        course = self.network.text.names.course
        assert course is not None
        rows, columns = through.axes, self.values[str(by)].axes
        found = []
        for place in np.ndindex(self.values[str(by)].array.shape):
            self.network.text.effort.spend(COST)

            def value(step: float, place: tuple[int, ...] = place) -> Array:
                values = {**self.values, **course.moved(self.number, by, place, step)}
                there = filled(replace(self, values=values).value(through, lengths), rows, lengths)
                return there.array.transpose([there.axes.index(axis) for axis in rows])

            slope = slopes(value, np.asarray(1.0))
            found.append(np.where(slope.error < np.abs(slope.value), slope.value, 0.0))
        shape = (*(lengths[plain(axis)] for axis in rows), *self.values[str(by)].array.shape)
        return Named(np.stack(found, -1).reshape(shape), (*rows, *(axis + "*" for axis in columns)))

    def jacobian(self, through: Expr, by: Key, lengths: Lengths) -> Named:
        """∂/∂by of an expression: what comes back of each of its entries."""
        rows = through.axes
        columns = tuple(axis for axis in lying(self.network.shapes[by]) if axis != ONE)
        seeds = tuple(f"{axis}^" for axis in rows)
        shape = [lengths[plain(axis)] for axis in rows]
        ones = np.eye(int(np.prod(shape))).reshape((*shape, *shape))
        handed_back = gradient(through, str(by), through, Name(ADJOINT, rows))
        with np.errstate(all="ignore"):
            values = self.values | {ADJOINT: Named(ones, (*rows, *seeds))}
            for name in handed_back.reads - values.keys():
                values[name] = self.network.auxiliaries[name].make(self, lengths)
            value = evaluated(handed_back, values, lengths)
        whole = filled(value, columns, lengths)
        if missing := tuple(axis for axis in seeds if axis not in whole.axes):
            extra = [n for axis, n in zip(seeds, shape, strict=True) if axis in missing]
            whole = Named(np.broadcast_to(whole.array, (*extra, *whole.array.shape)), (*missing, *whole.axes))
        order = [whole.axes.index(axis) for axis in (*seeds, *columns)]
        return Named(whole.array.transpose(order), (*rows, *(axis + "*" for axis in columns)))


def evaluated(
    expression: Expr, values: Mapping[str, Named], lengths: Lengths, memory: dict[Expr, Named] | None = None
) -> Named:
    """The value, of parts in the memory where there is one; MeaningError where it takes too much room."""
    memory = {} if memory is None else memory
    for node in _new(expression, memory):
        if prod(lengths.get(plain(axis), 1) for axis in node.axes) > LARGEST:
            raise MeaningError("this takes too much room to be tried", "give parts a name")
    with np.errstate(all="ignore"):
        value = remembered(expression, values, lengths, memory)
    return Named(np.asarray(value.array), value.axes)


def _new(expression: Expr, memory: Mapping[Expr, Named]) -> Iterator[Expr]:
    """The parts of an expression whose values are not remembered."""
    if expression not in memory:
        yield expression
        for argument in expression.arguments if isinstance(expression, Apply) else ():
            yield from _new(argument, memory)


LARGEST = 2_000_000
"""How many numbers one part of a formula may be."""
TARGETS = frozenset({"t", "y", "Y", "T", "p", "q"})
"""Letters of what a network is trained towards."""
SYMMETRIC = frozenset({"Sigma", "Lambda"})
"""Letters of covariance matrices."""


LARGE = 1e6
"""Beyond which numbers, and below the inverse of which, are extreme."""
ATTEMPTS = 16
"""How many points are drawn to find one at which all of the text has values."""
_RANGES = (*((0.3, 1.7), (0.3, 2.0), (0.15, 0.85)) * 4, *((0.02, 0.2),) * 4)
"""Of either sign; for roots and logarithms; for log p and log(1 - p); at last for arcsin(5 x)."""
_SIGNED = (0.3, 1.7)


@dataclass(frozen=True)
class _Draws:
    """What inputs are drawn from."""

    network: Network
    distributions: bool
    positive: bool
    symmetric: Collection[str]

    def draw(self, key: Key, rng: np.random.Generator, attempt: int) -> Named:
        """The values of an input."""
        shape = self.network.shapes[key]
        axes = tuple(axis for axis in lying(shape) if axis != ONE)
        lengths = [self.network.lengths[plain(axis)] for axis in axes]
        draw: Array = rng.uniform(*_RANGES[attempt], size=lengths)
        if _RANGES[attempt] == _SIGNED and not self.positive:
            draw *= rng.choice([-1.0, 1.0], size=lengths)
        if self.distributions and key.base in TARGETS and axes:
            draw = np.abs(draw) / np.abs(draw).sum(0 if shape[1] == ONE else -1, keepdims=True)
        if key.base in self.symmetric and len(lengths) == 2 and lengths[0] == lengths[1]:
            draw = draw @ draw.T
        if is_constant(key.base):
            draw = np.eye(lengths[0]) if is_identity(key.base) else np.ones(lengths)
        if key in self.network.counts:
            draw = np.asarray(float(self.network.lengths[self.network.counts[key]]))
        return Named(np.asarray(draw), axes)


def point(
    network: Network,
    seed: int,
    *,
    distributions: bool = False,
    positive: bool = False,
    symmetric: Collection[str] = (),
) -> Point:
    """Values at random inputs, all of them finite, and none of them extreme if that can be had.

    If asked for, targets are distributions, all is positive, or matrices of some letters are symmetric.
    """
    draws = _Draws(network, distributions, positive, SYMMETRIC | network.text.symmetric | {*symmetric})
    course = network.text.names.course
    number = 0 if course is None else seed % len(course.points)
    found: Point | None = None
    for attempt in range(int(positive), ATTEMPTS):
        rng = np.random.default_rng([seed, attempt])
        values = {} if course is None else course.values(number)
        for key in network.text.inputs:
            if str(key) not in values:
                values[str(key)] = draws.draw(key, rng, attempt)
        result = Point(network, values, number)
        for key, expression in network.definitions.items():
            axes = tuple(axis for axis in lying(network.shapes[key]) if axis != ONE)
            value = result.value(expression, network.lengths)
            values[str(key)] = filled(value, axes, network.lengths)
        if all(map(_is_moderate, values.values())):
            return result
        if found is None and all(np.isfinite(value.array).all() for value in values.values()):
            found = result
    if found is None:
        raise MeaningError("no numbers were found for which all of it has values")
    return found


def _is_moderate(value: Named) -> bool:
    """Whether no entry is so large or so small that what is made of it is mere rounding."""
    sizes = np.abs(value.array[value.array != 0])
    return bool(np.isfinite(sizes).all() and (sizes < LARGE).all() and (sizes > 1 / LARGE).all())
