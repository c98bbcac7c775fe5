"""Central quotients over a ladder of steps, and the slope on which they settle.

For a smooth function the quotients of two neighbouring rungs, extrapolated to step zero (Richardson, 1911),
lie about as far off as they move, plus the noise of the function's values over the step. An estimate is
believed where no finer rung contradicts it within its own noise: a feature that is narrower than a step, an
alias or a kink shows on the finer rungs, as long as it is larger than the noise.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array, Mask

EPS = float(np.finfo(np.float64).eps)

TINIEST = float(np.nextafter(0.0, 1.0))
"""What a value is rounded to where it underflows."""

APART = 1000.0
"""The least ratio of steps that makes two families of quotients independent witnesses."""

DOUBT = 2
"""How many times its noise a quotient may be off; twice as often before anything is contradicted."""

UNSEEN = 4
"""How many times its shift the first estimate of a ladder may lie off."""

DROWNED = 30.0
"""A function whose values change by less than so many times their noise shows nothing but noise, ..."""

ORDINARY = 1e-10
"""... unless the noise, relative to the values, is that of ordinary rounding."""

BENT = 1e-2
"""How far one-sided quotients at a kink may drift, relative to the difference of both sides."""


class Rungs(NamedTuple):
    """Values of a function at either side of a point; steps fall along the second axis.

    Steps are (coordinates, rungs), values (coordinates, rungs, numbers). NaN stands for a rung that is
    not there or where the function is not defined.
    """

    above: Array
    """How far the points to the right lie off, as floating point has it."""
    below: Array
    right: Array
    left: Array


@dataclass(frozen=True)
class Slopes:
    """What quotients say of a slope; all arrays are (coordinates, numbers)."""

    value: Array
    error: Array
    """How far the slope may lie off; infinite where the quotients do not settle."""
    second: Array
    """Of the best two estimates whose steps lie far apart and that agree, the less sharp one; NaN where
    there are none."""
    second_error: Array
    low: Array
    high: Array
    """The one-sided slopes at a kink; both equal `value` elsewhere."""
    widest: Array
    """The widest step whose quotient is about the slope."""
    least: Array
    most: Array
    """Beyond these, many quotients together speak against a slope without excluding it; infinite where their
    room is no less than that of `error`."""
    size: Array
    """The largest one-sided quotient within reach: what rounding in a gradient is relative to."""
    kinked: Mask
    kink: Array
    """By how much the one-sided slopes differ at a kink that is at the point or near it; 0 elsewhere."""

    @property
    def settled(self) -> Mask:
        """Where two families of steps, far apart, agree."""
        settled: Mask = np.isfinite(self.error) & ~self.kinked
        return settled

    def beyond(self, yours: Array, slack: Array) -> Mask:
        """Where `yours` lies beyond the bar."""
        with np.errstate(invalid="ignore", over="ignore"):
            beyond: Mask = np.abs(yours - self.value) > self.error + slack
        return beyond

    def excludes(self, yours: Array, slack: Array) -> Mask:
        """Where two families of steps, far apart, agree with each other and contradict `yours`."""
        with np.errstate(invalid="ignore", over="ignore"):
            excluded: Mask = (
                self.settled
                & (np.abs(yours - self.value) > 2 * self.error + slack)
                & (np.abs(yours - self.second) > 2 * self.second_error + slack)
            )
        return excluded

    def within(self, yours: Array, slack: Array) -> Mask:
        """Where `yours` is what the quotients say; at a kink, where it lies between the one-sided slopes.

        The bar is that of two quotients, which one in many exceeds; where many are there, theirs decides.
        """
        room = np.where(np.isfinite(self.most), 2.0, 1.0) * self.error + slack
        with np.errstate(invalid="ignore", over="ignore"):
            within: Mask = np.isfinite(self.error) & (self.low - room <= yours) & (yours <= self.high + room)
            within &= (self.least - slack <= yours) & (yours <= self.most + slack)
        return within

    def put(self, at: NDArray[np.intp], other: Slopes) -> Slopes:
        """With the rows `at` replaced."""
        parts = [getattr(self, field.name).copy() for field in fields(Slopes)]
        for part, field in zip(parts, fields(Slopes), strict=True):
            part[at] = getattr(other, field.name)
        return Slopes(*parts)


def settle(rungs: Rungs, centre: Array, noise: Array, reach: Array, digit: Array) -> Slopes:
    """The slopes that the quotients settle on.

    `centre` and its `noise` are (numbers,); `reach` and `digit` are (coordinates,): the largest step whose
    quotients count for `size`, and the last digit of each entry.
    """
    with np.errstate(all="ignore"):
        table = _Table(rungs, centre, noise, digit)
        values, bars = table.estimates()
        sound = table.sound(values, bars) & ~table.drowned[:, None, :]
        best = np.where(sound, bars, np.inf).argmin(1)[:, None, :]
        value, error = (np.take_along_axis(part, best, 1) for part in (values, bars))
        believed = np.take_along_axis(sound, best, 1)
        agree = believed & (np.abs(values - value) <= bars + error)
        pairs = _pairs(table.step[:, 1:], np.where(agree, bars, np.inf))
        other = pairs.argmin(1)[:, None, :]
        second, second_error = (np.take_along_axis(part, other, 1)[:, 0] for part in (values, pairs))
        kink, straight, low, high, bent = table.kinks()
        settled = np.isfinite(second_error)
        # Beside a kink, finer steps may settle on one of its sides.
        kinked = kink & ~(straight & settled)
        bend = high - low
        settled &= ~kinked
        value, error = value[:, 0], error[:, 0]
        # Finer steps that are too few to settle still tell on which side of a kink the point lies.
        aside = (
            believed[:, 0]
            & kinked
            & straight
            & (low - bent <= value + error)
            & (value - error <= high + bent)
        )
        kinked &= ~aside
        error = np.where(settled | aside, error, np.inf)
        value, error = np.where(kinked, (low + high) / 2, value), np.where(kinked, bent, error)
        about = np.abs(table.central - value[:, None]) <= error[:, None] + DOUBT * table.noise
    return Slopes(
        value=value,
        error=error,
        second=np.where(settled, second, np.nan),
        second_error=second_error,
        low=np.where(kinked, low, value),
        high=np.where(kinked, high, value),
        widest=np.where(about, table.step[:, :, None], 0.0).max(1, initial=0.0),
        least=np.full_like(value, -np.inf),
        most=np.full_like(value, np.inf),
        size=table.size(reach),
        kinked=kinked,
        kink=np.where(kink, bend, 0.0),
    )


def _pairs(step: Array, bars: Array) -> Array:
    """The bar of each estimate where another one, far apart in step, is sharper; infinite elsewhere."""
    least = np.full_like(bars, np.inf)
    for rung in range(step.shape[1]):
        far = np.abs(np.log(step / step[:, rung, None])) >= np.log(APART)
        least[:, rung] = np.where(far[:, :, None], bars, np.inf).min(1, initial=np.inf)
    return np.where(least <= bars, bars, np.inf)


class _Table:
    """The quotients of a ladder."""

    def __init__(self, rungs: Rungs, centre: Array, noise: Array, digit: Array) -> None:
        above, below = rungs.above[:, :, None], rungs.below[:, :, None]
        self.step = (rungs.above + rungs.below) / 2
        self.central = (rungs.right / 2 - rungs.left / 2) / self.step[:, :, None]
        self.to_right, self.to_left = (rungs.right - centre) / above, (centre - rungs.left) / below
        change = np.maximum(np.abs(rungs.right - centre), np.abs(rungs.left - centre))
        values = np.maximum(np.abs(rungs.right), np.abs(rungs.left))
        jitter = np.maximum(noise, _jitter(rungs, centre))
        self.noise = (np.maximum(jitter[:, None, :], EPS * values) + TINIEST) / self.step[:, :, None]
        # The first thing that f does to an entry may round it: relative to a quotient, that is no jitter.
        self.rounded = digit[:, None, None] / self.step[:, :, None]
        self.bend = np.abs(self.to_right - self.to_left)
        largest = np.nanmax(np.where(np.isfinite(change), change, 0.0), axis=1, initial=0.0)
        moves = (jitter > 0) & (largest > 0)
        self.drowned = moves & (largest < DROWNED * jitter) & (jitter > ORDINARY * np.abs(centre))

    def estimates(self) -> tuple[Array, Array]:
        """The slope by each rung and the one before it, and its bar."""
        ratio = (self.step[:, :-1] / self.step[:, 1:])[:, :, None] ** 2
        finer = self.central[:, 1:]
        shift = np.diff(self.central, axis=1) / (ratio - 1)
        value = finer + shift
        truncation = np.abs(shift)
        # Where shifts fall as the square of the step, the fourth power is what is left.
        falling = truncation[:, 1:] <= truncation[:, :-1] / 32
        drift = np.abs(np.diff(value, axis=1))
        further = np.fmin(truncation[:, 1:], np.fmax(drift, truncation[:, 1:] / 64))
        truncation[:, 1:] = np.where(falling, truncation[:, 1:] / 16, further)
        # Nothing tells whether the shifts of the widest two steps fall yet.
        truncation[:, 0] *= UNSEEN
        bar = truncation + 1.25 * DOUBT * self.noise[:, 1:]
        return value, np.where(np.isfinite(bar), bar, np.inf)

    def sound(self, value: Array, bar: Array) -> Mask:
        """Which estimates no finer rung contradicts."""
        sound = np.isfinite(bar)
        for rung in range(value.shape[1] - 1):
            finer = slice(rung + 2, None)
            ratio = (self.step[:, finer] / self.step[:, rung + 1, None])[:, :, None]
            shift = np.abs(value[:, rung] - self.central[:, rung + 1])[:, None, :]
            noise = 2 * DOUBT * self.noise[:, finer]
            off = np.abs(self.central[:, finer] - value[:, rung, None])
            bend = np.fmax(self.bend[:, rung + 1], self.bend[:, rung] / 8)[:, None, :]
            rounded = DOUBT * self.rounded[:, finer] * np.abs(value[:, rung, None])
            contradicts = off > bar[:, rung, None] + noise + rounded + 2 * shift * ratio**2
            contradicts |= self.bend[:, finer] > 4 * bend * ratio + 2 * noise
            sound[:, rung] &= ~contradicts.any(1)
        return sound

    def kinks(self) -> tuple[Mask, Mask, Array, Array, Array]:
        """Where different one-sided slopes stay over many steps, and where finer ones see no kink.

        And the slopes, in order, and their bar.
        """
        noise = 2 * DOUBT * self.noise
        clear = self.bend > 8 * noise
        rightward, leftward = (_one_sided(side, self.step) for side in (self.to_right, self.to_left))
        bar = rightward[1] + leftward[1] + 4 * noise[:, 1:]
        bar = np.where(np.isfinite(bar) & clear[:, 1:], bar, np.inf)
        best = bar.argmin(1)[:, None, :]
        right, left, bent = (np.take_along_axis(p, best, 1)[:, 0] for p in (rightward[0], leftward[0], bar))
        bend = np.abs(right - left)
        stays = clear & (np.abs(self.to_right - right[:, None]) <= BENT * bend[:, None] + noise)
        stays &= np.abs(self.to_left - left[:, None]) <= BENT * bend[:, None] + noise
        step = self.step[:, :, None]
        wide = np.where(stays, step, 0.0).max(1, initial=0.0)
        fine = np.where(stays, step, np.inf).min(1, initial=np.inf)
        # A kink beside the point is out of reach of the finer rungs.
        straight = (self.bend + noise < bend[:, None] / 2) & (step < fine[:, None])
        kinked = np.isfinite(bent) & (bent <= bend / 4) & (wide >= APART * fine)
        return kinked, straight.any(1), np.minimum(right, left), np.maximum(right, left), bent

    def size(self, reach: Array) -> Array:
        """The largest one-sided quotient of steps within reach."""
        both = np.maximum(np.abs(self.to_right), np.abs(self.to_left))
        near = (self.step <= reach[:, None])[:, :, None] & np.isfinite(both)
        return np.asarray(np.where(near, both, 0.0).max(1, initial=0.0))


def _one_sided(side: Array, step: Array) -> tuple[Array, Array]:
    """One-sided quotients extrapolated to step zero, and how far they move in it."""
    ratio = (step[:, :-1] / step[:, 1:])[:, :, None]
    shift = np.diff(side, axis=1) / (ratio - 1)
    return side[:, 1:] + shift, np.abs(shift)


def _jitter(rungs: Rungs, centre: Array) -> Array:
    """What remains of the values of the two finest rungs where a smooth function leaves nothing."""
    rest = np.abs(rungs.right / 2 + rungs.left / 2 - centre)
    jitter = np.zeros((len(rest), rest.shape[2]))
    order = np.argsort(np.where(np.isfinite(rungs.above), rungs.above, np.inf), axis=1)[:, :2]
    for column in order.T:
        chosen = rest[np.arange(len(rest)), column]
        jitter = np.fmax(jitter, np.where(np.isfinite(chosen), chosen, 0.0))
    return jitter
