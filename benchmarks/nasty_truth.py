"""What double precision can show of a slope, worked out with mpmath.

A central quotient of the values that double precision gives for f at x ± h (representable points) lies off
the true slope by its truncation error, |exact quotient - exact slope|, and by about noise / h, where the
noise is twice the largest |f in double - f exact| of a few points that are about as far from x, and half of
the value's last digit at least, below which double precision knows nothing. The best step's sum of both is
the `bar`: no difference quotient in double precision shows more. A slope is
resolvable where its bar is at most 5 % of it, and a wrong answer can be shown where some entry's bar is less
than half its error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mpmath  # type: ignore[import-untyped]
import numpy as np
from nasty_functions import Nasty

DIGITS = 400
RESOLVED = 0.05


def _each(function: Any) -> Any:
    return np.frompyfunc(function, 1, 1)


class Exact:
    """NumPy's names for numbers of mpmath."""

    sin, cos, tanh = _each(mpmath.sin), _each(mpmath.cos), _each(mpmath.tanh)
    exp, log, sqrt = _each(mpmath.exp), _each(mpmath.log), _each(mpmath.sqrt)
    maximum, minimum = np.frompyfunc(max, 2, 1), np.frompyfunc(min, 2, 1)

    @staticmethod
    def sum(numbers: Any) -> Any:
        """The sum of all entries."""
        return sum(np.asarray(numbers, object).ravel().tolist(), mpmath.mpf(0))


class Truth:
    """Slopes and bars of one function, entry by entry, worked out when they are asked for."""

    def __init__(self, case: Nasty) -> None:
        self.case = case
        self.x = np.asarray(case.x, np.float64)
        self.known: dict[int, tuple[Any, Any]] = {}

    def resolvable(self) -> bool:
        """Whether every slope that is not 0 can be shown to 5 %."""
        return all(bar <= RESOLVED * abs(slope) for slope, bar in self._entries() if slope)

    def shows(self, answer: Any) -> bool:
        """Whether double precision can show that an answer is wrong."""
        flat = np.asarray(answer, np.float64).ravel()
        return any(2 * bar < abs(y - slope) for y, (slope, bar) in zip(flat, self._entries(), strict=True))

    def _entries(self) -> Iterator[tuple[Any, Any]]:
        """Every entry's slope and bar, worked out one by one."""
        for i in range(self.x.size):
            if i not in self.known:
                with mpmath.workdps(DIGITS), np.errstate(all="ignore"):
                    self.known[i] = self._entry(i)
            yield self.known[i]

    def _entry(self, i: int) -> tuple[Any, Any]:
        size = max(abs(float(self.x.flat[i])), 1e-305)
        tiny = mpmath.mpf(size) * mpmath.mpf(10) ** -20
        slope = (self._exact(i, tiny) - self._exact(i, -tiny)) / (2 * tiny)
        steps = {float(2.0 ** np.floor(np.log2(s)) * 8.0**-k) for s in {size, 1.0} for k in range(18)}
        bars = [self._bar(i, h, slope) for h in steps if self.x.flat[i] + h != self.x.flat[i]]
        return slope, min([b for b in bars if b is not None], default=mpmath.inf)

    def _bar(self, i: int, h: float, slope: Any) -> Any:
        points = [k * h for k in (-1.0, -0.8125, -0.5625, 0.0, 0.4375, 0.6875, 1.0)]
        exact = [self._exact(i, p) for p in points]
        double = [self._double(i, p) for p in points]
        if not np.isfinite(double).all():
            return None
        off = max(abs(mpmath.mpf(d) - e) for d, e in zip(double, exact, strict=True))
        noise = max(2 * off, mpmath.mpf(float(np.spacing(np.abs(double).max()))) / 2)
        return abs((exact[-1] - exact[0]) / (2 * mpmath.mpf(h)) - slope) + noise / mpmath.mpf(h)

    def _double(self, i: int, step: float) -> float:
        near = self.x.copy()
        near.flat[i] += step
        return self.case.f(near)

    def _exact(self, i: int, step: Any) -> Any:
        near = np.array([mpmath.mpf(float(v)) for v in self.x.ravel()], object).reshape(self.x.shape)
        # Where a step is a double, so is the point that is meant: x + h as double precision rounds it.
        near.flat[i] = (
            mpmath.mpf(float(self.x.flat[i] + step)) if isinstance(step, float) else near.flat[i] + step
        )
        try:
            return mpmath.mpf(self.case.value(Exact, near))
        except (ValueError, TypeError, ZeroDivisionError):
            return mpmath.nan
