"""Arithmetic, comparisons and choices, a rule a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.expr.operation import POSITIVE, REAL, Entrywise

if TYPE_CHECKING:
    from gradcheck.arrays import Array

MAX_EXPONENT = 100
"""The largest constant exponent, of either sign, that is read."""

ADD = Entrywise(name="+", value=np.add, torch=lambda torch, x, y: x + y, derivatives=("1", "1"), linear=True)
SUBTRACT = Entrywise(
    name="-", value=np.subtract, torch=lambda torch, x, y: x - y, derivatives=("1", "-1"), linear=True
)
MULTIPLY = Entrywise(
    name="*", value=np.multiply, torch=lambda torch, x, y: x * y, derivatives=("x2", "x1"), linear=True
)
DIVIDE = Entrywise(
    name="/",
    value=np.divide,
    torch=lambda torch, x, y: x / y,
    derivatives=("1 / x2", "-(x1 / x2^2)"),
    kinks=("x2",),
    sided=False,
)
POWER = Entrywise(
    name="^",
    value=lambda x, y: x**y,
    torch=lambda torch, x, y: x**y,
    derivatives=("x2 * x1^(x2 - 1)", "y * log(x1)"),
    domain=(POSITIVE, REAL),  # a negative number has whole powers, too
)
NEGATE = Entrywise(
    name="neg", value=np.negative, torch=lambda torch, x: -x, derivatives=("-1",), linear=True, exact=True
)


def _comparison(name: str, value: Callable[[Array, Array], Any], torch_name: str) -> Entrywise:
    """1 where it holds, else 0: no derivative comes back."""
    return Entrywise(
        name=name,
        value=lambda x, y: value(x, y).astype(np.result_type(x, y, np.float32)),
        torch=lambda torch, x, y: getattr(torch, torch_name)(x, y).to(x.dtype),
        derivatives=(None, None),
        kinks=("x1 - x2",),
        sided=name not in ("==", "!="),
    )


GREATER = _comparison(">", np.greater, "gt")
LESS = _comparison("<", np.less, "lt")
AT_LEAST = _comparison(">=", np.greater_equal, "ge")
AT_MOST = _comparison("<=", np.less_equal, "le")
EQUAL = _comparison("==", np.equal, "eq")
UNEQUAL = _comparison("!=", np.not_equal, "ne")
COMPARISONS = (GREATER, LESS, AT_LEAST, AT_MOST, EQUAL, UNEQUAL)
_PAIRS = ((GREATER, AT_MOST), (LESS, AT_LEAST), (EQUAL, UNEQUAL))
OPPOSITES = {**dict(_PAIRS), **{other: one for one, other in _PAIRS}}
"""Comparison -> the one that holds where it does not."""


def _chosen(c: Array, x: Array, y: Array) -> Array:
    return np.where(c != 0, x, y)


WHERE = Entrywise(
    name="where",
    value=_chosen,
    torch=lambda torch, c, x, y: torch.where(c != 0, x, y),
    derivatives=(None, "x1 != 0", "x1 == 0"),
    exact=True,
    numpy="np.where",
)
MAXIMUM = Entrywise(
    name="maximum",
    symbol="max",
    value=np.maximum,
    torch=lambda torch, x, y: torch.maximum(x, y),
    derivatives=("x1 >= x2", "x2 > x1"),  # at a tie all to one, which is right where both are the same, too
    exact=True,
    kinks=("x1 - x2",),
)
MINIMUM = Entrywise(
    name="minimum",
    symbol="min",
    value=np.minimum,
    torch=lambda torch, x, y: torch.minimum(x, y),
    derivatives=("x1 <= x2", "x2 < x1"),
    exact=True,
    kinks=("x1 - x2",),
)
