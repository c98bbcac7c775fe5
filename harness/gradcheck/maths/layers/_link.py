"""What a link of the chain is: one named step of the forward pass, with its reverse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from gradcheck.arrays import Array, Shape
from gradcheck.layers.activation import Activation

Note = Callable[[str, Array], Array]
"""(letter, value) -> value. Every intermediate passes through one: it may record the value, add a
bump to it (differences), or round it differently (how much rounding matters)."""

Parameters = Mapping[str, Array]


def ignore(letter: str, value: Array) -> Array:
    """The note that leaves everything as it is."""
    return value


class Link(Protocol):
    """One step of the forward pass: it makes the quantity named `out` from an input and parameters.

    An input has shape (examples, *inputs), an output (examples, *outputs). Examples never mix.
    """

    @property
    def out(self) -> str:
        """The letter of what this link makes: z, a, ..."""
        ...

    def inside(self, inputs: Shape) -> dict[str, Shape]:
        """Quantities made on the way to the output; each is noted slice by slice along its first axis."""
        ...

    def parameters(self, inputs: Shape) -> dict[str, Shape]:
        """The letters of the parameters, with their shapes."""
        ...

    def outputs(self, inputs: Shape) -> Shape:
        """The shape of one example's output; ValueError where the inputs don't fit."""
        ...

    def forward(self, x: Array, p: Parameters, note: Note) -> Array:
        """The output, not yet noted; what is made on the way is noted here."""
        ...

    def reverse(
        self, dout: Array, x: Array, out: Array, p: Parameters, note: Note
    ) -> tuple[Array, dict[str, Array]]:
        """∂J/∂x and ∂J/∂p from ∂J/∂out; gradients of what is inside are noted whole, as "dz"."""
        ...


class Layer(Protocol):
    """What a spec lists: a few links that belong together and share a number.

    A layer is a frozen dataclass whose fields are the options that a spec may set.
    """

    kind: ClassVar[str]
    about: ClassVar[str]

    def links(self) -> tuple[Link, ...]:
        """The links in forward order."""
        ...


@dataclass(frozen=True)
class Activate:
    """a = g(z)."""

    activation: Activation
    out: str = "a"

    def inside(self, inputs: Shape) -> dict[str, Shape]:
        """Nothing: one step makes the output."""
        return {}

    def parameters(self, inputs: Shape) -> dict[str, Shape]:
        """None: an activation learns nothing."""
        return {}

    def outputs(self, inputs: Shape) -> Shape:
        """One a for each z."""
        return inputs

    def forward(self, x: Array, p: Parameters, note: Note) -> Array:
        """g(z)."""
        return self.activation.value(x)

    def reverse(
        self, dout: Array, x: Array, out: Array, p: Parameters, note: Note
    ) -> tuple[Array, dict[str, Array]]:
        """∂J/∂z = ∂J/∂a ⊙ g'(z)."""
        return self.activation.reverse(dout, x, out), {}


LAYERS: dict[str, type[Any]] = {}
"""Name in a spec -> layer."""


def layer(cls: type[Any]) -> type[Any]:
    """Enter a layer into the table under its kind."""
    LAYERS[cls.kind] = cls
    return cls
