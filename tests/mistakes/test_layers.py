"""Tests of the catalogue's part F: mistakes in convolutions and in layers through time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import assert_made, drawn, made, part

from gradcheck.arrays import Array
from gradcheck.layers import Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.layers.conv2d import Conv2d
from gradcheck.layers.dense import Dense
from gradcheck.layers.flatten import Flatten
from gradcheck.layers.rnn import Rnn
from gradcheck.losses import LOSSES
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.edits import layers_of
from gradcheck.mistakes.records import Mistake
from halves import some

SUBMISSIONS = Path(__file__).parents[2] / "submissions"
STRIDED = Conv2d(2, 3, stride=2, padding=1)
NETWORKS = (
    Stack((Conv2d(3, 2, activation=ACTIVATIONS["tanh"]()), Flatten(), Dense(2)), (3, 3, 4), LOSSES["none"]()),
    Stack((STRIDED,), (2, 5, 7), LOSSES["upstream"](), "sum"),
    Stack((Rnn(4, ACTIVATIONS["silu"]()), Flatten(), Dense(2)), (3, 2), LOSSES["half_squared_error"]()),
    Stack((Rnn(3),), (4, 2), LOSSES["upstream"](), "sum"),
)


@pytest.mark.parametrize("mistake", some(part("F"), 4), ids=lambda mistake: mistake.slug)
def test_each_can_be_made_and_shows(mistake: Mistake) -> None:
    """Each can be made, alone and at all layers; wherever it is, a gradient is wrong."""
    assert_made(mistake, NETWORKS)


def windows(dz: Array, stride: int) -> Iterator[tuple[int, tuple[int, int], slice, slice]]:
    """Example and place after place, with the rows and columns of the 3 x 3 window at it."""
    for n, p, q in np.ndindex(len(dz), *dz.shape[2:]):
        yield n, (p, q), slice(stride * p, stride * p + 3), slice(stride * q, stride * q + 3)


Convolved = Callable[[Array, Array, Array], tuple[Array, Array]]
"""(x with its border, W, dz) -> the same gradients dx with its border, and dW."""


def strided(x: Array, W: Array, dz: Array, stride: int = 2) -> tuple[Array, Array]:
    """The reverse of a convolution with windows of 3 x 3, window by window."""
    dx, dW = np.zeros_like(x), np.zeros_like(W)
    for n, (p, q), rows, columns in windows(dz, stride):
        dW += np.multiply.outer(dz[n, :, p, q], x[n, :, rows, columns])
        dx[n, :, rows, columns] += np.einsum("f,fcuv->cuv", dz[n, :, p, q], W)
    return dx, dW


def windows_overwritten(x: Array, W: Array, dz: Array) -> tuple[Array, Array]:
    """The same with = for += in dx."""
    dx = np.zeros_like(x)
    for n, (p, q), rows, columns in windows(dz, 2):
        dx[n, :, rows, columns] = np.einsum("f,fcuv->cuv", dz[n, :, p, q], W)
    return dx, strided(x, W, dz)[1]


def weights_overwritten(x: Array, W: Array, dz: Array) -> tuple[Array, Array]:
    """The same weight by weight, all windows at once, with = for += in dx."""
    dx = np.zeros_like(x)
    rows, columns = dz.shape[2:]
    for u, v in np.ndindex(3, 3):
        dx[:, :, u : u + 2 * rows : 2, v : v + 2 * columns : 2] = np.einsum(
            "nfpq,fc->ncpq", dz, W[:, :, u, v]
        )
    return dx, strided(x, W, dz)[1]


def with_kernel(change: Callable[[Array], Array]) -> Convolved:
    """The way back to x through other weights."""
    return lambda x, W, dz: (strided(x, change(W), dz)[0], strided(x, W, dz)[1])


CONVOLVED: dict[str, Convolved] = {
    "conv-kernel-not-rotated": with_kernel(lambda W: np.rot90(W, 2, (2, 3))),
    "conv-axes-not-swapped": with_kernel(lambda W: np.einsum("fcuv->cfuv", W)),
    "conv-stride-forgotten": lambda x, W, dz: strided(x, W, dz, 1),
    "conv-overwrite": weights_overwritten,
    "conv-windows-overwritten": windows_overwritten,
    "conv-wrong-channel": with_kernel(lambda W: np.stack([W[:, 0], W[:, 0]], axis=1)),
    "conv-mean-over-places": lambda x, W, dz: (strided(x, W, dz)[0], strided(x, W, dz)[1] / (5 * 3 * 4)),
}


@pytest.mark.slow
@pytest.mark.parametrize("slug", CONVOLVED)
@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_convolutions_by_hand(slug: str, seed: int) -> None:
    """The gradients are those of the loops that somebody with this mistake would write."""
    case = drawn(NETWORKS[1], seed)
    x = np.pad(case.case.x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    dx, dW = CONVOLVED[slug](x, case.values["W1"], case.case.y)
    wrong = made(slug, case, 1)
    np.testing.assert_allclose(wrong["dx"], dx[:, :, 1:-1, 1:-1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(wrong["dW1"], dW, rtol=1e-9, atol=1e-12)


def test_bias_over_the_wrong_axes() -> None:
    """One number for each column of the output, where one for each filter is due."""
    case = drawn(NETWORKS[1], 1)
    by_hand = [case.case.y[..., column].sum() for column in range(4)]
    np.testing.assert_allclose(made("bias-wrong-axes", case, 1)["db1"], by_hand)


@pytest.mark.parametrize(
    ("slug", "layer"),
    [
        ("conv-kernel-not-rotated", Conv2d(2, 1)),
        ("conv-stride-forgotten", Conv2d(2, 2)),
        ("conv-overwrite", Conv2d(2, 2, stride=2)),
        ("conv-axes-not-swapped", Conv2d(2, 2)),
        ("conv-mean-over-places", Conv2d(2, 4)),
    ],
)
def test_where_nothing_can_go_wrong(slug: str, layer: Conv2d) -> None:
    """A kernel of one weight has no turn, a stride of 1 can't be forgotten, and so on."""
    assert not layers_of(CATALOGUE[slug], Stack((layer,), (3, 4, 4), LOSSES["upstream"]()))


