"""How much rounding can change a correct answer.

Every number on the way, forward and in reverse, is changed by a random relative error and the answer's
response is measured: Monte Carlo arithmetic (Parker, 1997). What a correct program may differ by is
then a small multiple of the response times the unit roundoff of its precision, whatever the order in
which it adds and multiplies.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gradcheck.arrays import Array
from gradcheck.maths.chain import Chain
from gradcheck.oracle.quantities import quantities

DRAWS = 8
SIZE = 1e-7
"""The relative change: far above float64's roundoff, far below where the response bends."""


def response(chain: Chain, parameters: Mapping[str, Array], x: Array, y: Array) -> dict[str, float]:
    """Change of each quantity per relative change of the numbers on the way: the largest entry's.

    Gradients by their names with a d, intermediates by their own, J, and "losses" for the ℓ of the
    examples.
    """
    exact = quantities(chain, parameters, x, y)
    found = dict.fromkeys(exact, 0.0)
    rng = np.random.RandomState(0)

    def rounded(value: Array) -> Array:
        return value * (1 + SIZE * rng.uniform(-1, 1, value.shape))

    for _ in range(DRAWS):
        shaken = {name: rounded(w) for name, w in parameters.items()}
        for name, value in quantities(chain, shaken, rounded(x), rounded(y), rounded).items():
            found[name] = max(found[name], float(np.abs(value - exact[name]).max()) / SIZE)
    return found
