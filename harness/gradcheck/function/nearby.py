"""The gradient around a point: what it is worth where the function is smooth.

At a kink of several units at once no one-sided slope bounds what a backward pass may give, so it is held
against differences at points nearby, in random directions (Kakade and Lee, Provably correct automatic
subdifferentiation for qualified programs, 2018, on why conventions at a kink don't compose).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradcheck.arrays import Array, Mask
from gradcheck.function.probe import Probe
from gradcheck.function.progress import Silent
from gradcheck.function.quotients import BENT, EPS, Slopes
from gradcheck.function.survey import FEW, Indices, Surveyor
from gradcheck.function.tolerance import Tolerance
from gradcheck.verdict.records import Status

DISTANCE = 2.0**-10
"""How far the points lie, relative to the arguments."""

ASIDE = 2.0**-20
"""The step of one-sided slopes, relative to the arguments."""

ALIKE = 0.1
"""By how much a slope may change from the point to those nearby, relative to itself."""

POINTS = 3
"""How many points are held against differences."""

SAMPLES = 12
"""How many further directions tell which values the gradient takes around; each serves either way."""

ENTRIES, ENTRIES_OF_MANY = 8, 2
"""The most entries that are looked at in each point."""


@dataclass(frozen=True)
class Around:
    """What the gradient by one argument is worth around the point."""

    status: Status
    """Right where it is right at every point nearby, in all the entries that were looked at."""
    values: tuple[Array, ...] = ()
    """What it is nearby, (coordinates, numbers) each, where it is right."""

    def admits(self, yours: Array, slopes: Slopes) -> Mask:
        """Where `yours` may come of a convention at a kink.

        The values nearby are sums over some of the units that switch. Where they go beyond the one-sided
        slopes, several switch at once, and other sums are as good.
        """
        least, most = np.min(self.values, axis=0), np.max(self.values, axis=0)
        beyond = (least < slopes.low - slopes.error) | (most > slopes.high + slopes.error)
        low, high = np.minimum(least, slopes.low), np.maximum(most, slopes.high)
        room = np.where(beyond, high - low, 0.0) + slopes.error
        admits: Mask = slopes.kinked & (low - room <= yours) & (yours <= high + room)
        return admits


def around(probe: Probe, name: str, at: Indices, slopes: Slopes, tolerance: Tolerance) -> Around | None:
    """The worth of the gradient nearby in the entries `at`; None where it can't be had there.

    `slopes` are those at the point itself. Where they have settled, points with other slopes prove nothing.
    """
    most = ENTRIES if probe.values[name].size <= FEW else ENTRIES_OF_MANY
    entries = at[np.linspace(0, len(at) - 1, min(len(at), most)).astype(np.intp)]
    for seed in range(2, 2 + POINTS):
        verdict = _judged(probe, name, entries, slopes, tolerance, seed)
        if verdict is not Status.RIGHT:
            return None if verdict is None else Around(verdict)
    moves = [_moved(probe, seed, sign) for seed in range(2, 2 + SAMPLES) for sign in (1, -1)]
    values = [value for moved in moves if (value := _gradient(probe, name, moved)) is not None]
    return Around(Status.RIGHT, tuple(values))


def between_sides(probe: Probe, name: str, yours: Array, kinked: Mask, direction: Array) -> Mask:
    """Which numbers' gradients lie between both one-sided slopes in a direction, (numbers,).

    All entries with a kink for any of the numbers move.
    """
    x, moving = probe.values[name], kinked.any(1).reshape(probe.values[name].shape)
    offset = np.where(moving, direction, 0.0)
    with np.errstate(all="ignore"):
        right, left = (probe.moved({name: x + sign * ASIDE * offset}) for sign in (1, -1))
        sides = np.array([(right - probe.centre) / ASIDE, (probe.centre - left) / ASIDE])
        expected = offset.ravel() @ yours
        noise = 4 * np.maximum(probe.noise, EPS * np.abs(probe.centre)) / ASIDE
        room = noise + BENT * np.abs(sides).sum(0)
    return np.asarray((sides.min(0) - room <= expected) & (expected <= sides.max(0) + room))


def _judged(
    probe: Probe, name: str, at: Indices, here: Slopes, tolerance: Tolerance, seed: int
) -> Status | None:
    """What the gradient is worth in the entries `at` at one point; None where it can't be had."""
    moved = _moved(probe, seed, 1)
    there, yours = probe.at(moved), _gradient(probe, name, moved)
    if there is None or yours is None:
        return None
    surveyor = Surveyor(there, name, yours, tolerance, 0.0, Silent())
    slopes = surveyor.climb(at)
    slack = tolerance.slack(slopes, moved[name].ravel()[at])
    if slopes.excludes(yours[at], slack).any():
        return Status.WRONG
    alike = np.abs(slopes.value - here.value[at]) <= ALIKE * np.abs(here.value[at]) + slopes.error
    comparable = (alike | ~here.settled[at]).all()
    return Status.RIGHT if comparable and slopes.within(yours[at], slack).all() else Status.CANNOT_TELL


def _moved(probe: Probe, seed: int, sign: int) -> dict[str, Array]:
    direction = probe.direction(seed)
    return {name: x + sign * DISTANCE * direction[name] for name, x in probe.values.items()}


def _gradient(probe: Probe, name: str, moved: dict[str, Array]) -> Array | None:
    """By one argument, (coordinates, numbers)."""
    value = probe.gradient_at(name, moved)
    return value if np.isfinite(value).all() else None
