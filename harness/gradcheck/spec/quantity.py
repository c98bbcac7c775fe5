"""Of the quantities of layers one after the other, which are given, and which follow from those."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from gradcheck.arrays import Shape
    from gradcheck.quantity import Quantity

STRENGTH = "lam"
"""The name of a penalty's λ in `run`, where it is a Python float."""


@lru_cache(maxsize=1024)
def split(name: str) -> tuple[str, int | None]:
    """The letter and the layer's number, None where there is no number."""
    letter = name.rstrip("0123456789")
    return letter, int(name[len(letter) :]) if letter != name else None


class Network(Protocol):
    """Layers one after the other, as far as their names go; `Stack` is one."""

    @property
    def quantities(self) -> Mapping[str, Quantity]:
        """All that has a name, gradients apart."""
        ...

    @property
    def parameters(self) -> Mapping[str, Shape]:
        """Names and shapes, in forward order."""
        ...

    @property
    def matrices(self) -> Collection[str]:
        """Parameters that `@` multiplies what comes from before with: (inputs, units)."""
        ...

    @property
    def target(self) -> str | None:
        """What the loss compares with: y, the upstream gradient dout, or nothing."""
        ...

    @property
    def sources(self) -> Sequence[str]:
        """What is given by which J is differentiated."""
        ...

    @property
    def out(self) -> str:
        """The name of the output."""
        ...

    def made(self, examples: int) -> Mapping[str, Shape]:
        """Names and shapes of x and of all that is made on the way."""
        ...

    def local(self, examples: int) -> Mapping[str, Shape]:
        """Names and shapes of the local derivatives."""
        ...


def handed_over(network: Network) -> list[str]:
    """What the exercise gives: x, the targets and the parameters."""
    return ["x", *([network.target] if network.target else []), *network.parameters]


def computed(network: Network) -> list[str]:
    """What follows from that: intermediates, J, local derivatives, gradients."""
    made = [name for name in network.made(1) if name != "x"]
    given = [network.out] if network.target == "dout" else []  # its gradient is, up to the reduction
    sources = [name for name in (*made, *network.sources) if name not in given]
    gradients = [network.quantities[name].gradient.name for name in sources]
    return [*made, "J", *network.local(1), *gradients]
