"""How what a text leaves open is taken: letters below names, and dots between vectors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """One way to take it."""

    apart: frozenset[str] = frozenset()
    """Letters that are parts of names, and no indices."""
    inner: bool | None = None
    """Whether · between two columns or two rows is their inner product; None: between names, as in w·x."""
    linked: bool = False
    """Whether derivatives of vectors in products are links of a chain rule, in whichever layout."""


LIKELY = Taken()
