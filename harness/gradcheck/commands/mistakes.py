"""`gradcheck mistakes`: the catalogue of mistakes, as a list or one by one, in any notation."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gradcheck.commands import output, status
from gradcheck.commands.arguments import Parser
from gradcheck.errors import UsageError

if TYPE_CHECKING:
    from gradcheck.mistakes.entry import Entry
    from gradcheck.mistakes.records import Mistake

_LABEL = 8


def run(arguments: list[str]) -> int:
    """Print the list, or what is known of one mistake."""
    options = _parser().parse_args(arguments)
    from gradcheck.mistakes.catalogue import CATALOGUE
    from gradcheck.mistakes.entry import entry

    asked = _asked(options.mistake, CATALOGUE) if options.mistake else [*CATALOGUE.values()]
    entries = [entry(mistake, options.notation) for mistake in asked]
    if options.format == "json":
        text = _json(entries, options.notation)
    else:
        lines = _explained(entries, options.notation) if options.mistake else _listed(entries)
        text = "\n".join(lines)
    output.write(text, options.output)
    return status.ALL_RIGHT


def _parser() -> argparse.ArgumentParser:
    from gradcheck.specification.default import NOTATION
    from gradcheck.specification.shipped import NOTATIONS

    parser = Parser(
        prog="gradcheck mistakes",
        description="Lists the mistakes that have a name, or explains one.",
        epilog="exit status: 0, or 2 if there is no such mistake",
    )
    parser.add_argument("mistake", nargs="?", metavar="SLUG", help="the mistake to explain, or its id")
    parser.add_argument(
        "--notation", choices=NOTATIONS, default=NOTATION, help="the notation to use (default: %(default)s)"
    )
    output.add_options(parser)
    return parser


def _asked(word: str, catalogue: Mapping[str, Mistake]) -> list[Mistake]:
    """The mistake of that slug or id; those of A03a, A03b, ... where A03 is asked for."""
    if word in catalogue:
        return [catalogue[word]]
    number = word.upper()
    found = [m for m in catalogue.values() if m.id.upper() == number]
    found = found or [m for m in catalogue.values() if m.id.rstrip("abcdefgh").upper() == number]
    if found:
        return found
    from gradcheck.specification.complaint import short
    from gradcheck.spelling import nearest

    meant = nearest(word, catalogue)
    advice = f"did you mean {meant}?" if meant else "`gradcheck mistakes` lists them"
    raise UsageError(f"there is no mistake {short(word)}; {advice}")


def _listed(entries: Sequence[Entry]) -> Iterator[str]:
    """One mistake a line, grouped by what it is about."""
    from gradcheck.mistakes.entry import by_part
    from gradcheck.text import amount, wrap

    ids, slugs = (max(len(getattr(one, key)) for one in entries) for key in ("id", "slug"))
    for title, ones in by_part(entries).items():
        yield f"{title}\n"
        for one in ones:
            head = f"  {one.id:{ids}}  {one.slug:{slugs}}  "
            first, *rest = wrap(one.says, output.width() - len(head))
            yield f"{head}{first}"
            yield from (f"{' ' * len(head)}{line}" for line in rest)
        yield ""
    yield f"{amount(len(entries), 'mistake')}; gradcheck mistakes SLUG explains one."


def _explained(entries: Sequence[Entry], notation: str) -> Iterator[str]:
    """All there is to say of each."""
    from gradcheck.text import wrap

    for one in entries:
        yield f"{one.slug} · {one.id} · {one.part[0].lower()}{one.part[1:]}\n"
        yield from (f"  {line}" for line in wrap(one.sentence, output.width() - 2))
        yield ""
        for label, value in _rows(one):
            first, *rest = wrap(value, output.width() - 2 - _LABEL)
            yield f"  {label:{_LABEL}}{first}"
            yield from (f"{' ' * (2 + _LABEL)}{line}" for line in rest)
        yield ""
    yield f"In the notation of {notation}; --notation NAME chooses another one."


def _rows(one: Entry) -> Iterator[tuple[str, str]]:
    """Label and text."""
    for right, wrong in one.statements:
        yield from (("right", right), ("wrong", wrong))
    if one.number:
        yield "with", one.number
    yield from (("where", one.where), ("think", one.hint))
    yield "seen", _sightings(one.seen)


def _json(entries: Sequence[Entry], notation: str) -> str:
    from gradcheck.report.document import document, dumps, text_or_none

    mistakes = [
        {
            "id": one.id,
            "slug": one.slug,
            "category": one.part,
            "mistake": one.says,
            "equations": [statement._asdict() for statement in one.statements],
            "unknown": text_or_none(one.number),
            "location": one.where,
            "question": one.hint,
            "sightings": list(one.seen),
        }
        for one in entries
    ]
    return dumps(document("mistakes", notation=notation, mistakes=mistakes))


def _sightings(seen: Sequence[str]) -> str:
    times = {0: "not yet", 1: "once: "}.get(len(seen), f"{len(seen)} times: ")
    return times + ", ".join(seen)
