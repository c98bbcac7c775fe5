"""Constants by which numbers are off, read as what people forget or write twice: 2, ½, m, 1/m, n_out/m."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.named import Lengths
from gradcheck.expr.simplify import Monomial
from gradcheck.expr.tree import Expr, Size, axis_of

NEAR = 1e-5
"""How far constants may be apart, relative to their size; whether they explain the numbers is asked later."""


@dataclass(frozen=True)
class Fit:
    """The constant k that makes `target` of k `moved` in one case, as near as may be."""

    constant: float | None
    """None where any would do, as there is nothing to be seen."""

    @classmethod
    def of(cls, target: Array, moved: Array) -> Fit | None:
        """By one division; None where no constant comes near."""
        square = float(np.vdot(moved, moved))
        if not square or not np.isfinite(square):
            return None if np.any(target) or not np.isfinite(square) else cls(None)
        constant = float(np.vdot(moved, target)) / square
        off = float(np.abs(target - constant * moved).max(initial=0.0))
        if not off <= 1e-3 * max(float(np.abs(target).max(initial=0.0)), 1e-300):
            return None
        return cls(constant)


def fits(constants: Sequence[Fit | None], lengths: Sequence[Lengths]) -> Iterator[Expr]:
    """Expressions for the constants of all cases: products of sizes first, then a number."""
    if any(fit is None for fit in constants):
        return
    known = [
        (fit.constant, own)
        for fit, own in zip(constants, lengths, strict=True)
        if fit and fit.constant is not None
    ]
    if not known or any(k == 0 for k, _ in known):
        return
    first = known[0][0]
    if all(abs(k - first) <= NEAR * abs(first) for k, _ in known):
        yield from map(_number, _plain_first(first))
        return
    axes = sorted({axis_of(axis) for axis in lengths[0]})
    yield from _by_sizes(known, axes)


def _plain_first(value: float) -> Iterator[float]:
    """The number with few digits, as whoever made the mistake will have chosen it, and then as it is."""
    inverse = round(1 / value) if abs(1 / value) < 1e6 else 0
    if inverse and abs(value * inverse - 1) <= NEAR:
        yield 1 / inverse
    yield from dict.fromkeys([*(float(f"{value:.{digits}g}") for digits in (1, 2, 3)), value])


def _number(value: float) -> Expr:
    return (
        Monomial(value).expression()
        if abs(value) >= 1 or not (1 / value).is_integer()
        else Monomial(float(np.sign(value)), abs(1 / value)).expression()
    )


def _by_sizes(known: Sequence[tuple[float | None, Lengths]], axes: Sequence[str]) -> Iterator[Expr]:
    """Products of powers of one or two sizes, and a number, that are the constants of all cases."""
    powers: list[tuple[tuple[str, int], ...]] = [((a, power),) for a in axes for power in (1, -1, 2, -2)]
    powers += [
        ((one, p), (other, q)) for one, other in combinations(axes, 2) for p in (1, -1) for q in (1, -1)
    ]
    for several in powers:
        parts = [np.prod([float(own[axis]) ** power for axis, power in several]) for _, own in known]
        rest = [float(k or 0.0) / float(part) for (k, _), part in zip(known, parts, strict=True)]
        if all(abs(one - rest[0]) <= NEAR * abs(rest[0]) for one in rest):
            yield _product(rest[0], several)


def _product(number: float, powers: Sequence[tuple[str, int]]) -> Expr:
    tops = tuple(Size(axis) for axis, power in powers for _ in range(max(power, 0)))
    bottoms = tuple(Size(axis) for axis, power in powers for _ in range(max(-power, 0)))
    value = next(_plain_first(number))
    whole = value.is_integer() or not (1 / value).is_integer()
    front = Monomial(value) if whole else Monomial(float(np.sign(value)), abs(1 / value))
    return front.times(Monomial(1.0, 1.0, tops, bottoms)).expression()
