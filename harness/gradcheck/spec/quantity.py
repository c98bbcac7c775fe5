"""The names of a chain's quantities.

A letter and a layer's number: z1; a d before that for ∂J/∂·: dz1; two of those for a link: da1/dz1.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcheck.maths.chain import Chain


STRENGTH = "lam"
"""The name of a penalty's λ in `run`, where it is a Python float."""


@lru_cache(maxsize=1024)
def split(name: str) -> tuple[str, int | None]:
    """The letter and the layer's number, None where there is no number."""
    letter = name.rstrip("0123456789")
    return letter, int(name[len(letter) :]) if letter != name else None


def handed_over(chain: Chain) -> list[str]:
    """What the exercise gives: x, the targets and the parameters."""
    targets = {"upstream": ["dout"], "none": []}.get(chain.loss.targets, ["y"])
    return ["x", *targets, *chain.parameters]


def computed(chain: Chain) -> list[str]:
    """What follows from that: intermediates, J, links of the chain rule, gradients."""
    made = [name for name in chain.intermediates if name != "x"]
    gradients = [f"d{name}" for name in (*made, *chain.parameters, "x")]
    if chain.loss.targets == "upstream":
        # That gradient is given, up to the reduction.
        gradients.remove(f"d{chain.steps[-1].out}")
    return [*made, "J", *_links(chain), *gradients]


def _links(chain: Chain) -> Iterator[str]:
    from gradcheck.maths.layers import Activate  # a warm run asks for no links, and needs no layers
    from gradcheck.maths.layers.dense import Affine

    for step in chain.steps:
        if isinstance(step.link, Affine):
            yield f"dz{step.layer}/dW{step.layer}"
        if isinstance(step.link, Activate):
            yield f"da{step.layer}/dz{step.layer}"
