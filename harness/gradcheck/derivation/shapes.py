"""Products, sums and entries of arrays as they stand, with a word where shapes don't fit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation.errors import MeaningError
from gradcheck.formulas.tree import Span


def shape(array: Array) -> str:
    """3 × 1; "a number" for a single one."""
    return " × ".join(map(str, array.shape)) if array.size > 1 else "a number"


def elementwise(
    operation: Callable[[Array, Array], Array], a: Array, b: Array, what: str, span: Span
) -> Array:
    """a and b entry by entry; a single number goes with everything, a vector with the rows it fits.

    A row or a column goes with the matrix it fits, as a bias does with a batch, but not by ⊙.
    """
    if a.size == 1 or b.size == 1:
        return operation(_scalar(a), _scalar(b))
    if a.shape == b.shape or ({a.ndim, b.ndim} == {1, 2} and a.shape[-1] == b.shape[-1]):
        return operation(a, b)
    if what != "⊙" and _fits_along(a, b):
        return operation(a, b)
    advice = "one of them has to be transposed" if a.T.shape == b.shape else ""
    if not advice and a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0] and what == "⊙":
        advice = "the matrix product is meant?"
    raise MeaningError("shape", f"{what} of {shape(a)} and {shape(b)} does not exist", span, advice)


def product(operator: str, a: Array, b: Array, span: Span) -> Array:
    """A product as its sign says; side by side is the product of matrices, or by a number."""
    if a.size == 1 or b.size == 1:
        return _scalar(a) * _scalar(b)
    if operator in ("*", "·"):
        return elementwise(np.multiply, a, b, "the product entry by entry", span)
    fits = a.ndim and b.ndim and a.shape[-1] == b.shape[0]
    if fits:
        return a @ b
    advice = "⊙, the product entry by entry, is meant?" if a.shape == b.shape else ""
    if a.ndim == b.ndim == 2 and not advice:
        turned = [n for n, (p, q) in _TURNS.items() if p(a).shape[1] == q(b).shape[0]]
        advice = f"it does with {turned[0]} transposed" if turned else ""
    raise MeaningError(
        "shape", f"the matrix product of {shape(a)} and {shape(b)} does not exist", span, advice
    )


def _fits_along(a: Array, b: Array) -> bool:
    """Whether one is a matrix and the other a row or a column such as it has."""
    return a.ndim == b.ndim == 2 and any(
        small.shape in ((1, big.shape[1]), (big.shape[0], 1)) for big, small in ((a, b), (b, a))
    )


def _same(a: Array) -> Array:
    return a


def _transposed(a: Array) -> Array:
    return a.T


_TURNS = {"the second": (_same, _transposed), "the first": (_transposed, _same)}


def _scalar(a: Array) -> Array:
    return a.reshape(()) if a.size == 1 else a


def entry(array: Array, indices: tuple[int, ...], firsts: tuple[int, int], span: Span) -> Array:
    """One entry, by indices that count from `firsts`."""
    return np.asarray(array[position(array, indices, firsts, span)])


def has(array: Array, indices: tuple[int, ...], firsts: tuple[int, int]) -> bool:
    """Whether there is such an entry."""
    at = [i - first for i, first in zip(indices, firsts, strict=False)]
    return len(at) == array.ndim and all(0 <= i < n for i, n in zip(at, array.shape, strict=True))


def position(array: Array, indices: tuple[int, ...], firsts: tuple[int, int], span: Span) -> tuple[int, ...]:
    """Where an entry lies, counted from 0; MeaningError for one that there is not."""
    if len(indices) == 1 and array.size == max((*array.shape, 1)):
        at = [0] * array.ndim
        if array.ndim:
            at[int(np.argmax(array.shape))] = indices[0] - firsts[-1]
    elif len(indices) == array.ndim:
        at = [i - first for i, first in zip(indices, firsts, strict=False)]
    else:
        raise MeaningError(
            "index",
            f"{len(indices)} {'index' if len(indices) == 1 else 'indices'} into an array of {shape(array)}",
            span,
        )
    if any(not 0 <= i < n for i, n in zip(at, array.shape, strict=True)):
        raise MeaningError("index", f"there is no such entry in {shape(array)}", span)
    return tuple(at)
