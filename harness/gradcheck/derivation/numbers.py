"""Numbers by themselves, in the place of a network's point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcheck.arrays import Array


@dataclass(frozen=True)
class Numbers:
    """One number for each name."""

    values: Mapping[str, Array]

    def moved(self, name: str, index: tuple[int, ...], step: float) -> dict[str, Array]:
        """The one that is moved."""
        return {name: self.values[name] + step}

    def weight(self, name: str) -> float:
        """Numbers are what they are."""
        return 1.0

    def constant(self, text: str) -> None:
        """No name means anything by custom."""
