"""Formulas of numbers that a spec writes down: of an activation's z, of a loss's a and y."""

from __future__ import annotations

import numpy as np

from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.errors import ExprError
from gradcheck.expr.operation import Entrywise
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.tree import Apply, Expr, Name, Size, nodes

AXES = ("u",)
"""Those of each letter's array."""


def formula(text: str, letters: str) -> Expr:
    """The expression of a formula in these letters, the first of which it needs, entry by entry.

    Raises ExprError, with the span, for what the plain dialect does not have, for operations that go over an
    axis, and for constant parts that are not finite.
    """
    scope = Scope({letter: (Name(letter, AXES), AXES) for letter in letters}, {})
    expression = read(text, scope).expression
    for node in nodes(expression):
        if isinstance(node, Size) or (isinstance(node, Apply) and not isinstance(node.operation, Entrywise)):
            raise ExprError(
                "it goes entry by entry: there are no products of matrices and no axes", node.span
            )
        if not node.reads:
            with np.errstate(all="ignore"):
                value = float(evaluate(node, {}, {}).array)
            if not np.isfinite(value):
                raise ExprError(f"{text[slice(*node.span)]} is {value}, which is not finite", node.span)
    if letters[0] not in expression.reads:
        raise ExprError(f"{letters[0]} does not occur in it, so there is no gradient", (0, 1))
    return expression
