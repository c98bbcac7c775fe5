"""Points as bars: how many submissions have how many."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gradcheck.digits import points_text
from gradcheck.report.elements import Html, element, plain
from gradcheck.text import amount

MOST = 8
"""The most bars beside the one for all points, where each stands for several whole numbers."""
SINGLE = 12
"""Up to so many points each whole number has a bar of its own."""

_STEPS = (1, 2, 5, 10)
_WIDTH, _HEIGHT, _HEAD, _FOOT = 320, 140, 18, 18
_SHOWN, _SHORT = 3, 1000
"""The decimals of a label, and up to which number there is room for two."""
_DIGITS = 9
"""Of points, beyond which lies what adding them up has left."""


@dataclass(frozen=True)
class Bar:
    """The submissions with at least `low` and less than `high` points; None: with any more."""

    low: float
    high: float | None
    count: int
    is_whole: bool
    """Whether all points there are are whole numbers."""
    is_open: bool = False
    """Whether somebody has more than `low` though there is no `high`, by extra credit."""

    def __str__(self) -> str:
        points = "1 point" if self._range == "1" else f"{self._range} points"
        return f"{points}: {amount(self.count, 'submission')}"

    @property
    def label(self) -> str:
        """What stands below it: 8, 5–9, or 0.5+ where a range has no last number, or no room."""
        low = points_text(round(self.low, _SHOWN))
        if (high := self._end) is None:
            return f"{low}+" if self.is_open else low
        return f"{low}–{points_text(high - 1)}" if self.is_whole and high <= _SHORT else f"{low}+"

    @property
    def _end(self) -> float | None:
        """Where its range ends; None where `low` alone names it."""
        is_single = self.high is None or (self.is_whole and self.high - self.low <= 1)
        return None if is_single else self.high

    @property
    def _range(self) -> str:
        if (high := self._end) is None:
            return f"{points_text(self.low)} or more" if self.is_open else points_text(self.low)
        return f"{points_text(self.low)} to under {points_text(high)}"


def bars(points: Sequence[float], most: float) -> list[Bar]:
    """At most SINGLE + 1 bars over 0 ≤ points, the last for those who have all there are, `most`, or more."""
    points = [round(one, _DIGITS) for one in points]
    most = round(most, _DIGITS)
    is_whole = all(one == int(one) for one in (*points, most))
    width = _width(most, is_whole=is_whole)
    inner = (round(n * width, _DIGITS) for n in range(SINGLE + 1)) if width else ()
    edges = [*(edge for edge in inner if edge < most), most]
    counts = Counter(max(bisect_right(edges, one) - 1, 0) for one in points)
    parts = [Bar(low, high, counts[n], is_whole) for n, (low, high) in enumerate(pairwise(edges))]
    return [*parts, Bar(most, None, counts[len(parts)], is_whole, is_open=max(points, default=0.0) > most)]


def drawing(found: Sequence[Bar], *, title: str) -> Html:
    """The bars as an image whose text alternative has every count."""
    highest = max(bar.count for bar in found) or 1
    step = _WIDTH / len(found)
    parts = (_drawn(bar, n * step, step, bar.count / highest) for n, bar in enumerate(found))
    axis = {"x1": "0", "x2": f"{_WIDTH}", "y1": f"{_HEIGHT - _FOOT}", "y2": f"{_HEIGHT - _FOOT}"}
    words = {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "aria-label": f"{title}: {'; '.join(map(str, found))}"}
    return element("svg", element("line", **axis), *parts, role="img", **words)


def _drawn(bar: Bar, left: float, step: float, part: float) -> Html:
    """A bar of that part of the height, with its points below it and its count above."""
    size = (_HEIGHT - _HEAD - _FOOT) * part
    top = _HEIGHT - _FOOT - size
    box = {"x": left + step * 0.1, "y": top, "width": step * 0.8, "height": size}
    middle = f"{left + step / 2:.1f}"
    rounded = {side: f"{length:.1f}" for side, length in box.items()}
    count = [element("text", plain(f"{bar.count:,}"), x=middle, y=f"{top - 4:.1f}")] if bar.count else []
    return element(
        "g",
        element("rect", class_="full" if bar.high is None else "part", rx="2", **rounded),
        element("text", plain(bar.label), x=middle, y=f"{_HEIGHT - 4}", class_="tick"),
        *count,
    )


def _width(most: float, *, is_whole: bool) -> float:
    """The narrowest round width by which MOST bars reach `most`; 0 where there are no points."""
    if most <= 0:
        return 0.0
    if is_whole and most <= SINGLE:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(most / MOST))
    return next(step * unit for step in _STEPS if step * unit * MOST >= most * (1 - 1e-9))
