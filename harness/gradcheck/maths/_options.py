"""What the options of activations and losses must satisfy."""

from __future__ import annotations

import math


def finite(**options: float) -> None:
    """Refuse what is no finite number.

    Raises ValueError, naming the option and its value.
    """
    for name, value in options.items():
        if not (isinstance(value, int | float) and math.isfinite(value)):
            raise ValueError(f"{name} must be a finite number, not {value!r}")


def positive(**options: float) -> None:
    """Refuse what is no finite number above 0.

    Raises ValueError, naming the option and its value.
    """
    finite(**options)
    for name, value in options.items():
        if value <= 0:
            raise ValueError(f"{name} must be above 0, not {value!r}")
