"""Arrays told apart by two numbers each: by them most of what doesn't make an answer's numbers is left out.

A sketch of an array is its product with two fixed vectors. Where entries are off by no more than a tolerance,
sketches are off by no more than that times the sum of the vectors' entries: what agrees is never left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array
from gradcheck.edits.candidates import unknown_of
from gradcheck.edits.edit import Edit
from gradcheck.expr.named import Named, arranged
from gradcheck.expr.tree import ONE, ZERO, Axes, Expr, substituted
from gradcheck.network.copies import COPIES, Copies
from gradcheck.network.graph import linear
from gradcheck.network.records import named

SLACK = 2.0
"""How many times the tolerance sketches may be off: they are rounded in another order than arrays."""


@lru_cache(maxsize=256)
def weights(size: int) -> Array:
    """The two vectors for arrays of so many entries: [size, 2]."""
    rng = np.random.default_rng(size)
    vectors: Array = rng.uniform(0.5, 1.5, (size, 2)) * rng.choice([-1.0, 1.0], (size, 2))
    return vectors


def sketches_of(value: Named, layout: Axes, copies: Copies) -> Array:
    """Those of a quantity in each copy: [copies, 2]. Raises ValueError where it has other axes."""
    axes, lengths = named(layout), {**copies.lengths, COPIES: copies.count}
    arrays = arranged(value, (COPIES, *axes), lengths).reshape(copies.count, -1)
    with np.errstate(all="ignore"):
        return np.array(arrays @ weights(arrays.shape[1]))


def _target(yours: Array, tolerance: float) -> tuple[Array, Array]:
    """The sketch of an array, and how far those of what agrees with it may be off."""
    vectors = weights(yours.size)
    return yours.ravel() @ vectors, SLACK * tolerance * np.abs(vectors).sum(0)


def near(sketches: Array, yours: Array, tolerance: float) -> NDArray[np.bool_]:
    """Which of some sketches, [n, 2], may be of what is within a tolerance of an array."""
    target, limits = _target(yours, tolerance)
    with np.errstate(all="ignore"):
        return np.asarray((np.abs(sketches - target) <= limits).all(1))


def multiples(sketches: Array, yours: Array, tolerance: float) -> Array:
    """By how much what has these sketches, [n, 2], is to be multiplied for an array; NaN of zeros."""
    target, limits = _target(yours, tolerance)
    with np.errstate(all="ignore"):
        large = (np.abs(sketches) > limits).any(1)
        return np.where(large, sketches @ target / (sketches**2).sum(1), np.nan)


@dataclass(frozen=True, eq=False)
class Choices:
    """The edits of one equation, with the expressions whose sketches tell which of them may make an array."""

    edits: Sequence[Edit]
    expressions: Sequence[Expr]
    plain: Array
    """[edits without an unknown number, (its place, that of its expression)]."""
    fitted: Array
    """[edits with one, (its place, those of its expressions with 0 and with 1 for the number)]."""
    others: Sequence[int]
    """The places of those that no sketch tells of."""

    @classmethod
    def of(cls, edits: Sequence[Edit]) -> Choices:
        """Sorted by whether there is an unknown number in them."""
        expressions: list[Expr] = []
        plain, fitted, others = list[tuple[int, ...]](), list[tuple[int, ...]](), list[int]()
        for n, edit in enumerate(edits):
            unknown, at = unknown_of(edit), len(expressions)
            if unknown is None:
                plain.append((n, at))
                expressions.append(edit.new)
            elif linear(edit.new, unknown):
                fitted.append((n, at, at + 1))
                expressions += [substituted(edit.new, {unknown: number}) for number in (ZERO, ONE)]
            else:
                others.append(n)
        return cls(
            edits,
            expressions,
            np.array(plain, int).reshape(-1, 2),
            np.array(fitted, int).reshape(-1, 3),
            others,
        )

    def possible(self, sketches: Array, yours: Array, tolerance: float) -> list[Edit]:
        """The edits that may make an array, within a tolerance of its entries.

        `sketches` are those of the expressions, [expressions, 2].
        """
        target, limits = _target(yours, tolerance)
        agree = near(sketches[self.plain[:, 1]], yours, tolerance)
        with np.errstate(all="ignore"):
            still = sketches[self.fitted[:, 1]]
            rest, moved = target - still, sketches[self.fitted[:, 2]] - still
            off = np.abs(rest[:, 0] * moved[:, 1] - rest[:, 1] * moved[:, 0])
            fits = off <= limits[0] * np.abs(moved[:, 1]) + limits[1] * np.abs(moved[:, 0])
        places = [*self.plain[agree, 0], *self.fitted[fits, 0], *self.others]
        return [self.edits[n] for n in sorted(places)]
