"""The names in a sheet: the notation with a spec's own letters, and symbols to canonical names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcheck.layers import Stack
from gradcheck.specification.complaint import listed, short, suggestion
from gradcheck.specification.language import Sheet
from gradcheck.specification.notation import Notation, letters_of, resolved
from gradcheck.specification.quantity import NO_VARIABLE, STRENGTH, handed_over, is_variable
from gradcheck.specification.question import Asked
from gradcheck.specification.shipped import shipped
from gradcheck.specification.yaml_text import Source, Where
from gradcheck.spelling import nearest


def notation(source: Source, sheet: Sheet, stack: Stack) -> Notation | None:
    """The notation for this network; None where names clash or aren't names."""
    habits = shipped(sheet.notation)
    before = len(source.complaints)
    known = letters_of(habits, stack)
    for key in ("letters", "numbers"):
        for letter in getattr(sheet, key):
            if letter not in known:
                message = f"{sheet.notation} has no letter {short(letter)}"
                source.complain((key, letter), message, suggestion(letter, known), key=True)
    made = resolved(sheet.notation, habits, stack, sheet.letters, sheet.numbers)
    _check_symbols(source, sheet, made, stack)
    return made if len(source.complaints) == before else None


def _check_symbols(source: Source, sheet: Sheet, made: Notation, stack: Stack) -> None:
    """Complain where a symbol is no name in Python, or the name of two quantities: once a letter."""
    taken = {STRENGTH: "lambda"} if sheet.penalty else {}
    refused: set[str] = set()
    for name in made.quantities(stack):
        symbol, one = made.symbol(name), made.known[name]
        letter = one.letter
        if refused & {letter, one.base} or one.of:
            continue
        if not is_variable(symbol):
            message, advice = f"{short(symbol)!r} {NO_VARIABLE}", None
        elif taken.get(symbol) == letter:
            message, advice = (
                f"{letter} of two layers would be called {symbol}",
                "put {n}, the layer, into it",
            )
        elif symbol in taken:
            message, advice = (
                f"{taken[symbol]} and {letter} would both be called {symbol}",
                "rename one of them",
            )
        else:
            taken[symbol] = letter
            continue
        letters = [letter, taken.get(symbol, letter), one.base, made.base_of(taken.get(symbol, letter))]
        source.complain(_origin(source, letters), message, advice)
        refused.add(letter)


def _origin(source: Source, letters: Sequence[str]) -> Where:
    """The place where quantities of one of these letters get their names."""
    places = [(key, letter) for letter in letters for key in ("letters", "numbers")]
    return next((where for where in places if where in source.places), ("notation",))


def asked(source: Source, sheet: Sheet, made: Notation, stack: Stack) -> Asked:
    """What is given, checked and accepted, and the points of what is checked, by canonical names."""
    reader = _Reader(source, made, stack)
    inner = [name for name in stack.shapes(1) if name != "x"]
    outer = dict.fromkeys(set(made.quantities(stack)).difference(inner), "is no intermediate")
    given = reader.names(("submission", "given"), sheet.submission.given, outer)
    handed = dict.fromkeys([*handed_over(stack), *given], "is handed to the submission, not computed by it")
    check = reader.names(("check",), sheet.check, handed)
    accept = reader.names(("accept",), sheet.accept, handed | dict.fromkeys(check, "is checked already"))
    for symbol in sheet.points:
        if symbol not in sheet.check:
            message = f"there are points for {short(symbol)}, which is not checked"
            source.complain(
                ("points", symbol), message, suggestion(symbol, dict.fromkeys(sheet.check)), key=True
            )
    points = {name: sheet.points.get(made.symbol(name), 1.0) for name in check}
    return Asked(given, check, accept, points)


class _Reader:
    """Reads symbols of one network, complaining where nothing is called so."""

    def __init__(self, source: Source, made: Notation, stack: Stack) -> None:
        self.source = source
        self.symbols = made.symbols(stack)
        merged = [(b, W) for W in made.symbols(stack).values() for b in made.unfolded([W])[1:]]
        self.merged = {made.symbol(b): made.symbol(W) for b, W in merged}

    def names(self, where: Where, symbols: Sequence[str], refused: Mapping[str, str]) -> tuple[str, ...]:
        """The canonical names of listed symbols; `refused` says of some names why they can't be listed."""
        names: list[str] = []
        for number, symbol in enumerate(symbols):
            place, name = (*where, number), self.symbols.get(symbol)
            if name is None:
                self.source.complain(place, *self._unknown(symbol, refused))
            elif name in names:
                self.source.complain(place, f"{symbol} is listed twice")
            elif name in refused:
                self.source.complain(place, f"{symbol} {refused[name]}")
            else:
                names.append(name)
        return tuple(names)

    def _unknown(self, symbol: str, refused: Mapping[str, str]) -> tuple[str, str]:
        if symbol in self.merged:
            message = f"the bias is part of the weights here, and {symbol} has no name of its own"
            return message, f"name {self.merged[symbol]}"
        known = [symbol for symbol, name in self.symbols.items() if name not in refused]
        meant = nearest(symbol, known)
        advice = f"did you mean {meant}? " if meant else ""
        return f"this network has no quantity {short(symbol)}", f"{advice}there is {listed(known)}"
