"""The chain: its reverse pass is the derivative of its forward pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.losses import LOSSES
from gradcheck.maths.chain import Chain
from gradcheck.maths.layers.conv2d import Conv2d
from gradcheck.maths.layers.dense import Dense
from gradcheck.maths.layers.rnn import Rnn
from gradcheck.oracle.layered import truth
from gradcheck.spec.cases import Case, draw
from gradcheck.spec.stack import of_chain
from networks import TWO_LAYERS, cases


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(cases())
def test_reverse_is_autograd(case: Case) -> None:
    """Every gradient of the reverse pass, inner ones included, is PyTorch's to rounding."""
    ours = case.chain.reverse(case.parameters, case.x, case.y)
    entries = truth(of_chain(case.chain), case, [f"d{name}" for name in ours])
    exact = {name: entries[f"d{name}"].autograd for name in ours}
    scale = max(np.abs(g).max() for g in exact.values())
    for name, g in ours.items():
        np.testing.assert_allclose(g, exact[name], rtol=1e-9, atol=1e-12 * scale, err_msg=name)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(cases())
def test_forward_is_pytorchs(case: Case) -> None:
    """J and the output are those of the PyTorch twin."""
    out = case.chain.steps[-1].out
    entries = truth(of_chain(case.chain), case, ["J", out])
    J = case.chain.objective(case.parameters, case.x, case.y)
    assert pytest.approx(entries["J"].autograd, rel=1e-12) == J
    output = case.chain.run(case.parameters, case.x)
    np.testing.assert_allclose(output, entries[out].autograd, rtol=1e-10, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(cases())
def test_shapes_are_as_announced(case: Case) -> None:
    """Parameters and intermediates have the shapes that the chain says."""
    gradients = case.chain.reverse(case.parameters, case.x, case.y)
    for name, shape in case.chain.parameters.items():
        assert gradients[name].shape == shape
    for name, shape in case.chain.intermediates.items():
        assert gradients[name].shape == (len(case.x), *shape)


def test_float32_stays_float32() -> None:
    """In single precision every step is single precision: nothing is quietly widened."""
    case = draw(TWO_LAYERS, 3, 0)
    single = {name: w.astype(np.float32) for name, w in case.parameters.items()}
    gradients = case.chain.reverse(single, case.x.astype(np.float32), case.y.astype(np.float32))
    assert {g.dtype for g in gradients.values()} == {np.dtype(np.float32)}


def test_numbers_of_the_textbook() -> None:
    """On a 1-1 network with w = 2, x = 3, y = 1 and ½(a - y)²: a = 6, dW = (6 - 1)·3."""
    chain = Chain((Dense(1, ACTIVATIONS["identity"](), bias=False),), (1,), LOSSES["half_squared_error"]())
    W, x, y = np.array([[2.0]]), np.array([[3.0]]), np.array([[1.0]])
    assert chain.objective({"W1": W}, x, y) == 12.5
    assert chain.reverse({"W1": W}, x, y)["W1"].item() == 15


@pytest.mark.parametrize(
    ("layer", "inputs", "says"),
    [
        (Dense(2), (3, 4), "put a flatten layer before it"),
        (Conv2d(2, 3), (4,), "channels, height and width"),
        (Conv2d(2, 5), (1, 4, 4), "a window of 5 does not fit into 4 x 4"),
        (Rnn(2), (4,), "times and inputs"),
    ],
)
def test_layers_refuse_what_does_not_fit(layer: object, inputs: tuple[int, ...], says: str) -> None:
    """A layer says in one sentence what it takes."""
    with pytest.raises(ValueError, match=says):
        _ = Chain((layer,), inputs, LOSSES["upstream"]()).steps  # type: ignore[arg-type]
