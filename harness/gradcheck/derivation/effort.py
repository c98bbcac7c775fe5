"""What the evaluation of formulas may cost, and what was noticed on the way."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from gradcheck.derivation.errors import MeaningError
from gradcheck.formulas.tree import Span

OF_A_TEXT = 225_000
"""How many steps all claims of a text may take together: a step is some microseconds."""
OF_A_CLAIM = 15_000
A_CLAIM = 1_000
"""What a claim costs however short it is: it may be wrong, and is explained then."""


@dataclass
class Effort:
    """What is left to spend."""

    left: int = OF_A_TEXT
    whole: Effort | None = None
    """What it is a share of."""
    notes: dict[str, None] = field(default_factory=dict)
    """What something was taken for, in order."""
    deadline: float = math.inf
    """By the clock of time.monotonic(): nothing is left past it."""
    doubt: float = 0.0
    """How far the value at hand may be off, relative to its largest entry: differences are not exact."""

    @property
    def is_half_spent(self) -> bool:
        """Whether less than half of a claim's share is left."""
        return self.left < OF_A_CLAIM // 2

    @property
    def is_late(self) -> bool:
        """Whether the deadline is past."""
        return time.monotonic() > self.deadline

    def of_a_claim(self) -> Effort:
        """What one claim may take of this."""
        return Effort(OF_A_CLAIM, self)

    def spend(self, steps: int, span: Span) -> None:
        """Take off so many steps; MeaningError where nothing is left."""
        self.left -= steps
        if self.left < 0 or self.is_late:
            self.left = min(self.left, -1)
            raise MeaningError("unsupported", "this takes too long to evaluate", span, "give parts a name")
        if self.whole is not None:
            self.whole.spend(steps, span)
