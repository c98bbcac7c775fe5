"""What is true of the cases of one spec, and by which equations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Self

from gradcheck.arrays import Array
from gradcheck.diagnosis.causes import Readings
from gradcheck.diagnosis.consequences import readings
from gradcheck.diagnosis.point import Point
from gradcheck.mistakes.records import Fault, Faults
from gradcheck.network.records import Network
from gradcheck.quantity import Quantity, with_gradients


class Truths:
    """The cases of one spec. No mistake has a name but in a network of layers (`Predictions`)."""

    def __init__(self, points: Sequence[Point], parameters: Collection[str]) -> None:
        self.points, self.parameters = points, parameters

    @property
    def whole(self) -> Network:
        """The network, and behind it its reverse pass."""
        return self.points[0].whole

    @cached_property
    def known(self) -> Mapping[str, Quantity]:
        """Every quantity by its name, gradients and local derivatives, too."""
        return {name: Quantity(name) for name in self.order} | with_gradients(map(Quantity, self.forward))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All gradients on the way back: causes before effects."""
        return tuple(self.points[0].gradients)

    @cached_property
    def forward(self) -> tuple[str, ...]:
        """Inputs, parameters, all that is made on the way, and J."""
        return tuple(self.points[0].forward)

    @cached_property
    def readings(self) -> Readings:
        """What the equations of the forward and the reverse pass read."""
        return readings(self.whole)

    def __len__(self) -> int:
        return len(self.points)

    @property
    def right(self) -> list[Mapping[str, Array]]:
        """Of each case all gradients, as they should be."""
        return [point.gradients for point in self.points]

    def truth(self, number: int) -> Mapping[str, Array]:
        """All that has a name in a case, as it should be."""
        point = self.points[number]
        return {**point.gradients, **point.forward}

    def with_point(self, point: Point) -> Self:
        """The same of one more case behind the others."""
        more = copy(self)
        more.points = [*self.points, point]
        return more

    def targets(self, fault: Fault) -> Sequence[str]:
        """The gradients whose own equations a mistake replaces."""
        return ()

    def changed(self, fault: Fault) -> frozenset[str]:
        """The gradients that a mistake changes in any case; none where it can't be made."""
        return frozenset()

    def predicted(self, number: int, faults: Faults) -> Mapping[str, Array] | None:
        """What mistakes change together in a case; None where they can't be made."""
        return None
