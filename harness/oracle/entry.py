"""One quantity's truth: what both oracles say of it, and what rounding may do to it."""

from __future__ import annotations

from dataclasses import dataclass

from harness.maths._arrays import Array
from harness.oracle.slopes import Slopes

ROUNDINGS = 64
"""How many responses of rounding a correct answer may be off."""


@dataclass(frozen=True)
class Entry:
    """All arrays have the quantity's shape."""

    autograd: Array
    differences: Slopes
    """Of a gradient, its difference quotients; of a value, what the NumPy forward pass gives."""
    response: float
    """Change of the largest entry per relative change of the numbers on the way."""
