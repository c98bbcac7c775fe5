"""How much of the evidence a report shows: what fits on a screen, or all there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradcheck.verdict.records import Quantity, Status, Verdict


@dataclass(frozen=True)
class Extent:
    """The most that is shown of each thing."""

    weights: int | None
    """Of the first wrong quantity, the worst first; None for all that are kept by name."""
    fewer: int | None
    """Of each of the others."""
    pictures: int | None
    """Of where the wrong weights lie, with the first tables."""
    printed: int | None
    """Lines of what the student's code printed."""
    option: str = ""
    """What a user has to set to see all; empty where there is no such option."""

    def of(self, verdict: Verdict) -> Extent:
        """The same for one verdict: where the mistake is named, there is less to look for in numbers."""
        is_named = bool(verdict.diagnosis and verdict.diagnosis.corrections)
        if self.weights is None or not is_named:
            return self
        return replace(self, weights=_NAMED, fewer=_NAMED_FEWER, pictures=0)

    def rows(self, place: int) -> int | None:
        """How many weights of the quantity at this place in the order of `tabled`."""
        return self.fewer if place else self.weights

    def leaves_out(self, verdict: Verdict, tables: Sequence[str]) -> bool:
        """Whether there is more to see than the `tables` of these quantities hold."""
        if self.printed is not None and verdict.output.rstrip().count("\n") >= self.printed:
            return True
        by_name = {quantity.name: quantity.discrepancies for quantity in verdict.quantities}
        several = [by_name[name] for name in tables]
        return any(len(one[: self.rows(place)]) < len(one) for place, one in enumerate(several))


_NAMED, _NAMED_FEWER = 6, 1
SCREEN = Extent(weights=12, fewer=2, pictures=1, printed=10)
"""What is shown at first."""
WHOLE = Extent(weights=None, fewer=None, pictures=None, printed=None)
"""All there is."""


def tabled(verdict: Verdict) -> list[str]:
    """The quantities whose weights are listed: the first wrong one, and what follows from others last."""
    first = verdict.diagnosis.quantity if verdict.diagnosis else ""

    def place(quantity: Quantity) -> tuple[bool, bool, bool]:
        return quantity.status is not Status.WRONG, quantity.name != first, bool(quantity.follows)

    return [q.name for q in sorted((q for q in verdict.quantities if q.discrepancies), key=place)]
