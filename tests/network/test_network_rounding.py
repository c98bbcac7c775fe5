"""The response to rounding covers what single precision does, and no tie or label is torn apart by it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from small_networks import EXAMPLES, Example, with_axes

from gradcheck.expr.named import Named
from gradcheck.network.backward import adjoint, backward
from gradcheck.network.forward import laid, run
from gradcheck.network.records import Network
from gradcheck.network.rounding import response

SINGLE = 2.0**-24


@pytest.mark.parametrize("name", EXAMPLES)
def test_single_precision_is_covered(name: str) -> None:
    """What float32 makes, forward and back, is off by a small multiple of the response times its roundoff."""
    example = EXAMPLES[name]
    lengths, network = example.sizes[0], example.network
    given, upstream = example.draw(lengths)
    given |= {adjoint(u): du for u, du in (upstream or {}).items()}
    back = backward(network, upstream)
    whole = Network({key: back.given[key] for key in given}, (*network.steps, *back.steps))
    values = with_axes(whole, given, lengths)
    single = {key: Named(array.astype(np.float32), axes) for key, (array, axes) in values.items()}
    exact, rough = run(whole, values, lengths), run(whole, single, lengths)
    ratios = []
    for quantity, felt in response(whole, values, lengths).items():
        one, other = (laid(whole, quantity, run_[quantity], lengths) for run_ in (exact, rough))
        assert other.dtype == np.float32
        assert np.abs(one - other).max() <= 16 * SINGLE * felt, quantity
        ratios.append(np.abs(one - other).max() / (SINGLE * felt))
    assert np.median(ratios) > 0.05  # it is no wild guess


def _response(example: Example, given: Mapping[str, list[float]]) -> dict[str, float]:
    network = example.network
    values = with_axes(network, {name: np.array(value) for name, value in given.items()}, example.sizes[0])
    values |= run(network, values, example.sizes[0])
    return response(backward(network), values, example.sizes[0])


def test_ties_stay_ties() -> None:
    """Where maxima are equal before, they are equal after: the gradient stays in equal parts."""
    example = Example("v = 0.3 * x\nJ = max(v * 0.7, n) + max(sin(x), n)^2", {"x": "n"}, ({"n": 3},))
    assert 0 < _response(example, {"x": [0.9, 0.9, 0.9]})["dx"] < 10


def test_whole_numbers_are_exact() -> None:
    """A label is compared as it is."""
    example = Example("J = sum(where(y == 2, x, 3 * x)^2, n)", {"x": "n", "y": "n"}, ({"n": 3},))
    assert 0 < _response(example, {"x": [0.5, 0.7, 0.9], "y": [0, 1, 2]})["dx"] < 100
