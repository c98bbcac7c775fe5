"""One edit of a formula: a sign, a factor, a slope, a transpose, an index, a layer."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from random import Random

from drawn_formulas import (
    Call,
    Formula,
    Name,
    Negative,
    Over,
    Partial,
    Ref,
    Sum,
    Times,
    Total,
    Turned,
    parts,
    with_part,
)

SIBLINGS = dict(zip("zaZAxhwuyt", "azAZhxuwaa", strict=True))
"""What is easily taken for each other."""


def edited(formula: Formula, names: Collection[Name], rng: Random) -> Formula:
    """The formula with one edit, the kind of which is drawn first."""
    kinds: dict[str, list[Formula]] = {}
    for kind, one in edits(formula, names):
        kinds.setdefault(kind, []).append(one)
    return rng.choice(kinds[rng.choice(sorted(kinds))])


def edits(formula: Formula, names: Collection[Name]) -> Iterator[tuple[str, Formula]]:
    """All formulas that are one edit away, with the kind of the edit."""
    yield "sign", formula.of if isinstance(formula, Negative) else Negative(formula)
    yield from _everywhere(formula, names)


def _everywhere(formula: Formula, names: Collection[Name]) -> Iterator[tuple[str, Formula]]:
    if isinstance(formula, Partial):
        for kind, by in _another(formula.by.name, formula.by.index, names):
            if isinstance(by, Ref) and kind != "index":
                yield kind, replace(formula, by=by)
        return
    yield from _here(formula, names)
    for place, n, part in parts(formula):
        for kind, one in _everywhere(part, names):
            yield kind, with_part(formula, place, n, one)


def _here(formula: Formula, names: Collection[Name]) -> Iterator[tuple[str, Formula]]:
    match formula:
        case Sum(terms):
            for n, term in enumerate(terms[1:], 1):
                turned = term.of if isinstance(term, Negative) else Negative(term)
                yield "sign", Sum((*terms[:n], turned, *terms[n + 1 :]))
        case Times(left, right):
            yield "factor", left
            yield "factor", right
        case Over(top, _):
            yield "factor", top
        case Call(slope=True):
            yield "slope", replace(formula, slope=False)
        case Turned(of):
            yield "transpose", of
        case Total(_, of):
            yield "sum", of
        case Ref(name, index):
            yield from _another(name, index, names)


def _another(name: Name, index: tuple[str, ...], names: Collection[Name]) -> Iterator[tuple[str, Formula]]:
    """Another quantity, another layer, indices the other way round, or a transpose."""
    if name.letter.isupper() and not index:
        yield "transpose", Turned(Ref(name))
    if len(index) == 2:
        yield "index", Ref(name, index[::-1])
    for other in sorted(names, key=lambda one: (one.letter, one.layer)):
        if other.letter == name.letter and other.layer != name.layer:
            yield "layer", Ref(other, index)
        if other.letter == SIBLINGS.get(name.letter) and other.layer == name.layer:
            yield "name", Ref(other, index)
