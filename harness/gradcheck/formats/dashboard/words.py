"""What several parts of the dashboard write in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from gradcheck.digits import points_text
from gradcheck.grading.records import Grade
from gradcheck.grading.signs import NOT_GRADED, SIGNS
from gradcheck.report.elements import Html, element, plain
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Status

AGAIN, NOT_FINAL = "↻", "not final"
"""Of a grade: the next run grades again."""
NOT_GRADED_YET = "not graded yet"

NAMED = 4
"""How many names a sentence holds; with more, the last gives way to how many there are."""


def text(name: str) -> Html:
    """A name or a sentence of a stranger's, on one line and escaped."""
    return plain(one_line(name))


def name(submission: str) -> Html:
    """A submission's name, whatever its script's direction does to the text around it."""
    return element("bdi", text(submission))


def names(submissions: Sequence[str]) -> Html:
    """Names behind each other."""
    return Html(_between(submissions).join(map(name, submissions)))


def _between(submissions: Sequence[str]) -> str:
    """What stands between names: a semicolon where one of them has a comma."""
    return "; " if any("," in one for one in submissions) else ", "


def some_names(submissions: Sequence[str]) -> Html:
    """ann and bob; ann, bob, cid and 4 more."""
    count = NAMED if len(submissions) <= NAMED else NAMED - 1
    shown = [name(one) for one in submissions[:count]]
    more = len(submissions) - len(shown)
    *first, last = [*shown, *([Html(f"{more:,} more")] if more else [])]
    between = _between(submissions[:count])
    before = between if between.startswith(";") and len(shown) > 1 else " "
    return Html(f"{between.join(first)}{before.rstrip()} and {last}" if first else last)


def folded(summary: str, *content: Html) -> Html:
    """What is there to be opened."""
    return element("details", element("summary", plain(summary)), *content)


def mark(grade: Grade | None, *, points: float | None = None) -> Html:
    """Sign, word and points, which are no count of what is wrong: ✗ wrong · 2.5; without numbers why.

    `points` are those that stand in the place of the graded ones.
    """
    earned = "" if points is None else points_text(points)
    if grade is None:
        sign = element("b", Html(NOT_GRADED))
        return Html(f"{sign}{element('i', Html(NOT_GRADED_YET))}{f' · {earned}' if earned else ''}")
    if not earned and not grade.reason:
        earned = points_text(grade.points)
    return _mark(grade.status, grade.reason, earned, grade.final)


def graded(points: float | None) -> Html:
    """The second line of a cell: what was graded before something else was put in its place."""
    return element("small", plain("not graded" if points is None else f"graded {points_text(points)}"))


@lru_cache(maxsize=1024)
def _mark(status: Status, reason: str, earned: str, is_final: bool) -> Html:
    sign = element("b", Html(SIGNS[status]))
    shown = element("i", plain(reason), class_="seen") if reason else element("i", plain(str(status)))
    later = "" if is_final else f" {AGAIN} {element('i', Html(NOT_FINAL))}"
    return Html(f"{sign} {shown}{f' · {earned}' if earned else ''}{later}")


def kind(status: Status | None) -> str:
    """The class of a status in the style."""
    return "none" if status is None else str(status).replace(" ", "-")


def region(content: Html, label: str) -> Html:
    """What may be wider or higher than the page, and is scrolled by itself, by keys, too."""
    return element("div", content, class_="scroll", role="region", tabindex="0", aria_label=label)


def grid(heads: Sequence[str], rows: Iterable[Sequence[Html]], title: str) -> Html:
    """A table in a region of its own; the first cell of a row names it."""
    lines = (
        element("tr", element("th", first, scope="row"), *(element("td", cell) for cell in rest))
        for first, *rest in rows
    )
    return region(
        element(
            "table",
            element("caption", plain(title)),
            element("thead", element("tr", *(element("th", plain(head), scope="col") for head in heads))),
            element("tbody", *lines),
        ),
        title,
    )
