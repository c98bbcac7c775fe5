"""The second oracle: central differences on a network run by NumPy.

Where the objective is a sum over places of a moved array (`graph.py`), they all move at once, each by a step
of its own; the rest moves one by one, in copies of the network that run together. Only what lies behind
runs again. A parameter that enters an equation linearly needs no quotient of its own: those along what the
equation makes serve it, by the rule of that linear map.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from math import prod
from operator import add

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.adjoint import adjoints
from gradcheck.expr.arithmetic import ADD, MULTIPLY, NEGATE, SUBTRACT
from gradcheck.expr.by_numpy import Change, evaluate
from gradcheck.expr.named import Lengths, Named, arranged, lying
from gradcheck.expr.registry import CALLED
from gradcheck.expr.simplify import sum_of, summed
from gradcheck.expr.tree import Apply, Axes, Expr, Name, axis_of
from gradcheck.network.backward import adjoint
from gradcheck.network.forward import run
from gradcheck.network.graph import divided, linear, needed, readers
from gradcheck.network.records import Equation, Network, named
from gradcheck.network.rounding import roundings
from gradcheck.network.tail import MOVED, Tail, apart, tail
from gradcheck.slopes import EPS, Slopes, row_slopes

CHUNK = 1 << 16
"""The most numbers in one array at a time: 0.5 MiB, which caches hold; one copy alone may need more."""

COPIES = "*"
"""The axis of copies."""

OBJECTIVE = "*J"


class Graph:
    """What differences derive from the equations of a network and its objective."""

    def __init__(self, network: Network, upstream: Collection[str] | None = None) -> None:
        """The objective is J, or the sum of the quantities under `upstream` times their given gradients."""
        objective: Expr = Name("J")
        if upstream is not None:
            objective = sum_of(_weighed(network.quantity(name)) for name in upstream)
        whole = Network(network.given, (*network.steps, Equation(OBJECTIVE, objective, ())))
        self.network = divided(needed(whole, [OBJECTIVE]))
        self.layouts = {**network.layouts, **self.network.layouts}
        self._tails: dict[tuple[str, frozenset[str] | None], Tail | None] = {}
        self._readers: dict[str, tuple[list[str], list[str]]] = {}
        self._maps: dict[tuple[str, str], tuple[Expr, Expr]] = {}

    def tail(self, name: str, seen_by: frozenset[str] | None = None) -> Tail | None:
        """What lies between a quantity, as some equations see it or all, and the objective."""
        if (name, seen_by) not in self._tails:
            self._tails[name, seen_by] = tail(self.network, OBJECTIVE, name, seen_by)
        return self._tails[name, seen_by]

    def linear_readers(self, name: str) -> tuple[list[str], list[str]]:
        """The quantities made from one linearly and directly, and those made from it otherwise."""
        if name not in self._readers:
            reading = list(readers(self.network, name))
            through = [e.name for e in reading if linear(e.expression, name)]
            self._readers[name] = through, [e.name for e in reading if e.name not in through]
        return self._readers[name]

    def pulled(self, through: str, name: str) -> tuple[Expr, Expr]:
        """What a quantity's gradient makes that of an array it is linear in: Lᵀ g, and |L|ᵀ g."""
        if (through, name) not in self._maps:
            equation = self.network.equations[through]
            value = self.network.quantity(through)
            terms = adjoints(equation.expression, value, Name(MOVED, value.axes))
            back = sum_of(term for read, term in terms if read.text == name)
            self._maps[through, name] = back, _absolute(back)
        return self._maps[through, name]


def _weighed(quantity: Name) -> Expr:
    weight = Name(adjoint(quantity.text), quantity.axes)
    return summed(Apply(MULTIPLY, (quantity, weight)), quantity.axes)


