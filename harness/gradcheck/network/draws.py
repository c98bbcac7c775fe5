"""What inputs and parameters are drawn from.

No two numbers of an array are alike, none is near 0, every class occurs where there is room, and a mask hides
some and never all: at such numbers faults can't hide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array, Shape

Generator = np.random.RandomState
"""Its stream never changes (NEP 19): the same spec gives the same numbers everywhere."""


@dataclass(frozen=True)
class Draw:
    """How an array is drawn."""

    kind: str = "normal"
    over: str | None = None
    """The axis along which there is one class, or numbers that add up to 1."""
    below: int | str | None = None
    """Of whole numbers, how many there are: from 0 up to this, or up to the length of that axis."""

    @property
    def discrete(self) -> bool:
        """Whether nothing can be differentiated by what is drawn."""
        return self.kind in DISCRETE


def normal(rng: Generator, shape: Shape) -> Array:
    """Sizes from 0.1 to 1.5, either sign."""
    return away_from_zero(rng, shape, 0.1, 1.5)


def away_from_zero(rng: Generator, shape: Shape, low: float, high: float) -> Array:
    """Sizes from low to high, either sign."""
    signs: Array = np.where(rng.uniform(size=shape) < 0.5, -1.0, 1.0)
    return signs * rng.uniform(low, high, shape)


def weights(rng: Generator, shape: Shape) -> Array:
    """Of a matrix or more, in proportion to one over the root of how many numbers meet in each sum."""
    if len(shape) < 2:
        return away_from_zero(rng, shape, 0.1, 0.5) if prod(shape) else np.zeros(shape)
    meet = prod(shape) / max(min(shape[0], shape[-1]), 1)
    return away_from_zero(rng, shape, 0.3, 1.7) / float(np.sqrt(meet))


def binary(rng: Generator, shape: Shape) -> Array:
    """0 and 1, both present wherever there is room."""
    y = (rng.uniform(size=shape) < 0.5).astype(float)
    if y.size > 1 and y.min() == y.max():
        y.flat[rng.randint(y.size)] = 1 - y.flat[0]
    return y


def mask(rng: Generator, shape: Shape) -> Array:
    """0 and 1, more often 1; along the last axis never all 0."""
    keep = (rng.uniform(size=shape) < 0.7).astype(float)
    if keep.size > 1 and keep.all():
        keep.flat[rng.randint(keep.size)] = 0.0
    rows = keep.reshape(-1, shape[-1]) if shape else keep.reshape(1, 1)
    for row in rows:
        if not row.any():
            row[rng.randint(len(row))] = 1.0
    return keep


def numbers(rng: Generator, shape: Shape, below: int) -> NDArray[np.int64]:
    """Whole numbers from 0, every one of them, and the last one first of all, as long as there is room."""
    drawn = rng.randint(below, size=shape).astype(np.int64)
    forced = [below - 1, *rng.permutation(below - 1)][: drawn.size]
    drawn.flat[rng.permutation(drawn.size)[: len(forced)]] = forced
    return drawn


def one_hot(rng: Generator, shape: Shape, where: int) -> Array:
    """One 1 along the axis, and every class as long as there is room."""
    rest = (*shape[:where], *shape[where + 1 :])
    drawn: Array = np.eye(shape[where])[numbers(rng, rest, shape[where])]
    return np.moveaxis(drawn, -1, where)


def probabilities(rng: Generator, shape: Shape, where: int) -> Array:
    """Positive numbers that add up to 1 along the axis; alone, between 0.1 and 0.9."""
    if shape[where] == 1:
        return rng.uniform(0.1, 0.9, shape)
    drawn = rng.uniform(0.1, 1.0, shape)
    total: Array = drawn / drawn.sum(where, keepdims=True)
    return total


_PLAIN: dict[str, Callable[[Generator, Shape], Array]] = {
    "normal": normal,
    "positive": lambda rng, shape: rng.uniform(0.2, 1.5, shape),
    "binary": binary,
    "signs": lambda rng, shape: 2 * binary(rng, shape) - 1,
    "mask": mask,
    "weights": weights,
}
_ALONG: dict[str, Callable[[Generator, Shape, int], Array]] = {
    "one_hot": one_hot,
    "probabilities": probabilities,
}
_WHOLE = ("labels", "integers")

KINDS = tuple(kind for kind in (*_PLAIN, *_ALONG, *_WHOLE) if kind != "weights")
"""What a spec may say."""
DISCRETE = frozenset({"binary", "signs", "mask", "one_hot", *_WHOLE})
CLASSES = (*_ALONG,)
"""Kinds that go along an axis."""


def drawn(
    draw: Draw, axes: Sequence[str], lengths: Sequence[int], below: int, rng: Generator
) -> NDArray[Any]:
    """An array of these axes; `below` is how many whole numbers there are to choose from."""
    shape = tuple(lengths)
    if draw.kind in _PLAIN:
        return _PLAIN[draw.kind](rng, shape)
    if draw.kind in _ALONG:
        assert draw.over is not None
        return _ALONG[draw.kind](rng, shape, list(axes).index(draw.over))
    return numbers(rng, shape, below)
