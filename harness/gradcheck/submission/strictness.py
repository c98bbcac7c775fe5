"""What code sets, so that NumPy and Python raise where they else warn: an exercise is none in that."""

from __future__ import annotations

import warnings

import numpy as np


def is_warning(error: BaseException | None) -> bool:
    """Whether an exception is one that only such a setting raises."""
    return isinstance(error, (FloatingPointError, Warning))


def relax() -> bool:
    """Have NumPy and Python raise no warnings any more; whether anything was set so."""
    strict = [name for name, what in np.geterr().items() if what in ("raise", "call")]
    for name in strict:
        np.seterr(**{name: "ignore"})  # type: ignore[arg-type]
    filters = [one for one in warnings.filters if one[0] != "error"]
    raising = len(filters) < len(warnings.filters)
    if raising:
        warnings.filters[:] = filters  # type: ignore[index]
        warnings._filters_mutated()  # type: ignore[attr-defined]
    return bool(strict) or raising
