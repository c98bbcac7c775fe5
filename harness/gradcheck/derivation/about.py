"""The quantity that a claim is about."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.arrays import Array
from gradcheck.derivation import names
from gradcheck.derivation.evaluate import Scope
from gradcheck.derivation.words import Reference, Words
from gradcheck.formulas.tree import Derivative, Node, Quotient, Scripted, Symbol


@dataclass(frozen=True)
class About:
    """A gradient, or a value."""

    reference: Reference
    gradient: bool

    def name(self, scope: Scope) -> str:
        """Its canonical name."""
        name = scope.name(self.reference)
        return f"d{name}" if self.gradient else name

    def entry(self, scope: Scope, array: Array) -> Array:
        """The entry of an array of that quantity's shape."""
        return names.entry_of(scope, self.reference, array)

    def position(self, scope: Scope, array: Array) -> tuple[int, ...] | None:
        """Where in that array the entry lies; None for the whole."""
        return names.position(scope, self.reference, array)


def about(words: Words, side: Node) -> About | None:
    """What a left side names: ∂C/∂w₁₁, δ², dW2."""
    if isinstance(side, (Derivative, Quotient)):
        by = side.by if isinstance(side, Derivative) else side.bottom
        if isinstance(side, Quotient) and isinstance(by, Symbol):
            by = Symbol(by.text.removeprefix("d"), by.span)
        top = side.of if isinstance(side, Derivative) else side.top
        objective = top is None or _is_objective(words, top)
        reference = words.reference(by) if isinstance(by, (Symbol, Scripted)) else None
        return About(reference, gradient=True) if reference is not None and objective else None
    reference = words.reference(side) if isinstance(side, (Symbol, Scripted)) else None
    return None if reference is None else About(reference, gradient=False)


def _is_objective(words: Words, top: Node) -> bool:
    if isinstance(top, Symbol) and words.reference(top) is None:
        top = Symbol(top.text.removeprefix("d"), top.span)
    return words.is_objective(top)
