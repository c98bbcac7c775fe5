"""Constants by which numbers are off, read as what people forget or write twice: 2, ½, m, 1/m, n_out/m."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log, prod

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.named import Lengths
from gradcheck.expr.simplify import Monomial
from gradcheck.expr.tree import Expr, Number, Size, axis_of, nodes

NEAR = 1e-5
"""How far constants may be apart, relative to their size; whether they explain the numbers is asked later."""

NONE = 1e-12
"""Up to what a constant is rounding: what it multiplies is left out."""


@dataclass(frozen=True)
class Fit:
    """The constant k that makes `target` of k `moved` in one case, as near as may be."""

    constant: float | None
    """None where any would do, as there is nothing to be seen."""
    error: float = 0.0
    """How far it may be off because of the noise in what it is fitted to."""

    @classmethod
    def of(cls, target: Array, moved: Array, noise: float = 0.0) -> Fit | None:
        """By one division; None where no constant comes near. `noise` is how far the target may be off."""
        square = float(np.vdot(moved, moved))
        if not square or not np.isfinite(square):
            is_seen = np.any(np.abs(target) > noise) or not np.isfinite(square)
            return None if is_seen else cls(None)
        constant = float(np.vdot(moved, target)) / square
        off = float(np.abs(target - constant * moved).max(initial=0.0))
        if not off <= max(1e-3 * float(np.abs(target).max(initial=0.0)), 2 * noise, 1e-300):
            return None
        return cls(constant, noise * float(np.abs(moved).sum()) / square)


def fits(constants: Sequence[Fit | None], lengths: Sequence[Lengths]) -> Iterator[Expr]:
    """Expressions for the constants of all cases: products of sizes first, then a number."""
    if any(fit is None for fit in constants):
        return
    known = [
        (fit.constant, fit.error, own)
        for fit, own in zip(constants, lengths, strict=True)
        if fit and fit.constant is not None
    ]
    if not known or any(abs(k) <= NONE for k, _, _ in known):
        return
    same = _common([(k, error) for k, error, _ in known])
    if same is not None:
        yield from map(_number, _plain_first(*same))
        return
    axes = sorted({axis_of(axis) for axis in lengths[0]})
    yield from _by_sizes(known, axes)


def oddness(constant: Expr) -> int:
    """How rarely people write a constant: 0 for whole numbers and sizes, 1 for two digits, 2 for others."""
    numbers = [node.value for node in nodes(constant) if isinstance(node, Number)]
    if all(float(n).is_integer() for n in numbers):
        return 0
    return 1 if all(float(f"{n:.2g}") == n for n in numbers) else 2


def _common(several: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The most precise of some numbers, with its error, where the others are the same within theirs."""
    value, error = min(several, key=lambda one: one[1] / abs(one[0]))
    agree = all(abs(k - value) <= NEAR * abs(value) + error + other for k, other in several)
    return (value, error) if agree else None


def _plain_first(value: float, error: float) -> Iterator[float]:
    """The number with few digits, as whoever made the mistake will have chosen it, and then as it is."""
    inverse = round(1 / value) if abs(1 / value) < 1e6 else 0
    if inverse and abs(1 / inverse - value) <= NEAR * abs(value) + error:
        yield 1 / inverse
    yield from dict.fromkeys([*(float(f"{value:.{digits}g}") for digits in (1, 2, 3)), value])


def _number(value: float) -> Expr:
    return (
        Monomial(value).expression()
        if abs(value) >= 1 or not (1 / value).is_integer()
        else Monomial(float(np.sign(value)), abs(1 / value)).expression()
    )


def _by_sizes(known: Sequence[tuple[float, float, Lengths]], axes: Sequence[str]) -> Iterator[Expr]:
    """Products of powers of one or two sizes, and a number, that are the constants of all cases.

    First those without a number, which sizes that grow together would have: 1/k, and not m/12.
    """
    powers: list[tuple[tuple[str, int], ...]] = [((a, power),) for a in axes for power in (1, -1, 2, -2)]
    powers += [
        ((one, p), (other, q)) for one, other in combinations(axes, 2) for p in (1, -1) for q in (1, -1)
    ]
    found: list[tuple[float, tuple[tuple[str, int], ...]]] = []
    for several in powers:
        parts = [prod(float(own[axis]) ** power for axis, power in several) for _, _, own in known]
        rest = [(k / part, error / part) for (k, error, _), part in zip(known, parts, strict=True)]
        if (same := _common(rest)) is not None:
            found.append((next(_plain_first(*same)), several))
    found.sort(key=lambda one: round(abs(log(abs(one[0]))), 6))
    yield from (_product(value, several) for value, several in found)


def _product(value: float, powers: Sequence[tuple[str, int]]) -> Expr:
    tops = tuple(Size(axis) for axis, power in powers for _ in range(max(power, 0)))
    bottoms = tuple(Size(axis) for axis, power in powers for _ in range(max(-power, 0)))
    whole = value.is_integer() or not (1 / value).is_integer()
    front = Monomial(value) if whole else Monomial(float(np.sign(value)), abs(1 / value))
    return front.times(Monomial(1.0, 1.0, tops, bottoms)).expression()
