"""What a mistake is: one rule of the reverse pass, replaced at some layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gradcheck.maths.chain import Chain

Scope = Literal["layer", "network"]
"""Whether it can be made at one layer alone, or only everywhere at once."""


@dataclass(frozen=True)
class Where:
    """The layers that a mistake can be made at."""

    says: str
    """In words: "hidden layers with tanh"."""
    holds: Callable[[Chain, int], bool]
    """(chain, layer's number) -> whether it can be made there."""

    def __and__(self, other: Where) -> Where:
        return Where(
            f"{self.says}, {other.says}",
            lambda chain, layer: self.holds(chain, layer) and other.holds(chain, layer),
        )


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One entry of the catalogue.

    `wrong` is a Python expression in canonical names without numbers, samples as rows: z, a, da, dz, W,
    dW of the layer at hand, a_prev its input, W_next and dz_next of the layer after it, dz_last of the
    last; `right` is what the right rule makes of the same numbers. `gradcheck.mistakes.names` lists all.
    """

    id: str
    slug: str
    makes: tuple[str, ...]
    """The rules replaced, by what they make: da, dz; dx (what the layer sends back to its input); dW, db
    (the data's part of a gradient); rW, rb (the penalty's part); hW, hb (the whole gradient as it is
    handed in)."""
    wrong: str
    """What stands in the rule's place."""
    where: Where
    says: str
    """What is wrong, in a few words, with quantities in braces: "{W_next} is left out of {dz}"."""
    hint: str
    """A question whose answer is the mistake."""
    kind: Literal["factor", "scale", "sign", "sum", "index", "term", "order"]
    """What sort of thing is wrong, for a learner who shall not be told more."""
    seen: tuple[str, ...] = ()
    """Where it was sighted."""
    scope: Scope = "layer"
    unknown: str | None = None
    """A name in `wrong` for a number that nobody knows but whoever made the mistake, such as eta."""
    known: tuple[float, ...] = ()
    """The only values that the unknown number may have; empty: any."""
    most: float = math.inf
    """The largest size of an unknown number that may have any value."""
    extra: dict[str, str] = field(default_factory=dict, compare=False)
    """What some of the rules in `makes` have in place of `wrong`."""

    def layers(self, chain: Chain) -> tuple[int, ...]:
        """Where in a network it can be made. The input counts as layer 0, but has nothing except its da."""
        first = 0 if "da" in self.makes else 1
        return tuple(n for n in range(first, len(chain.layers) + 1) if self.where.holds(chain, n))

    def formula(self, rule: str) -> CodeType:
        """The compiled replacement of a rule."""
        return self._codes[rule]

    @cached_property
    def builds_on(self) -> bool:
        """Whether it changes what another mistake at the same rule has made, and does not undo it."""
        return all("right" in code.co_names for code in self._codes.values())

    @cached_property
    def _codes(self) -> dict[str, CodeType]:
        return {rule: compile(self.extra.get(rule, self.wrong), self.slug, "eval") for rule in self.makes}

    def __hash__(self) -> int:
        return hash(self.slug)


@dataclass(frozen=True)
class Fault:
    """A mistake made at certain layers."""

    mistake: Mistake
    layers: tuple[int, ...]
    """Their numbers, in rising order."""
    unknown: float = 1.0
    """The value of the mistake's unknown number, if it has one."""


CATALOGUE: dict[str, Mistake] = {}
"""Slug -> mistake, in the catalogue's order."""


def mistake(**fields: object) -> Mistake:
    """Enter a mistake into the catalogue; the arguments are the fields of `Mistake`."""
    made = Mistake(**fields)  # type: ignore[arg-type]
    CATALOGUE[made.slug] = made
    return made
