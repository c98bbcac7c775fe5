"""The quantities of layers one after the other, as values: no name is ever cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Quantity:
    """q, its gradient ∂J/∂q, or the local derivative of another quantity by q."""

    base: str
    """The letter of q: z, W, x."""
    layer: int | None = None
    """The layer's number, from 1; None for x, y, J and a given upstream gradient, dout."""
    is_gradient: bool = False
    of: Quantity | None = None
    """What a local derivative is the derivative of."""

    @cached_property
    def letter(self) -> str:
        """The base, of a gradient with a d before it: dz."""
        return f"d{self.base}" if self.is_gradient else self.base

    @cached_property
    def name(self) -> str:
        """The canonical name: z1, dz1, da1/dz1."""
        own = self.letter if self.layer is None else f"{self.letter}{self.layer}"
        return f"d{self.of.name}/d{own}" if self.of else own

    @property
    def is_weights(self) -> bool:
        """Whether a parameter is one of weights: Wx and W, by their first letter."""
        return self.base.startswith("W")

    @property
    def is_bias(self) -> bool:
        """Whether a parameter is added to what weights make: b and beta."""
        return self.base.startswith("b")

    @cached_property
    def value(self) -> Quantity:
        """q itself."""
        return Quantity(self.base, self.layer)

    @cached_property
    def gradient(self) -> Quantity:
        """∂J/∂q."""
        return Quantity(self.base, self.layer, is_gradient=True)

    def by(self, other: Quantity) -> Quantity:
        """The local derivative ∂q/∂other."""
        return Quantity(other.base, other.layer, of=self)


def with_gradients(quantities: Iterable[Quantity]) -> dict[str, Quantity]:
    """The quantities and their gradients, by name; of a local derivative there is none."""
    known = {one.name: one for one in quantities}
    return known | {one.gradient.name: one.gradient for one in known.values() if not one.of}
