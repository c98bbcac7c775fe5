"""What reading and trying formulas may cost."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.paper.algebra import MeaningError

STEPS = 400_000
"""How many parts of formulas are read for one text, in all of the ways to take it."""


@dataclass
class Effort:
    """What is left to spend, of one text or of all sections of a document."""

    left: int = STEPS

    def spend(self, steps: int) -> None:
        """Take off so many steps; MeaningError where nothing is left."""
        self.left -= steps
        if self.left < 0:
            raise MeaningError("this takes too long to try", "give parts a name")
