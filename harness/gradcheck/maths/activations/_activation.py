"""What an activation is, and the table that every family's file enters itself into."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gradcheck.maths._arrays import Array


def closed(low: float, high: float) -> tuple[float, float]:
    """[low, high], for functions that reach their bounds, as the narrowest open interval around it."""
    return math.nextafter(low, -math.inf), math.nextafter(high, math.inf)


@dataclass(frozen=True, kw_only=True)
class Activation:
    """A function a = g(z) applied to a layer's pre-activation, with its derivative.

    Arrays have shape (..., units); any number of leading axes (variants, examples) is allowed.
    Exactly one of `slope` and `jacobian` is given: `slope` where a unit depends on its own z
    alone, `jacobian` where units are coupled (softmax).
    """

    name: str
    formula: str
    """g(z) as a textbook writes it."""
    value: Callable[[Array], Array]
    """z -> a, of z's shape."""
    slope: Callable[[Array, Array], Array] | None = None
    """(z, a) -> ∂a/∂z, of z's shape."""
    jacobian: Callable[[Array, Array], Array] | None = None
    """(z, a) -> ∂a_j/∂z_k, of shape (..., units j, units k)."""
    twin: Callable[[Any, Any], Any]
    """(torch, z) -> a by PyTorch's own function: the independent oracle's reading of this activation."""
    kinks: tuple[float, ...] = ()
    """Values of z where g has no derivative."""
    range: tuple[float, float] = (-np.inf, np.inf)
    """The open interval that holds every a: what a loss may rely on."""
    distribution: bool = False
    """Whether the units of one example are positive and add up to 1."""

    @property
    def elementwise(self) -> bool:
        """Whether each unit depends on its own pre-activation alone."""
        return self.slope is not None

    def reverse(self, da: Array, z: Array, a: Array) -> Array:
        """∂J/∂z from ∂J/∂a, all of z's shape."""
        if self.slope is not None:
            return da * self.slope(z, a)
        assert self.jacobian is not None
        dz: Array = np.einsum("...j,...jk->...k", da, self.jacobian(z, a))
        return dz


Factory = Callable[..., Activation]

ACTIVATIONS: dict[str, Factory] = {}
"""Name in a spec -> factory; the factory's keyword arguments are the options a spec may set."""


def activation(factory: Factory) -> Factory:
    """Enter a factory into the table under its function's name."""
    ACTIVATIONS[factory.__name__] = factory
    return factory
