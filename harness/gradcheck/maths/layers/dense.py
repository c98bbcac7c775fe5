"""The dense layer: z = x W + b, a = g(z)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gradcheck.arrays import Array, Shape
from gradcheck.layers.activation import Activation
from gradcheck.maths.layers._link import Activate, Link, Note, Parameters, layer


@dataclass(frozen=True)
class Affine:
    """z = x W + b; x (examples, inputs), W (inputs, units), b (units,)."""

    units: int
    bias: bool = True
    out: str = "z"

    def inside(self, inputs: Shape) -> dict[str, Shape]:
        """Nothing: one step makes the output."""
        return {}

    def parameters(self, inputs: Shape) -> dict[str, Shape]:
        """W (inputs, units) and, where there is a bias, b (units,)."""
        (n,) = inputs
        return {"W": (n, self.units)} | ({"b": (self.units,)} if self.bias else {})

    def outputs(self, inputs: Shape) -> Shape:
        """One number a unit."""
        if len(inputs) != 1:
            raise ValueError(
                f"a dense layer takes a vector an example, not an array of shape {inputs}: "
                "put a flatten layer before it"
            )
        return (self.units,)

    def forward(self, x: Array, p: Parameters, note: Note) -> Array:
        """Z = x W + b."""
        z = x @ p["W"]
        return z + p["b"] if self.bias else z

    def reverse(
        self, dout: Array, x: Array, out: Array, p: Parameters, note: Note
    ) -> tuple[Array, dict[str, Array]]:
        """∂J/∂x = δ Wᵀ, ∂J/∂W = xᵀ δ, ∂J/∂b = Σ δ over the examples."""
        dW = {"W": x.T @ dout}
        db = {"b": dout.sum(0)} if self.bias else {}
        return dout @ p["W"].T, dW | db


@layer
@dataclass(frozen=True)
class Dense:
    """Every unit hears from every input."""

    kind: ClassVar[str] = "dense"
    about: ClassVar[str] = "z = x W + b, a = g(z)"

    units: int
    activation: Activation = Activation("identity")
    bias: bool = True

    def links(self) -> tuple[Link, ...]:
        """z, then a."""
        return Affine(self.units, self.bias), Activate(self.activation)
