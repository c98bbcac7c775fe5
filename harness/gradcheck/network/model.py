"""A network with all that its cases need: what is drawn, and what is differentiated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gradcheck.expr.adjoint import interval
from gradcheck.expr.named import Lengths
from gradcheck.expr.operation import Interval
from gradcheck.expr.tree import Axes
from gradcheck.network.backward import adjoint, backward
from gradcheck.network.draws import Draw
from gradcheck.network.records import Network


@dataclass(frozen=True, eq=False)
class Model:
    """The objective is J, or Σ dq q over the quantities `upstream`, whose dq are given.

    Equal to itself alone.
    """

    network: Network
    sizes: Lengths
    """How long each axis is where a case doesn't say otherwise."""
    draws: Mapping[str, Draw]
    """Of all that is given: inputs and parameters."""
    parameters: frozenset[str]
    upstream: tuple[str, ...] = ()
    samples: str = "n"
    """The axis of examples."""

    @cached_property
    def backward(self) -> Network:
        """The reverse pass."""
        return backward(self.network, self.upstream or None)

    @cached_property
    def whole(self) -> Network:
        """The forward pass, and behind it the reverse pass."""
        return Network(self.handed_over, (*self.network.steps, *self.backward.steps))

    @cached_property
    def intervals(self) -> dict[str, Interval]:
        """An open interval that holds all numbers of a quantity that an equation makes."""
        return {name: interval(equation.expression) for name, equation in self.network.equations.items()}

    @cached_property
    def handed_over(self) -> dict[str, Axes]:
        """What the exercise gives, with its layout: inputs, parameters, upstream gradients."""
        layouts = self.network.layouts
        return {**self.network.given, **{adjoint(name): layouts[name] for name in self.upstream}}

    @cached_property
    def computed(self) -> dict[str, Axes]:
        """What follows from it, with its layout: quantities, then gradients."""
        layouts = self.network.layouts
        gradients = [name for name in layouts if self._has_gradient(name)]
        values = {name: equation.layout for name, equation in self.network.equations.items()}
        return {**values, **{adjoint(name): layouts[name] for name in gradients}}

    def _has_gradient(self, name: str) -> bool:
        """Whether a submission may be asked for ∂J/∂ this quantity."""
        if name == "J" or name in self.upstream:
            return False
        return not (name in self.draws and self.draws[name].discrete)
