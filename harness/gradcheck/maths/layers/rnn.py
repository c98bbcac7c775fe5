"""The simple recurrent layer through time (Elman, 1990)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.layers.activation import Activation
from gradcheck.maths.layers._link import Link, Note, Parameters, layer


@layer
@dataclass(frozen=True)
class Rnn:
    """z_t = x_t Wx + a_{t-1} Wh + b, a_t = g(z_t), a_0 = 0; the layer is its own only link.

    x (examples, times, inputs), Wx (inputs, units), Wh (units, units), b (units,), a (examples,
    times, units).
    """

    kind: ClassVar[str] = "rnn"
    about: ClassVar[str] = "z_t = x_t Wx + a_{t-1} Wh + b, a_t = g(z_t), a_0 = 0; x (times, inputs)"
    out: ClassVar[str] = "a"

    units: int
    activation: Activation = Activation("tanh")
    bias: bool = True

    def links(self) -> tuple[Link, ...]:
        """The layer itself: z and a take turns through time."""
        return (self,)

    def inside(self, inputs: Shape) -> dict[str, Shape]:
        """z, time by time."""
        return {"z": (inputs[0], self.units)}

    def parameters(self, inputs: Shape) -> dict[str, Shape]:
        """Wx (inputs, units), Wh (units, units) and, where there is a bias, b (units,)."""
        shapes: dict[str, Shape] = {"Wx": (inputs[1], self.units), "Wh": (self.units, self.units)}
        return shapes | ({"b": (self.units,)} if self.bias else {})

    def outputs(self, inputs: Shape) -> Shape:
        """(times, units)."""
        if len(inputs) != 2:
            raise ValueError(f"rnn takes an array of times and inputs, not of shape {inputs}")
        return (inputs[0], self.units)

    def forward(self, x: Array, p: Parameters, note: Note) -> Array:
        """All a_t, one after the other."""
        a = [np.zeros((len(x), self.units), x.dtype)]
        for x_t in x.swapaxes(0, 1):
            z_t = note("z", self._z(x_t, a[-1], p))
            a.append(self.activation.value(z_t))
        return np.stack(a[1:], axis=1)

    def reverse(
        self, dout: Array, x: Array, out: Array, p: Parameters, note: Note
    ) -> tuple[Array, dict[str, Array]]:
        """Backpropagation through time: a_t is heard by the output and by z_{t+1}."""
        before = np.concatenate([np.zeros_like(out[:, :1]), out[:, :-1]], axis=1)
        z = self._z(x, before, p)
        dz = np.zeros_like(z)
        heard_later = np.zeros_like(z[:, 0])
        for t in reversed(range(x.shape[1])):
            dz[:, t] = self.activation.reverse(dout[:, t] + heard_later, z[:, t], out[:, t])
            heard_later = dz[:, t] @ p["Wh"].T
        dz = note("dz", dz)
        grads = {"Wx": np.einsum("nti,ntj->ij", x, dz), "Wh": np.einsum("nti,ntj->ij", before, dz)}
        return dz @ p["Wx"].T, grads | ({"b": dz.sum((0, 1))} if self.bias else {})

    def _z(self, x: Array, before: Array, p: Parameters) -> Array:
        z: Array = x @ p["Wx"] + before @ p["Wh"]
        return z + p["b"] if self.bias else z
