"""What the names of a formula were taken for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.derivation import functions
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.derivation.words import Reference
from gradcheck.formulas.tree import Node, Number, Product, Scripted, Symbol
from gradcheck.formulas.walk import followed_by_bracket, parts
from gradcheck.formulas.written import written

_KINDS = {
    "x": "the inputs",
    "y": "the target",
    "W": "weights",
    "b": "biases",
    "z": "pre-activations",
    "a": "activations",
    "dz": "a delta, ∂J/∂z",
    "J": "the loss",
}


def meanings(words: Vocabulary, sides: Sequence[Node]) -> Iterator[tuple[str, str]]:
    """Every name of a quantity or of an activation, and what it was taken for."""
    seen: dict[str, str] = {}
    for side in sides:
        for name, meaning in _meanings(words, side):
            seen.setdefault(name, meaning)
    yield from seen.items()


def _meanings(words: Vocabulary, node: Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, (Symbol, Scripted)) and (reference := words.reference(node)):
        yield written(node), _described(words, reference)
        return  # neither its base nor its scripts are names by themselves
    if isinstance(node, Product):
        heads = (node.factors[i] for i in range(len(node.factors) - 1) if followed_by_bracket(node, i))
        for head in heads:
            yield from _function(words, head)
    for part in parts(node):
        yield from _meanings(words, part)


def _described(words: Vocabulary, reference: Reference) -> str:
    letter = reference.letter
    base, layer = words.notation.base_of(letter), reference.layer
    kind = _KINDS.get(letter, letter if base == letter else f"∂J/∂{base}")
    number = words.last if layer == Symbol("L") else layer.value if isinstance(layer, Number) else None
    if number is None:
        return kind
    try:
        own = words.layer_of(words.canonical(reference, int(number)))
    except MeaningError:
        return f"{kind}, but there are none with this number"
    return f"{kind} of layer {own} of {words.layers}" if own else kind


def _function(words: Vocabulary, head: Node) -> Iterator[tuple[str, str]]:
    base = head.base if isinstance(head, Scripted) else head
    if isinstance(base, Symbol) and base.text in functions.GENERIC and words.reference(head) is None:
        found = words.activation(base.text, None)
        yield base.text, f"the activation, {found.name}" if found else "the activation of the layer at hand"
