"""Of the quantities of layers one after the other, which are given, and which follow from those."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcheck.layers import Stack

STRENGTH = "lam"
"""The name of a penalty's λ in `run`, where it is a Python float."""


@lru_cache(maxsize=1024)
def split(name: str) -> tuple[str, int | None]:
    """The letter and the layer's number, None where there is no number."""
    letter = name.rstrip("0123456789")
    return letter, int(name[len(letter) :]) if letter != name else None


def handed_over(stack: Stack) -> list[str]:
    """What the exercise gives: x, the targets and the parameters."""
    return ["x", *([stack.target] if stack.target else []), *stack.parameters]


def computed(stack: Stack) -> list[str]:
    """What follows from that: intermediates, J, local derivatives, gradients."""
    made = [name for name in stack.shapes(1) if name != "x"]
    given = [stack.out] if stack.target == "dout" else []  # its gradient is, up to the reduction
    sources = [name for name in (*made, *stack.sources) if name not in given]
    gradients = [stack.quantities[name].gradient.name for name in sources]
    return [*made, "J", *stack.local(1), *gradients]
