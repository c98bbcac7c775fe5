"""Why nobody can tell, and what to do."""

from __future__ import annotations

import numpy as np

from gradcheck.arrays import Mask
from gradcheck.function.comparison import Comparison
from gradcheck.function.probe import Probe
from gradcheck.function.quotients import EPS

COARSE = 1e-9
"""Rounding errors of this size, relative to the value, are those of float32 rather than float64."""


def doubt(probe: Probe, name: str, one: Comparison) -> tuple[str, str]:
    """A message and advice for the entries that stayed undecided."""
    slopes, unknown = one.survey.slopes, one.unknown
    if (unknown & one.survey.hurried[:, None]).any():
        return (
            "something disagrees at these entries, and there was no time to look closer",
            "give it more time: seconds=…, or --seconds",
        )
    if one.by_nearby and not one.at_kink.any():
        return (
            "around this point the gradient is right; at the point itself it is not what differences show",
            "kinks that cancel within the function may do that, or a special case in the gradient: check at "
            "another point, too",
        )
    if one.by_nearby:
        return (
            "the function has a kink at this point; around it the gradient is right",
            "what is given at the kink itself lies beyond the slopes around it: check at another point, too",
        )
    if (unknown & one.at_kink).any():
        return (
            "the function has a kink at this point, or next to it",
            "check at another point, away from kinks and ties",
        )
    if not np.isfinite(slopes.error[unknown]).any():
        return (
            "difference quotients don't settle at these entries",
            "check at another point, away from jumps and from the edge of the function's domain",
        )
    message, advice = _noise(probe, unknown)
    if ((one.yours < slopes.least) | (one.yours > slopes.most))[unknown].all():
        message = f"many steps together speak against these entries, and none alone: {message} at each step"
    elif slopes.beyond(one.yours, one.tolerance.slack(slopes, probe.values[name].ravel()))[unknown].all():
        message = f"differences at one size of steps speak against these entries; at finer ones, {message}"
    return message, advice


def _noise(probe: Probe, unknown: Mask) -> tuple[str, str]:
    """The function's rounding hides the slopes."""
    number = int(np.flatnonzero(unknown.any(0))[0])
    value, noise = float(np.abs(probe.centre[number])), float(probe.noise[number])
    noise = max(noise, EPS * value)
    if not noise:
        return (
            "next to this point the function is 0, for all that double precision shows",
            "check where the function is larger, or multiply it by a large number",
        )
    message = f"rounding errors in the function, about {noise:.0e} in {value:.1e}, hide these slopes"
    if noise > COARSE * value > 0:
        return (
            message,
            "its values are no smoother than those of float32: look for float32, for rounding, or for large "
            "numbers that cancel, in it",
        )
    return message, "check where these entries change the function more, or leave out what it adds to them"
