"""Names of how many entries there are, and the lengths that a text gives by them."""

from __future__ import annotations

from contextlib import suppress

from gradcheck.formulas.tree import Quotient
from gradcheck.formulas.walk import nodes_of
from gradcheck.paper.names import Key
from gradcheck.paper.text import Text
from gradcheck.paper.values.algebra import ONE, MeaningError
from gradcheck.paper.values.shapes import Shapes

COUNTS = frozenset({"n", "m", "N", "M", "T"})
"""Names of how many examples there are."""


def given_length(text: Text) -> int | None:
    """How many there are by the text's n = 4; None where it gives no such number, or several."""
    lengths = {text.length(key) for key in text.definitions if key.base in COUNTS} - {None}
    return lengths.pop() if len(lengths) == 1 else None


def count_entries(text: Text, state: Shapes) -> None:
    """Take n for how many entries means go over: one that divides, or that the text gives as a number."""
    axes = {state.axis(axis) for axis in state.averaged} - {ONE}
    if text.names.course is not None or len(axes) != 1:
        return
    (axis,) = axes
    if (length := given_length(text)) is not None:
        with suppress(MeaningError):  # the text says otherwise how long it is
            state.lengthen(axis, length)
    open_counts = [key for key in _dividing(text) if key not in state.counts and not state.shapes.get(key)]
    if len(open_counts) == 1:
        state.counts[open_counts[0]] = axis


def _dividing(text: Text) -> list[Key]:
    """The names of counts by which something is divided, and of which the text says nothing."""
    divisors = (node.bottom for node in nodes_of(text.claims) if isinstance(node, Quotient))
    keys = dict.fromkeys(key for divisor in divisors for key in text.mentioned(divisor))
    return [key for key in keys if key.base in COUNTS and key in text.inputs]
