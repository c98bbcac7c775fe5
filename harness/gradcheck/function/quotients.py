"""Difference quotients of a function by one argument, looked at as often as a doubt remains.

One look at every coordinate, four step sizes to either side, is enough where the gradient agrees with
what it shows. Where it doesn't, or where a kink shows, nothing is said before two looks with steps of
other proportions have seen the same: a jump, noise or a kink nearby looks different each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from gradcheck.maths._arrays import Array, Mask
from gradcheck.oracle.slopes import RUNGS, Slopes, slopes

TRUSTED = 1e-4
"""The widest error bar that tells anything, relative to the largest slope."""

SILENT = 1e-12
"""The same, relative to the slope by which f changes as much as f itself within a unit step. A slope of
zero is no better known than by the roundoff in f, and needn't be."""

SECOND, THIRD = 20861 / 2**16, 5707 / 2**16
"""The unit steps of further looks: out of proportion to the first, so that nothing periodic looks the same
in all three, and of few digits, so that they add exactly all the same."""

CLOSER = (2.0, *RUNGS)
"""The largest steps of further looks. The wide ones serve functions with much rounding."""

DOUBT = 4
"""How many error bars beside the slope a gradient must lie to be called wrong."""

CHUNK = 1 << 17
"""The most slopes that are computed at a time."""

Moved = Callable[[int, float], Array]
"""The values (outputs,) of f with a coordinate moved by an offset."""


@dataclass(frozen=True)
class Quotients:
    """What is known of the slopes; all arrays are (coordinates, outputs)."""

    first: Slopes
    """What the first look saw."""
    slopes: Slopes
    """What is held true."""
    lowest: Array
    highest: Array
    """What two closer looks that have seen the same allow; infinite before that."""
    tolerance: float
    """How far a right value may lie from the true one, relative to the largest."""
    silence: Array
    """The error bar below which a slope is as good as known, whatever the others are."""
    together: bool
    """Whether the outputs are measured by one scale, or each by its own."""

    @property
    def scale(self) -> Array:
        """The largest slope that is known, (1, outputs)."""
        size, error = _size(self.slopes), self.slopes.error
        known = np.where(np.isfinite(error) & (error <= 0.1 * size), size, 0.0)
        largest = known.max(axis=0, keepdims=True, initial=0.0)
        return np.full_like(largest, largest.max(initial=0.0)) if self.together else largest

    def right(self, yours: Array) -> Mask:
        """Where a gradient agrees, as far as can be told at all."""
        told = (self.slopes.error <= TRUSTED * self.scale) | self._silent
        slack = self.tolerance * self.scale + self.slopes.error
        within = (self.slopes.low - slack <= yours) & (yours <= self.slopes.high + slack)
        right: Mask = within & told & (~self.slopes.kinked | np.isfinite(self.highest))
        return right

    def clear(self, yours: Array) -> Mask:
        """Where a closer look can't change what is said."""
        sharp = (self.slopes.error <= self.tolerance * self.scale) | self._silent
        return self.right(yours) & sharp | self.wrong(yours)

    def wrong(self, yours: Array) -> Mask:
        """Where a gradient can't be right."""
        slack = self.tolerance * self.scale
        wrong: Mask = (yours < self.lowest - slack) | (self.highest + slack < yours)
        return wrong

    def closer(self, at: NDArray[np.intp], doubtful: Mask, looks: tuple[Slopes, Slopes]) -> Quotients:
        """With what two more looks at the coordinates `at` tell; where the looks differ, nothing is known."""
        one, two = looks
        tolerance = self.tolerance * self.scale
        before = self.slopes.map(lambda part: part[at])
        sharper = _where(one.error <= two.error, one, two)
        first = self.first.map(lambda part: part[at])
        agree = _same(one, two, tolerance) & ~_apart(first, sharper, tolerance)
        keep = (before.error < sharper.error) & ~before.kinked
        known = _where(keep, before, sharper)
        known = replace(known, error=np.where(agree, known.error, np.inf))
        slopes, lowest, highest = self.slopes.map(np.copy), self.lowest.copy(), self.highest.copy()
        for part, new, old in zip(_parts(slopes), _parts(known), _parts(before), strict=True):
            part[at] = np.where(doubtful, new, old)
        low, high = (
            (look.low - DOUBT * look.error for look in looks),
            (look.high + DOUBT * look.error for look in looks),
        )
        lowest[at] = np.where(doubtful & agree, np.minimum(*low), lowest[at])
        highest[at] = np.where(doubtful & agree, np.maximum(*high), highest[at])
        return replace(self, slopes=slopes, lowest=lowest, highest=highest)

    @property
    def _silent(self) -> Mask:
        """Where the slope is zero, as far as roundoff lets one see."""
        bar = self.slopes.error
        silent: Mask = (bar <= self.silence) & (np.abs(self.slopes.value) <= bar)
        return silent


