"""The pattern that float32 leaves on an answer: errors of its size in most entries, in most quantities.

The rule is the same wherever an answer is judged. How an entry is seen to be off differs: by autograd's
numbers (`verdict.precision`), or by differences and their bars (`function.precision`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradcheck.arrays import Array

LEAST = 0.25
"""Where fewer entries than that are off, those that are stand alone."""

ALIKE = 0.02
"""Numbers that differ by less than that part of the largest are one factor; rounding leaves none."""


@dataclass(frozen=True)
class Trace:
    """What one quantity shows of float32."""

    marked: float
    """Of its entries that are not 0, the part that is off by more than double precision leaves."""
    bounded: bool
    """Whether no entry is off by more than float32's rounding."""
    contrary: bool = False
    """Whether it can't come of an answer in float32: errors beside exact entries, or larger ones."""


def is_single(traces: Sequence[Trace], most: float) -> bool:
    """Whether more quantities bear float32's marks, on `most` of their entries, than speak against it."""
    typical = [one for one in traces if one.bounded and not one.contrary and one.marked >= most]
    return len(typical) > sum(one.contrary for one in traces)


def are_alike(factors: Array) -> bool:
    """Whether factors are the same, as far as rounding lets one see."""
    return bool(np.ptp(factors) <= ALIKE * np.abs(factors).max())
