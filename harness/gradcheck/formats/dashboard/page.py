"""The whole dashboard as one HTML document, which loads nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from gradcheck import __version__
from gradcheck.formats.dashboard import sections
from gradcheck.formats.dashboard.header import header
from gradcheck.formats.dashboard.points import histograms
from gradcheck.formats.dashboard.records import Dashboard
from gradcheck.formats.dashboard.table import table
from gradcheck.formats.dashboard.words import text
from gradcheck.grading.overview import spec_faults
from gradcheck.report.elements import Html, element, plain

_ANY_WIDTH = 10**6
_RESOURCES = ("page.css", "page.js")


def render(dashboard: Dashboard) -> str:
    """The document as text. All that a stranger wrote is escaped; only the page's own script may run."""
    style, script = map(_resource, _RESOURCES)
    title = f"{dashboard.title}: the class"
    head = element(
        "head",
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        Html('<meta name="robots" content="noindex">'),
        element("title", text(title)),
        element("style", style),
    )
    body = element("body", *_body(dashboard), element("script", script))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _body(dashboard: Dashboard) -> Iterator[Html]:
    parts = list(_parts(dashboard))
    links = (element("li", element("a", plain(title), href=f"#{anchor}")) for anchor, title, _ in parts)
    yield header(dashboard)
    yield element("nav", element("ul", *links), aria_label="Sections")
    yield element("main", *_alerts(dashboard), *(_section(*part) for part in parts))
    hidden = " and shows hidden specs" if any(column.hidden for column in dashboard.specs) else ""
    about = f"gradcheck {__version__}. For the instructor: this page names mistakes{hidden}."
    yield element("footer", element("p", plain(about)))


def _section(anchor: str, title: str, content: Sequence[Html]) -> Html:
    heading = element("h2", plain(title), id=anchor)
    return element("section", heading, *content, aria_labelledby=anchor)


def _parts(dashboard: Dashboard) -> Iterator[tuple[str, str, Sequence[Html]]]:
    """Anchor, title and content of each section that has something to say."""
    titles = dashboard.titles
    yield "points", "Points", [histograms(dashboard)]
    yield "mistakes", "Mistakes", list(sections.mistakes(dashboard.stumbles, titles))
    yield "submissions", "Submissions", [table(dashboard)]
    if dashboard.agreements or dashboard.copies:
        equal = sections.equal_answers(dashboard.agreements, dashboard.copies, titles)
        yield "equal", "Equal answers", list(equal)
    if dashboard.changes:
        since = f"Changes since run {dashboard.changes.before.number}"
        yield "changes", since, list(sections.changes(dashboard.changes, titles))
    if dashboard.unfinished:
        yield "unfinished", "Not final", list(sections.unfinished(dashboard.unfinished, titles))


def _alerts(dashboard: Dashboard) -> Iterator[Html]:
    for failure in dashboard.failures:
        sentence = " ".join(spec_faults([failure], width=_ANY_WIDTH))
        yield element("p", text(sentence), class_="alert", role="note")


@cache
def _resource(name: str) -> Html:
    return Html(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _policy(style: str, script: str) -> str:
    """What the page may load and run: its own style and script, by their hashes, and nothing else."""
    first, second = (b64encode(sha256(one.encode()).digest()).decode() for one in (style, script))
    sources = f"style-src 'sha256-{first}'; script-src 'sha256-{second}'"
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"
