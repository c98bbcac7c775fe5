"""How much rounding may change: enough for every correct program, not more than that needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from gradcheck.arrays import Array
from gradcheck.network.backward import adjoint
from gradcheck.network.rounding import response
from gradcheck.oracle.entry import ROUNDINGS
from gradcheck.specification.cases import Case, draw, run_passes, stated
from networks import TWO_LAYERS, cases


def responses(case: Case) -> dict[str, float]:
    """That of every quantity."""
    same = stated(case.stack, case)
    return response(same.model.whole, same.given, same.lengths)


def gradients(case: Case) -> dict[str, Array]:
    """Those of the parameters, by their names."""
    found = run_passes(case).gradients
    return {adjoint(name): found[name] for name in case.parameters}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(cases())
def test_single_precision_stays_within_it(case: Case) -> None:
    """The passes in float32 lie within the allowed multiple of the response."""
    parameters = {name: w.astype(np.float32) for name, w in case.parameters.items()}
    single = replace(case, parameters=parameters, x=case.x.astype(np.float32), y=case.y.astype(np.float32))
    rounded, allowed = gradients(single), responses(case)
    for name, g in gradients(case).items():
        off = np.abs(rounded[name] - g).max()
        assert off <= ROUNDINGS * np.finfo(np.float32).eps * allowed[name]


def test_response_is_of_the_size_of_the_numbers() -> None:
    """Where nothing cancels, a relative change moves a gradient by a few times its own size."""
    case = draw(TWO_LAYERS, 3, 0)
    found = responses(case)
    for name, g in gradients(case).items():
        assert 0.1 * np.abs(g).max() < found[name] < 20 * np.abs(g).max()


def test_cancellation_is_felt() -> None:
    """A sum that cancels to nothing responds as its terms do, not as itself."""
    case = draw(TWO_LAYERS, 1, 0)
    case = replace(case, x=np.concatenate([case.x] * 2), y=np.concatenate([case.y] * 2))
    case = replace(case, y=run_passes(case).values["a2"] + np.array([[1.0], [-1.0]]))
    assert np.abs(gradients(case)["dW2"]).max() < 1e-15
    assert responses(case)["dW2"] > 1e-3
