"""A verdict as a fragment of HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NewType

from gradcheck.report.extent import SCREEN, tabled
from gradcheck.report.heatmap import LEVELS, HeatMap, heat_map
from gradcheck.report.weights import LISTED, UNKNOWN, weight_columns
from gradcheck.report.words import (
    MARKS,
    RIGHT,
    Part,
    explained_by,
    explanation,
    finding,
    offered,
    parts,
    shown_case,
    standing,
    with_help_once,
    without_failure,
)
from gradcheck.submission.records import Failure
from gradcheck.text import amount, printable
from gradcheck.verdict.records import Diagnosis, Discrepancy, Quantity, Status, Verdict

Html = NewType("Html", str)
"""Text that is escaped already."""

# Tints over whatever lies below and the text's own colour: readable on light and on dark pages.
_STYLE = Html(
    """
.gradcheck { max-width: 60em; line-height: 1.5; overflow-wrap: anywhere; }
.gradcheck p { margin: .3em 0; }
.gradcheck section { margin: .8em 0; padding-left: .8em; border-left: 3px solid #8886; overflow-x: auto; }
.gradcheck code { font-size: inherit; }
.gradcheck header p { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: 2em; }
.gradcheck .status { padding: 0 .5em; border: 1px solid; border-radius: .6em; font: bold 85% sans-serif; }
.gradcheck .right { background: rgba(46, 160, 67, .2); }
.gradcheck .wrong, .gradcheck .error { background: rgba(218, 54, 51, .25); }
.gradcheck .cannot-tell { background: rgba(210, 153, 34, .25); }
.gradcheck table { margin: .5em 0; border-collapse: collapse; color: inherit; font-size: inherit; }
.gradcheck td { font-variant-numeric: tabular-nums; }
.gradcheck caption, .gradcheck figcaption { text-align: left; font-size: 85%; color: inherit; }
.gradcheck caption { caption-side: bottom; }
.gradcheck figure { margin: .5em 0; }
.gradcheck th, .gradcheck td { padding: .1em .7em; text-align: right; white-space: nowrap; }
.gradcheck thead th { border-bottom: 1px solid; font-weight: normal; }
.gradcheck th:first-child { padding-left: 0; text-align: left; }
.gradcheck .map td { width: 1em; height: 1em; padding: 0; text-align: center; line-height: 1; }
.gradcheck .map td { border: 1px solid #8886; }
.gradcheck .map td:not(.level-0, .level-1) { color: transparent; }
.gradcheck .level-1 { background: rgba(210, 153, 34, .3); }
.gradcheck .level-2 { background: rgba(218, 54, 51, .2); }
.gradcheck .level-3 { background: rgba(218, 54, 51, .4); }
.gradcheck .level-4 { background: rgba(218, 54, 51, .6); }
.gradcheck .level-5 { background: rgba(218, 54, 51, .8); }
.gradcheck dl { display: grid; grid-template-columns: auto 1fr; gap: .3em 1em; margin: .3em 0; }
.gradcheck dt { font-weight: bold; }
.gradcheck dd { margin: 0; }
.gradcheck mark { padding: 0 .2em; color: inherit; }
.gradcheck pre { margin: .5em 0; white-space: pre-wrap; }
"""
)


def render(verdict: Verdict) -> str:
    """The whole report as one element with a style of its own, without scripts; all text is escaped."""
    shown = tabled(verdict, SCREEN)
    quantities = with_help_once(without_failure(q, verdict.failure) for q in verdict.quantities)
    return _element(
        "div",
        _element("style", _STYLE),
        _head(verdict),
        *([_failure(verdict.failure)] if verdict.failure else []),
        *([_diagnosis(verdict.shown_diagnosis)] if verdict.shown_diagnosis else []),
        *(_quantity(q, q.name in shown) for q in quantities),
        *_accepted(verdict.accepted, offered(verdict)),
        *(_element("p", _text(f"note: {note}")) for note in verdict.notes),
        *_printed(verdict.output),
        class_="gradcheck",
    )


def _head(verdict: Verdict) -> Html:
    name = _element("strong", _text(f"{verdict.spec} · {verdict.submission}"))
    line = _element("p", name, _element("span", _text(standing(verdict))))
    title = [_element("p", _text(verdict.title))] if verdict.title else []
    return _element("header", line, *title)


def _failure(failure: Failure) -> Html:
    where = [_element("p", _text(f"at {failure.where}"))] if failure.where else []
    trace = [_element("pre", _text("\n".join(failure.trace)))] if failure.trace else []
    first = _element("p", _badge(Status.ERROR), _text(f" {failure.message}"))
    return _element("section", first, *where, *trace)


def _diagnosis(diagnosis: Diagnosis) -> Html:
    """Where and what the mistake is, and a question; then the commands that explain it, and what follows."""
    texts = (_element("dt", _text(part.label)) + _element("dd", *_marked(part)) for part in parts(diagnosis))
    advice = (_element("p", _element("code", _text(command))) for command in explained_by(diagnosis))
    around = (diagnosis.location, diagnosis.consequences)
    before, after = ([_element("p", _text(text))] if text else [] for text in around)
    return _element("section", *before, _element("dl", *map(Html, texts)), *advice, *after)


def _marked(part: Part) -> Iterable[Html]:
    """A text in which what is another one in an equation is marked."""
    start, stop = part.changed
    yield _text(part.text[:start])
    if start < stop:
        yield _element(
            "mark", _text(part.text[start:stop]), class_="right" if part.label == RIGHT else "wrong"
        )
    yield _text(part.text[stop:])


def _quantity(quantity: Quantity, is_open: bool) -> Html:
    """The status and the evidence, which is there to be opened or `is_open` at first."""
    picture = heat_map(quantity.table) if quantity.table else None
    evidence = [*_weights(quantity), *([_map(picture)] if picture else [])]
    if evidence and not is_open:
        evidence = [_element("details", _element("summary", Html("the numbers")), *evidence)]
    return _element(
        "section",
        _status(quantity),
        *(_element("p", _text(sentence)) for sentence in explanation(quantity)),
        *evidence,
        *(
            [_element("p", _element("strong", _text("help: ")), _text(quantity.help))]
            if quantity.help
            else []
        ),
    )


def _status(quantity: Quantity) -> Html:
    name = _element("strong", _element("code", _text(quantity.symbol)))
    return _element("p", name, Html(" "), _badge(quantity.status), _text(f" {finding(quantity)}"))


def _badge(status: Status) -> Html:
    return _element("span", _text(MARKS[status]), class_=f"status {status.replace(' ', '-')}")


def _weights(quantity: Quantity) -> Iterable[Html]:
    discrepancies = quantity.discrepancies
    if not discrepancies:
        return
    yield _table(quantity, discrepancies[:LISTED])
    if rest := discrepancies[LISTED:]:
        summary = _element("summary", _text(f"… and {len(rest):,} more"))
        yield _element("details", summary, _table(quantity, rest))
    if hidden := max(quantity.count - len(discrepancies), 0):
        yield _element("p", _text(f"{amount(hidden, quantity.unit)} less far off, not listed"))


def _table(quantity: Quantity, listed: Sequence[Discrepancy]) -> Html:
    columns = weight_columns(quantity, listed)
    head = _element("tr", *(_element("th", _text(header), scope="col") for header in columns))
    rows = [
        _element(
            "tr", _element("th", _text(label), scope="row"), *(_element("td", _text(cell)) for cell in cells)
        )
        for label, *cells in zip(*columns.values(), strict=True)
    ]
    about = [f"{quantity.symbol}, worst first", shown_case(quantity)]
    about += [f"{UNKNOWN} cannot tell"] if any(not d.wrong for d in listed) else []
    caption = _element("caption", _text("; ".join(filter(None, about))))
    return _element("table", caption, _element("thead", head), _element("tbody", *rows))


def _map(picture: HeatMap) -> Html:
    rows = [
        _element(
            "tr",
            *(
                _element("td", _text(LEVELS[level]), class_=f"level-{level}", title=picture.title(i, j))
                for j, level in enumerate(row)
            ),
        )
        for i, row in enumerate(picture.levels)
    ]
    marks = _element("table", _element("tbody", *rows), class_="map")
    return _element("figure", marks, _element("figcaption", _text("; ".join(picture.captions))))


def _accepted(quantities: Sequence[Quantity], title: str) -> Iterable[Html]:
    if quantities:
        first = _element("p", _text(title))
        yield _element("section", first, *map(_status, quantities))


def _printed(output: str) -> Iterable[Html]:
    if text := output.rstrip():
        summary = _element("summary", _text(f"The code printed {amount(text.count(chr(10)) + 1, 'line')}"))
        yield _element("details", summary, _element("pre", _text(text)))


def _text(text: str) -> Html:
    return Html(escape(printable(text)))


def _element(tag: str, *children: Html, **attributes: str) -> Html:
    """An element; an attribute's name may end in an underscore to be no keyword of Python."""
    given = "".join(f' {name.rstrip("_")}="{escape(value)}"' for name, value in attributes.items())
    return Html(f"<{tag}{given}>{''.join(children)}</{tag}>")
