"""What a sheet asks of its network: what is given, checked and accepted, and its points."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from gradcheck.specification.complaint import short, suggestion
from gradcheck.specification.language import Sheet
from gradcheck.specification.yaml_text import Source, Where


@dataclass(frozen=True)
class Asked:
    """By canonical names."""

    given: tuple[str, ...]
    check: tuple[str, ...]
    accept: tuple[str, ...]
    points: Mapping[str, float]
    """Of what is checked."""


@dataclass(frozen=True)
class Known:
    """What a sheet may name."""

    symbols: Mapping[str, str]
    """What everything is called that has a name -> its canonical name."""
    inner: Collection[str]
    """Intermediates, which may be given."""
    handed: Collection[str]
    """What a submission is handed in any case."""
    refused: Mapping[str, tuple[str, str]]
    """What can't be asked all the same -> a complaint, and what to do."""
    unknown: Callable[[str, list[str]], tuple[str, str]]
    """(what nothing is called, what may be asked) -> a complaint, and what to do."""


def asked(source: Source, sheet: Sheet, known: Known) -> Asked:
    """What is asked, complaining about all that can't be."""

    def names(where: Where, symbols: Sequence[str], refused: Mapping[str, str]) -> tuple[str, ...]:
        listed: list[str] = []
        for number, symbol in enumerate(symbols):
            place, name = (*where, number), known.symbols.get(symbol)
            if name is None:
                free = [s for s, n in known.symbols.items() if n not in refused and n not in known.refused]
                source.complain(place, *known.unknown(symbol, free))
            elif name in listed:
                source.complain(place, f"{symbol} is listed twice")
            elif name in refused:
                source.complain(place, f"{symbol} {refused[name]}")
            elif name in known.refused:
                source.complain(place, *known.refused[name])
            else:
                listed.append(name)
        return tuple(listed)

    outer = dict.fromkeys(set(known.symbols.values()).difference(known.inner), "is no intermediate")
    handed = dict.fromkeys(known.handed, "is handed to the submission, not computed by it")
    given = names(("submission", "given"), sheet.submission.given, outer | handed)
    handed |= dict.fromkeys(given, "is handed to the submission, not computed by it")
    check = names(("check",), sheet.check, handed)
    accept = names(("accept",), sheet.accept, handed | dict.fromkeys(check, "is checked already"))
    for symbol in sheet.points:
        if symbol not in sheet.check:
            message = f"there are points for {short(symbol)}, which is not checked"
            meant = suggestion(symbol, dict.fromkeys(sheet.check))
            source.complain(("points", symbol), message, meant, key=True)
    symbols = {name: symbol for symbol, name in known.symbols.items()}
    return Asked(given, check, accept, {name: sheet.points.get(symbols[name], 1.0) for name in check})
