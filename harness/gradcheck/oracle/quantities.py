"""Every quantity of a network, by its NumPy forward and reverse pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from gradcheck.arrays import Array
from gradcheck.maths.chain import Chain


def quantities(
    chain: Chain,
    parameters: Mapping[str, Array],
    x: Array,
    y: Array,
    rounded: Callable[[Array], Array] = lambda value: value,
) -> dict[str, Array]:
    """Gradients by their names with a d, intermediates by their own, J, and "losses": the ℓ of the examples.

    Everything that is made on the way passes through `rounded`.
    """
    slices: dict[str, list[Array]] = {}

    def note(name: str, value: Array) -> Array:
        slices.setdefault(name, []).append(rounded(value))
        return slices[name][-1]

    gradients = chain.reverse(parameters, x, y, note)
    values = {name: np.stack(v) for name, v in slices.items() if not name.startswith("d")}
    losses = chain.losses(values[chain.steps[-1].out][0], y)
    values |= {"x": x, "losses": losses, "J": np.asarray(chain.reduced(losses, parameters))}
    return values | {f"d{name}": g for name, g in gradients.items()}
