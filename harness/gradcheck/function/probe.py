"""One function at one point, ready for differences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from random import Random

import numpy as np

from gradcheck.function.arguments import Group
from gradcheck.function.noise import noise
from gradcheck.function.quotients import Moved, Quotients, quotients
from gradcheck.function.subject import Forward
from gradcheck.maths._arrays import Array, Shape
from gradcheck.oracle.slopes import EPS

UPSTREAM = 3
"""How many upstream gradients an array-valued function is checked through."""


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

    def quotients(self, name: str, yours: Array, tolerance: float) -> Quotients:
        """The slopes by one argument, (coordinates, numbers), as sharp as `yours` asks for."""
        x = self._values[name]
        return quotients(
            self._along(name),
            x.ravel(),
            self._numbers(self.output),
            yours,
            noise=self.noise,
            tolerance=tolerance,
            together=self.upstream is None,
        )

    @cached_property
    def noise(self) -> Array:
        """The jitter of the numbers, and the roundoff in their sums."""
        # Every coordinate takes steps of another length, so that they don't move in concert.
        strides = {name: 1 + np.arange(x.size).reshape(x.shape) * 7 % 5 for name, x in self._values.items()}

        def along(t: float) -> Array:
            moved = {name: x + t * strides[name] * _last_digit(x) for name, x in self._values.items()}
            return self._numbers(self.forward.nearby(moved, self.output.shape))

        with np.errstate(all="ignore"):
            sums = 0.0 if self.upstream is None else EPS * np.abs(self.upstream) @ np.abs(self.output.ravel())
            return noise(along) + sums

    @cached_property
    def _values(self) -> dict[str, Array]:
        return {a.name: a.value for a in self.forward.arguments if a.name in self.about}

    def _along(self, name: str) -> Moved:
        x = self._values[name]

        def moved(coordinate: int, offset: float) -> Array:
            near = x.copy()
            near.flat[coordinate] += offset
            return self._numbers(self.forward.nearby({name: near}, self.output.shape))

        return moved

    def _numbers(self, output: Array) -> Array:
        return output.ravel() if self.upstream is None else self.upstream @ output.ravel()


def upstream_gradients(shape: Shape, seed: int) -> Array:
    """Seeded gradients (UPSTREAM, *shape): of either sign, none of them tiny, no two alike."""
    return np.stack([spread(shape, Random(f"{seed}/{k}")) for k in range(UPSTREAM)])


def spread(shape: Shape, random: Random) -> Array:
    """Numbers of size 0.5 to 1.5 and either sign. Python's own generator: NumPy's takes 20 ms to import."""
    count = int(np.prod(shape))
    return np.array([random.choice((-1, 1)) * random.uniform(0.5, 1.5) for _ in range(count)]).reshape(shape)


def _last_digit(x: Array) -> Array:
    return np.where(x == 0, EPS, np.spacing(np.abs(x)))
