"""Results as plain text that is mailed or read in an editor: the page without its pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.report import result
from gradcheck.report.result import Record, Result, Total
from gradcheck.report.words import MARKS, STOPPED
from gradcheck.text import amount, chop, clip, columns, hanging, headline, pad, printable, wrap
from gradcheck.verdict.records import Status

_INDENT = 6
_LISTED = 3
_PRINTED = 10
"""Of the worst entries of a quantity, and of what the code printed, this many lines."""


def render(results: Sequence[Result], width: int = 80, *, final: Total | None = None) -> str:
    """The results below each other, on lines of at most `width` columns.

    `final` are the points of all together, where they are not the sum.
    """
    head = wrap(f"{printable(results[0]['submission'])}: {result.total(results, final)}", width)
    for reason in final.reasons if final else ():
        head += wrap(printable(reason), width)
    texts = ["\n\n".join("\n".join(lines) for lines in _sections(one, width)) for one in results]
    return "\n\n\n".join(["\n".join(head), *texts] if final or len(texts) > 1 else texts)


def _sections(one: Result, width: int) -> Iterator[list[str]]:
    mark = MARKS[Status(one["status"])]
    title = [] if one["title"] is None else wrap(printable(one["title"]), width)
    yield [*headline(printable(result.source(one)), f"{mark}: {result.summary(one)}", width), *title]
    for sentence in result.sentences(one):
        yield wrap(printable(sentence), width)
    if one["failure"]:
        yield _failure(one["failure"], width)
    if one["diagnosis"]:
        yield from _diagnosis(one["diagnosis"], width)
    quantities = result.with_help_once(one["quantities"])
    for heading, several in (("Checked", quantities), (result.offered(one), one["accepted"])):
        if several:
            yield [f"{heading}:", *(line for q in several for line in _quantity(q, width))]
    for note in one["notes"]:
        yield _hanging("note: ", note, width)
    if output := (one["output"] or "").rstrip():
        lines = _verbatim(output, width)
        more = [f"{' ' * _INDENT}… and {amount(len(lines) - _PRINTED, 'more line')}"]
        yield ["The code printed:", *lines[:_PRINTED], *(more if len(lines) > _PRINTED else [])]


def _failure(failure: Record, width: int) -> list[str]:
    lines = _hanging(f"{STOPPED}: ", failure["message"], width)
    if where := result.place(failure):
        lines += _hanging("  at ", where, width)
    return lines + _verbatim("\n".join(failure["trace"]), width)


def _diagnosis(diagnosis: Record, width: int) -> Iterator[list[str]]:
    before, after = (wrap(text, width) for text in result.around(diagnosis))
    parts = result.parts(diagnosis)
    size = 2 + max((columns(part.label) for part in parts), default=0)
    yield before
    lines = [line for part in parts for line in _hanging(f"  {pad(part.label, size)}", part.text, width)]
    lines += [f"  {' ' * size}({command} explains it)" for command in result.commands(diagnosis)]
    yield from ([lines] if lines else [])
    yield from ([after] if any(after) else [])


def _quantity(quantity: Record, width: int) -> Iterator[str]:
    name, mark = " ".join(printable(quantity["symbol"]).split()), MARKS[Status(quantity["status"])]
    yield from _hanging(f"  {clip(name, width // 4)}  {mark}  ", result.finding(quantity), width)
    helps = [f"help: {quantity['help']}"] if quantity["help"] else []
    for sentence in (*result.remarks(quantity), *helps):
        yield from _hanging(" " * _INDENT, sentence, width)
    listed = quantity["discrepancies"][:_LISTED]
    if listed:
        table = result.table(quantity, listed)
        for row in zip(*table.values(), strict=True):
            cells = dict(zip(table, row, strict=True))
            true = cells.get("autograd") or cells["differences"]
            words = f"{cells[quantity['unit']]} is {cells['yours']}, not {true}"
            yield from _hanging(" " * _INDENT, words, width)


def _hanging(start: str, text: str, width: int) -> list[str]:
    """Words below each other behind their start."""
    return hanging(start, columns(start), printable(text), width)


def _verbatim(text: str, width: int) -> list[str]:
    lines = printable(text).split("\n") if text else []
    return [" " * _INDENT + piece for line in lines for piece in chop(line, width - _INDENT)]
