"""Values of all that a text speaks of, at random inputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.adjoint import gradient
from gradcheck.expr.by_numpy import remembered
from gradcheck.expr.layout import lying
from gradcheck.expr.named import Lengths, Named, filled
from gradcheck.expr.tree import Expr, Name, nodes
from gradcheck.paper.algebra import ONE, MeaningError
from gradcheck.paper.arrays import plain
from gradcheck.paper.constants import is_constant, is_identity
from gradcheck.paper.expressions import Differentiated
from gradcheck.paper.names import Key
from gradcheck.paper.network import Network

ADJOINT = "the adjoint"
"""A name that no text has."""
STEP = 1e-5
NEAR = 1e-4
SMALLEST = 1e-9
"""How far an entry is moved, how near differences have to come, and to what size they tell nothing."""


@dataclass(frozen=True)
class Point:
    """Values of all quantities, at random inputs."""

    network: Network
    values: dict[str, Named]

    def value(self, expression: Expr, lengths: Lengths) -> Named:
        """An expression's value here."""
        values = dict(self.values)
        for name in expression.reads - values.keys():
            values[name] = self.network.auxiliaries[name].make(self, lengths)
        return _evaluated(expression, values, lengths)

    def agrees(self, one: Differentiated, lengths: Lengths) -> bool:
        """Whether differences are what a derivative is, as far as they tell."""
        axes = (*one.through.axes, *one.columns)
        derivative = filled(self.value(one.derivative, lengths), axes, lengths)
        exact = derivative.array.transpose([derivative.axes.index(axis) for axis in axes])
        moved = self.values[str(one.by)]
        slopes = [self._slope(one, lengths, place) for place in np.ndindex(moved.array.shape)]
        found = np.stack(slopes, -1).reshape(exact.shape)
        scale = max(np.abs(exact).max(initial=0), np.abs(found).max(initial=0), SMALLEST)
        return bool(np.abs(exact - found).max(initial=0) <= NEAR * scale)

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
            value = _evaluated(handed_back, values, lengths)
        whole = filled(value, columns, lengths)
        if missing := tuple(axis for axis in seeds if axis not in whole.axes):
            extra = [n for axis, n in zip(seeds, shape, strict=True) if axis in missing]
            whole = Named(np.broadcast_to(whole.array, (*extra, *whole.array.shape)), (*missing, *whole.axes))
        order = [whole.axes.index(axis) for axis in (*seeds, *columns)]
        return Named(whole.array.transpose(order), (*rows, *(axis + "*" for axis in columns)))


def _evaluated(expression: Expr, values: Mapping[str, Named], lengths: Lengths) -> Named:
    """The value; MeaningError where it takes too much room."""
    for node in nodes(expression):
        if prod(lengths.get(plain(axis), 1) for axis in node.axes) > LARGEST:
            raise MeaningError("this takes too much room to be tried", "give parts a name")
    with np.errstate(all="ignore"):
        value = remembered(expression, values, lengths, {})
    return Named(np.asarray(value.array), value.axes)


LARGEST = 2_000_000
"""How many numbers one part of a formula may be."""
TARGETS = frozenset({"t", "y", "Y", "T", "p", "q"})
"""Letters of what a network is trained towards."""
SYMMETRIC = frozenset({"Sigma", "Lambda"})
"""Letters of covariance matrices."""


ATTEMPTS = 12
"""How many points are drawn to find one at which all of the text has values."""
_RANGES = ((0.3, 1.7), (0.3, 2.0), (0.15, 0.85))
"""Of either sign; for roots and logarithms; for log p and log(1 - p)."""


def point(
    network: Network,
    seed: int,
    *,
    distributions: bool = False,
    positive: bool = False,
    symmetric: Collection[str] = (),
) -> Point:
    """Values at random inputs, all of them finite if that can be had.

    If asked for, targets are distributions, all is positive, or matrices of some letters are symmetric.
    """
    symmetric = SYMMETRIC | network.text.symmetric | {*symmetric}
    for attempt in range(int(positive), ATTEMPTS):
        rng = np.random.default_rng([seed, attempt])
        values: dict[str, Named] = {}
        for key in network.text.inputs:
            shape = network.shapes[key]
            axes = tuple(axis for axis in lying(shape) if axis != ONE)
            lengths = [network.lengths[plain(axis)] for axis in axes]
            draw: Array = rng.uniform(*_RANGES[attempt % len(_RANGES)], size=lengths)
            if attempt % len(_RANGES) == 0 and not positive:
                draw *= rng.choice([-1.0, 1.0], size=lengths)
            if distributions and key.base in TARGETS and axes:
                draw = np.abs(draw) / np.abs(draw).sum(0 if shape[1] == ONE else -1, keepdims=True)
            if key.base in symmetric and len(lengths) == 2 and lengths[0] == lengths[1]:
                draw = draw @ draw.T
            if is_constant(key.base):
                draw = np.eye(lengths[0]) if is_identity(key.base) else np.ones(lengths)
            if key in network.counts:
                draw = np.asarray(float(network.lengths[network.counts[key]]))
            values[str(key)] = Named(np.asarray(draw), axes)
        result = Point(network, values)
        for key, expression in network.definitions.items():
            axes = tuple(axis for axis in lying(network.shapes[key]) if axis != ONE)
            value = result.value(expression, network.lengths)
            values[str(key)] = filled(value, axes, network.lengths)
        if all(np.isfinite(value.array).all() for value in values.values()):
            return result
    raise MeaningError("no numbers were found for which all of it has values")
