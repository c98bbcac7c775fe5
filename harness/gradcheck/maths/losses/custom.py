"""A loss that a spec writes down as a formula."""

from __future__ import annotations

from gradcheck.maths.formula import Formula
from gradcheck.maths.losses._loss import OUTCOMES, Loss, loss


@loss
def custom(*, formula: str) -> Loss:
    """ℓ = Σ f(a, y), with f any function that `Formula` can read.

    Raises FormulaError where the formula cannot be read or has no a.
    """
    f = Formula.parse(formula, frozenset({"a", "y"})).needing("a")
    return Loss(
        name="custom",
        formula=f"sum {formula}",
        value=lambda a, y: f.value(a=a, y=y).sum(-1),
        slope=lambda a, y: f.derivative("a", a=a, y=y),
        twin=lambda torch, a, y: f.twin(torch, a=a, y=y).sum(-1),
        targets="real",
        also=OUTCOMES,
    )
