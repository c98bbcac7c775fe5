"""How many times one side is another, in words: a number, or the length of an array with which it changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradcheck.digits import short
from gradcheck.paper.judge import CLOSE, Way
from gradcheck.paper.lengths import entries_along, name_of
from gradcheck.paper.values.network import open_axes

_COUNT = "N"
"""What stands for how many there are, where the text has no name for it."""


@dataclass(frozen=True)
class Multiple:
    """A number as a sentence has it, and what its letter is, to stand at the end."""

    number: str
    where: str = ""


def multiple(way: Way, number: float, other: float | None) -> Multiple | None:
    """A number that is another one with arrays of other lengths; None where no length makes it that."""
    if other is None or np.isclose(number, other, CLOSE, 0):
        return Multiple(short(number, 4))
    for axis in open_axes(way.network):
        lengths = way.network.lengths[axis], way.resized.network.lengths[axis]
        name = name_of(axis, way.network)
        if written := _written(number, other, lengths, name or _COUNT):
            where = "" if name else ", where {} has N {}".format(*entries_along(axis, way.network))
            return Multiple(written, where)
    return None


def _written(number: float, other: float, lengths: tuple[int, int], name: str) -> str:
    """As 2 n or 2/n; "" where it is neither."""
    one, another = lengths
    if np.isclose(number / one, other / another, CLOSE, 0):
        rest = short(number / one, 4)
        return name if rest == "1" else f"-{name}" if rest == "-1" else f"{rest} {name}"
    if np.isclose(number * one, other * another, CLOSE, 0):
        return f"{short(number * one, 4)}/{name}"
    return ""
