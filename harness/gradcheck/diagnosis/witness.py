"""One case as a witness: all that is true of it, and what was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.tree import Expr
from gradcheck.network.forward import laid, run
from gradcheck.network.records import Network

Values = Mapping[str, Named]


@dataclass(frozen=True, eq=False)
class Witness:
    """One case: all that is true of it, and what was handed in. Equal to itself alone."""

    lengths: Lengths
    true: Values
    evidence: Evidence

    def agrees(self, network: Network, name: str, value: Named | None) -> bool:
        """Whether these are the numbers that were handed in."""
        if value is None:
            return False
        try:
            return self.evidence.agrees(name, laid(network, name, value, self.lengths))
        except ValueError:  # it has axes that the quantity hasn't
            return False

    def matches(self, numbers: Mapping[str, Array] | None) -> bool:
        """Whether these, of what they are of, are the numbers that were handed in."""
        yours = self.evidence.yours
        return numbers is not None and all(
            self.evidence.agrees(n, array) for n, array in numbers.items() if n in yours
        )

    def value(self, expression: Expr, values: Values) -> Named | None:
        """The expression's value; None where arrays don't meet."""
        try:
            with np.errstate(all="ignore"):
                return evaluate(expression, values, self.lengths)
        except (ValueError, KeyError, IndexError):
            return None

    def run(self, network: Network, values: Values) -> Values | None:
        """What the equations make; None where arrays don't meet."""
        try:
            return run(network, values, self.lengths)
        except (ValueError, KeyError, IndexError):
            return None


def makes(network: Network, values: Values, lengths: Lengths, name: str, expression: Expr) -> bool:
    """Whether an expression makes a quantity's values, but for rounding."""
    try:
        with np.errstate(all="ignore"):
            found = laid(network, name, evaluate(expression, values, lengths), lengths)
    except (ValueError, KeyError):
        return False
    right = laid(network, name, values[name], lengths)
    return bool(np.abs(found - right).max(initial=0.0) <= 1e-9 * np.abs(right).max(initial=0.0))
