"""One case as a witness: all that is true of it, and what was handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.named import Lengths, Named, lying
from gradcheck.expr.tree import Axes, Expr, axis_of
from gradcheck.network.forward import laid, run
from gradcheck.network.records import Network, named

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

    def agrees_in_order(
        self, network: Network, name: str, value: Named | None, layout: Axes | None = None
    ) -> bool:
        """The same, whatever shape they should have had: with the axes in an order, if one is given."""
        if value is None or not self._is_as_long(value):
            return False
        axes = named(network.layouts[name] if layout is None else layout)
        orders = [axes] if set(value.axes) == set(axes) else permutations(value.axes)
        return any(self.evidence.agrees_but_for_shape(name, lying(value, order)) for order in orders)

    def _is_as_long(self, value: Named) -> bool:
        """Whether a value's axes have their lengths."""
        shape = np.shape(value.array)
        return all(n == self.lengths[axis_of(a)] for n, a in zip(shape, value.axes, strict=True))

    def matches(self, numbers: Mapping[str, Array] | None) -> bool:
        """Whether these, of what they are of, are the numbers that were handed in."""
        yours = self.evidence.yours
        return numbers is not None and all(self._are(n, array) for n, array in numbers.items() if n in yours)

    def _are(self, name: str, array: Array) -> bool:
        """Whether one quantity's are; in a wrong shape, in their order."""
        is_misshapen = name in self.evidence.misshapen
        agrees = self.evidence.agrees_but_for_shape if is_misshapen else self.evidence.agrees
        return agrees(name, array)

    def value(self, expression: Expr, values: Values) -> Named | None:
        """The expression's value; None where arrays don't meet."""
        try:
            with np.errstate(all="ignore"):
                return evaluate(expression, values, self.lengths)
        except (ValueError, KeyError, IndexError):
            return None


def values_of(network: Network, values: Values, lengths: Lengths) -> Values | None:
    """What the equations make; None where arrays don't meet."""
    try:
        return run(network, values, lengths)
    except (ValueError, KeyError, IndexError):
        return None


def numbers(
    whole: Network, part: Network, names: Iterable[str], values: Values, lengths: Lengths
) -> dict[str, Array] | None:
    """What some equations make of quantities, as these lie in the `whole`; None where arrays don't meet."""
    try:
        made = run(part, values, lengths)
        return {name: laid(whole, name, made[name], lengths) for name in names if name in made}
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
