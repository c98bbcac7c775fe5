"""Layers as a stack of equations: passes, kinks and local derivatives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.layers import Activation, Stack
from gradcheck.layers.dense import Dense
from gradcheck.layers.rnn import Rnn
from gradcheck.losses import LOSSES
from gradcheck.network.backward import adjoint
from gradcheck.network.case import everything
from gradcheck.network.local import Local, by_rules
from gradcheck.network.search import NEAR_A_KINK
from gradcheck.oracle.equations import arrays
from gradcheck.specification.cases import draw, run_passes, stated
from halves import some
from networks import stacks

ACTIVATIONS = ("identity", "sigmoid", "softmax", "relu", "hardtanh", "elu", "leaky_relu", "log_softmax")


@given(stacks(ACTIVATIONS), st.integers(1, 4), st.integers(0, 1000))
def test_passes_are_those_of_the_equations(stack: Stack, batch: int, seed: int) -> None:
    """The function that is run makes what the equations make, one after the other."""
    passes = run_passes(draw(stack, batch, seed))
    case = stated(stack, passes.case)
    found = arrays(case, everything(case))
    for name, array in {**passes.values, **{adjoint(q): dq for q, dq in passes.gradients.items()}}.items():
        np.testing.assert_allclose(array, found[name], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("activation", ["relu", "hardtanh"])
@pytest.mark.parametrize("seed", some(range(5), 2))
def test_units_stay_away_from_kinks(activation: str, seed: int) -> None:
    """So do those of a formula, and those of a loop."""
    formula = {"relu": "maximum(0, z)", "hardtanh": "minimum(1, maximum(-1, z))"}[activation]
    for chosen in (Activation(activation), Activation("custom", {"formula": formula})):
        stack = Stack((Dense(3, chosen), Dense(1)), (3,), LOSSES["squared_error"]())
        z = run_passes(draw(stack, 3, seed)).values["z1"]
        assert min(abs(z - kink).min() for kink in ([0] if activation == "relu" else [-1, 1])) >= NEAR_A_KINK
    recurrent = Stack((Rnn(2, Activation(activation)),), (3, 2), LOSSES["upstream"]())
    passes = run_passes(draw(recurrent, 2, seed))
    assert passes.nearest_kink <= np.abs(passes.values["z1"] - (activation == "hardtanh")).min()


def test_what_steps_has_no_gradient() -> None:
    """Where nothing comes back the gradients are zeros."""
    stack = Stack(
        (Dense(2, Activation("custom", {"formula": "0 * z + (z > 0)"})),), (2,), LOSSES["upstream"]()
    )
    assert not run_passes(draw(stack, 2, 0)).gradients["W1"].any()


@pytest.mark.slow
@given(stacks(ACTIVATIONS), st.integers(1, 3), st.integers(0, 1000))
def test_local_derivatives_have_three_witnesses(stack: Stack, batch: int, seed: int) -> None:
    """The rules of the operations, autograd and differences agree, on the shape that is said."""
    case = stated(stack, draw(stack, batch, seed))
    values = everything(case)
    for name, shape in stack.local(batch).items():
        of, by = (part[1:] for part in name.split("/"))
        local = Local(case.model.network, of, by, values, case.lengths)
        rules = by_rules(case.model.network, of, by)(values, case.lengths)
        differences = local.by_differences()
        assert rules.shape == shape
        np.testing.assert_allclose(rules, local.by_autograd(), rtol=1e-10, atol=1e-12)
        bar = differences.error + 1e-9
        assert ((differences.low - bar <= rules) & (rules <= differences.high + bar)).all()
