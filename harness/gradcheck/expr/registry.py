"""Every operation, by the name that it has in the plain dialect."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

from gradcheck import spelling
from gradcheck.expr import arithmetic
from gradcheck.expr.along import ALONG
from gradcheck.expr.blocks import FLATTEN, FLIP, LATER, REPEAT, UNFLATTEN, Concat, Pad, Part
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.lookup import SCATTER, TAKE
from gradcheck.expr.operation import Along, Entrywise, Moving, Operation
from gradcheck.expr.structure import TIMES
from gradcheck.expr.windows import Overlap, Windows

OPERATORS = {
    op.name: op
    for op in (
        arithmetic.ADD,
        arithmetic.SUBTRACT,
        arithmetic.MULTIPLY,
        arithmetic.DIVIDE,
        arithmetic.POWER,
        *arithmetic.COMPARISONS,
    )
}
"""What stands between two expressions; `**` is read as `^`."""

CALLED: dict[str, Entrywise] = {
    **BY_NAME,
    **{op.name: op for op in (arithmetic.WHERE, arithmetic.MAXIMUM, arithmetic.MINIMUM)},
}
"""Functions of numbers, called by name."""

OVER: dict[str, Along] = {op.name: op for op in ALONG}
"""Functions that name the axes they go over."""

MOVING: dict[str, Moving] = {
    op.name: op
    for op in (
        Windows(),
        Overlap(),
        Part(),
        Pad(),
        Concat(),
        FLATTEN,
        UNFLATTEN,
        REPEAT,
        LATER,
        FLIP,
        TAKE,
        SCATTER,
        *TIMES,
    )
}
"""Those that move entries, called with arrays, axes and whole numbers; here as with the numbers left out."""

ALIASES = {alias: op.name for op in CALLED.values() for alias in op.aliases}

CONSTANTS = {"pi": math.pi, "e": math.e}

OPERATIONS: tuple[Operation, ...] = (
    *OPERATORS.values(),
    arithmetic.NEGATE,
    *CALLED.values(),
    *OVER.values(),
    *MOVING.values(),
)
"""All of them."""


def called(name: str) -> Entrywise | None:
    """The function of numbers of that name, or of that other name; None where there is none."""
    return CALLED.get(ALIASES.get(name, name))


def nearest(name: str, known: Iterable[str]) -> str:
    """Words that suggest the known name that is most like this one; none where none is."""
    close = _nearest(name, tuple(known))
    return f"; did you mean {close}?" if close else ""


@lru_cache(maxsize=512)
def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    return spelling.nearest(name, known)
