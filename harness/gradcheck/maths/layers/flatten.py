"""The layer that lays an example's array out as a vector, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from gradcheck.arrays import Array, Shape
from gradcheck.maths.layers._link import Link, Note, Parameters, layer


@layer
@dataclass(frozen=True)
class Flatten:
    """a = vec(x), in row-major order; the layer is its own only link."""

    kind: ClassVar[str] = "flatten"
    about: ClassVar[str] = "a = vec(x), row by row"
    out: ClassVar[str] = "a"

    def links(self) -> tuple[Link, ...]:
        """The layer itself."""
        return (self,)

    def inside(self, inputs: Shape) -> dict[str, Shape]:
        """Nothing: one step makes the output."""
        return {}

    def parameters(self, inputs: Shape) -> dict[str, Shape]:
        """None."""
        return {}

    def outputs(self, inputs: Shape) -> Shape:
        """As many numbers as before."""
        return (prod(inputs),)

    def forward(self, x: Array, p: Parameters, note: Note) -> Array:
        """vec(x)."""
        return x.reshape(len(x), -1)

    def reverse(
        self, dout: Array, x: Array, out: Array, p: Parameters, note: Note
    ) -> tuple[Array, dict[str, Array]]:
        """The same numbers in x's shape."""
        return dout.reshape(x.shape), {}
