"""A verdict as a fragment of HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradcheck.report.changed import Part
from gradcheck.report.elements import STYLE, Html, element, plain
from gradcheck.report.extent import SCREEN, tabled
from gradcheck.report.heatmap import LEVELS, HeatMap, heat_map
from gradcheck.report.weights import LISTED, UNKNOWN, weight_columns
from gradcheck.report.words import (
    MARKS,
    RIGHT,
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
from gradcheck.text import amount
from gradcheck.verdict.records import Diagnosis, Discrepancy, Quantity, Status, Verdict


def render(verdict: Verdict) -> str:
    """The whole report as one element with a style of its own, without scripts; all text is escaped."""
    shown = tabled(verdict, SCREEN)
    quantities = with_help_once(without_failure(q, verdict.failure) for q in verdict.quantities)
    return element(
        "div",
        element("style", STYLE),
        _head(verdict),
        *([_failure(verdict.failure)] if verdict.failure else []),
        *([_diagnosis(verdict.shown_diagnosis)] if verdict.shown_diagnosis else []),
        *(_quantity(q, q.name in shown) for q in quantities),
        *_accepted(verdict.accepted, offered(verdict)),
        *(element("p", plain(f"note: {note}")) for note in verdict.notes),
        *_printed(verdict.output),
        class_="gradcheck",
    )


def _head(verdict: Verdict) -> Html:
    name = element("strong", plain(f"{verdict.spec} · {verdict.submission}"))
    line = element("p", name, element("span", plain(standing(verdict))))
    title = [element("p", plain(verdict.title))] if verdict.title else []
    return element("header", line, *title)


def _failure(failure: Failure) -> Html:
    where = [element("p", plain(f"at {failure.where}"))] if failure.where else []
    trace = [element("pre", plain("\n".join(failure.trace)))] if failure.trace else []
    first = element("p", _badge(Status.ERROR), plain(f" {failure.message}"))
    return element("section", first, *where, *trace)


def _diagnosis(diagnosis: Diagnosis) -> Html:
    """Where and what the mistake is, and a question; then the commands that explain it, and what follows."""
    texts = (element("dt", plain(part.label)) + element("dd", *_marked(part)) for part in parts(diagnosis))
    advice = (element("p", element("code", plain(command))) for command in explained_by(diagnosis))
    around = (diagnosis.location, diagnosis.consequences)
    before, after = ([element("p", plain(text))] if text else [] for text in around)
    return element("section", *before, element("dl", *map(Html, texts)), *advice, *after)


def _marked(part: Part) -> Iterable[Html]:
    """A text in which what is another one in an equation is marked."""
    start, stop = part.changed
    yield plain(part.text[:start])
    if start < stop:
        yield element(
            "mark", plain(part.text[start:stop]), class_="right" if part.label == RIGHT else "wrong"
        )
    yield plain(part.text[stop:])


def _quantity(quantity: Quantity, is_open: bool) -> Html:
    """The status and the evidence, which is there to be opened or `is_open` at first."""
    picture = heat_map(quantity.table) if quantity.table else None
    evidence = [*_weights(quantity), *([_map(picture)] if picture else [])]
    if evidence and not is_open:
        evidence = [element("details", element("summary", Html("the numbers")), *evidence)]
    return element(
        "section",
        _status(quantity),
        *(element("p", plain(sentence)) for sentence in explanation(quantity)),
        *evidence,
        *([element("p", element("strong", plain("help: ")), plain(quantity.help))] if quantity.help else []),
    )


def _status(quantity: Quantity) -> Html:
    name = element("strong", element("code", plain(quantity.symbol)))
    return element("p", name, Html(" "), _badge(quantity.status), plain(f" {finding(quantity)}"))


def _badge(status: Status) -> Html:
    return element("span", plain(MARKS[status]), class_=f"status {status.replace(' ', '-')}")


def _weights(quantity: Quantity) -> Iterable[Html]:
    discrepancies = quantity.discrepancies
    if not discrepancies:
        return
    yield _table(quantity, discrepancies[:LISTED])
    if rest := discrepancies[LISTED:]:
        summary = element("summary", plain(f"… and {len(rest):,} more"))
        yield element("details", summary, _table(quantity, rest))
    if hidden := max(quantity.count - len(discrepancies), 0):
        yield element("p", plain(f"{amount(hidden, quantity.unit)} less far off, not listed"))


def _table(quantity: Quantity, listed: Sequence[Discrepancy]) -> Html:
    columns = weight_columns(quantity, listed)
    head = element("tr", *(element("th", plain(header), scope="col") for header in columns))
    rows = [
        element(
            "tr", element("th", plain(label), scope="row"), *(element("td", plain(cell)) for cell in cells)
        )
        for label, *cells in zip(*columns.values(), strict=True)
    ]
    about = [f"{quantity.symbol}, worst first", shown_case(quantity)]
    about += [f"{UNKNOWN} cannot tell"] if any(not d.wrong for d in listed) else []
    caption = element("caption", plain("; ".join(filter(None, about))))
    return element("table", caption, element("thead", head), element("tbody", *rows))


def _map(picture: HeatMap) -> Html:
    rows = [
        element(
            "tr",
            *(
                element("td", plain(LEVELS[level]), class_=f"level-{level}", title=picture.title(i, j))
                for j, level in enumerate(row)
            ),
        )
        for i, row in enumerate(picture.levels)
    ]
    marks = element("table", element("tbody", *rows), class_="map")
    return element("figure", marks, element("figcaption", plain("; ".join(picture.captions))))


def _accepted(quantities: Sequence[Quantity], title: str) -> Iterable[Html]:
    if quantities:
        first = element("p", plain(title))
        yield element("section", first, *map(_status, quantities))


def _printed(output: str) -> Iterable[Html]:
    if text := output.rstrip():
        summary = element("summary", plain(f"The code printed {amount(text.count(chr(10)) + 1, 'line')}"))
        yield element("details", summary, element("pre", plain(text)))
