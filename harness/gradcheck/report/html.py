"""A result as HTML, for notebooks and for pages: first what to do, then the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.report import marks, result
from gradcheck.report.changed import Part
from gradcheck.report.data import result as as_result
from gradcheck.report.drawing import drawing
from gradcheck.report.elements import Html, element, plain
from gradcheck.report.heatmap import HeatMap
from gradcheck.report.pieces import badge, line, subtitle
from gradcheck.report.result import Record, Result
from gradcheck.report.style import STYLE
from gradcheck.report.typeset import typeset
from gradcheck.report.weights import LISTED, UNKNOWN
from gradcheck.report.words import MARKS, RIGHT, STOPPED, offered
from gradcheck.text import amount
from gradcheck.verdict.records import Status, Verdict


def render(verdict: Verdict) -> str:
    """The report as one element with a style of its own, for notebooks."""
    return fragment(as_result(verdict))


def fragment(one: Result) -> Html:
    """The same of a result: one element with a style of its own, without scripts; all text is escaped.

    What stands between dollars in somebody's message is no formula: MathJax 3 and 2 leave it alone.
    """
    return element(
        "div", element("style", STYLE), *sections(one), class_="gradcheck mathjax_ignore tex2jax_ignore"
    )


def sections(one: Result, level: int = 2) -> Iterator[Html]:
    """What is said of a result: a heading of that level, what to do, and the evidence."""
    title = f"h{level + 1}"
    yield _head(one, f"h{level}")
    if one["failure"]:
        yield _failure(one["failure"], title)
    if one["diagnosis"]:
        yield _diagnosis(one["diagnosis"], title)
    if picture := drawing(one):
        is_open = {} if one["status"] == Status.RIGHT else {"open": ""}
        yield _folded("The network", picture, class_="fold", **is_open)
    quantities = result.with_help_once(one["quantities"])
    if quantities:
        first = subtitle("What was checked", title)
        wrong = result.first_wrong(one)
        parts = (_quantity(q, is_first=q["quantity"] == wrong) for q in quantities)
        yield element("section", first, *parts)
    if one["accepted"]:
        first = subtitle(offered(one["max_points"]), title)
        yield element("section", first, *map(_status, one["accepted"]))
    for note in one["notes"]:
        yield element("p", plain(f"note: {note}"))
    text, lines = result.printed(one)
    if text:
        yield _folded(f"The code printed {amount(lines, 'line')}", element("pre", plain(text)), class_="fold")


def _head(one: Result, title: str) -> Html:
    standing = [status_badge(one["status"]), plain(f" {result.summary(one)}")]
    source = result.source(one)
    return element(
        "header",
        element(title, plain(result.heading(one)), class_="title"),
        *([element("p", plain(source), class_="quiet")] if source != result.heading(one) else []),
        element("p", *standing, class_="standing"),
        *(element("p", plain(sentence)) for sentence in result.sentences(one)),
    )


def status_badge(status: str) -> Html:
    """A verdict's status."""
    return badge(MARKS[Status(status)], status.replace(" ", "-"))


def _failure(failure: Record, title: str) -> Html:
    where = result.place(failure)
    return element(
        "section",
        subtitle(STOPPED, title),
        element("p", plain(failure["message"]), class_="lead"),
        *([element("p", plain(f"at {where}"))] if where else []),
        *([element("pre", plain("\n".join(failure["trace"])))] if failure["trace"] else []),
        class_="first",
    )


def _diagnosis(diagnosis: Record, title: str) -> Html:
    """Where and what the mistake is, and a question; then the commands that explain it, and what follows."""
    before, after = result.around(diagnosis)
    texts = [_line(part) for part in result.parts(diagnosis)]
    advice = [element("code", plain(command)) for command in result.commands(diagnosis)]
    return element(
        "section",
        subtitle("Where it goes wrong", title),
        *([element("p", typeset(before), class_="lead")] if before else []),
        *texts,
        *([element("p", typeset(after))] if after else []),
        *(element("p", one, plain(" explains it"), class_="quiet") for one in advice),
        class_="first",
    )


def _line(part: Part) -> Html:
    """A label and its text; an equation has what is another one in it marked."""
    if not result.is_equation(part):
        return line(part.label, typeset(part.text))
    kind = "right" if part.label == RIGHT else "wrong"
    return line(part.label, element("code", typeset(part.text, part.changed, kind)))


def _quantity(quantity: Record, *, is_first: bool) -> Html:
    """The status, where in the array it is wrong, and the numbers, folded."""
    heat_map = result.heat_map(quantity)
    wrong = quantity["status"] == Status.WRONG
    return element(
        "div",
        _status(quantity),
        *(element("p", typeset(sentence)) for sentence in result.remarks(quantity)),
        *([_labelled("help: ", quantity["help"])] if quantity["help"] else []),
        *([_picture(quantity, heat_map)] if heat_map and wrong else []),
        *_numbers(quantity, is_open=is_first),
        class_="quantity",
    )


def _picture(quantity: Record, heat_map: HeatMap) -> Html:
    return marks.figure(heat_map, quantity["symbol"], result.of_case(quantity))


def _labelled(label: str, text: str) -> Html:
    return element("p", element("strong", plain(label)), plain(text))


def _status(quantity: Record) -> Html:
    name = element("strong", element("code", typeset(quantity["symbol"])))
    text, tolerance = result.finding_and_tolerance(quantity)
    aside = [Html(" "), element("span", plain(tolerance), class_="aside")] if tolerance else []
    return element("p", name, Html(" "), status_badge(quantity["status"]), typeset(f" {text}"), *aside)


def _numbers(quantity: Record, *, is_open: bool) -> Iterator[Html]:
    discrepancies = quantity["discrepancies"]
    if not discrepancies:
        return
    tables = [_table(quantity, discrepancies[:LISTED])]
    if rest := discrepancies[LISTED:]:
        tables.append(_folded(f"… and {len(rest):,} more", _table(quantity, rest)))
    if more := result.unlisted(quantity):
        tables.append(element("p", plain(more), class_="quiet"))
    yield _folded(f"The numbers of {quantity['symbol']}", *tables, **({"open": ""} if is_open else {}))


def _table(quantity: Record, listed: Sequence[Record]) -> Html:
    columns = result.table(quantity, listed)
    head = element("tr", *(element("th", plain(header), scope="col") for header in columns))
    rows = [
        element(
            "tr", element("th", typeset(label), scope="row"), *(element("td", plain(cell)) for cell in cells)
        )
        for label, *cells in zip(*columns.values(), strict=True)
    ]
    unsure = any(d["status"] != Status.WRONG for d in listed)
    about = result.caption(quantity) + (f"; {UNKNOWN} cannot tell" if unsure else "")
    table = element(
        "table", element("caption", typeset(about)), element("thead", head), element("tbody", *rows)
    )
    # Wider than a phone, it scrolls by itself: by touch, and by keyboard.
    return element("div", table, class_="scroll", tabindex="0", role="group", aria_label=about)


def _folded(title: str, *children: Html, **attributes: str) -> Html:
    """What can be unfolded."""
    return element("details", element("summary", typeset(title)), *children, **attributes)
