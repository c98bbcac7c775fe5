"""Of a few draws the first at which faults can't hide: no unit near a kink, no gradient silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf
from typing import TypeVar

from gradcheck.arrays import Array, largest

ATTEMPTS, FEWEST, ROOM = 40, 4, 1_000_000
"""How many draws there are, where all of them together make no more numbers than there is room for; else the
fewest, or as many as it takes to find numbers of which every equation has a value."""
NEAR_A_KINK = 1e-2
SILENT = 1e-5
"""A gradient this small against the largest says nothing about a mistake."""

Drawn = TypeVar("Drawn")


def first_speaking(attempt: Callable[[int, bool], tuple[float, Drawn]], numbers: int) -> tuple[float, Drawn]:
    """(its score, the draw).

    `attempt` is called with how many there were before, and whether none of them had values; it gives the
    score, -inf where one has none, and the draw, which makes so many `numbers`.
    """
    most = min(ATTEMPTS, max(FEWEST, ROOM // max(numbers, 1)))
    score, best = attempt(0, False)
    for number in range(1, ATTEMPTS):
        if score >= NEAR_A_KINK or (number >= most and score > -inf):
            break
        other, drawn = attempt(number, score == -inf)
        if other > score:
            score, best = other, drawn
    return score, best


def scored(nearest: float, gradients: Iterable[Array]) -> float:
    """The distance to the nearest kink, less 1 for every gradient that is silent."""
    sizes = [largest(gradient) for gradient in gradients]
    return nearest - sum(size <= SILENT * max(sizes) for size in sizes)
