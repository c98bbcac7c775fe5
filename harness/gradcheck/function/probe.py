"""One function at one point, ready for differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

import numpy as np

from gradcheck.arrays import Array, Mask, Shape
from gradcheck.function.arguments import Group
from gradcheck.function.noise import noise
from gradcheck.function.quotients import EPS
from gradcheck.function.subject import Forward

UPSTREAM = 3
"""How many upstream gradients an array-valued function is checked through."""

MOVES = (0.25, 1.0, 2.0)
"""Steps, relative to the arguments, over which a function is seen to vary."""

COARSE = 1e-5
"""What jumps by more than that, relative to the values and to how they vary, is not rounded but has steps."""

Gradient = Callable[[Mapping[str, Array]], Mapping[str, Array]]
"""The gradient function elsewhere: moved arguments -> arrays (numbers, *shape) under their names; nothing
under a name where it gives none."""


@dataclass(frozen=True)
class Probe:
    """The numbers φ_k = Σ_o upstream[k, o] · f_o(x) and their slopes."""

    forward: Forward
    output: Array
    """f at the point."""
    upstream: Array | None
    """(numbers, outputs); None where every output is a number of its own, as for a Jacobian."""
    about: Group
    """The arguments that are moved."""
    gradient: Gradient

    @cached_property
    def values(self) -> dict[str, Array]:
        """The arguments that are moved, at the point."""
        return {a.name: a.value for a in self.forward.arguments if a.name in self.about}

    @cached_property
    def centre(self) -> Array:
        """φ at the point, (numbers,)."""
        return self._numbers(self.output)

    def moved(self, values: Mapping[str, Array]) -> Array:
        """φ with some arguments replaced; NaN where f is not defined."""
        return self._numbers(self.forward.nearby(values, self.output.shape))

    def at(self, values: Mapping[str, Array]) -> Probe | None:
        """The same function at another point; None where it is not defined there."""
        output = self.forward.nearby(values, self.output.shape)
        if not np.isfinite(output).all():
            return None
        arguments = self.forward.arguments.moved(values)
        return replace(self, forward=replace(self.forward, arguments=arguments), output=output)

    @cached_property
    def units(self) -> dict[str, Array]:
        """The scale of every entry, a power of two: its own size, or else that of the argument's others."""
        return {name: _units(x) for name, x in self.values.items()}

    def direction(self, seed: int) -> dict[str, Array]:
        """A random direction in which all arguments move, by about their own scale."""
        random = Random(f"direction {seed}")
        return {name: unit * spread(unit.shape, random) for name, unit in self.units.items()}

    @cached_property
    def noise(self) -> Array:
        """The jitter of the numbers, and the roundoff in their sums.

        Where nothing changes with the last digits of the arguments, there is nothing to see of it; then
        it is that of the function nearby, where something does: log(1 + e^-40) + 40 - 40 is 0 here, but
        made of numbers as large as 40.
        """
        with np.errstate(all="ignore"):
            sums: Array | float = 0.0
            if self.upstream is not None and self.output.size > 1:
                sums = EPS * np.abs(self.upstream) @ np.abs(self.output.ravel())
            here = self._jitter(self.values)
            if (here == 0).any():
                around = [self._jitter(moved) for moved in self._elsewhere()]
                least = np.max([np.where(np.isfinite(j), j, 0.0) for j in around], axis=0, initial=0.0)
                here = np.where(here == 0, least, here)
            return here + sums

    @cached_property
    def variation(self) -> Array:
        """By how much the numbers change, beyond their noise, where all arguments move by their own size."""
        with np.errstate(all="ignore"):
            changes = [np.abs(self.moved(moved) - self.centre) for moved in self._elsewhere()]
            largest = np.max([np.where(np.isfinite(c), c, 0.0) for c in changes], axis=0, initial=0.0)
            return np.where(largest > 8 * self.noise, largest, 0.0)

    @cached_property
    def blur(self) -> Array:
        """What rounding hides of the numbers: their noise; everything where that is none, but a staircase."""
        steps = self.noise > COARSE * np.maximum(np.abs(self.centre), self.variation)
        return np.where(steps, np.inf, self.noise)

    @cached_property
    def constant(self) -> Mask:
        """Which of the numbers stay the same, digit by digit, wherever the function was called."""
        far = [move * 10.0**exponent for move in MOVES for exponent in (0, 3, 6)]
        with np.errstate(all="ignore"):
            values = np.array([self.moved(moved) for moved in self._elsewhere(far)])
        return np.asarray(((values == self.centre) | ~np.isfinite(values)).all(0))

    def gradient_at(self, name: str, values: Mapping[str, Array]) -> Array:
        """The gradient function by one argument elsewhere, (coordinates, numbers); NaN where it fails."""
        coordinates, numbers = self.values[name].size, self.centre.size
        part = self.gradient(values).get(name)
        if part is None or part.size != coordinates * numbers:
            return np.full((coordinates, numbers), np.nan)
        return part.reshape(numbers, coordinates).T.astype(np.float64)

    def jitter_of_gradient(self, name: str, *, all_floats: bool = False) -> Array:
        """The jitter of the gradient function by one argument, (coordinates, numbers).

        With `all_floats` those that aren't differentiated by move, too: data may be what is rounded.
        """
        given = {a.name: a.value for a in self.forward.arguments if a.value.dtype == np.float64}
        values = given if all_floats else self.values
        with np.errstate(all="ignore"):
            return noise(lambda t: self.gradient_at(name, _stirred(values, t)))

    def _jitter(self, values: Mapping[str, Array]) -> Array:
        return noise(lambda t: self.moved(_stirred(values, t)))

    def _elsewhere(self, moves: Sequence[float] = MOVES) -> Sequence[dict[str, Array]]:
        return [
            {name: x + sign * move * direction[name] for name, x in self.values.items()}
            for direction in (self.direction(0), self.direction(1))
            for move in moves
            for sign in (1, -1)
        ]

    def _numbers(self, output: Array) -> Array:
        return output.ravel() if self.upstream is None else self.upstream @ output.ravel()


def upstream_gradients(shape: Shape, seed: int) -> Array:
    """Seeded gradients (UPSTREAM, *shape): of either sign, none of them tiny, no two alike."""
    return np.stack([spread(shape, Random(f"{seed}/{k}")) for k in range(UPSTREAM)])


def spread(shape: Shape, random: Random) -> Array:
    """Numbers of size 0.5 to 1.5 and either sign. Python's own generator: NumPy's takes 20 ms to import."""
    count = int(np.prod(shape))
    return np.array([random.choice((-1, 1)) * random.uniform(0.5, 1.5) for _ in range(count)]).reshape(shape)


def _units(x: Array) -> Array:
    size = np.abs(x)
    largest = float(size.max(initial=0.0)) or 1.0
    own = np.minimum(np.maximum(size, largest / 8), np.maximum(size, 1.0))
    return np.ldexp(0.5, np.frexp(own)[1])


def _stirred(values: Mapping[str, Array], t: float) -> dict[str, Array]:
    """All coordinates moved by about t units of their last digit."""
    # Every coordinate takes steps of another length, so that they don't move in concert.
    return {
        name: x + t * (1 + np.arange(x.size).reshape(x.shape) * 7 % 5) * _last_digit(x)
        for name, x in values.items()
    }


def _last_digit(x: Array) -> Array:
    """The spacing of numbers; 0 has none, so that it stays where others can be moved."""
    return np.where(x == 0, 0.0 if x.any() else EPS, np.spacing(np.abs(x)))
