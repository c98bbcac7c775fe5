"""Formulas for whole arrays and free indices, tried on networks of other sizes as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gradcheck.derivation.point import Point
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.formulas.tree import BigSum, Matrix, Node, Number, Scripted, Symbol
from gradcheck.formulas.walk import nodes
from gradcheck.paper.judge import Outcome


def only_here(
    words: Vocabulary, sides: Sequence[Node], elsewhere: Sequence[Point], judged: Callable[[Point], Outcome]
) -> Iterator[str]:
    """What is said of a right claim that other sizes of the spec show to be right by chance.

    One output unit makes ⊙, @ and a transpose the same; a claim about the objective or about single
    entries need not hold for more.
    """
    if words.is_objective(sides[0]) or any(_is_of_this_size(words, side) for side in sides):
        return
    for point in elsewhere:
        if judged(point).broken is not None:
            yield f"this holds for the sizes of this network, but not for others, such as {_sizes(point)}"
            return


def _sizes(point: Point) -> str:
    """As in 3-5-2."""
    stack = point.case.stack
    outputs = [shape[1:] for name, shape in stack.shapes(1).items() if stack.quantities[name].base == "a"]
    return "-".join("×".join(map(str, shape)) for shape in (stack.inputs, *outputs))


def _is_of_this_size(words: Vocabulary, side: Node) -> bool:
    """Whether entries are listed, or named by numbers."""
    for node, _ in nodes(side):
        if isinstance(node, Matrix) or (isinstance(node, BigSum) and isinstance(node.upper, Number)):
            return True
        reference = words.reference(node) if isinstance(node, (Symbol, Scripted)) else None
        if reference is not None and any(isinstance(index, Number) for index in reference.indices):
            return True
    return False
