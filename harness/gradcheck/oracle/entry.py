"""One quantity's truth: what both oracles say of it, and what rounding may do to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradcheck.arrays import Array, Mask, largest
from gradcheck.slopes import Slopes

ROUNDINGS = 64
"""How many responses of rounding a correct answer may be off."""


@dataclass(frozen=True, eq=False)
class Entry:
    """All arrays have the quantity's shape. Equal to itself alone."""

    autograd: Array
    differences: Slopes
    """Of a gradient, its difference quotients; of a value, what the NumPy forward pass gives."""
    response: float
    """Change of the largest entry per relative change of the numbers on the way."""
    by_reverse_pass: bool = False
    """Whether the derived reverse pass, run by NumPy, stands in for autograd, as there is no PyTorch."""

    @classmethod
    def exact(cls, value: Array, response: float) -> Entry:
        """Of a value known by other means than differences, away from any kink.

        `response` is relative to the largest entry.
        """
        return cls(value, Slopes.exact(value, np.zeros(value.shape)), response * largest(value))

    @cached_property
    def scale(self) -> float:
        """The largest entry's size."""
        return largest(self.autograd)

    @cached_property
    def nowhere(self) -> Mask:
        """A mask of the quantity's shape that marks nothing."""
        return np.zeros(np.shape(self.autograd), bool)

    def agrees(self, tolerance: float) -> bool:
        """Whether the two oracles say the same everywhere, within the tolerance."""
        if self.differences.value is self.autograd:
            return True
        return bool(self.supports(self.autograd, tolerance).all())

    def supports(self, value: Array, tolerance: float) -> Mask:
        """Where the difference quotients, within their error bars, allow a value."""
        slack = self.differences.error + tolerance
        within: Mask = (self.differences.low - slack <= value) & (value <= self.differences.high + slack)
        return within