@dataclass(frozen=True)
class Differences:
    """Difference quotients of the objective at one point; what was computed once is kept."""

    graph: Graph
    given: Mapping[str, Named]
    """Inputs, parameters and upstream gradients by name."""
    lengths: Lengths
    _known: dict[str, Slopes] = field(default_factory=dict)

    def along(self, wanted: Collection[str]) -> dict[str, Slopes]:
        """d objective / d each of the quantities named, arrays of their layouts."""
        return {name: self._laid(name, self._along(name)) for name in wanted}

    @cached_property
    def values(self) -> dict[str, Named]:
        """All quantities by name."""
        return run(self.graph.network, self.given, self.lengths)

    def _laid(self, name: str, found: Slopes) -> Slopes:
        layout = self.graph.layouts[name]
        shape = [1 if axis == "1" else self.lengths[axis_of(axis)] for axis in layout]
        return found.map(lambda part: part.reshape(shape))

    def _shape(self, axes: Axes) -> tuple[int, ...]:
        return tuple(self.lengths[axis_of(axis)] for axis in axes)

    def _along(self, name: str) -> Slopes:
        """The slopes along a quantity, arrays of its named axes."""
        if name not in self._known:
            self._known[name] = (
                self._sum_of_ways(name)
                if name in self.graph.network.given
                else (self._moved(name, self.graph.tail(name)))
            )
        return self._known[name]

    def _sum_of_ways(self, name: str) -> Slopes:
        """Along something given: through what is made from it linearly, where that needs no more copies."""
        through, others = self.graph.linear_readers(name)
        whole, rest = self.graph.tail(name), self.graph.tail(name, frozenset(others))
        ways = [(made, self.graph.tail(made)) for made in through if made not in self._known]
        if sum(self._copies(way) for _, way in (*ways, ("", rest))) > self._copies(whole):
            return self._moved(name, whole)
        parts = [self._pulled(made, name) for made in through]
        if rest or not parts:
            parts.append(self._moved(name, rest))
        return reduce(add, parts)

    def _copies(self, of: Tail | None) -> int:
        """How many copies of the network it takes to move each entry."""
        return prod(self._shape(of.coupled)) if of else 0

    def _moved(self, name: str, of: Tail | None) -> Slopes:
        """Along a quantity, whose entries are moved themselves."""
        axes = named(self.graph.layouts[name])
        if of is None:
            return Slopes.exact(np.zeros(self._shape(axes)), np.zeros(self._shape(axes)))
        order = (*of.coupled, *of.uncoupled)
        value = arranged(self.values[name], axes, self.lengths)
        moving = _Moving(self, of, np.zeros_like(value) if of.added else value)
        unit = _unit_step(lying(Named(value, axes), order)).reshape(-1, *self._shape(of.uncoupled))
        noise = moving.noise()
        shape = self._shape(order)

        def part(copies: range) -> Slopes:
            bumps = np.zeros((len(copies), *unit.shape))
            bumps[range(len(copies)), copies] = unit[copies.start : copies.stop]
            bump = moving.lying(bumps.reshape(-1, *shape), order)
            step = unit[copies.start : copies.stop]
            return row_slopes(lambda sizes, rows: moving.by(sizes, bump[rows]), step, noise)

        found = Slopes.concatenate([*map(part, _chunks(len(unit), moving.width))])
        return found.map(lambda of_all: lying(Named(of_all.reshape(shape), order), axes))

    def _pulled(self, through: str, name: str) -> Slopes:
        """Along an array from which a quantity is made linearly, from the slopes along that quantity.

        Interval arithmetic: error bars and the distances between one-sided slopes add up by size.
        """
        along = self._along(through)
        back, sizes = self.graph.pulled(through, name)
        axes, target = (named(self.graph.layouts[one]) for one in (through, name))

        def mapped(by: Expr, part: Array) -> Array:
            found = evaluate(by, {**self.values, MOVED: Named(part, axes)}, self.lengths)
            return arranged(found, target, self.lengths)

        with np.errstate(all="ignore"):
            value, error = mapped(back, along.value), mapped(sizes, along.error)
            error = np.where(np.isnan(error), np.inf, error)  # 0 times infinity
            if not along.kinked.any():
                return Slopes.exact(value, error)
            middle = mapped(back, (along.low + along.high) / 2)
            reach = mapped(sizes, (along.high - along.low) / 2)
            return Slopes(value, error, middle - reach, middle + reach)


