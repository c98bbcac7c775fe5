"""The head of the page: whose class it is, when it was graded, and the class in a few numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sized
from datetime import datetime

from gradcheck.digits import points_text
from gradcheck.formats.dashboard.records import Dashboard
from gradcheck.formats.dashboard.words import text
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.grading.records import Run
from gradcheck.report.elements import Html, element, plain
from gradcheck.verdict.records import Status


def header(dashboard: Dashboard) -> Html:
    """Title, run and figures."""
    run = [element("p", *_when(dashboard.run))] if dashboard.run else []
    figures = (
        element("div", element("dt", plain(what)), element("dd", plain(value)))
        for value, what in _figures(dashboard)
    )
    return element(
        "header",
        element("p", Html("Class dashboard"), class_="kind"),
        element("h1", text(dashboard.title)),
        *run,
        element("dl", *figures),
    )


def _when(run: Run) -> Iterator[Html]:
    yield plain(f"Run {run.number}, ")
    yield element("time", plain(_minute(run.started)), datetime=run.started)
    yield Html(" UTC; " if run.ended else " UTC, has not come to its end; ")
    yield text(run.protection)


def _minute(time: str) -> str:
    return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M}"


def _is_right(grade: FinalGrade) -> bool:
    """Whether all specs are right."""
    return all(one.grade and one.grade.status is Status.RIGHT for one in grade.specs.values())


def _noun(counted: Sized, noun: str) -> str:
    """The noun for so many things."""
    return noun if len(counted) == 1 else f"{noun}s"


def _figures(dashboard: Dashboard) -> Iterator[tuple[str, str]]:
    """Numbers, and what each counts."""
    present, specs = dashboard.present, dashboard.specs
    absent = len(dashboard.lines) - len(present)
    hidden = sum(column.hidden for column in specs)
    yield f"{len(present):,}", _noun(present, "submission") + (f", and {absent:,} absent" if absent else "")
    yield f"{len(specs):,}", _noun(specs, "spec") + (f", {hidden:,} of them hidden" if hidden else "")
    yield f"{sum(map(_is_right, present)):,}", "all right"
    if totals := dashboard.totals:
        mean = f"{math.fsum(totals) / len(totals):.4g}"
        of_whom = "" if len(totals) == len(present) else f", of the {len(totals):,} with all their grades"
        yield mean, f"of {points_text(dashboard.max_points)} points on average{of_whom}"
    if dashboard.unfinished:
        yield f"{len(dashboard.unfinished):,}", "grades not final"
