"""Results as Markdown of GitHub's flavour: the page without its pictures.

No text of a submission can be anything but text: no element, link, mention, heading or cell of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gradcheck.report import result
from gradcheck.report.result import Record, Result, Total
from gradcheck.report.words import MARKS, STOPPED, UNUSABLE, offered
from gradcheck.text import amount, printable, unbroken
from gradcheck.verdict.records import Status

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&#]")
_LINKED = re.compile(r"(@|://|www\.|GH-)(?=\S)", re.IGNORECASE)
"""What GitHub turns into a mention or a link, whatever is escaped."""
_FIRST = re.compile(r"^([-+=:]|\d+(?=[.)]))")
"""What makes a list, a rule or a heading of a line that begins with it."""
_JOINER = "\N{WORD JOINER}"


def render(results: Sequence[Result], *, complaints: Sequence[str] = (), final: Total | None = None) -> str:
    """The results below each other; of several a table comes first.

    `complaints` say why there are specs without a result. `final` are the points of all together, where they
    are not the sum.
    """
    is_alone = len(results) == 1 and not complaints and final is None
    unusable = [f"## {UNUSABLE}", *map(text, complaints)] if complaints else []
    sections = ["\n".join(part) for one in results for part in _sections(one, 1 if is_alone else 2)]
    return "\n\n".join([*([] if is_alone else _index(results, final)), *unusable, *sections])


def _index(results: Sequence[Result], final: Total | None) -> Iterator[str]:
    """Whose results they are and, of each, how much is right."""
    yield f"# {text(result.name(results))}"
    if results:
        yield text(result.total(results, final))
        yield from map(text, final.reasons if final else ())
        rows = [[text(result.heading(one)), _mark(one), text(result.summary(one))] for one in results]
        yield "\n".join(_table(["exercise", "", ""], rows))


def _sections(one: Result, level: int) -> Iterator[list[str]]:
    title = "#" * (level + 1)
    yield [f"{'#' * level} {text(result.heading(one))}"]
    if (source := result.source(one)) != result.heading(one):
        yield [code(source)]
    yield [f"**{_mark(one)}** {text(result.summary(one))}"]
    for sentence in result.sentences(one):
        yield [text(sentence)]
    if one["failure"]:
        yield [f"{title} {STOPPED}"]
        yield from _failure(one["failure"])
    if one["diagnosis"]:
        yield [f"{title} Where it goes wrong"]
        yield from _diagnosis(one["diagnosis"])
    quantities = result.with_help_once(one["quantities"])
    for heading, several in (("What was checked", quantities), (offered(one["max_points"]), one["accepted"])):
        if several:
            yield [f"{title} {heading}"]
            yield _statuses(several)
    for quantity in quantities:
        yield from _evidence(quantity)
    for note in one["notes"]:
        yield [f"note: {text(note)}"]
    output, lines = result.printed(one)
    if output:
        yield from _folded(f"The code printed {amount(lines, 'line')}", [fenced(printable(output))])


def _mark(one: Record) -> str:
    return MARKS[Status(one["status"])]


def _failure(failure: Record) -> Iterator[list[str]]:
    yield [code(failure["message"])]
    if where := result.place(failure):
        yield [f"at {code(where)}"]
    if failure["trace"]:
        yield [fenced(printable("\n".join(failure["trace"])))]


def _diagnosis(diagnosis: Record) -> Iterator[list[str]]:
    before, after = result.around(diagnosis)
    if before:
        yield [text(before)]
    rows = [
        [text(part.label), code(part.text) if result.is_equation(part) else text(part.text)]
        for part in result.parts(diagnosis)
    ]
    if rows:
        yield _table(["", ""], rows)
    if after:
        yield [text(after)]
    for command in result.commands(diagnosis):
        yield [f"{code(command)} explains it"]


def _statuses(quantities: Sequence[Record]) -> list[str]:
    rows = [[code(q["symbol"]), _mark(q), text(result.finding(q))] for q in quantities]
    return _table(["quantity", "", ""], rows)


def _evidence(quantity: Record) -> Iterator[list[str]]:
    """What else is to be said of a quantity, and its numbers, folded."""
    for sentence in result.remarks(quantity):
        yield [f"{code(quantity['symbol'])}: {text(sentence)}"]
    if quantity["help"]:
        yield [f"{code(quantity['symbol'])}: {text(quantity['help'])}"]
    if quantity["discrepancies"]:
        columns = result.table(quantity, quantity["discrepancies"])
        rows = [[code(cell) if cell else "" for cell in row] for row in zip(*columns.values(), strict=True)]
        notes = [result.caption(quantity), result.unlisted(quantity)]
        yield from _folded(
            f"The numbers of {quantity['symbol']}",
            [*_table(list(columns), rows), "", text("; ".join(filter(None, notes)))],
        )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    numbers = {"yours", "autograd", "differences", "off by", "yours/true"}
    rule = ["--:" if name in numbers else "---" for name in head]
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]


def _folded(title: str, lines: list[str]) -> Iterator[list[str]]:
    yield [f"<details><summary>{entities(title)}</summary>"]
    yield lines
    yield ["</details>"]


def fenced(lines: str) -> str:
    """Plain text as a block of code, whose fence is longer than any in it."""
    longest = max(map(len, re.findall("`+", lines)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{lines}\n{fence}"


def text(words: str) -> str:
    """Words on one line, of which nothing is read as anything else."""
    line = _SPECIAL.sub(r"\\\g<0>", unbroken(words))
    line = _LINKED.sub(rf"\1{_JOINER}", line)
    return _FIRST.sub(rf"\1{_JOINER}" if line[:1].isdigit() else r"\\\1", line)


def code(words: str) -> str:
    """Code on one line; in elements where it has what ends it, or a cell."""
    line = unbroken(words)
    if not line or re.search(r"[`|\\]", line):
        return f"<code>{entities(line)}</code>"
    return f"`{line}`"


def entities(words: str) -> str:
    """Words on one line, with every character that means something as an entity."""
    return re.sub(r"[!-/:-@\[-`{-~]", lambda match: f"&#{ord(match[0])};", unbroken(words))
