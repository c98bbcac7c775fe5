"""Products and quotients, with the calls that stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation import calls, shapes
from gradcheck.derivation.errors import MeaningError
from gradcheck.formulas.tree import Product, Quotient, Scripted, Symbol
from gradcheck.formulas.walk import followed_by_bracket

if TYPE_CHECKING:
    from gradcheck.derivation.evaluate import Scope


def value(scope: Scope, node: Product) -> Array:
    """Side by side and @ first, then ⊙: W δ ⊙ σ′(z) is (W δ) ⊙ σ′(z)."""
    total, i = _factor(scope, node, 0)
    hadamards: list[Array] = []
    while i < len(node.factors):
        factor, used = _factor(scope, node, i)
        operator = node.operators[i - 1]
        if operator in ("⊗", ":"):
            raise MeaningError("unsupported", f"{operator} is not read here", node.span)
        if operator == "⊙":
            hadamards.append(total)
            total = factor
        else:
            total = shapes.product(operator, total, factor, node.factors[i].span)
        i += used
    for other in reversed(hadamards):
        total = shapes.elementwise(np.multiply, other, total, "⊙", node.span)
    return total


def _factor(scope: Scope, node: Product, i: int) -> tuple[Array, int]:
    """The value of factor i, and how many factors it takes up: a call takes two."""
    here = node.factors[i]
    head = here.base if isinstance(here, Scripted) else here
    if not isinstance(head, Symbol) or i + 1 >= len(node.factors) or node.operators[i] != "":
        return scope.value(here), 1
    behind = node.factors[i + 1]
    bracketed = followed_by_bracket(node, i)
    if bracketed and scope.words.is_objective(here):
        return scope.value(here), 2  # C(w): the objective, named with what it depends on
    if calls.is_function(scope, here, head.text, bracketed):
        return calls.value(scope, here, head.text, behind), 2
    return scope.value(here), 1


def quotient(scope: Scope, node: Quotient) -> Array:
    """A fraction."""
    top, bottom = scope.value(node.top), scope.value(node.bottom)
    return shapes.elementwise(np.divide, top, bottom, "the quotient", node.span)
