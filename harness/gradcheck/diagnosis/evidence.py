"""What a submission says of one case, as far as it can be compared with predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

import numpy as np

from gradcheck.arrays import Array

EXACT = 1e-9
"""How far a right number may be off where no verdict says it, relative to the largest entry."""
DOUBLE = 1e-6
"""How near a prediction must come, relative to the largest entry: distinct mistakes lie 3e-5 apart."""
SINGLE = 2e-4
"""The same for numbers that went through float32."""
NOISE = 1e-3
"""Numbers this near the right ones are right, but for something that blurs them."""


@dataclass(frozen=True)
class Evidence:
    """The numbers of one case, in canonical layout; a shape may be wrong."""

    number: int
    """The case's place in the predictions."""
    yours: Mapping[str, Array]
    true: Mapping[str, Array]
    decimals: int | None = None
    """How many printed decimals the numbers have, if they were rounded."""
    single: bool = False
    tolerance: Mapping[str, float] = field(default_factory=dict)
    """How far a right number may be off by the verdict, by name; by default EXACT of the largest entry."""
    fair: frozenset[str] = frozenset()
    """The quantities in which the verdict finds nothing wrong here."""

    def agrees(self, name: str, predicted: Array) -> bool:
        """Whether the submission's numbers are the predicted ones."""
        yours = self.yours[name]
        if yours.shape != predicted.shape:
            return yours.size == predicted.size == 1 and self._near(name, yours.ravel(), predicted.ravel())
        return self._near(name, yours, predicted)

    def agrees_but_for_shape(self, name: str, predicted: Array) -> bool:
        """Whether they are, where axes of length one are there or not."""
        yours, predicted = np.squeeze(self.yours[name]), np.squeeze(predicted)
        if yours.shape != predicted.shape:
            return False
        off = float(np.abs(yours - predicted).max(initial=0.0))
        return self._near(name, yours, predicted) or off <= self.tolerance_of(name)

    def tolerance_of(self, name: str) -> float:
        """How far right numbers of a quantity may be off by the verdict."""
        return self.tolerance.get(name, EXACT * float(np.abs(self.true[name]).max(initial=0.0)))

    def widest(self, name: str) -> float:
        """How far the entries of a prediction that agrees may be off at most."""
        relative = SINGLE if self.single else DOUBLE
        own = self._tolerance(name, 0.0)
        size = float(np.abs(self.yours[name]).max(initial=0.0)) + own
        return self._tolerance(name, size / (1 - relative))

    @property
    def rounded(self) -> float:
        """How far rounding to the decimals that the numbers have has moved them."""
        return 0.0 if self.decimals is None else 0.5001 * 10.0**-self.decimals

    def _near(self, name: str, yours: Array, predicted: Array) -> bool:
        off, size = (float(np.abs(a).max(initial=0.0)) for a in (yours - predicted, predicted))
        return off < inf and off <= self._tolerance(name, size)

    def _tolerance(self, name: str, size: float) -> float:
        relative = (SINGLE if self.single else DOUBLE) * size
        return max(relative, self.tolerance_of(name)) + self.rounded

    @cached_property
    def digest(self) -> tuple[object, ...]:
        """The same for numbers that are the same to six digits, as other ways to compute them leave them."""
        numbers = tuple((name, a.shape, _digits(a)) for name, a in self.yours.items())
        return self.number, self.decimals, self.single, self.wrong, numbers

    @cached_property
    def misshapen(self) -> frozenset[str]:
        """The quantities that have not the shape they should have; a single number may come in any."""
        return frozenset(
            name
            for name, yours in self.yours.items()
            if yours.shape != self.true[name].shape and not yours.size == self.true[name].size == 1
        )

    @property
    def is_zero(self) -> bool:
        """Whether all numbers of several quantities are, as where nothing has been written yet."""
        return len(self.yours) > 1 and not any(numbers.any() for numbers in self.yours.values())

    @cached_property
    def wrong(self) -> frozenset[str]:
        """The quantities that are not what they should be, by more than mistakes are told apart by."""
        return frozenset(
            name for name in self.yours if name not in self.fair and not self.agrees(name, self.true[name])
        )


def _digits(a: Array) -> bytes:
    with np.errstate(over="ignore", under="ignore"):
        short = a.astype(np.float32)
    fits = np.isfinite(short).all() and np.array_equal(short == 0, a == 0)
    return short.tobytes() if fits else a.tobytes()


def decimals(arrays: Mapping[str, Array]) -> int | None:
    """How many decimals all numbers are rounded to; None where they are not rounded to 2 to 6."""
    numbers = np.concatenate([a.ravel() for a in arrays.values()]) if arrays else np.zeros(0)
    if not numbers.size or np.array_equal(numbers, np.round(numbers)):
        return None
    for places in range(2, 7):
        if np.allclose(numbers, np.round(numbers, places), rtol=0, atol=1e-9 * 10.0**-places):
            return places
    return None
