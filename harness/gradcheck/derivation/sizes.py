"""Formulas for whole arrays and free indices, tried on networks of other sizes as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gradcheck.derivation.context import Context
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.judge import Outcome, judge
from gradcheck.derivation.point import Point
from gradcheck.derivation.words import Words
from gradcheck.formulas.tree import BigSum, Matrix, Node, Number, Scripted, Symbol
from gradcheck.formulas.walk import nodes


def only_here(
    context: Context, elsewhere: Sequence[Point], sides: Sequence[Node], outcome: Outcome
) -> Iterator[str]:
    """What is said of a right claim that other sizes of the spec show to be right by chance.

    One output unit makes ⊙, @ and a transpose the same; a claim about the objective or about single
    entries need not hold for more.
    """
    if (
        not outcome.holds
        or context.has_batches
        or context.speaks_of_several(sides)
        or context.words.is_objective(sides[0])
    ):
        return
    if any(_is_of_this_size(context.words, side) for side in (*sides, *context.helpers.values())):
        return
    for point in elsewhere:
        try:
            other = judge(replace(context, alone=[point], batches=()), sides)
        except MeaningError:
            continue
        if other.broken is not None:
            yield f"this holds for the sizes of this network, but not for others, such as {_sizes(point)}"
            return


def _sizes(point: Point) -> str:
    """As in 3-5-2."""
    stack = point.case.stack
    outputs = [shape[1:] for name, shape in stack.shapes(1).items() if stack.quantities[name].base == "a"]
    return "-".join("×".join(map(str, shape)) for shape in (stack.inputs, *outputs))


def _is_of_this_size(words: Words, side: Node) -> bool:
    """Whether entries are listed, or named by numbers."""
    for node, _ in nodes(side):
        if isinstance(node, Matrix) or (isinstance(node, BigSum) and isinstance(node.upper, Number)):
            return True
        reference = words.reference(node) if isinstance(node, (Symbol, Scripted)) else None
        if reference is not None and any(isinstance(index, Number) for index in reference.indices):
            return True
    return False
