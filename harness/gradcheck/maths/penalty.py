"""Penalties on the parameters, each with its constant spelt out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradcheck.arrays import Array
from gradcheck.network.penalty import Constant


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """c Σ w² (l2) or c Σ |w| (l1) over the parameters whose letters it covers."""

    norm: Literal["l1", "l2"]
    strength: float
    """λ."""
    constant: Constant
    """How c follows from λ and from m, the number of examples."""
    covers: frozenset[str]
    """The letters of the penalised parameters, such as W."""

    def factor(self, examples: int) -> float:
        """c for a batch of that many examples."""
        divisor = {"lambda": 1, "lambda/2": 2, "lambda/m": examples, "lambda/2m": 2 * examples}
        return self.strength / divisor[self.constant]

    def value(self, w: Array) -> Array:
        """What each entry of one parameter adds to the penalty, before the factor; of w's shape."""
        return w**2 if self.norm == "l2" else np.abs(w)

    def slope(self, w: Array) -> Array:
        """The derivative of `value`, of w's shape."""
        return 2 * w if self.norm == "l2" else np.sign(w)
