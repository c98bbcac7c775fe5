"""The quantity that a claim is about."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.arrays import Array
from gradcheck.derivation import names
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.evaluate import Scope
from gradcheck.derivation.words import Reference, Words
from gradcheck.formulas.tree import Derivative, Node


@dataclass(frozen=True)
class About:
    """A gradient, or a value."""

    reference: Reference
    gradient: bool

    def name(self, scope: Scope) -> str:
        """Its canonical name."""
        name = scope.name(self.reference)
        found = scope.words.gradient(name) if self.gradient else name
        if found is None:
            raise MeaningError("unknown", "nothing is known of this gradient", self.reference.span)
        return found

    def entry(self, scope: Scope, array: Array) -> Array:
        """The entry of an array of that quantity's shape."""
        return names.entry_of(scope, self.reference, array)

    def position(self, scope: Scope, array: Array) -> tuple[int, ...] | None:
        """Where in that array the entry lies; None for the whole."""
        return names.position(scope, self.reference, array)


def about(words: Words, side: Node) -> About | None:
    """What a left side names: ∂C/∂w₁₁, δ², dW2."""
    if isinstance(side, Derivative):
        objective = side.of is None or words.is_objective(side.of)
        reference = words.reference(side.by)
        return About(reference, gradient=True) if reference is not None and objective else None
    reference = words.reference(side)
    return None if reference is None else About(reference, gradient=False)
