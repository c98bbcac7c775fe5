"""An activation that a spec writes down as a formula."""

from __future__ import annotations

from gradcheck.maths.activations._activation import Activation, activation
from gradcheck.maths.formula import Formula


@activation
def custom(*, formula: str) -> Activation:
    """Any function of z that `Formula` can read.

    Where it has kinks is not known: the difference quotients find them.
    Raises FormulaError where the formula cannot be read or has no z.
    """
    g = Formula.parse(formula, frozenset({"z"})).needing("z")
    return Activation(
        name="custom",
        formula=formula,
        value=lambda z: g.value(z=z),
        slope=lambda z, a: g.derivative("z", z=z),
        twin=lambda torch, z: g.twin(torch, z=z),
    )
