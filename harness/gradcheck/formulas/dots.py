"""Terms with dots between: x_1 + … + x_n is a sum over an index, where the pattern is plain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from gradcheck.formulas.tree import Node, Number, Scripted, Symbol
from gradcheck.formulas.walk import changed, symbols

_LETTERS = "ijklmpqrs"
"""What the index of a series may be called."""
_LOW = re.compile(r"([A-Za-z]+)_([0-9]+|[A-Za-z])")


class Series:
    """The pattern of a term: x_i w_i, with where the index begins and ends."""

    def __init__(self, index: Symbol, first: int, last: Node, body: Node) -> None:
        self.index, self.first, self.last, self.body = index, first, last, body


def series(before: Sequence[Node], after: Node) -> tuple[int, Series] | None:
    """How many terms in front of the dots belong to a pattern that leads to the one behind, and the pattern.

    None where there is no plain one.
    """
    if not before:
        return None
    *_, near = before = [*map(_spelled, before)]
    last = _spelled(after)
    ends = [*_differences(near, last)]
    if not ends or None in ends or any(pair != ends[0] for pair in ends):
        return None
    assert ends[0] is not None
    number, end = ends[0]
    if not isinstance(number, Number) or not number.value.is_integer():
        return None
    count = 1
    while count < len(before) and _is_one_less(before[-count - 1], near, number.value - count, number):
        count += 1
    index = _index(near, last)
    body = _with_index(near, last, index)
    return count, Series(index, int(number.value) - count + 1, end, body)


def _is_one_less(earlier: Node, near: Node, value: float, number: Number) -> bool:
    """Whether a term is that of a smaller number."""
    ends = [*_differences(earlier, near)]
    return bool(ends) and all(
        pair is not None and pair[0] == Number(value) and pair[1] == number for pair in ends
    )


def _spelled(node: Node) -> Node:
    """The formula with x_1 of plain text as x with 1 below it."""
    match node:
        case Symbol(text) if low := _LOW.fullmatch(text):
            below = Number(float(low[2])) if low[2].isdigit() else Symbol(low[2])
            return Scripted(Symbol(low[1]), sub=(replace(below, span=node.span),), span=node.span)
    return changed(node, _spelled)


def _differences(one: Any, other: Any) -> Iterator[tuple[Node, Node] | None]:
    """Where two formulas differ: a number here and something else there; None for any other difference."""
    if one == other:
        return
    if isinstance(one, Number) and isinstance(other, Symbol | Number):
        yield one, other
    elif isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for a, b in zip(one, other, strict=True):
            yield from _differences(a, b)
    elif type(one) is type(other) and is_dataclass(one) and not isinstance(one, Symbol | Number):
        for field in fields(one):
            if field.name != "span":
                yield from _differences(getattr(one, field.name), getattr(other, field.name))
    else:
        yield None


def _index(*formulas: Node) -> Symbol:
    """A letter that the terms don't have."""
    taken = {text for formula in formulas for text in symbols(formula)}
    return Symbol(next((letter for letter in _LETTERS if letter not in taken), "index"), formulas[0].span)


def _with_index(near: Any, last: Any, index: Symbol) -> Any:
    """The term near the dots with the index where it differs from the last one."""
    if near == last:
        return near
    if isinstance(near, tuple):
        return tuple(_with_index(a, b, index) for a, b in zip(near, last, strict=True))
    if isinstance(near, Number) or not is_dataclass(near):
        return replace(index, span=near.span) if isinstance(near, Number) else near
    changed = {
        one.name: _with_index(getattr(near, one.name), getattr(last, one.name), index)
        for one in fields(near)
        if one.name != "span"
    }
    return replace(near, **changed)  # type: ignore[type-var]


def collapsed(items: Sequence[Node], at: int) -> list[Node] | None:
    """The items of a list, those with dots among them as the name that they are entries of.

    `at` says before which item the dots stand. None where the pattern is not plain.
    """
    found = series(items[:at], items[at])
    if found is None or not isinstance(found[1].body, Scripted):
        return None
    count, pattern = found
    body = pattern.body
    assert isinstance(body, Scripted)
    if body.sub != (pattern.index,) or body.sup is not None:
        return None
    return [*items[: at - count], replace(body.base, span=body.span), *items[at + 1 :]]