class _Moving:
    """The objective's terms as functions of an array that is moved."""

    def __init__(self, at: Differences, of: Tail, value: Array) -> None:
        self.tail, self.value = of, value
        places = {apart(axis): at.lengths[axis_of(axis)] for axis in of.uncoupled}
        self.lengths = {**at.lengths, **places}
        self.places, self.shape = tuple(places), tuple(places.values())
        with np.errstate(all="ignore"):
            fixed = {name: evaluate(e, at.values, self.lengths) for name, e in of.constants.items()}
        known = at.values | {name: Named(np.asarray(a), axes) for name, (a, axes) in fixed.items()}
        read = {name for e in of.network.equations.values() for name in e.expression.reads}
        self.known = {name: value for name, value in known.items() if name in read}
        self.size = sum(found.array.size for found in at.values.values())
        self.width = 1
        """Numbers in the largest array of one copy."""

    def by(self, sizes: Array, bumps: Array) -> Array:
        """The terms, (sizes, copies, *places), from bumps of shape (copies, *axes) times each size."""
        at_once = max(1, CHUNK // (len(bumps) * self.width))
        parts = []
        for start in range(0, len(sizes), at_once):
            whole = self.value + np.multiply.outer(sizes[start : start + at_once], bumps)
            copies = whole.reshape(-1, *self.value.shape)
            found = lying(self._terms(Named(copies, (COPIES, *self.tail.axes))), (COPIES, *self.places))
            parts.append(np.broadcast_to(found, (len(copies), *self.shape)))
        return np.concatenate(parts).reshape(len(sizes), len(bumps), *self.shape)

    def noise(self) -> Array:
        """A bound for the rounding error of each term, (*places)."""
        exact = Named(self.by(np.zeros(1), np.zeros((1, *self.value.shape)))[0, 0], self.places)
        noise = np.zeros(self.shape)
        for rounding in roundings(self.size):
            start = rounding.of(Named(self.value, self.tail.axes))
            noise = np.maximum(noise, rounding.response(self._terms(start, rounding), exact))
            self.width = max(rounding.width, self.value.size)
        return EPS * noise

    def lying(self, bumps: Array, order: Axes) -> Array:
        """Bumps whose axes behind that of copies stand in this order, as the array has them."""
        return np.ascontiguousarray(lying(Named(bumps, (COPIES, *order)), (COPIES, *self.tail.axes)))

    def _terms(self, moved: Named, change: Change | None = None) -> Named:
        return run(self.tail.network, {**self.known, MOVED: moved}, self.lengths, change)[OBJECTIVE]


def _absolute(e: Expr) -> Expr:
    """|L| instead of a linear map L of MOVED: every coefficient by its size."""
    if isinstance(e, Name) and e.text == MOVED:
        return e
    if not isinstance(e, Apply) or MOVED not in e.reads:
        return Apply(CALLED["abs"], (e,))
    arguments = tuple(map(_absolute, e.arguments))
    if e.operation is NEGATE:
        return arguments[0]
    return replace(e, operation=ADD if e.operation is SUBTRACT else e.operation, arguments=arguments)


def _unit_step(value: Array) -> Array:
    """1, or the power of two above |value|: a step in proportion to what it is added to."""
    return np.exp2(np.ceil(np.log2(np.maximum(np.abs(value), 1.0))))


def _chunks(count: int, size: int) -> Iterator[range]:
    """Ranges over `count` pieces of `size` numbers, each range within the bound."""
    length = max(1, CHUNK // size)
    for start in range(0, count, length):
        yield range(start, min(start + length, count))
