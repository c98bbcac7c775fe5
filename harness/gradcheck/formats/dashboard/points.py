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
    """One of the totals, from which lateness takes points, and one of each spec, where there are several."""
    present, specs = len(dashboard.present), dashboard.specs
    title = "In all" if len(specs) != 1 else _titled(specs[0], dashboard)
    whole = _histogram(title, dashboard.totals, dashboard.max_points, present)
    figures = [
        _histogram(_titled(column, dashboard), _points(dashboard, column), column.max_points, present)
        for column in specs
    ]
    return element("div", whole, *(figures if len(specs) > 1 else []), class_="figures")


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
