"""What lies in rows here, as columns on paper: s = Wᵀ x, with x_0 = 1 before the inputs or not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation.point import Point
from gradcheck.quantity import Quantity


class Unbiased:
    """A point without the weights of the input x_0 = 1."""

    def __init__(self, point: Point) -> None:
        self.spec, self.case = point.spec, point.case
        self._point = point
        self.values = self.laid(point.values)

    def weight(self, name: str) -> float:
        """As with them."""
        return self._point.weight(name)

    def moved(self, name: str, index: tuple[int, ...], step: float) -> dict[str, Array]:
        """All values but gradients, where one entry of a quantity is moved by `step`."""
        if self._has_bias(name):
            index = (index[0] + 1, *index[1:])
        return self.laid(self._point.moved(name, index, step))

    def laid(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """Other values of its quantities, as those here lie."""
        return {name: array[1:] if self._has_bias(name) else array for name, array in values.items()}

    def _has_bias(self, name: str) -> bool:
        one = self.spec.layered_notation.known[name]
        return not one.of and one.base == "W" and one.layer in self.spec.layered_notation.folded


class Columns:
    """A point whose examples are columns; with `ones`, inputs begin with x_0 = 1."""

    def __init__(self, point: Point | Unbiased, *, ones: bool) -> None:
        self.spec, self.case = point.spec, point.case
        self._point = point
        self._ones = ones
        self.values = self._upright_all(point.values)

    def weight(self, name: str) -> float:
        """As in rows."""
        return self._point.weight(name)

    def moved(self, name: str, index: tuple[int, ...], step: float) -> dict[str, Array]:
        """All values but gradients, where one entry of a quantity is moved by `step`."""
        if self._is_upright(name, self._point.values[name]):
            unit, example = index
            unit -= self._begins_with_one(name)
            if unit < 0:  # x_0 = 1 stays
                return self.values
            index = (example, unit)
        return self._upright_all(self._point.moved(name, index, step))

    def laid(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """Other values of its quantities, as those here lie."""
        return self._upright_all(self._point.laid(values))

    def _upright_all(self, values: Mapping[str, Array]) -> dict[str, Array]:
        return {name: self._upright(name, array) for name, array in values.items()}

    def _upright(self, name: str, array: Array) -> Array:
        if not self._is_upright(name, array):
            return array
        return np.vstack([np.ones((1, len(array))), array.T]) if self._begins_with_one(name) else array.T

    def _is_upright(self, name: str, array: Array) -> bool:
        """Whether each example has a column of it."""
        notation = self.spec.layered_notation
        one = notation.known[name]
        return not one.of and one.value.name in notation.per_example and array.ndim == 2

    def _begins_with_one(self, name: str) -> bool:
        """Whether x_0 = 1 stands before it: weights lead out of it."""
        return self._ones and leads_on(self.spec.layered_notation.known[name])


def leads_on(quantity: Quantity) -> bool:
    """Whether weights lead out of a quantity, so that x_0 = 1 may stand before it."""
    return quantity.letter in ("x", "a") and not quantity.of
