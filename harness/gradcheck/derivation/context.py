"""Where claims are tried: the points of one spec, and what its names mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from gradcheck.derivation.batches import is_of_several, sums_an_array
from gradcheck.derivation.columns import Columns
from gradcheck.derivation.effort import Effort
from gradcheck.derivation.point import Point
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.formulas.tree import Node


@dataclass(frozen=True)
class Context:
    """Where claims are tried: the points of one spec, and what its names mean."""

    words: Vocabulary
    alone: Sequence[Point | Columns]
    """Points of one example."""
    batches: Sequence[Point]
    """Points of several."""
    helpers: Mapping[str, Node] = field(default_factory=dict)
    effort: Effort = field(default_factory=Effort)
    """What a text may cost."""
    has_batches: bool = False
    """Whether the arrays of the text hold several examples wherever they can."""

    @cached_property
    def points(self) -> list[Point | Columns]:
        """All of them; a trial's number counts here."""
        return [*self.alone, *self.batches]

    def speaks_of_several(self, sides: Sequence[Node]) -> bool:
        """Whether a claim is about several examples at once: of coupled ones every claim is."""
        if self.words.stack.couples_examples or is_of_several(self.words, self.helpers, sides):
            return True
        specs = [point.spec for point in self.points[:1]]
        one_alone = bool(specs) and all(plan.batch == 1 for plan in specs[0].cases)
        return not one_alone and sums_an_array(self.words, sides)

    def upright(self, *, ones: bool) -> Context:
        """The same, where an example is a column, and with `ones` begins with x_0 = 1."""
        return replace(self, alone=[Columns(p, ones=ones) for p in self.alone if isinstance(p, Point)])

    def of_each(self) -> Context:
        """The same, where deltas are those of every example's own loss, not of their mean."""
        return replace(self, batches=[point.of_each() for point in self.batches])
