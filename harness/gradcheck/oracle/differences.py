"""The second oracle: central differences on the NumPy forward pass.

J is a sum over examples, so every example may have a step of its own. A weight w_ij of a dense layer
moves z_j by a_i: the step k/a_i in w_ij is the step k in z_j. One difference quotient of an example's ℓ
along z_j therefore serves all weights that lead into unit j, and what lies before z_j is never run
again. Parameters that move more than one number (a kernel, a recurrent weight) are moved themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from gradcheck.maths._arrays import Array
from gradcheck.maths.chain import Chain
from gradcheck.maths.layers import Note, ignore
from gradcheck.slopes import Slopes, slopes

CHUNK = 1 << 20
"""The most numbers in one array at a time: 8 MiB."""


@dataclass(frozen=True)
class Differences:
    """Difference quotients of J at one point; what was computed once is kept."""

    chain: Chain
    parameters: Mapping[str, Array]
    x: Array
    y: Array
    noise: float = 0.0
    """Rounding error of an example's ℓ beyond that of its last digit."""

    def along(self, names: Collection[str]) -> dict[str, Slopes]:
        """∂J/∂ each of the intermediates and parameters named, of their shapes."""
        found: dict[str, Slopes] = {}
        if "x" in names:
            found["x"] = self._along_output(self.x, 0)
        for index, step in enumerate(self.chain.steps):
            for name in step.inside.keys() & set(names):
                found[name] = self._along_inside(index, name)
            wanted = {step.out, *step.parameters} & set(names)
            if wanted:
                found |= self._around(index, wanted)
        return {name: found[name] for name in names}

    @cached_property
    def values(self) -> dict[str, Array]:
        """All intermediates by name."""
        return self.chain.values(self.parameters, self.x)

    def _around(self, index: int, wanted: Collection[str]) -> dict[str, Slopes]:
        """Along what is wanted of a link's output and its parameters."""
        step = self.chain.steps[index]
        parameters = [name for name in step.parameters if name in wanted]
        levers = step.link.lever(self.values[step.source], step.own(self.parameters))
        found = {}
        if step.out in wanted or levers:
            found[step.out] = self._along_output(self.values[step.out], index + 1)
        for name in parameters:
            if levers is None:
                found[name] = self._along_parameter(index, name)
            else:
                found[name] = self._pulled(name, found[step.out], levers[step.letter(name)])
        return found

    def _pulled(self, name: str, along: Slopes, lever: Array) -> Slopes:
        """Along a parameter, from what its link's output does when it moves."""
        w = self.parameters[name]
        return along.pulled(lever).map(lambda part: part.reshape(w.shape)) + self._along_penalty(name, w)

    def _along_output(self, value: Array, after: int) -> Slopes:
        """Along the input of the link at index `after`: only that link and those behind it run."""
        return self._along(value, lambda bumps: self._losses(_moved(value, bumps), after))

    def _along_inside(self, index: int, name: str) -> Slopes:
        """Along what a link makes slice by slice: the link runs with a bump in every slice."""
        x = self.values[self.chain.steps[index].source]

        def losses(bumps: Array) -> Array:
            slices = iter(bumps.reshape(-1, *bumps.shape[2:]).swapaxes(0, 1))
            tiled = np.concatenate([x] * len(bumps))
            return self._losses(tiled, index, lambda n, v: v + next(slices) if n == name else v)

        return self._along(self.values[name], losses)

    def _along_parameter(self, index: int, name: str) -> Slopes:
        """Along a parameter that moves more than one number: its link runs once for each entry."""
        step, w = self.chain.steps[index], self.parameters[name]
        x = self.values[step.source]

        def outputs(entries: range, offsets: Array) -> Iterator[Array]:
            for entry, offset in zip(entries, offsets, strict=True):
                moved = w.copy()
                moved.flat[entry] += offset
                yield step.link.forward(x, step.own({**self.parameters, name: moved}), ignore)

        parts = []
        for entries in _chunks(w.size, len(x) * self._widest):
            unit = _unit_step(w.ravel()[entries.start : entries.stop])

            def f(s: float, entries: range = entries, unit: Array = unit) -> Array:
                return self._losses(np.concatenate([*outputs(entries, s * unit)]), index + 1)

            parts.append(slopes(f, unit[:, None], self.noise))
        summed = Slopes.concatenate(parts).map(np.transpose).pulled(np.ones((len(x), 1)))
        return self._weighed(summed.map(lambda part: part.reshape(w.shape))) + self._along_penalty(name, w)

    def _along_penalty(self, name: str, w: Array) -> Slopes:
        """What the penalty adds to ∂J/∂w: every entry alone, since it is a sum over entries."""
        penalty = self.chain.penalty
        if penalty is None or not self.chain.penalised([name]):
            return Slopes.exact(np.zeros_like(w), np.zeros_like(w))
        factor, unit = penalty.factor(len(self.x)), _unit_step(w)
        return slopes(lambda s: factor * penalty.value(w + s * unit), unit)

    def _along(self, value: Array, losses: Callable[[Array], Array]) -> Slopes:
        """Along each unit of a quantity (examples, *shape): all examples at once, each on its own.

        `losses` takes bumps of shape (units, examples, *shape), each of which moves one unit in all
        examples, and gives ℓ as (units, examples).
        """
        shape = value.shape[1:]
        unit = _unit_step(value.reshape(len(value), -1).T)

        def part(units: range) -> Slopes:
            e = np.eye(prod(shape))[units.start : units.stop, None, :]
            h = unit[units.start : units.stop]

            def f(s: float) -> Array:
                return losses((s * h[:, :, None] * e).reshape(*h.shape, *shape))

            return slopes(f, h, self.noise)

        parts = [part(units) for units in _chunks(prod(shape), len(value) * self._widest)]
        found = Slopes.concatenate(parts)
        return self._weighed(found.map(lambda a: a.T.reshape(value.shape)))

    def _losses(self, value: Array, after: int, note: Note = ignore) -> Array:
        """ℓ as (copies, examples), from copies of the batch laid one after the other."""
        output = self.chain.run(self.parameters, value, note, after=after)
        rows = output.reshape(-1, len(self.x), prod(self.chain.steps[-1].outputs))
        return self.chain.loss.value(rows, self.y.reshape(len(self.y), -1))

    def _weighed(self, found: Slopes) -> Slopes:
        return found.map(lambda part: part * self.chain.share(len(self.x)))

    @cached_property
    def _widest(self) -> int:
        return max(prod(shape) for shape in self.chain.intermediates.values())


def _moved(value: Array, bumps: Array) -> Array:
    return (value + bumps).reshape(-1, *value.shape[1:])


def _unit_step(value: Array) -> Array:
    """1, or the power of two above |value|: a step in proportion to what it is added to."""
    return np.exp2(np.ceil(np.log2(np.maximum(np.abs(value), 1.0))))


def _chunks(count: int, size: int) -> Iterator[range]:
    """Ranges over `count` pieces of `size` numbers, each range within the bound."""
    length = max(1, CHUNK // size)
    for start in range(0, count, length):
        yield range(start, min(start + length, count))
