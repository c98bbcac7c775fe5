"""What reading and trying formulas may cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gradcheck.paper.values.algebra import MeaningError

STEPS = 400_000
"""How many parts of formulas are read for one text, in all of the ways to take it."""
SEARCHED = 16_000
"""How many more where it is looked for what wrong formulas should be."""
SHARE, MOST = 8, 1_600
"""Which part of what is left of these one wrong formula may take, and how many at most."""


@dataclass
class Effort:
    """What is left to spend, of one text or of all sections of a document."""

    left: int = STEPS
    search: int = SEARCHED

    def spend(self, steps: int) -> None:
        """Take off so many steps; MeaningError where nothing is left."""
        self.left -= steps
        if self.left < 0:
            raise MeaningError("this takes too long to try", "give parts a name")

    @contextmanager
    def searching(self) -> Iterator[Effort]:
        """What one search may cost, which is taken off at its end."""
        granted = min(MOST, self.search // SHARE)
        part = Effort(granted)
        try:
            yield part
        finally:
            self.search -= granted - max(0, part.left)
