"""How many points submissions have: in all, and for each spec."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcheck.digits import points_text
from gradcheck.formats.dashboard.histogram import bars, drawing
from gradcheck.formats.dashboard.records import Dashboard
from gradcheck.grading.records import Column
from gradcheck.report.elements import Html, element, plain


def histograms(dashboard: Dashboard) -> Html:
    """One for all specs together, where there are several, and one for each."""
    present = len(dashboard.present)
    whole = [_histogram("In all", dashboard.totals, dashboard.max_points, present)]
    figures = (
        _histogram(_titled(column, dashboard), _points(dashboard, column), column.max_points, present)
        for column in dashboard.specs
    )
    return element("div", *(whole if len(dashboard.specs) > 1 else []), *figures, class_="figures")


def _points(dashboard: Dashboard, column: Column) -> list[float]:
    """The final points for one spec that are known."""
    points = (grade.specs[column.spec].points for grade in dashboard.present)
    return [one for one in points if one is not None]


def _titled(column: Column, dashboard: Dashboard) -> str:
    return dashboard.titles[column.spec] + (" (hidden)" if column.hidden else "")


def _histogram(title: str, points: Sequence[float], most: float, present: int) -> Html:
    parts = (
        [f"{math.fsum(points) / len(points):.4g} of {points_text(most)} points on average"] if points else []
    )
    if missing := present - len(points):
        parts.append(f"the points of {missing:,} are not known")
    words = element("span", plain("; ".join(parts)))
    caption = element("figcaption", element("strong", plain(title)), words)
    return element("figure", caption, drawing(bars(points, most), title=title))
