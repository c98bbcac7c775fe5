"""Sums of which the first or the last term is left alone, or is missing: the whole sum, and that in words."""

from __future__ import annotations

from collections.abc import Callable

from gradcheck.edits.operations import Entry, Only, Without
from gradcheck.expr.along import SUM
from gradcheck.expr.simplify import terms
from gradcheck.expr.tree import Apply, Expr, rebuilt

WORDS = "entries along {}"
"""What is along an axis that goes by a letter alone."""


def completed(expression: Expr, word: Callable[[str], str] = WORDS.format) -> tuple[Expr, str]:
    """The expression with whole sums, and what they go over: "over the last sample only", or nothing.

    `word` says what is along an axis: samples. An expression of several terms stays as it is.
    """
    if len(terms(expression)) > 1:
        return expression, ""
    words = dict[str, None]()

    def node(e: Expr) -> Expr:
        if not (isinstance(e, Apply) and _is_end(e)):
            return e
        (axis,), (inner,) = e.over, e.arguments
        is_summed, is_entry = axis not in expression.axes, isinstance(e.operation, Entry)
        if is_entry and not is_summed:
            return e
        words[f"{'over' if is_summed else 'for'} {_which(e, word(axis))}"] = None
        return Apply(SUM, (inner,), e.over) if is_entry else inner

    return rebuilt(expression, node), " and ".join(words)


def part_in_words(
    part: Expr, write: Callable[[Expr], str], word: Callable[[str], str] = WORDS.format
) -> str | None:
    """`the last sample of dz2 alone`, `dz2 without its last sample`; None of anything else."""
    if not (isinstance(part, Apply) and _is_end(part)):
        return None
    inner, one = write(part.arguments[0]), singular(word(part.over[0]))
    if isinstance(part.operation, Without):
        return f"{inner} without its {_end(part)} {one}"
    return f"the {_end(part)} {one} of {inner} alone"


def singular(word: str) -> str:
    """`sample` of `samples`, `entry along n` of `entries along n`."""
    noun, *rest = word.split(" ")
    return " ".join([{"entries": "entry"}.get(noun, noun.removesuffix("s")), *rest])


def _is_end(e: Expr) -> bool:
    return isinstance(e, Apply) and type(e.operation) in (Entry, Only, Without)


def _end(e: Apply) -> str:
    return "first" if getattr(e.operation, "index", 0) == 0 else "last"


def _which(e: Apply, word: str) -> str:
    if isinstance(e.operation, Without):
        return f"all {word} but the {_end(e)}"
    return f"the {_end(e)} {singular(word)} only"
