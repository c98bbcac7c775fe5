"""Entries in brackets, as code has them: S[i] is S with i below it."""

from __future__ import annotations

from collections.abc import Callable

from gradcheck.formulas.tree import Arguments, Bracket, Node, Number, Product, Scripted, Symbol

_TAKEN = frozenset({"expectation", "ones", "d"})
"""Names that have no entries."""


def with_entries(node: Product, is_function: Callable[[str], bool]) -> Node:
    """The product with entries in the place of names and square brackets that touch them."""
    factors: list[Node] = []
    operators: list[str] = []
    for operator, factor in zip(("", *node.operators), node.factors, strict=True):
        entry = _entry(factors[-1], factor, is_function) if factors and operator == "" else None
        if entry is not None:
            factors[-1] = entry
            continue
        factors.append(factor)
        operators.append(operator)
    if len(factors) == 1:
        return factors[0]
    return Product(tuple(factors), tuple(operators[1:]), node.span)


def _entry(name: Node, bracket: Node, is_function: Callable[[str], bool]) -> Node | None:
    match name, bracket:
        case Symbol(text), Bracket(inner, "[") if (
            name.span[1] == bracket.span[0] and not is_function(text) and text not in _TAKEN
        ):
            indices = inner.items if isinstance(inner, Arguments) else (inner,)
            if all(map(_is_index, indices)):
                return Scripted(name, sub=indices, span=(name.span[0], bracket.span[1]))
    return None


def _is_index(node: Node) -> bool:
    match node:
        case Number(value):
            return value.is_integer()
        case Symbol(text):
            return len(text) == 1
    return False