def test_the_rotated_kernel_of_conv_layer() -> None:
    """The shipped submission whose kernel is turned on the way to the input."""
    case = drawn(Stack((Conv2d(3, 3, padding=1),), (2, 5, 4), LOSSES["upstream"](), "sum"), 4, examples=3)
    backward: Any = run_path(str(SUBMISSIONS / "kernel_rotated" / "conv_layer.py"))["conv_backward"]
    parameters = case.values["W1"], case.values["b1"]
    dx, dw, db = backward(case.case.y, case.case.x, *parameters, pad=1)
    wrong = made("conv-kernel-not-rotated", case, 1)
    for yours, name in ((dx, "dx"), (dw, "dW1"), (db, "db1")):
        np.testing.assert_allclose(yours, wrong[name], rtol=1e-9, atol=1e-12)


Stepped = Callable[[Array, Array, Array, Array], Array]
"""(∂J/∂a of one time, dz of the next, Wh, a) -> dz of that time."""

STEPPED: dict[str, Stepped] = {
    "rnn-next-step-lost": lambda da, later, Wh, a: da * (1 - a * a),
    "rnn-weights-not-transposed": lambda da, later, Wh, a: (da + later @ Wh) * (1 - a * a),
    "rnn-slope-omitted": lambda da, later, Wh, a: da + later @ Wh.T,
    "rnn-slope-inverse": lambda da, later, Wh, a: (da + later @ Wh.T) / (1 - a * a),
}


@pytest.mark.slow
@pytest.mark.parametrize("slug", STEPPED)
@given(seed=st.integers(0, 10_000))
def test_times_by_hand(slug: str, seed: int) -> None:
    """The gradients are those of the loop through time that somebody with this mistake would write."""
    case = drawn(NETWORKS[3], seed)
    x, a, Wh = case.case.x, case.values["a1"], case.values["Wh1"]
    dz = np.zeros((5, 5, 3))
    for t in (3, 2, 1, 0):
        dz[:, t] = STEPPED[slug](case.case.y[:, t], dz[:, t + 1], Wh, a[:, t])
    wrong = made(slug, case, 1)
    by_hand = {
        "dz1": dz[:, :4],
        "dx": np.stack([dz[:, t] @ case.values["Wx1"].T for t in range(4)], axis=1),
        "dWx1": sum(x[:, t].T @ dz[:, t] for t in range(4)),
        "dWh1": sum(a[:, t - 1].T @ dz[:, t] for t in range(1, 4)),
        "db1": sum(dz[:, t].sum(0) for t in range(4)),
    }
    for name, array in by_hand.items():
        np.testing.assert_allclose(wrong[name], array, rtol=1e-9, atol=1e-12)


@given(seed=st.integers(0, 10_000))
def test_times_of_shared_weights(seed: int) -> None:
    """Wh meets the output of the same time; or only the first time, which comes last, is kept."""
    case = drawn(NETWORKS[3], seed)
    dz, a, x = case.gradients()["dz1"], case.values["a1"], case.case.x
    same_time = made("rnn-time-off-by-one", case, 1)["dWh1"]
    np.testing.assert_allclose(same_time, np.einsum("nti,ntk->ik", a, dz))
    last = made("branch-gradient-overwritten", case, 1)
    np.testing.assert_allclose(last["dWx1"], x[:, 0].T @ dz[:, 0])
    np.testing.assert_allclose(last["db1"], dz[:, 0].sum(0))
    assert not last["dWh1"].any()  # there is no output before the first time


def test_a_slope_that_hangs_on_z() -> None:
    """The way through time is cut for an activation, too, whose slope can't be told from its value."""
    case = drawn(NETWORKS[2], 1)
    z, da = case.values["z1"], case.gradients()["da1"]
    σ = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(made("rnn-next-step-lost", case, 1)["dz1"], da * (σ + z * σ * (1 - σ)))


def test_the_lost_step_of_rnn_layer() -> None:
    """The shipped submission that loses what the next time sends back."""
    case = drawn(Stack((Rnn(5),), (4, 3), LOSSES["upstream"](), "sum"), 4, examples=3)
    layer = run_path(str(SUBMISSIONS / "next_step_lost" / "rnn_layer.py"))
    forward: Any = layer["rnn_forward"]
    backward: Any = layer["rnn_backward"]
    _, cache = forward(case.case.x, *(case.values[name] for name in ("Wx1", "Wh1", "b1")))
    yours = backward(case.case.y, cache)
    wrong = made("rnn-next-step-lost", case, 1)
    for array, name in zip(yours, ("dx", "dWx1", "dWh1", "db1"), strict=True):
        np.testing.assert_allclose(array, wrong[name], rtol=1e-9, atol=1e-12)
