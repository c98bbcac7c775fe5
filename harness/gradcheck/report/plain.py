"""Results as plain text that is mailed or read in an editor: the page without its pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.report import result
from gradcheck.report.result import Record, Result, Total
from gradcheck.report.words import MARKS, STOPPED, offered
from gradcheck.text import amount, chop, clip, columns, hanging, headline, pad, printable, unbroken, wrap
from gradcheck.verdict.records import Status

_INDENT = 6
_LISTED, _OF_OTHERS = 6, 2
"""How many of the worst entries are shown of the first wrong quantity, and of each of the others."""
PRINTED = 10
"""How many lines are shown of what the code printed."""


def render(results: Sequence[Result], width: int = 80, *, final: Total | None = None) -> str:
    """The results below each other, on lines of at most `width` columns.

    `final` are the points of all together, where they are not the sum.
    """
    texts = [text(one, width) for one in results]
    return "\n\n\n".join([head(results, width, final), *texts] if final or len(texts) > 1 else texts)


def head(results: Sequence[Result], width: int = 80, final: Total | None = None) -> str:
    """Whose results they are, how much is right in all, and why the points are not the sum."""
    lines = wrap(f"{printable(results[0]['submission'])}: {result.total(results, final)}", width)
    for reason in final.reasons if final else ():
        lines += wrap(printable(reason), width)
    return "\n".join(lines)


def text(one: Result, width: int = 80, *, printed: int | None = PRINTED) -> str:
    """One result, with so many lines of what the code printed; None: all of them."""
    return "\n\n".join("\n".join(lines) for lines in _sections(one, width, printed))


def _sections(one: Result, width: int, printed: int | None) -> Iterator[list[str]]:
    mark = MARKS[Status(one["status"])]
    title = [] if one["title"] is None else wrap(printable(one["title"]), width)
    yield [*headline(printable(result.source(one)), f"{mark}: {result.summary(one)}", width), *title]
    for sentence in result.sentences(one):
        yield wrap(printable(sentence), width)
    if one["failure"]:
        yield _failure(one["failure"], width)
    if one["diagnosis"]:
        yield from _diagnosis(one["diagnosis"], width)
    first = result.first_wrong(one)

    def rows(quantity: Record) -> int:
        return _LISTED if quantity["quantity"] == first else _OF_OTHERS

    quantities = result.with_help_once(one["quantities"])
    for heading, several in (("Checked", quantities), (offered(one["max_points"]), one["accepted"])):
        if several:
            yield [f"{heading}:", *(line for q in several for line in _quantity(q, width, rows(q)))]
    for note in one["notes"]:
        yield _hanging("note: ", note, width)
    if output := (one["output"] or "").rstrip():
        lines = verbatim(output, width)
        hidden = len(lines[printed:]) if printed is not None else 0
        more = [f"{' ' * _INDENT}… and {amount(hidden, 'more line')}"] if hidden else []
        yield ["The code printed:", *lines[:printed], *more]


def _failure(failure: Record, width: int) -> list[str]:
    lines = _hanging(f"{STOPPED}: ", failure["message"], width)
    if where := result.place(failure):
        lines += _hanging("  at ", where, width)
    return lines + verbatim("\n".join(failure["trace"]), width)


def _diagnosis(diagnosis: Record, width: int) -> Iterator[list[str]]:
    before, after = (wrap(words, width) for words in result.around(diagnosis))
    parts = result.parts(diagnosis)
    size = 2 + max((columns(part.label) for part in parts), default=0)
    yield before
    lines = [line for part in parts for line in _hanging(f"  {pad(part.label, size)}", part.text, width)]
    for command in result.commands(diagnosis):
        lines += _hanging(" " * (2 + size), f"({command} explains it)", width)
    yield from ([lines] if lines else [])
    yield from ([after] if any(after) else [])


def _quantity(quantity: Record, width: int, rows: int) -> Iterator[str]:
    name, mark = unbroken(quantity["symbol"]), MARKS[Status(quantity["status"])]
    start, text = f"  {clip(name, width // 4)}  {mark}", result.finding(quantity)
    yield from _hanging(f"{start}  ", text, width) if text else [start]
    helps = [f"help: {quantity['help']}"] if quantity["help"] else []
    for sentence in (*result.remarks(quantity), *helps):
        yield from _hanging(" " * _INDENT, sentence, width)
    listed = quantity["discrepancies"][:rows]
    if listed:
        if of_case := result.of_case(quantity):
            yield from _hanging(" " * _INDENT, f"{of_case}:", width)
        table = result.table(quantity, listed)
        for row in zip(*table.values(), strict=True):
            cells = dict(zip(table, row, strict=True))
            true = cells.get("autograd") or cells["differences"]
            words = f"{cells.get(quantity['unit'], name)} is {cells['yours']}, not {true}"
            yield from _hanging(" " * _INDENT, words, width)


def _hanging(start: str, words: str, width: int) -> list[str]:
    """Words below each other behind their start."""
    return hanging(start, columns(start), printable(words), width)


def verbatim(words: str, width: int) -> list[str]:
    """Lines as they are, indented; those that are too long go on below themselves."""
    lines = printable(words).split("\n") if words else []
    return [" " * _INDENT + piece for line in lines for piece in chop(line, width - _INDENT)]
