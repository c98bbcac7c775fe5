"""What a loss is, and the table that every family's file enters itself into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.losses import OUTCOMES, Sampling, Targets

if TYPE_CHECKING:
    from gradcheck.maths._arrays import Array

__all__ = ["LOSSES", "OUTCOMES", "Factory", "Function", "Guard", "Loss", "Sampling", "Targets", "loss"]

Function = Callable[["Array", "Array"], "Array"]
"""Of the outputs a and the targets y."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """How a small epsilon is added to a loss, to keep its logarithms and quotients finite."""

    value: Callable[[float], Function]
    """ε -> (a, y) -> ℓ."""
    slope: Callable[[float], Function]
    """ε -> (a, y) -> ∂ℓ/∂a."""


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A function ℓ(a, y) of one example's outputs, with its derivative.

    `a` and `y` have shape (..., examples, outputs) and `value` one number an example,
    (..., examples): averaging or summing over the batch is the network's affair.
    """

    name: str
    formula: str
    """ℓ of one example as a textbook writes it."""
    value: Callable[[Array, Array], Array]
    """(a, y) -> ℓ, one number an example."""
    slope: Callable[[Array, Array], Array]
    """(a, y) -> ∂ℓ/∂a, of a's shape."""
    twin: Callable[[Any, Any, Any], Any]
    """(torch, a, y) -> ℓ by PyTorch's own functions, one number an example."""
    targets: Targets
    """What y holds unless a spec says otherwise."""
    also: tuple[Targets, ...] = ()
    """What else y may hold."""
    within: tuple[float, float] = (-np.inf, np.inf)
    """The closed interval in which y must lie."""
    sampling: Sampling | None = None
    """How a spec has y drawn; None for any y of the kind `targets`."""
    domain: tuple[float, float] = (-np.inf, np.inf)
    """The open interval in which a must lie."""
    wants_distribution: bool = False
    """Whether the outputs of one example must be positive and add up to 1."""
    guards: tuple[Guard, ...] = ()
    """The ways in which programs add an epsilon to it."""

    def guarded(self, guard: Guard, epsilon: float) -> Loss:
        """The loss with an epsilon in it."""
        return replace(self, value=guard.value(epsilon), slope=guard.slope(epsilon), guards=())


Factory = Callable[..., Loss]

LOSSES: dict[str, Factory] = {}
"""Name in a spec -> factory; the factory's keyword arguments are the options a spec may set."""


def loss(factory: Factory) -> Factory:
    """Enter a factory into the table under its function's name."""
    LOSSES[factory.__name__.rstrip("_")] = factory
    return factory
