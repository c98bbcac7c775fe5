"""What explains an answer: edits, and which way they are made in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gradcheck.edits.edit import Edit


class Pass(Enum):
    """Where edits are made."""

    BACKWARD = "backward"
    """In equations of the reverse pass."""
    FORWARD = "forward"
    """In the forward pass, with the reverse pass that is right for it."""
    FORWARD_ALONE = "forward alone"
    """In the forward pass, with the reverse pass of the right one."""


@dataclass(frozen=True)
class Explanation:
    """Edits that together make all the numbers of an answer."""

    edits: tuple[Edit, ...]
    where: Pass = Pass.BACKWARD

    @property
    def rank(self) -> int:
        """How far the farthest of them is from what people do most."""
        return max(edit.rank for edit in self.edits)

    @property
    def at(self) -> frozenset[str]:
        """The quantities in whose equations they are made."""
        return frozenset(edit.equation for edit in self.edits)
