"""The slopes by one argument, looked at as often as a doubt remains, in as much time as there is.

One central quotient an entry comes first. Where it agrees with the gradient, a second family of steps, a
factor of 2000 smaller, confirms it along random directions over blocks of entries of like size, an entry a
block where there are few. Whatever disagrees, is hidden by noise or looks bent climbs a ladder of steps of
its own. Where time is short, entries are drawn at random, and the directions cover all of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array, Mask
from gradcheck.function.fit import fitted, steps_above
from gradcheck.function.probe import Probe
from gradcheck.function.progress import Progress
from gradcheck.function.quotients import DOUBT, EPS, Rungs, Slopes, settle
from gradcheck.function.tolerance import DOUBLE, Tolerance, largest, sizes

FIRST, SECOND, WIDE = 2.0**-16, 2.0**-27, 2.0**-6
"""Steps of the first look, of the second family, and of the one that serves where noise hides the second."""

DEPTH = 18
"""How many rungs lie between a scale and its last digit; neighbours differ by a factor of 8."""

SHORT = tuple(2.0**-e for e in (4, 7, 10, 13, 16, 19, 28, 31))
"""The ladder that is tried first where entries are many."""

FEW = 256
"""So many entries are few."""

BLOCKS = 64
"""The most blocks of the second family."""

LEAST = 16
"""The fewest entries that are looked at one by one, whatever the time."""

CHUNK = 64
"""How many entries climb the ladder at a time, where they are few."""

STRAIGHT = 1e-3
"""How much the one-sided quotients of a first look may differ, relative to the slope."""

CURVED = 2.0**-28
"""How far the curvature of a function may take a first look, relative to the slope."""

RESOLVED = 0.05
"""How wide an error bar may be, relative to the entry, for a gradient to be called right."""

HIDDEN, HIDDEN_AMONG_MANY = 1e-9, 1e-6
"""An entry that noise hides counts as zero below this, relative to the largest."""

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Survey:
    """What was looked at, and what was seen."""

    slopes: Slopes
    looked: Mask
    """Entries that were looked at one by one, (coordinates,); the others go by directions alone."""
    hurried: Mask
    """Entries where something disagrees that there was no time to look at closer."""
    blocks: int
    """How many blocks of entries were looked at along random directions, ..."""
    failing: int
    """... and in how many of them something disagrees."""


@dataclass(frozen=True)
class Surveyor:
    """One argument's gradient and the means to look at its slopes."""

    probe: Probe
    name: str
    yours: Array
    """(coordinates, numbers)"""
    tolerance: Tolerance
    seconds: float
    progress: Progress

    def survey(self) -> Survey:
        """Look."""
        began = time.monotonic()
        slopes, looked = self._first(began + 0.6 * self.seconds)
        doubtful = np.flatnonzero(looked & ~self._clear(slopes))
        blocks = self._blocks(np.setdiff1d(np.arange(self._count), doubtful))
        scale = self._effect(sizes(slopes)).max(initial=0.0)
        failing = [block for block in blocks if not self._confirmed(block, scale)]
        slopes, climbed = self._climb(slopes, doubtful, began + 0.8 * self.seconds)
        suspects = [i for block in failing for i in self._suspects(block, scale, began + 0.9 * self.seconds)]
        slopes, more = self._climb(slopes, np.array(suspects, np.intp), began + self.seconds)
        climbed = np.concatenate([climbed, more])
        rest = np.setdiff1d(np.flatnonzero((looked[:, None] & self._blurred(slopes)).any(1)), climbed)
        slopes, more = self._climb(slopes, rest, began + self.seconds)
        climbed = np.concatenate([climbed, more])
        slopes = self._narrowed(slopes, climbed, began + self.seconds)
        hurried = np.zeros_like(looked)
        hurried[[*doubtful, *suspects]] = True
        for block in failing:
            hurried[block] |= not np.isin(block, climbed).any()
        hurried[climbed] = False
        looked[climbed] = True
        self.progress.done()
        return Survey(slopes, looked | hurried, hurried, len(blocks), len(failing))

    @property
    def few(self) -> bool:
        """Whether each entry gets all the looks that it needs."""
        return self._count <= FEW

    @property
    def _count(self) -> int:
        return len(self.yours)

    @property
    def _hidden(self) -> float:
        return HIDDEN if self.few else HIDDEN_AMONG_MANY

    @property
    def _x(self) -> Array:
        return self.probe.values[self.name].ravel()

    @property
    def _unit(self) -> Array:
        return self.probe.units[self.name].ravel()

    def _effect(self, slope: Array) -> Array:
        """By how much an entry's slope changes the numbers over its unit."""
        with np.errstate(over="ignore"):
            return np.abs(slope) * self._unit[:, None]

    # The first look.

    def _first(self, deadline: float) -> tuple[Slopes, Mask]:
        slopes, looked = _unknown(self.yours.shape), np.zeros(self._count, bool)
        order = self._order()
        rows: list[tuple[float, float, Array, Array]] = []
        # Where there is no scale but the entry itself, as in log x, a wider step would bend.
        scale = np.where(self._x == 0, np.inf, np.abs(self._x)) if self.few else np.inf
        step = FIRST * np.minimum(self._unit, scale)
        self.progress.begin(self.name, self._count, deadline)
        for done, i in enumerate(order):
            if done >= LEAST and time.monotonic() > deadline:
                break
            rows.append(self._rung(i, step[i]))
            self.progress.step(done + 1)
        at = np.array(order[: len(rows)], np.intp)
        above, below, right, left = (np.array(part) for part in zip(*rows, strict=True))
        looked[at] = True
        return slopes.put(at, self._look(at, above[:, None], below[:, None], right, left)), looked

    def _look(self, at: Indices, above: Array, below: Array, right: Array, left: Array) -> Slopes:
        """One central quotient an entry, as far as it agrees with the gradient."""
        with np.errstate(all="ignore"):
            step = (above + below) / 2
            value = (right / 2 - left / 2) / step
            rightward, leftward = (right - self.probe.centre) / above, (self.probe.centre - left) / below
            noise = np.maximum(self.probe.noise, EPS * np.maximum(np.abs(right), np.abs(left))) / step
            error = DOUBT * noise + CURVED * np.abs(value)
            size = np.abs(value)
            close = np.abs(value - self.yours[at]) <= error + DOUBLE * size
            straight = np.abs(rightward - leftward) <= STRAIGHT * size + 2 * DOUBT * noise
            error = np.where(close & straight, error, np.inf)
        nothing = np.full_like(value, np.nan)
        return Slopes(
            value,
            error,
            nothing,
            np.full_like(value, np.inf),
            value,
            value,
            np.zeros_like(value),
            np.full_like(value, -np.inf),
            np.full_like(value, np.inf),
            size,
            np.zeros(size.shape, bool),
            np.zeros_like(size),
        )

    def _clear(self, slopes: Slopes) -> Mask:
        """Where a first look agrees, and is sharp."""
        with np.errstate(invalid="ignore"):
            sharp: Mask = slopes.error <= 3 * DOUBLE * np.abs(slopes.value)
            # Few entries climb for as long as they can be told apart from 0.
            negligible = slopes.error <= self._hidden * largest(slopes, self._x)
            nothing = (self.yours == 0) & (slopes.value == 0)
            sharp = np.logical_or(sharp, negligible & (nothing if self.few else True))
        return np.asarray(sharp.all(1))

    def _order(self) -> Sequence[int]:
        """All entries in random order: there may be no time for all."""
        return Random(f"order {self._count}").sample(range(self._count), self._count)

    def _rung(self, i: int, step: float) -> tuple[float, float, Array, Array]:
        """How far both points lie off in fact, and the values there."""
        x = self.probe.values[self.name]
        above, below = x.copy(), x.copy()
        above.flat[i] += step
        below.flat[i] -= step
        distances = float(above.flat[i] - x.flat[i]), float(x.flat[i] - below.flat[i])
        right, left = (self.probe.moved({self.name: near}) for near in (above, below))
        return *distances, right, left

    # The second family.

    def _blocks(self, at: Indices) -> list[Indices]:
        """Entries of like size, a few blocks of many or each by itself."""
        if not at.size:
            return []
        size = self._effect(self.yours).max(1)[at]
        return np.array_split(at[np.argsort(size, kind="stable")], min(len(at), BLOCKS))

    def _confirmed(self, block: Indices, scale: float) -> bool:
        """Whether a second family of steps agrees with the gradient over a block."""
        fine = self._along(block, SECOND, scale)
        if fine is None:
            wide = self._along(block, WIDE, scale)
            return bool(wide)
        return fine

    def _along(self, block: Indices, step: float, scale: float) -> bool | None:
        """Whether a directional quotient agrees with the gradient; None where noise hides it."""
        random = Random(f"block {block[0]} {len(block)}")
        x = self.probe.values[self.name]
        signs = np.array([random.choice((-1.0, 1.0)) for _ in block])
        offset = np.zeros(x.shape)
        offset.flat[block] = signs * self._unit[block]
        with np.errstate(all="ignore"):
            right, left = (self.probe.moved({self.name: x + s * step * offset}) for s in (1, -1))
            quotient = (right / 2 - left / 2) / step
            noise = np.maximum(self.probe.noise, EPS * np.maximum(np.abs(right), np.abs(left))) / step
            parts = self.yours[block] * (signs * self._unit[block])[:, None]
            # x + h is rounded, and a wide step isn't small.
            rough = (2.0**-20 if step == SECOND else RESOLVED) * np.abs(parts).sum(0)
            size = np.sqrt((parts**2).sum(0))
            agrees = np.abs(quotient - parts.sum(0)) <= DOUBT * noise + rough
            informative = DOUBT * noise <= np.maximum(RESOLVED * size, self._hidden * scale)
        if not agrees.all():
            return False
        return True if informative.all() else None

    def _suspects(self, block: Indices, scale: float, deadline: float) -> Iterator[int]:
        """The entries of a block that disagree, by bisection; all of them where they are few."""
        if len(block) == 1 or self.few:
            yield from block.tolist()
            return
        if time.monotonic() > deadline:
            return
        for half in np.array_split(block, 2):
            if not self._confirmed(half, scale):
                yield from self._suspects(half, scale, deadline)

    # The ladder.

    def _climb(self, slopes: Slopes, at: Indices, deadline: float) -> tuple[Slopes, Indices]:
        """Look closer at the entries `at`, as many as there is time for."""
        length = CHUNK if self.few else 1
        climbed = 0
        for start in range(0, len(at), length):
            if start and time.monotonic() > deadline:
                break
            chunk = at[start : start + length]
            slopes = slopes.put(chunk, self.climb(chunk))
            climbed = start + len(chunk)
        return slopes, at[:climbed]

    def climb(self, at: Indices) -> Slopes:
        """The slopes of the entries `at` alone: by their whole ladders, or as much of them as decides."""
        if self.few:
            return self._settled(at, [self._steps(i) for i in at])
        seen = self._settled(at, [self._unit[i] * np.array(SHORT) for i in at])
        rest = np.flatnonzero(~self._decided(at, seen))
        if not rest.size:
            return seen
        return seen.put(rest, self._settled(at[rest], [self._steps(i) for i in at[rest]]))

    def _decided(self, at: Indices, seen: Slopes) -> Mask:
        """Where more rungs can't change what is said."""
        slack = self.tolerance.slack(seen, self._x[at])
        yours = self.yours[at]
        sharp = seen.error <= 3 * DOUBLE * np.abs(seen.value)
        decided = seen.excludes(yours, slack) | (seen.within(yours, slack) & sharp)
        return np.asarray(decided.all(1))

    def _narrowed(self, slopes: Slopes, at: Indices, deadline: float) -> Slopes:
        """With what the quotients of many steps say of those of the entries `at` that noise blurs."""
        least, most = slopes.least.copy(), slopes.most.copy()
        blurred = self._blurred(slopes) & (slopes.widest > 0)
        for i in at[blurred[at].any(1)]:
            if time.monotonic() > deadline:
                break
            for number, (value, room) in self._fits(i, slopes.widest[i], blurred[i]):
                if room < slopes.error[i, number]:
                    least[i, number], most[i, number] = value - room, value + room
        return replace(slopes, least=least, most=most)

    def _blurred(self, slopes: Slopes) -> Mask:
        """Where `yours` isn't excluded by a bar that is too wide to show what must be caught."""
        size = np.abs(slopes.value)
        with np.errstate(invalid="ignore", over="ignore"):
            room = 2 * slopes.error + self.tolerance.slack(slopes, self._x)
            within = np.isfinite(slopes.error) & (np.abs(self.yours - slopes.value) <= room)
        blurred = within & ~slopes.kinked & (slopes.error > 3 * DOUBLE * size)
        if self.few:
            return np.asarray(blurred)
        # Of many entries, those that noise hides count for nothing, or aren't right anyway.
        blurred &= slopes.error > DOUBLE * largest(slopes, self._x)
        return np.asarray(blurred & (slopes.error <= RESOLVED * size))

    def _fits(self, i: int, widest: Array, numbers: Mask) -> Iterator[tuple[int, tuple[float, float]]]:
        """The slopes of some of the numbers by an entry, and how far they may lie off."""
        rungs = np.array(sorted({rung * 8.0**k for rung in widest[numbers] for k in (-2, -1, 0)}))
        with np.errstate(all="ignore"):
            rows = [self._rung(i, step) for step in steps_above(rungs)]
            above, below, right, left = (np.array(part) for part in zip(*rows, strict=True))
            step, change = (above + below) / 2, right / 2 - left / 2
            digit = np.spacing(np.maximum(np.abs(right), np.abs(left)))
            for number in map(int, np.flatnonzero(numbers)):
                noise = float(self.probe.blur[number])
                yield number, fitted(step, change[:, number], digit[:, number], noise)

    def _settled(self, at: Indices, steps: Sequence[Array]) -> Slopes:
        """What the quotients with those steps settle on."""
        most, numbers = max(map(len, steps)), self.probe.centre.size
        above, below = np.full((2, len(at), most), np.nan)
        right, left = np.full((2, len(at), most, numbers), np.nan)
        with np.errstate(all="ignore"):
            for row, (i, ladder) in enumerate(zip(at, steps, strict=True)):
                for rung, step in enumerate(ladder):
                    above[row, rung], below[row, rung], right[row, rung], left[row, rung] = self._rung(
                        i, step
                    )
        x = np.abs(self._x[at])
        reach = np.where(x > 0, x, self._unit[at]) / 16
        digit = np.where(x > 0, np.spacing(x), 0.0)
        rungs = Rungs(above, below, right, left)
        return settle(rungs, self.probe.centre, self.probe.blur, reach, digit)

    def _steps(self, i: int) -> Array:
        """From half of the largest scale there is down to the last digit of the entry, and beyond for 0."""
        x = np.abs(self._x)
        largest = max(float(x.max()), 1.0)
        scale = float(x[i]) or float(x.max()) or 1.0
        top, bottom = (np.ldexp(0.5, np.frexp(size)[1] - 1) for size in (largest, scale))
        rungs = 8.0 ** -np.arange(DEPTH if x[i] else 2 * DEPTH)
        if top * rungs[-1] > bottom:
            return np.concatenate([top * rungs, bottom * rungs])
        depth = len(rungs) + int(np.ceil(np.log2(top / bottom) / 3))
        return np.asarray(top * 8.0 ** -np.arange(depth))


def _unknown(shape: tuple[int, ...]) -> Slopes:
    """Nothing."""
    nothing, anything, zero = np.full(shape, np.nan), np.full(shape, np.inf), np.zeros(shape)
    kinked = np.zeros(shape, bool)
    return Slopes(
        nothing, anything, nothing, anything, nothing, nothing, zero, -anything, anything, zero, kinked, zero
    )
