"""Random numbers for the names of an expression, away from where it has no derivative."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation.effort import Effort
from gradcheck.derivation.evaluate import Scope
from gradcheck.derivation.letters import Letters, Numbers
from gradcheck.formulas.tree import Node
from gradcheck.slopes import Slopes, slopes

MOST = 8
"""How many points a claim is tried at."""
TRIES = 24
"""How many points of a kind are drawn to find them."""

_Draw = Callable[[np.random.Generator], float]
_KINDS: tuple[_Draw, ...] = (
    lambda rng: float(rng.choice([-1.0, 1.0]) * rng.uniform(0.3, 1.7)),
    lambda rng: float(rng.uniform(0.3, 2.0)),
    lambda rng: float(rng.uniform(0.15, 0.85)),
)
"""Of either sign; for roots and logarithms; for log p and log(1 - p)."""


def draws(words: Letters, of: Node, wrt: str, names: Sequence[str], effort: Effort) -> list[Scope]:
    """Points where differences give the expression's derivative exactly; as many as are found.

    The derivative is among the values, as d and the name. Raises MeaningError.
    """
    rng = np.random.default_rng(0)
    found: list[Scope] = []
    for kind in _KINDS:
        for _ in range(TRIES):
            values = {name: np.asarray(kind(rng)) for name in names}
            scope = Scope(words, Numbers(values), values, effort=effort)
            if (exact := _exact(derivative(scope, of, wrt))) is not None:
                found.append(replace(scope, values={**values, words.gradient(wrt): exact}))
            if len(found) == MOST:
                return found
    return found


def _exact(found: Slopes) -> Array | None:
    """The derivative, or zero where it can't be told from that; None where differences tell too little."""
    value, error = abs(float(found.value)), float(found.error)
    if not np.isfinite(value) or bool(found.kinked):
        return None
    if error <= 1e-8 * value:
        return found.value
    return np.zeros(()) if value <= error <= 1e-11 else None


def derivative(scope: Scope, of: Node, wrt: str) -> Slopes:
    """The derivative by differences. Raises MeaningError."""

    def moved(step: float) -> Array:
        return replace(scope, values={**scope.values, wrt: scope.values[wrt] + step}).number(of)

    return slopes(moved, np.asarray(1.0))
