"""Whether a claim speaks of one example or of several at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.formulas.tree import BigSum, Keyword, Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import letters_over, nodes

_COUNTS = frozenset({"m", "N", "M", "mean"})


def is_of_several(words: Vocabulary, helpers: Mapping[str, Node], sides: Sequence[Node]) -> bool:
    """Whether the number of examples, a mean, or a sum over examples occurs."""
    return any(
        _is_a_count(words, helpers, node)
        or (isinstance(node, BigSum) and not _over_units(words, node))
        or (isinstance(node, Keyword) and node.name == "axis")
        or (isinstance(node, Scripted) and _is_of_an_example(words, node))
        for node in _all(sides)
    )


def has_entries(words: Vocabulary, sides: Sequence[Node]) -> bool:
    """Whether single entries of arrays occur."""
    names = (node for node in _all(sides) if isinstance(node, Symbol | Scripted))
    return any(reference.indices for reference in map(words.reference, names) if reference is not None)


def sums_an_array(words: Vocabulary, sides: Sequence[Node]) -> bool:
    """Whether np.sum stands before what each example has its own of: over units or examples, who knows."""
    return any(
        isinstance(node, Product)
        and any(
            head == Symbol("sum") and not _has_parameters_alone(words, argument)
            for head, argument in zip(node.factors, node.factors[1:], strict=False)
        )
        for node in _all(sides)
    )


def sums_along(sides: Sequence[Node]) -> bool:
    """Whether an array is summed along an axis: the text's arrays hold a batch."""
    return any(isinstance(node, Keyword) and node.name == "axis" for node in _all(sides))


def _is_of_an_example(words: Vocabulary, node: Node) -> bool:
    """Whether a name is of what one example has, as in a^{[2](i)}."""
    reference = words.reference(node)
    return reference is not None and reference.example is not None


def _all(sides: Sequence[Node]) -> Iterator[Node]:
    return (node for side in sides for node, _ in nodes(side))


def _is_a_count(words: Vocabulary, helpers: Mapping[str, Node], node: Node) -> bool:
    known = isinstance(node, Symbol) and node.text in _COUNTS and node.text not in helpers
    return known and words.reference(node) is None


def _has_parameters_alone(words: Vocabulary, argument: Node) -> bool:
    names = [node for node in _all([argument]) if isinstance(node, (Symbol, Scripted))]
    letters = {reference.letter for node in names if (reference := words.reference(node))}
    return bool(letters) and letters <= words.shared


def _over_units(words: Vocabulary, node: BigSum) -> bool:
    """Whether a sum's letters are indices of entries."""
    letters = {*letters_over(node)}
    used: set[str] = set()
    for inner in _all([node.body]):
        if isinstance(inner, (Symbol, Scripted)) and (reference := words.reference(inner)):
            used |= {i.text for i in reference.indices if isinstance(i, Symbol)}
    return letters <= used
