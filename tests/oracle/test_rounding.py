"""How much rounding may change: enough for every correct program, not more than that needs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from gradcheck.oracle.entry import ROUNDINGS
from gradcheck.oracle.rounding import response
from gradcheck.spec.cases import Case, draw
from networks import TWO_LAYERS, cases


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(cases())
def test_single_precision_stays_within_it(case: Case) -> None:
    """The reverse pass in float32 lies within the allowed multiple of the response."""
    single = {name: w.astype(np.float32) for name, w in case.parameters.items()}
    exact = case.chain.reverse(case.parameters, case.x, case.y)
    rounded = case.chain.reverse(single, case.x.astype(np.float32), case.y.astype(np.float32))
    allowed = response(case.chain, case.parameters, case.x, case.y)
    for name, g in exact.items():
        off = np.abs(rounded[name] - g).max()
        assert off <= ROUNDINGS * np.finfo(np.float32).eps * allowed[f"d{name}"]


def test_response_is_of_the_size_of_the_numbers() -> None:
    """Where nothing cancels, a relative change moves a gradient by a few times its own size."""
    case = draw(TWO_LAYERS, 3, 0)
    found = response(case.chain, case.parameters, case.x, case.y)
    gradients = case.chain.reverse(case.parameters, case.x, case.y)
    for name, g in gradients.items():
        assert 0.1 * np.abs(g).max() < found[f"d{name}"] < 20 * np.abs(g).max()


def test_cancellation_is_felt() -> None:
    """A sum that cancels to nothing responds as its terms do, not as itself."""
    case = draw(TWO_LAYERS, 1, 0)
    x, y = np.concatenate([case.x, case.x]), np.concatenate([case.y, case.y])
    output = case.chain.run(case.parameters, x)
    y = output + np.array([[1.0], [-1.0]])
    gradients = case.chain.reverse(case.parameters, x, y)
    assert np.abs(gradients["W2"]).max() < 1e-15
    assert response(case.chain, case.parameters, x, y)["dW2"] > 1e-3
