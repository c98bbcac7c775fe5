"""One submission's whole reports, read back from the gradebook as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcheck.digits import points_text, short
from gradcheck.errors import UsageError
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.records import Filters, Row
from gradcheck.report.words import MARKS
from gradcheck.spelling import near
from gradcheck.submission.text import one_line
from gradcheck.text import NARROWEST, amount, amounts, chop, clip, columns, pad, printable, wrap
from gradcheck.verdict.records import Status

_INDENT = 6


def render(book: Gradebook, submission: str, *, width: int = 80) -> str:
    """Its report for every spec, on lines of at most `width` columns but no fewer than NARROWEST.

    Raises UsageError for a name that the gradebook doesn't have.
    """
    rows = [row for row in book.rows(Filters(submissions=(submission,))) if row.submission == submission]
    if not rows:
        raise UsageError(
            f"{one_line(submission)}: the gradebook has no grades of it{_meant(book, submission)}"
        )
    return "\n\n".join("\n".join(_report(row, max(width, NARROWEST))) for row in rows)


def _meant(book: Gradebook, name: str) -> str:
    names = (known[:100] for known, _ in book.submissions())
    close = near(name, names, 3)
    return f"; did you mean {', '.join(map(one_line, close))}?" if close else ""


def _report(row: Row, width: int) -> Iterator[str]:
    data = row.report
    yield from wrap(" · ".join(map(one_line, (row.spec, row.submission))), width)
    hidden = ", hidden" if row.hidden else ""
    failed = f" ({row.reason})" if row.reason not in ("", row.status) else ""
    again = "" if row.final else ", graded again by the next run"
    points = f"{points_text(row.points)} of {points_text(row.max_points)} points"
    standing = f"{MARKS[row.status]}{failed}, {points}"
    yield from wrap(f"{standing}, seed {row.seed}, {short(row.seconds)} s{hidden}{again}", width)
    if data["failure"]:
        yield from _failure(data["failure"], width)
    for title, quantities in (("", data["quantities"]), ("Offered too, for no points:", data["accepted"])):
        if quantities:
            yield from ("", f"  {title}") if title else ("",)
            room = min(max(columns(one_line(q["symbol"])) for q in quantities), width // 4)
            for quantity in quantities:
                yield from _quantity(quantity, room, width)
    yield from _diagnosis(data["diagnosis"], row.explanations, width)
    for note in data["notes"]:
        yield from _hanging("  note: ", note, width)
    if data["output"]:
        yield from ("", "  The code printed:", *_verbatim(data["output"].rstrip(), width))
    if row.fault:
        yield from ("", "  For the maintainers of gradcheck:", *_verbatim(row.fault.rstrip(), width))


def _diagnosis(
    data: Mapping[str, Any] | None, explanations: Sequence[Sequence[str]], width: int
) -> Iterator[str]:
    """What the learner is told, and the mistakes by name, which the learner may not be."""
    texts = _texts(data) if data else {}
    if explanations:
        texts["named"] = "; or ".join(" and ".join(slugs) for slugs in explanations)
    size = max(map(len, texts), default=0)
    yield from ("",) if texts else ()
    for label, text in texts.items():
        yield from _hanging(f"  {label:{size}}  ", text, width)


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    texts = {
        "where": data["location"]["message"],
        "kind": None if data["mistake"] else data["category"],
        "what": data["mistake"],
        "think": data["question"],
    }
    return {label: text for label, text in texts.items() if text}


def _quantity(quantity: Mapping[str, Any], room: int, width: int) -> Iterator[str]:
    mark = MARKS[Status(quantity["status"])]
    yield from _hanging(
        f"  {pad(clip(one_line(quantity['symbol']), room), room)}  {mark}  ", _counts(quantity), width
    )
    for text in (quantity["message"], quantity["help"]):
        if text:
            yield from _hanging(" " * _INDENT, text, width)
    if quantity["discrepancies"]:
        worst = _worst(quantity["discrepancies"][0], quantity["case"])
        yield from _hanging(" " * _INDENT, worst, width)


def _counts(quantity: Mapping[str, Any]) -> str:
    """2 of 4 points; 6 of 6 weights wrong, in 4 of 4 cases (tolerance 1e-9)."""
    texts = [f"{points_text(quantity['points'])} of {points_text(quantity['max_points'])} points"]
    entries = amount(quantity["entries"], quantity["unit"])
    if quantity["wrong"]:
        texts.append(f"{quantity['wrong']:,} of {entries} wrong")
    if quantity["undecided"]:
        texts.append(f"{quantity['undecided']:,} of {entries} undecided")
    if quantity["wrong_cases"]:
        texts.append(f"in {quantity['wrong_cases']:,} of {amount(quantity['cases'], 'case')}")
    if quantity["status"] == Status.RIGHT:
        sizes = quantity["entries_by_case"] or [quantity["entries"]]
        cases = f" in each of {quantity['cases']:,} cases" if quantity["cases"] > 1 else ""
        texts.append(amounts(sizes, quantity["unit"]) + cases)
    if quantity["follows_from"]:
        texts.append(f"follows from {quantity['follows_from']}")
    if quantity["reason"] not in (None, "values"):
        texts.append(quantity["reason"])
    return f"{', '.join(texts)} ({quantity['precision']}, tolerance {_short(quantity['relative_tolerance'])})"


def _worst(worst: Mapping[str, Any], case: int | None) -> str:
    """The numbers of the worst entry, to more digits than the tolerance asks for."""
    where = "" if case is None else f" in case {case + 1}"
    numbers = [("yours", worst["yours"]), ("autograd", worst["autograd"])]
    texts = [f"{name} {_short(value, 12)}" for name, value in numbers if value is not None]
    texts.append(f"differences {_short(worst['differences'], 12)} ± {_short(worst['error_bar'], 1)}")
    return f"worst: {worst['symbol']}{where}: {', '.join(texts)}, off by {_short(worst['off_by'])}"


def _failure(failure: Mapping[str, Any], width: int) -> Iterator[str]:
    where = f", at {_location(failure['location'])}" if failure["location"] else ""
    yield ""
    yield from _hanging(
        f"  {MARKS[Status.ERROR]}  ", f"{failure['message']} ({failure['category']}{where})", width
    )
    yield from _verbatim("\n".join(failure["trace"]), width) if failure["trace"] else ()


def _location(location: Mapping[str, Any]) -> str:
    line = "" if location["line"] is None else f":{location['line']}"
    function = f" in {location['function']}" if location["function"] else ""
    return f"{location['file']}{line}{function}"


def _short(x: float | str, digits: int = 3) -> str:
    return x if isinstance(x, str) else short(x, digits)


def _hanging(start: str, text: str, width: int) -> list[str]:
    """The text behind its start, its other lines below each other."""
    size = columns(start)
    first, *more = wrap(printable(text), width - size)
    return [start + first, *(" " * size + line for line in more)]


def _verbatim(text: str, width: int) -> list[str]:
    lines = printable(text).split("\n")
    return [" " * _INDENT + piece for line in lines for piece in chop(line, width - _INDENT)]
