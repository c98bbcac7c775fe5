"""How much of the evidence a report shows: what fits on a screen, or all there is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from gradcheck.verdict.records import Quantity, Status, Verdict

FEW = 3
"""How many weights stand below a mistake that is named."""


@dataclass(frozen=True)
class Extent:
    """The most that is shown of each thing."""

    weights: int | None
    """In a table, the worst first; None for all that are kept by name."""
    tables: int | None
    pictures: int | None
    """Of where the wrong weights lie, with the first tables."""
    printed: int | None
    """Lines of what the student's code printed."""
    option: str = ""
    """What a user has to set to see all; empty where there is no such option."""

    def of(self, verdict: Verdict) -> Extent:
        """The same for one verdict: where the mistake is named, there is less to look for in numbers."""
        named = len(verdict.shown_diagnosis.corrections) if verdict.shown_diagnosis else 0
        if self.weights is None or not named:
            return self
        return replace(self, weights=FEW, tables=2 if named == 1 else 1, pictures=0)

    def leaves_out(self, verdict: Verdict, tables: Collection[str]) -> bool:
        """Whether there is more to see than the `tables` of these quantities hold."""
        if self.printed is not None and verdict.output.rstrip().count("\n") >= self.printed:
            return True
        return any(
            q.name not in tables or len(q.discrepancies[: self.weights]) < len(q.discrepancies)
            for q in verdict.quantities
            if q.discrepancies
        )


SCREEN = Extent(weights=5, tables=2, pictures=1, printed=10)
"""What is shown at first."""
WHOLE = Extent(weights=None, tables=None, pictures=None, printed=None)
"""All there is."""


def tabled(verdict: Verdict, extent: Extent) -> list[str]:
    """The quantities whose weights are listed: the first wrong one, and what follows from others last."""
    first = verdict.diagnosis.quantity if verdict.diagnosis else ""

    def place(quantity: Quantity) -> tuple[bool, bool, bool]:
        return quantity.status is not Status.WRONG, quantity.name != first, bool(quantity.follows)

    there = sorted((q for q in verdict.quantities if q.discrepancies), key=place)
    return [q.name for q in there[: extent.tables]]
