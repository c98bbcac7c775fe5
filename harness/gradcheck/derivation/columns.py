"""What lies in rows here, as columns on paper: s = Wᵀ x, with x_0 = 1 before the inputs or not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation.point import Point

_UPRIGHT = frozenset({"x", "y", "z", "a", "dz", "da", "dx"})
_INPUTS = frozenset({"x", "a"})


class Columns:
    """A point whose examples are columns; with `ones`, inputs begin with x_0 = 1."""

    def __init__(self, point: Point, *, ones: bool) -> None:
        self.spec, self.case = point.spec, point.case
        self._point = point
        self._ones = ones
        self.values = self._laid(point.values)

    def weight(self, name: str) -> float:
        """As in rows."""
        return self._point.weight(name)

    def constant(self, text: str) -> float | None:
        """As in rows."""
        return self._point.constant(text)

    def moved(self, name: str, index: tuple[int, ...], step: float) -> dict[str, Array]:
        """All values but gradients, where one entry of a quantity is moved by `step`."""
        letter = self._letter(name)
        if letter in _UPRIGHT:
            unit, example = index
            unit -= int(self._ones and letter in _INPUTS)
            if unit < 0:  # x_0 = 1 stays
                return self.values
            index = (example, unit)
        return self._laid(self._point.moved(name, index, step))

    def _letter(self, name: str) -> str:
        one = self.spec.layered_notation.known[name]
        return "" if one.of else one.letter

    def _laid(self, values: Mapping[str, Array]) -> dict[str, Array]:
        return {name: self._upright(self._letter(name), array) for name, array in values.items()}

    def _upright(self, letter: str, array: Array) -> Array:
        if letter not in _UPRIGHT:
            return array
        return np.vstack([np.ones((1, len(array))), array.T]) if self._ones and letter in _INPUTS else array.T
