"""A mistake where no spec is at hand: in the letters of a source, of layers l and L."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from gradcheck.mistakes.example import example
from gradcheck.mistakes.records import Mistake
from gradcheck.mistakes.statements import Statement, Statements
from gradcheck.specification.default import NOTATION

PARTS = {
    "A": "The loss and the output's delta",
    "B": "The activation's derivative",
    "C": "The way back from layer to layer",
    "D": "The gradients of weights and biases",
    "E": "The penalty",
    "F": "Convolutional and recurrent layers",
}
"""First letter of an id -> what the mistakes of that part are about."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What there is to say of a mistake."""

    id: str
    slug: str
    part: str
    says: str
    statements: tuple[Statement, ...]
    where: str
    number: str
    """Which values an unknown number may have; empty where there is none."""
    hint: str
    seen: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What it says, as a sentence; a symbol it starts with stays as it is."""
        first, _, _ = self.says.partition(" ")
        plain = first.isascii() and first.isalpha() and first.islower() and len(first) > 1
        return f"{self.says[0].upper() if plain else self.says[0]}{self.says[1:]}."


def entry(mistake: Mistake, notation: str = NOTATION) -> Entry:
    """The mistake in that notation."""
    statements = example(mistake, notation)
    return Entry(
        id=mistake.id,
        slug=mistake.slug,
        part=PARTS[mistake.id[0]],
        says=statements.clause(mistake.says),
        statements=statements.of_mistake(mistake),
        where=mistake.where.says + (", everywhere at once" if mistake.scope == "network" else ""),
        number=_number(mistake, statements),
        hint=mistake.hint,
        seen=mistake.seen,
    )


def by_part(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The same, grouped; parts and what is in them stay in order."""
    parts: dict[str, list[Entry]] = {title: [] for title in PARTS.values()}
    for one in entries:
        parts[one.part].append(one)
    return {title: ones for title, ones in parts.items() if ones}


def _number(mistake: Mistake, statements: Statements) -> str:
    if not mistake.unknown:
        return ""
    limit = f" of at most {mistake.most:g} in size" if math.isfinite(mistake.most) else ""
    *others, last = [f"{value:g}" for value in mistake.known] or [f"any number{limit}"]
    return f"{statements.called(mistake.unknown)} is {', '.join(others)}{' or ' if others else ''}{last}"
