"""The names in a sheet: the notation with a spec's own letters, and symbols to canonical names."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.layers import Stack
from gradcheck.specification.asked import Known
from gradcheck.specification.calling import NO_VARIABLE, is_variable
from gradcheck.specification.complaint import listed, short, suggestion
from gradcheck.specification.language import Sheet
from gradcheck.specification.notation import Notation, letters_of, resolved
from gradcheck.specification.quantity import STRENGTH, handed_over
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


def known(made: Notation, stack: Stack) -> Known:
    """What a sheet may name."""
    symbols = made.symbols(stack)
    merged = {made.symbol(b): made.symbol(W) for W in symbols.values() for b in made.unfolded([W])[1:]}

    def unknown(symbol: str, free: list[str]) -> tuple[str, str]:
        if symbol in merged:
            message = f"the bias is part of the weights here, and {symbol} has no name of its own"
            return message, f"name {merged[symbol]}"
        meant = nearest(symbol, free)
        advice = f"did you mean {meant}? " if meant else ""
        return f"this network has no quantity {short(symbol)}", f"{advice}there is {listed(free)}"

    inner = [name for name in stack.shapes(1) if name != "x"]
    return Known(symbols, inner, handed_over(stack), {}, unknown)
