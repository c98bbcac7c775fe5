"""A loss that a spec writes down as a formula."""

from __future__ import annotations

from gradcheck.expr.formula import formula as read_formula
from gradcheck.losses.loss import OUTCOMES, Loss, loss


@loss()
def custom(*, formula: str) -> Loss:
    """ℓ = Σ f(a, y), with f any function of numbers in the plain dialect.

    Raises ExprError where the formula cannot be read or has no a.
    """
    read_formula(formula, "ay")
    return Loss(
        name="custom",
        equation=f"sum({formula}, k)",
        definition=f"sum {formula}",
        targets="real",
        also=OUTCOMES,
    )
