"""How much rounding can change what a network's equations make.

Every number on the way is changed by a random relative error and the response of the result is measured:
Monte Carlo arithmetic (Parker, 1997). What a correct program may differ by is then a small multiple of the
response times the unit roundoff of its precision, whatever the order in which it adds and multiplies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.operation import Along, Entrywise
from gradcheck.expr.tree import Apply
from gradcheck.network.forward import run
from gradcheck.network.records import Network

DRAWS = 8
SIZE = 1e-7
"""The relative change: far above float64's roundoff, far below where the response bends."""

MOST = 1 << 20
"""The most numbers of all quantities together that are drawn at once."""

AXIS = "*"
"""The axis of draws."""

_SEEDS = np.random.RandomState(0).randint(1 << 62, size=DRAWS, dtype=np.uint64)


def response(network: Network, given: Mapping[str, Named], lengths: Lengths) -> dict[str, float]:
    """Change of what each equation makes per relative change of numbers on the way: the largest entry's."""
    exact = run(network, given, lengths)
    largest_of = dict.fromkeys(network.equations, 0.0)
    for rounding in roundings(sum(value.array.size for value in exact.values())):
        changed = {name: rounding.of(value, integers=False) for name, value in given.items()}
        shaken = run(network, changed, lengths, rounding)
        for name, most in largest_of.items():
            off = rounding.response(shaken[name], exact[name])
            largest_of[name] = max(most, float(off.max(initial=0.0)))
    return largest_of


def roundings(size: int) -> Iterator[Rounding]:
    """All draws, as many at once as `size` numbers each allow."""
    several = max(1, min(DRAWS, MOST // max(size, 1)))
    for start in range(0, DRAWS, several):
        yield Rounding(range(start, min(start + several, DRAWS)))


class Rounding:
    """Random relative changes, each draw's along the axis of draws.

    The same number changes in the same way wherever it is made: what was equal stays so.
    """

    def __init__(self, draws: range) -> None:
        self.seeds = _SEEDS[draws.start : draws.stop]
        self.width = 1
        """Numbers in the largest array of one draw."""

    def __call__(self, node: Apply, value: Named) -> Named:
        """The value of an operation, changed where the operation rounds."""
        self.width = max(self.width, np.size(value.array) // (len(self.seeds) if AXIS in value.axes else 1))
        return self.of(value) if _rounds(node) else value

    def of(self, value: Named, integers: bool = True) -> Named:
        """The value changed; integers only where they are results, since no precision has to round them."""
        array, axes = np.asarray(value.array), value.axes
        if AXIS not in axes:
            array, axes = array[None], (AXIS, *axes)
        seeds = self.seeds.reshape([-1 if axis == AXIS else 1 for axis in axes])
        factor = _changes(array, seeds)
        if not integers and (whole := array == np.rint(array)).any():
            factor[np.broadcast_to(whole, factor.shape)] = 1.0
        factor *= array
        return Named(factor, axes)

    def response(self, changed: Named, exact: Named) -> Array:
        """|changed - exact| per relative change, of the exact one's axes: the largest of the draws."""
        axes = (AXIS, *exact.axes)
        order = [changed.axes.index(axis) for axis in axes if axis in changed.axes]
        array = changed.array.transpose(order)
        with np.errstate(invalid="ignore"):  # where both are infinite
            off = np.abs(array - exact.array)
        whole: Array = np.fmax.reduce(off, axis=0) if AXIS in changed.axes else off
        return np.where(np.isnan(whole), 0.0, whole / SIZE)


def _rounds(node: Apply) -> bool:
    """Whether an operation makes new numbers, rather than pick or compare."""
    operation = node.operation
    if not isinstance(operation, Entrywise | Along) or operation.exact:
        return False
    return not isinstance(operation, Entrywise) or any(operation.derivatives)


def _changes(array: Array, seeds: NDArray[np.uint64]) -> Array:
    """Factors from 1 - SIZE to 1 + SIZE that follow from numbers: by a multiplicative hash (Knuth, 6.4)."""
    bits = np.ascontiguousarray(array, np.float64).view(np.uint64) + seeds
    bits *= np.uint64(0x9E3779B97F4A7C15)
    bits >>= np.uint64(12)
    bits |= np.uint64(0x3FF0000000000000)
    factors = bits.view(np.float64)  # from 1 to 2
    factors *= 2 * SIZE
    factors += 1 - 3 * SIZE
    return factors
