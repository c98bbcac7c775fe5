"""Formulas as they are typed, one after the other: each is answered, and what it defines stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gradcheck.derivation import wording
from gradcheck.derivation.records import Derivation
from gradcheck.formulas.dialect import Reading, read
from gradcheck.formulas.tree import QUESTION, Claim, Symbol
from gradcheck.paper.check import judged
from gradcheck.paper.declared import declared
from gradcheck.paper.rewriting.normal import normal
from gradcheck.paper.sections import Parting
from gradcheck.paper.text import mentions_derivative
from gradcheck.paper.ways import Ways


@dataclass
class Conversation:
    """What was said so far and is still in force."""

    shapes: str = ""
    where: str = ""
    """As the options of that name take it."""
    claims: list[Claim] = field(default_factory=list)

    def answered(self, text: str, source: str) -> Derivation:
        """What is said of a text; a derivative alone is asked for."""
        reading = self._asking(read(text))
        if not reading.can_be_judged:
            return wording.unjudged(reading, source)
        parting = Parting([*self.claims, *reading.claims], (), declared(text, self.shapes, self.where))
        before = len(self.claims)
        found = [one for section in parting.sections() for one in judged(reading, section, before)]
        self.claims = [parting.claims[n] for n in sorted(parting.force)]
        return wording.derivation(reading, found, source)

    def declare(self, shapes: str = "", where: str = "") -> None:
        """Take in shapes, or letters for functions; UsageError where they make no sense."""
        declared("", shapes, where)
        self.shapes = ", ".join(part for part in (self.shapes, shapes) if part)
        self.where = ", ".join(part for part in (self.where, where) if part)

    def names(self) -> Iterator[str]:
        """What each name is taken for."""
        ways = Ways(self.claims, None, declared("", self.shapes, self.where))
        yield from ways.names()

    def _asking(self, reading: Reading) -> Reading:
        """The reading with a question mark behind each derivative that stands alone."""
        known = normal([*self.claims, *reading.claims])[len(self.claims) :]
        claims = [
            _asked(claim) if any(map(mentions_derivative, one.sides)) else claim
            for claim, one in zip(reading.claims, known, strict=True)
        ]
        return replace(reading, claims=tuple(claims))


def _asked(claim: Claim) -> Claim:
    if len(claim.sides) > 1 or not claim.whole:
        return claim
    return replace(claim, sides=(*claim.sides, Symbol(QUESTION, claim.span)), relations=("=",))
