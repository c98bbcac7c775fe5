"""What the names of a formula were taken for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.derivation.words import Words
from harness.formulas.tree import Node, Scripted, Symbol
from harness.formulas.walk import nodes
from harness.formulas.written import written

_SPOKEN = {
    "x": "the inputs",
    "y": "the target",
    "W": "weights",
    "b": "biases",
    "z": "pre-activations",
    "a": "activations",
    "dz": "a delta, ∂J/∂z",
    "J": "the objective J",
}


def meanings(words: Words, sides: Sequence[Node]) -> Iterator[tuple[str, str]]:
    """Every name of a quantity, and what it was taken for."""
    seen: dict[str, str] = {}
    for side in sides:
        for node, _ in nodes(side):
            if isinstance(node, (Symbol, Scripted)) and (reference := words.reference(node)):
                seen.setdefault(written(node), reference.letter)
    for name, letter in seen.items():
        yield name, _SPOKEN.get(letter, f"∂J/∂{letter[1:]}" if letter.startswith("d") else letter)
