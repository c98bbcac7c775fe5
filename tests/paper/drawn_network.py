"""Networks of drawn texts, and points at which they have values and derivatives, all worked out by NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import product

import numpy as np
from drawn_formulas import STEP, Array, Formula, MisfitError, Name, Partial, Point, Ref, Shape, nodes, value

CLOSE = 1e-8
COUNTS = "mnN"
"""Letters for how many examples there are."""
POINTS, ATTEMPTS = 3, 1_000
LARGEST = 20.0
"""Beyond which all is rounding, where it goes into a sigmoid."""


@dataclass(frozen=True)
class Equation:
    """A = B = C; one that defines something has a name, or an entry of it, on its left."""

    sides: tuple[Formula, ...]
    defines: bool = False


@dataclass
class Network:
    """What a text defines, and what can be claimed of it."""

    inputs: Mapping[Name, Shape]
    definitions: Sequence[Equation]
    claims: Sequence[Equation]
    """All right, where no one edits them; names for parts of them are among them."""
    functions: Mapping[str, str] = field(default_factory=dict)
    """What letters of functions stand for."""
    lengths: Mapping[str, int] = field(default_factory=dict)
    """How many values each letter below names has."""
    distributions: frozenset[Name] = frozenset()
    """Inputs that are between 0 and 1, and add up to 1."""
    aliases: Mapping[Name, Partial] = field(default_factory=dict)
    """Names of derivatives."""

    @cached_property
    def points(self) -> list[Point]:
        """Random ones. Raises MisfitError where some quantity has no value."""
        rng = np.random.default_rng(0)
        found: list[Point] = []
        for _ in range(ATTEMPTS):
            at = self.point(rng)
            if all(np.isfinite(one).all() and np.abs(one).max() < LARGEST for one in at.values.values()):
                found.append(at)
            if len(found) == POINTS:
                return found
        raise MisfitError

    @property
    def has_values(self) -> bool:
        """Whether all of it does: a definition may have been edited."""
        try:
            return bool(self.points)
        except MisfitError:
            return False

    def point(self, rng: np.random.Generator) -> Point:
        """Random values."""
        inputs = {name: self._input(name, shape, rng) for name, shape in self.inputs.items()}
        values = self.run(inputs, {})

        @cache
        def derivative(of: Name, by: Name) -> Array:
            base = values[by]
            columns = []
            for place in np.ndindex(base.shape):
                moved = np.array(base, complex)
                moved[place] += STEP * 1j
                columns.append(self.run(inputs, {by: moved})[of].imag / STEP)
            above = columns[0].size
            shape = tuple(n for n in base.shape if n > 1) if above > 1 else base.shape
            return np.stack([column.reshape(-1) for column in columns], -1).reshape(
                (above,) * (above > 1) + shape
            )

        at = Point(values, self.functions, derivative, self.lengths)
        values.update({name: value(partial, at) for name, partial in self.aliases.items()})
        return at

    def _input(self, name: Name, shape: Shape, rng: np.random.Generator) -> Array:
        if name.letter in COUNTS:
            return np.asarray(6.0)
        if name in self.distributions:
            drawn = rng.uniform(0.1, 1, shape)
            return drawn / drawn.sum() if shape else np.asarray(drawn)
        return np.asarray(rng.uniform(0.2, 0.8, shape) * rng.choice([-1.0, 1.0], shape))

    def run(self, inputs: Mapping[Name, Array], pinned: Mapping[Name, Array]) -> dict[Name, Array]:
        """All values, where some are not what they are made of."""
        at = Point({**inputs, **pinned}, self.functions, lambda *_: np.zeros(()), self.lengths)
        for equation in (*self.definitions, *(one for one in self.claims if one.defines)):
            head, body = equation.sides[:2]
            assert isinstance(head, Ref)
            if head.name not in pinned:
                at.values[head.name] = _defined(head, body, at)
        return at.values


def _defined(head: Ref, body: Formula, at: Point) -> Array:
    if not head.index:
        return value(body, at)
    shape = [at.lengths[letter] for letter in head.index]
    found = np.zeros(shape if len(shape) > 1 else (*shape, 1), complex)
    for places in np.ndindex(*shape):
        found[places] = value(body, replace(at, places=dict(zip(head.index, places, strict=True))))
    return found if any(np.iscomplexobj(one) for one in at.values.values()) else found.real


def holds(network: Network, equation: Equation) -> bool:
    """Whether all sides are the same, at every point and for all values of free letters."""
    return all(_holds_at(at, equation) for at in network.points)


def _holds_at(at: Point, equation: Equation) -> bool:
    free = sorted(_free(equation.sides[0]))
    for places in product(*(range(at.lengths[letter]) for letter in free)):
        at.places = dict(zip(free, places, strict=True))
        try:
            first, *others = (value(side, at) for side in equation.sides)
        except (MisfitError, ValueError, KeyError):
            return False
        if not all(_same(first, other, is_jacobian=_is_jacobian(equation.sides[0], at)) for other in others):
            return False
    return True


def _free(head: Formula) -> set[str]:
    return {letter for node in nodes(head) if isinstance(node, Ref) for letter in node.index}


def _is_jacobian(head: Formula, at: Point) -> bool:
    return isinstance(head, Partial) and not head.of.index and at.values[head.of.name].size > 1


def _same(one: Array, other: Array, *, is_jacobian: bool) -> bool:
    """Whether two arrays are the same; a row is the same as a column, and a Jacobian lies in either way."""
    if one.size == other.size == 1:
        one, other = one.reshape(()), other.reshape(())
    turned = other.T if is_jacobian or 1 in other.shape else other
    return any(one.shape == b.shape and bool(np.allclose(one, b, CLOSE, CLOSE)) for b in (other, turned))
