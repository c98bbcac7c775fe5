"""On which sides of its kinks a case lies: a mistake about one side shows at numbers on that side alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import reduce
from typing import TypeAlias

import numpy as np

from gradcheck.expr.adjoint import bends, interval
from gradcheck.expr.arithmetic import MULTIPLY
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.tree import Apply, Expr
from gradcheck.network.backward import adjoint
from gradcheck.network.case import Case, everything
from gradcheck.network.model import Model

Sides: TypeAlias = frozenset[tuple[str, int, bool]]
"""The equation, which of its kinks, and whether the expression that is 0 there is positive."""

_NONE = 1e200
"""Where an operation has no kink for its options, it is 1e300 off."""


def sides(case: Case, fixed: Iterable[str] = ()) -> Sides:
    """The sides of kinks on which a number lies to which a gradient comes back.

    What depends on nothing but what is drawn from whole numbers, or is `fixed`, counts for no kink.
    """
    seen = set()
    with np.errstate(all="ignore"):
        values = everything(case)
        for name, number, distance in distances(case.model, fixed):
            array = evaluate(distance, values, case.lengths).array
            lies = {False: array < 0, True: (array > 0) & (array < _NONE)}
            seen |= {(name, number, above) for above, there in lies.items() if there.any()}
    return frozenset(seen)


def lacking(seen: Collection[Sides]) -> Sides:
    """The sides on which none of several cases lies, of kinks that one lies at the other side of."""
    every = frozenset().union(*seen)
    return frozenset((name, number, not above) for name, number, above in every) - every


def distances(model: Model, fixed: Iterable[str] = ()) -> Iterator[tuple[str, int, Expr]]:
    """What is 0 at a kink with two sides, and where no gradient comes back to the equation that has it."""
    still = {name for name, how in model.draws.items() if how.discrete}.union(fixed)
    known: set[Expr] = set()
    for name, equation in model.whole.equations.items():
        back = adjoint(name)
        size = [Apply(BY_NAME["abs"], (model.whole.quantity(back),))] if back in model.whole.layouts else []
        for number, kink in enumerate(bends(equation.expression)):
            low, high = interval(kink, model.intervals)
            if low < 0 < high and kink not in known and not kink.reads <= still:
                known.add(kink)
                yield name, number, reduce(lambda x, y: Apply(MULTIPLY, (x, y)), [kink, *size])
