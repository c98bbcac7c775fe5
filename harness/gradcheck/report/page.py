"""Results as a page of HTML: one file that needs no other, without scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.report.elements import Html, element, plain
from gradcheck.report.html import sections, status_badge
from gradcheck.report.pieces import subtitle
from gradcheck.report.result import Result, Total, heading, name, summary, total
from gradcheck.report.style import PAGE, STYLE
from gradcheck.report.words import UNUSABLE

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A browser loads nothing and runs nothing, whatever a page says."""


def render(results: Sequence[Result], *, complaints: Sequence[str] = (), final: Total | None = None) -> str:
    """A page of results; several have an index. All text is escaped.

    `complaints` say why there are specs without a result. `final` are the points of all together, where they
    are not the sum.
    """
    is_alone = len(results) == 1 and not complaints and final is None
    title = f"{heading(results[0])} · {name(results)}" if is_alone else name(results)
    articles = [
        element("article", *sections(one, 1 if is_alone else 2), id=f"exercise-{number}")
        for number, one in enumerate(results, start=1)
    ]
    body = element(
        "div",
        *([] if is_alone else _index(results, final)),
        element("main", *_unusable(complaints), *articles),
        class_="gradcheck",
    )
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="color-scheme" content="light dark">'
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>{head}{element("title", plain(title))}'
        f"{element('style', STYLE, PAGE)}</head>\n<body>{body}</body>\n</html>"
    )


def _unusable(complaints: Sequence[str]) -> Iterator[Html]:
    if complaints:
        texts = (element("p", plain(complaint)) for complaint in complaints)
        yield element("section", subtitle(UNUSABLE, "h2"), *texts, class_="first")


def _index(results: Sequence[Result], final: Total | None) -> list[Html]:
    """Whose results they are and, of each, how much is right."""
    title = element("h1", plain(name(results)), class_="title")
    if not results:
        return [element("header", title)]
    rows = [
        element(
            "li",
            element("a", plain(heading(one)), href=f"#exercise-{number}"),
            element("span", status_badge(one["status"]), plain(f" {summary(one)}")),
        )
        for number, one in enumerate(results, start=1)
    ]
    reasons = (element("p", plain(reason)) for reason in (final.reasons if final else ()))
    head = element("header", title, element("p", plain(total(results, final))), *reasons)
    return [head, element("nav", element("ol", *rows), aria_label="Exercises")]
