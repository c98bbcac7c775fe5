"""The two oracles agree, although they share no code."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from gradcheck.maths._arrays import Array
from gradcheck.oracle import differences as module
from gradcheck.oracle.autograd import autograd
from gradcheck.oracle.differences import Differences
from gradcheck.oracle.truth import truth
from gradcheck.spec.cases import Case, draw
from networks import TWO_LAYERS, cases


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(cases())
def test_differences_agree_with_autograd(case: Case) -> None:
    """Every gradient of every intermediate and parameter lies within its error bar."""
    names = [f"d{name}" for name in (*case.chain.parameters, *case.chain.intermediates)]
    for name, entry in truth(case, names).items():
        quotient = entry.differences
        slack = quotient.error + 1e-13
        inside = (quotient.low - slack <= entry.autograd) & (entry.autograd <= quotient.high + slack)
        assert inside.all(), name


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(cases())
def test_shared_steps_are_honest(case: Case) -> None:
    """One quotient for all weights into a unit gives what moving each weight of J by itself gives."""
    quotients = Differences(case.chain, case.parameters, case.x, case.y).along(list(case.parameters))
    for name, w in case.parameters.items():
        np.testing.assert_allclose(
            quotients[name].value, _one_by_one(case, name, w), rtol=1e-5, atol=1e-7, err_msg=name
        )


def _one_by_one(case: Case, name: str, w: Array, h: float = 1e-5) -> Array:
    """The plain loop: J at w + h and w - h, weight by weight."""
    found = np.empty_like(w)
    for at in np.ndindex(w.shape):
        J = []
        for sign in (1, -1):
            moved = w.copy()
            moved[at] += sign * h
            J.append(case.chain.objective({**case.parameters, name: moved}, case.x, case.y))
        found[at] = (J[0] - J[1]) / (2 * h)
    return found


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little memory one piece may take, the numbers are the same."""
    case = draw(TWO_LAYERS, 4, 1)
    names = [*case.parameters, "x", "z1", "a1"]
    whole = Differences(case.chain, case.parameters, case.x, case.y).along(names)
    monkeypatch.setattr(module, "CHUNK", 1)
    pieces = Differences(case.chain, case.parameters, case.x, case.y).along(names)
    for name in names:
        np.testing.assert_array_equal(whole[name].value, pieces[name].value)


def test_values_are_autograds() -> None:
    """The NumPy forward pass makes what the PyTorch one makes."""
    case = draw(TWO_LAYERS, 4, 1)
    exact, _ = autograd(case.chain, case.parameters, case.x, case.y)
    for name, value in Differences(case.chain, case.parameters, case.x, case.y).values.items():
        np.testing.assert_allclose(value, exact[name], rtol=1e-13)
