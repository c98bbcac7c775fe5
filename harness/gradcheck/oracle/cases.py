"""Cases of one spec, drawn anew: what a network of either kind offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from gradcheck.arrays import Array
from gradcheck.oracle.entry import Entry
from gradcheck.oracle.key import KeyCase


class Drawn(NamedTuple):
    """A case with what the forward and the reverse pass make of it."""

    case: Any
    inputs: Mapping[str, Any]
    """What `run` is given."""
    values: Mapping[str, Array]
    """All that is checked or accepted, in the learner's layout; nothing where the passes don't know all."""


class Cases(Protocol):
    """Draws cases of one spec."""

    def redraw(self, case: KeyCase) -> Drawn:
        """One of the spec's own."""
        ...

    def like_first(self, seed: int) -> Drawn:
        """One like the spec's first, with the classes that occur there."""
        ...

    def truth(self, case: Any) -> dict[str, Entry]:
        """What both oracles say of a case. Raises ImportError where there is no PyTorch."""
        ...

    def truth_by_reverse_pass(self, case: Any) -> dict[str, Entry]:
        """What differences say beside the reverse pass. Raises ImportError for what only PyTorch knows."""
        ...
