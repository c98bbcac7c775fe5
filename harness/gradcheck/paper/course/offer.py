"""What a network offers for a wrong number to be: other quantities, and factors too many or too few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gradcheck.arrays import Array
from gradcheck.layers.activation import Activation
from gradcheck.paper.course.course import Course
from gradcheck.paper.judge import same

MOST_ENTRIES = 30


class Offered(NamedTuple):
    """Something that has a name, at each point."""

    label: str
    """What a report calls it."""
    values: Sequence[Array]
    is_gradient: bool = False
    """Whether it is ∂J/∂ something, deltas apart."""


class Offer:
    """Everything of one network that has a name, at some of its points."""

    def __init__(self, course: Course, numbers: Sequence[int]) -> None:
        self.course, self.notation = course, course.notation
        self._points = [course.points[number].values for number in numbers]

    def elsewhere(self, yours: Sequence[Array]) -> str:
        """The quantity or entry of the network that has these values."""
        return next((one.label for one in self._quantities if _are(one.values, yours)), "")

    def factor(self, ratios: Sequence[Array]) -> str:
        """The factor that stands there too often, or not at all, where one explains the ratios."""
        plain = (one for one in self._quantities if not one.is_gradient)
        for label, values, _ in [*self._derivatives(), *plain]:
            if _are(values, ratios):
                return f"There is a factor too many: {label}."
            if all(value.all() for value in values) and _are([1 / value for value in values], ratios):
                return f"A factor is missing: {label}."
        return ""

    @cached_property
    def _quantities(self) -> list[Offered]:
        """Every quantity and every entry, by the name that a report prints."""
        return [one for name in self._points[0] for one in self._named(name)]

    def _named(self, name: str) -> Iterator[Offered]:
        one = self.notation.known[name]
        if name == "J" or one.of:
            return
        is_gradient = one.is_gradient and one.base != "z"
        values = [point[name] for point in self._points]
        yield Offered(self.notation.pretty(name), values, is_gradient)
        for position in np.ndindex(values[0].shape) if values[0].size <= MOST_ENTRIES else ():
            label = self.notation.entry(name, position, examples=1)
            if self.notation.unit(name) == "weight":
                label = f"∂{self.notation.pretty('J')}/∂{label}"
            yield Offered(label, [np.asarray(value[position]) for value in values], is_gradient)

    def _derivatives(self) -> Iterator[Offered]:
        """g′ of all layers, and of every unit."""
        words = self.course.words
        for layer, activation in words.stack.activations.items():
            z, a = words.named("z", layer), words.named("a", layer)
            if activation.derivative is None or activation.name == "identity" or z is None or a is None:
                continue
            sign = getattr(activation.operation, "symbol", "") or activation.name
            values = [_slope(activation, point[z], point[a]) for point in self._points]
            yield Offered(f"{sign}′({self.notation.pretty(z)})", values)
            for position in np.ndindex(values[0].shape):
                label = self.notation.entry(z, position, examples=1)
                yield Offered(f"{sign}′({label})", [np.asarray(value[position]) for value in values])


def _slope(g: Activation, z: Array, a: Array) -> Array:
    assert g.derivative is not None
    return g.derivative(z, a)


def _are(values: Sequence[Array], yours: Sequence[Array]) -> bool:
    pairs = zip(values, yours, strict=True)
    return all(same(value, own) for value, own in pairs)
