"""Sums: of terms that stand there, and over indices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation import shapes
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.indices import bounds
from gradcheck.formulas.tree import BigSum, Sum

if TYPE_CHECKING:
    from gradcheck.derivation.evaluate import Scope


def total(scope: Scope, node: Sum) -> Array:
    """a + b - c."""
    found = scope.value(node.terms[0])
    for term in node.terms[1:]:
        found = shapes.elementwise(np.add, found, scope.value(term), "the sum", term.span)
    return found


def big_sum(scope: Scope, node: BigSum) -> Array:
    """Σ over the indices."""
    found: Array | None = None
    for free in bounds(scope, node):
        term = replace(scope, free={**scope.free, **free}).value(node.body)
        found = term if found is None else found + term
    if found is None:
        raise MeaningError("index", "a sum over nothing", node.span)
    return found
