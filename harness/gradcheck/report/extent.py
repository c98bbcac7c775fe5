"""How much of the evidence a report shows: what fits on a screen, or all there is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gradcheck.verdict.records import Quantity, Status, Verdict


@dataclass(frozen=True)
class Extent:
    """The most that is shown of each thing."""

    weights: int | None
    """In the table of the first wrong quantity, the worst first; of each of the others the worst alone, on
    a line. None for tables of all that are kept by name."""
    pictures: int | None
    """Of where the wrong weights lie, with the first tables."""
    printed: int | None
    """Lines of what the student's code printed."""
    option: str = ""
    """What a user has to set to see all; empty where there is no such option."""

    def of(self, verdict: Verdict) -> Extent:
        """The same for one verdict: where the mistake is named, there is less to look for in numbers."""
        named = len(verdict.diagnosis.corrections) if verdict.diagnosis else 0
        if self.weights is None or not named:
            return self
        return replace(self, weights=_NAMED if named == 1 else _NAMED // 2, pictures=0)

    def leaves_out(self, verdict: Verdict) -> bool:
        """Whether there is more to see."""
        if self.printed is not None and verdict.output.rstrip().count("\n") >= self.printed:
            return True
        several = in_order(verdict)
        if self.weights is None or not several:
            return False
        return len(several) > 1 or len(several[0].discrepancies) > self.weights


_NAMED = 6
"""Weights below a mistake that is named."""
SCREEN = Extent(weights=12, pictures=1, printed=10)
"""What is shown at first."""
WHOLE = Extent(weights=None, pictures=None, printed=None)
"""All there is."""


def in_order(verdict: Verdict) -> list[Quantity]:
    """The quantities with numbers to show: the first wrong one, and what follows from others last."""
    first = verdict.diagnosis.quantity if verdict.diagnosis else ""

    def place(quantity: Quantity) -> tuple[bool, bool, bool]:
        return quantity.status is not Status.WRONG, quantity.name != first, bool(quantity.follows)

    return sorted((q for q in verdict.quantities if q.discrepancies), key=place)
