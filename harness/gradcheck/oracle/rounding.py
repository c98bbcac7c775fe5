"""How much rounding can change a correct answer.

Every number on the way, forward and in reverse, is changed by a random relative error and the answer's
response is measured: Monte Carlo arithmetic (Parker, 1997). What a correct program may differ by is
then a small multiple of the response times the unit roundoff of its precision, whatever the order in
which it adds and multiplies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from gradcheck.maths._arrays import Array
from gradcheck.maths.chain import Chain

DRAWS = 8
SIZE = 1e-7
"""The relative change: far above float64's roundoff, far below where the response bends."""


def response(chain: Chain, parameters: Mapping[str, Array], x: Array, y: Array) -> dict[str, float]:
    """Change of each quantity per relative change of the numbers on the way: the largest entry's.

    Gradients by their names with a d, intermediates by their own, J, and "losses" for the ℓ of the
    examples.
    """
    exact = _quantities(chain, parameters, x, y, lambda value: value)
    found = dict.fromkeys(exact, 0.0)
    rng = np.random.RandomState(0)

    def rounded(value: Array) -> Array:
        return value * (1 + SIZE * rng.uniform(-1, 1, value.shape))

    for _ in range(DRAWS):
        shaken = {name: rounded(w) for name, w in parameters.items()}
        for name, value in _quantities(chain, shaken, rounded(x), rounded(y), rounded).items():
            found[name] = max(found[name], float(np.abs(value - exact[name]).max()) / SIZE)
    return found


def _quantities(
    chain: Chain,
    parameters: Mapping[str, Array],
    x: Array,
    y: Array,
    rounded: Callable[[Array], Array],
) -> dict[str, Array]:
    slices: dict[str, list[Array]] = {}

    def note(name: str, value: Array) -> Array:
        slices.setdefault(name, []).append(rounded(value))
        return slices[name][-1]

    gradients = chain.reverse(parameters, x, y, note)
    values = {name: np.stack(v) for name, v in slices.items() if not name.startswith("d")}
    losses = chain.losses(values[chain.steps[-1].out][0], y)
    values |= {"x": x, "losses": losses, "J": np.asarray(chain.reduced(losses, parameters))}
    return values | {f"d{name}": g for name, g in gradients.items()}
