"""Why nobody can tell, and what to do."""

from __future__ import annotations

import numpy as np

from gradcheck.function.comparison import Comparison
from gradcheck.function.probe import Probe

COARSE = 1e-9
"""Rounding errors of this size, relative to the value, are those of float32 rather than float64."""


def doubt(probe: Probe, one: Comparison) -> tuple[str, str]:
    """A message and advice for the entries that stayed undecided."""
    slopes, unknown = one.survey.slopes, one.unknown
    if (unknown & one.survey.hurried[:, None]).any():
        return (
            "something disagrees at these entries, and there was no time to look closer",
            "give it more time: seconds=…, or --seconds",
        )
    if one.at_kink:
        return (
            "the function has a kink at this point; around it the gradient is right",
            "what is given at the kink itself lies beyond the slopes around it: check at another point, too",
        )
    if (unknown & slopes.kinked).any():
        return (
            "the function has a kink at this point, or too near to it to tell",
            "check at another point, away from kinks and ties",
        )
    if not np.isfinite(slopes.error[unknown]).any():
        return (
            "difference quotients don't settle at these entries",
            "check at another point, away from jumps and from the edge of the function's domain",
        )
    return _noise(probe)


def _noise(probe: Probe) -> tuple[str, str]:
    """The function's rounding hides the slopes."""
    with np.errstate(all="ignore"):
        relative = probe.noise / np.abs(probe.centre)
    message = "rounding errors in the function hide these slopes"
    if (np.isfinite(relative) & (relative > COARSE)).any():
        return (
            message,
            "its values are no smoother than those of float32: let it compute in float64 throughout",
        )
    return message, "it adds numbers that are much larger than what these entries change: leave those out"
