"""The two oracles agree, although they share no code."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from gradcheck.arrays import Array
from gradcheck.oracle.layered import truth
from gradcheck.specification.cases import Case, draw
from networks import TWO_LAYERS, cases


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(cases())
def test_differences_agree_with_autograd(case: Case) -> None:
    """Every gradient of every intermediate and parameter lies within its error bar."""
    names = [f"d{name}" for name in (*case.parameters, *case.stack.shapes(1))]
    for name, entry in truth(case.stack, case, names).items():
        quotient = entry.differences
        slack = quotient.error + 1e-13
        inside = (quotient.low - slack <= entry.autograd) & (entry.autograd <= quotient.high + slack)
        assert inside.all(), name


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(cases())
def test_shared_steps_are_honest(case: Case) -> None:
    """One quotient for all weights into a unit gives what moving each weight of J by itself gives."""
    entries = truth(case.stack, case, [f"d{name}" for name in case.parameters])
    for name, w in case.parameters.items():
        value = entries[f"d{name}"].differences.value
        np.testing.assert_allclose(value, _one_by_one(case, name, w), rtol=1e-5, atol=1e-7, err_msg=name)


def _one_by_one(case: Case, name: str, w: Array, h: float = 1e-5) -> Array:
    """The plain loop: J at w + h and w - h, weight by weight."""
    found = np.empty_like(w)
    for at in np.ndindex(w.shape):
        J = []
        for sign in (1, -1):
            moved = w.copy()
            moved[at] += sign * h
            J.append(case.stack.values({**case.parameters, name: moved}, case.x, case.y)["J"])
        found[at] = (J[0] - J[1]) / (2 * h)
    return found


def test_values_are_autograds() -> None:
    """The NumPy forward pass makes what the PyTorch one makes."""
    case = draw(TWO_LAYERS, 4, 1)
    for name, entry in truth(case.stack, case, ["z1", "a1", "z2", "a2", "J"]).items():
        np.testing.assert_allclose(entry.differences.value, entry.autograd, rtol=1e-13, err_msg=name)