def quotients(
    f: Moved,
    x: Array,
    centre: Array,
    yours: Array,
    *,
    noise: Array,
    tolerance: float,
    together: bool,
) -> Quotients:
    """The slopes of f by each coordinate of x, as sharp as it takes to judge the gradient `yours`.

    `x` is (coordinates,); `centre`, the values of f at x, and `noise`, their jitter, are (outputs,);
    `yours` is (coordinates, outputs).
    """
    watched = _Watched(f, np.abs(centre))
    look = _Look(watched, centre, noise)
    unit = _unit(x)
    first = look(np.arange(x.size), unit, RUNGS[:1])
    silence = SILENT * watched.largest / unit[:, None]
    anything = np.full(first.value.shape, np.inf)
    found = Quotients(first, first, -anything, anything, tolerance, silence, together)
    for step in (unit, _own_unit(x)):
        doubtful = ~found.clear(yours)
        if step is not unit:
            doubtful &= (step < unit)[:, None]
        at = np.flatnonzero(doubtful.any(1))
        if len(at):
            pair = look(at, SECOND * step[at], CLOSER), look(at, THIRD * step[at], CLOSER)
            found = found.closer(at, doubtful[at], pair)
    return found


@dataclass(frozen=True)
class _Watched:
    """A function that remembers the largest size of each of its values."""

    f: Moved
    largest: Array

    def __call__(self, coordinate: int, offset: float) -> Array:
        values = self.f(coordinate, offset)
        np.maximum(self.largest, np.abs(values), out=self.largest, where=np.isfinite(values))
        return values


@dataclass(frozen=True)
class _Look:
    """How one function is looked at."""

    f: Moved
    centre: Array
    noise: Array

    def __call__(self, at: NDArray[np.intp], unit: Array, rungs: tuple[float, ...]) -> Slopes:
        """The slopes at the coordinates `at`, in units of their own."""
        length = max(1, CHUNK // max(1, self.centre.size))
        parts = [
            self._slopes(at[i : i + length], unit[i : i + length], rungs)
            for i in range(0, max(1, len(at)), length)
        ]
        return Slopes.concatenate(parts)

    def _slopes(self, at: NDArray[np.intp], unit: Array, rungs: tuple[float, ...]) -> Slopes:
        def moved(s: float) -> Array:
            if s == 0:
                return np.tile(self.centre, (len(at), 1))
            rows: Iterator[Array] = (self.f(int(i), s * u) for i, u in zip(at, unit, strict=True))
            return np.array([*rows]).reshape(len(at), self.centre.size)

        return slopes(moved, unit[:, None], self.noise, rungs)


def _size(slopes: Slopes) -> Array:
    return np.maximum(np.abs(slopes.low), np.abs(slopes.high))


def _parts(slopes: Slopes) -> list[Array]:
    return [getattr(slopes, field.name) for field in fields(Slopes)]


def _where(condition: Mask, one: Slopes, two: Slopes) -> Slopes:
    return Slopes(*(np.where(condition, a, b) for a, b in zip(_parts(one), _parts(two), strict=True)))


def _same(one: Slopes, two: Slopes, tolerance: Array) -> Mask:
    """Whether two looks see the same slope, or the same kink."""
    # One-sided slopes have no bars of their own, and are less exact.
    kink = 1e-3 * np.maximum(one.high - one.low, two.high - two.low)
    slack = one.error + two.error + tolerance + kink
    ends = ((one.value, two.value), (one.low, two.low), (one.high, two.high))
    same = np.isfinite(slack)
    for a, b in ends:
        same &= np.abs(a - b) <= slack
    return same


def _apart(one: Slopes, two: Slopes, tolerance: Array) -> Mask:
    """Whether no slope can be what both looks see; a look that failed sees anything."""
    slack = one.error + two.error + tolerance
    apart: Mask = (one.low > two.high + slack) | (two.low > one.high + slack)
    return apart


def _unit(x: Array) -> Array:
    """1, or the power of two above |x|."""
    return np.exp2(np.ceil(np.log2(np.maximum(np.abs(x), 1.0))))


def _own_unit(x: Array) -> Array:
    """The power of two below |x|, and 1 for x = 0: for functions that change with the digits of a small x."""
    return np.exp2(np.floor(np.log2(np.where(x == 0, 1.0, np.abs(x)))))
