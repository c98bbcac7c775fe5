"""Tests of the catalogue's part C: mistakes in how a delta follows from the next layer's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import Drawn, assert_made, drawn, made, network, part, penalty

from gradcheck.arrays import Array
from gradcheck.layers import Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.layers.dense import Dense
from gradcheck.layers.flatten import Flatten
from gradcheck.layers.rnn import Rnn
from gradcheck.losses import LOSSES
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.edits import layers_of
from gradcheck.mistakes.records import Fault, Mistake
from gradcheck.specification.cases import Case

SUBMISSIONS = Path(__file__).parents[2] / "submissions"
NETWORKS = (
    network(3, [(3, "sigmoid"), (3, "tanh"), (3, "sigmoid")], "half_squared_error"),
    network(4, [(5, "tanh"), (5, "leaky_relu"), (3, "softmax")], "cross_entropy"),
    network(2, [(4, "softplus"), (1, "sigmoid")], "binary_cross_entropy", "sum"),
    network(4, [(4, "identity")], "upstream", "sum"),
    Stack((Rnn(4), Flatten(), Dense(2)), (3, 2), LOSSES["half_squared_error"]()),
)
SQUARE = network(3, [(3, "tanh"), (3, "tanh"), (3, "tanh")], "half_squared_error")


@pytest.mark.slow
@pytest.mark.parametrize("mistake", part("C"), ids=lambda mistake: mistake.slug)
def test_each_can_be_made_and_shows(mistake: Mistake) -> None:
    """Each can be made, alone and at all layers; wherever it is, a gradient is wrong."""
    assert_made(mistake, NETWORKS)


Values = dict[str, Array]
Back = Callable[[Values], Array]
"""∂J/∂a of a hidden layer, from its W and from b, W, δ and ∂J/∂a of the next, and the δ of the last."""


def deltas(case: Drawn, back: Back) -> Values:
    """The deltas of three layers of tanh under ½(a - y)², averaged, with that way back."""
    v = case.values
    e: Array = (v["a3"] - case.case.y) / len(case.case.y)
    δ = {3: e * (1 - v["a3"] ** 2)}
    for layer in (2, 1):
        next_ = {"W": v[f"W{layer + 1}"], "b": v[f"b{layer + 1}"], "δ": δ[layer + 1], "e": e}
        e = back({"W_own": v[f"W{layer}"], "δ_last": δ[3], **next_})
        δ[layer] = e * (1 - v[f"a{layer}"] ** 2)
    return {f"dz{layer}": δ[layer] for layer in δ}


def route(v: Values, unit: int) -> Array:
    """What one unit of the next layer sends back."""
    return np.outer(v["δ"][:, unit], v["W"][:, unit])


BY_HAND: dict[str, Back] = {
    "raw-error-propagated": lambda v: np.einsum("nk,ik->ni", v["e"], v["W"]),
    "weights-not-transposed": lambda v: np.einsum("nk,ki->ni", v["δ"], v["W"]),
    "weights-left-out": lambda v: np.tile(v["δ"].sum(1, keepdims=True), 3),
    "weight-layer-off-by-one": lambda v: np.einsum("nk,ik->ni", v["δ"], v["W_own"]),
    "output-delta-reused": lambda v: np.einsum("nk,ik->ni", v["δ_last"], v["W"]),
    "downstream-sum-first-only": lambda v: route(v, 0),
    "downstream-sum-last-only": lambda v: route(v, 2),
    "downstream-sum-same-index": lambda v: np.einsum("ni,ii->ni", v["δ"], v["W"]),
    # Θ has the bias as its first row, and loses its last.
    "bias-column-kept": lambda v: np.einsum("nk,ik->ni", v["δ"], np.stack([v["b"], *v["W"][:-1]])),
}


@pytest.mark.slow
@pytest.mark.parametrize("slug", BY_HAND)
@given(seed=st.integers(0, 10_000))
def test_by_hand(slug: str, seed: int) -> None:
    """At both hidden layers at once, the gradients are those worked out index by index."""
    case = drawn(SQUARE, seed)
    layers = [n for n in layers_of(CATALOGUE[slug], case.stack) if n > 0]
    wrong, right = made(slug, case, *layers), deltas(case, BY_HAND[slug])
    for layer, source in ((3, "a2"), (2, "a1"), (1, "x")):
        δ = right[f"dz{layer}"]
        np.testing.assert_allclose(wrong[f"dz{layer}"], δ, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(wrong[f"dW{layer}"], case.values[source].T @ δ, rtol=1e-9, atol=1e-14)


@given(seed=st.integers(0, 10_000))
def test_slope_added_or_twice(seed: int) -> None:
    """The slope of tanh is 1/cosh²: added where it should multiply, or there twice."""
    case = drawn(SQUARE, seed)
    right, slope = case.gradients(), 1 / np.cosh(case.values["z2"]) ** 2
    np.testing.assert_allclose(made("chain-added", case, 2)["dz2"], right["da2"] + slope)
    np.testing.assert_allclose(made("slope-applied-twice", case, 2)["dz2"], right["da2"] * slope * slope)


@given(seed=st.integers(0, 10_000), eta=st.floats(0.01, 2))
def test_updated_weights(seed: int, eta: float) -> None:
    """The way back is that of weights after a step of gradient descent, penalty and all."""
    case = drawn(replace(SQUARE, penalty=penalty("lambda/2", "W")), seed)
    wrong = case.gradients(Fault(CATALOGUE["updated-weights-used"], (2,), eta))
    right = case.gradients()
    updated = case.values["W3"] - eta * right["dW3"]
    np.testing.assert_allclose(wrong["da2"], right["dz3"] @ updated.T)


@pytest.mark.parametrize("slug", ["weights-not-transposed", "weights-left-out", "bias-column-kept"])
def test_the_input_is_layer_0(slug: str) -> None:
    """What goes back to the input is made wrong at layer 0, and nothing else is."""
    case = drawn(network(3, [(3, "identity")], "upstream", "sum"), 1)
    wrong, right = made(slug, case, 0), case.gradients()
    W, b, δ = (case.values[name] if name in case.values else right["dz1"] for name in ("W1", "b1", "dz1"))
    dx = {
        "weights-not-transposed": δ @ W,
        "weights-left-out": np.tile(δ.sum(1)[:, None], 3),
        "bias-column-kept": np.stack([δ @ b, δ @ W[0], δ @ W[1]], axis=1),
    }
    np.testing.assert_allclose(wrong["dx"], dx[slug])
    assert all(np.array_equal(wrong[name], right[name]) for name in right if name != "dx")


@pytest.mark.parametrize("g", ["relu", "relu6", "hardtanh"])
def test_slopes_that_are_their_own_squares(g: str) -> None:
    """A slope of 0 or 1 may be applied twice: nobody can tell, and nothing is wrong."""
    case = drawn(network(2, [(4, g), (1, "sigmoid")], "half_squared_error"), 3)
    assert layers_of(CATALOGUE["slope-applied-twice"], case.stack) == (2,)
    wrong, right = made("slope-applied-twice", case, 1), case.gradients()
    assert all(np.array_equal(wrong[name], right[name]) for name in right)


def test_math_se_3048198() -> None:
    """The numbers of a real question, whose two products of weights are missing."""
    layers = tuple(Dense(units, ACTIVATIONS["sigmoid"]()) for units in (1, 2, 1))
    stack = Stack(layers, (1,), LOSSES["none"]())

    def slopes(w1: float, w2: float, w3: float, w4: float, w5: float) -> tuple[float, float]:
        weights = {"W1": np.array([[w1]]), "W2": np.array([[w2, w3]]), "W3": np.array([[w4], [w5]])}
        biases = {"b1": np.ones(1), "b2": np.ones(2), "b3": np.ones(1)}
        case = Drawn(Case(stack, weights | biases, np.ones((1, 1)), np.zeros((1, 1))))
        wrong = made("weights-left-out", case, 1, 2)
        return case.gradients()["dW1"].item(), wrong["dW1"].item()

    right, asker = slopes(0.5, 0.5, 0.5, 0.5, 0.5)
    assert right == pytest.approx(0.0014291881022, abs=5e-14)
    assert asker == pytest.approx(0.00571675240882, abs=5e-14)
    right, asker = slopes(0.3, -0.7, 1.1, 0.4, 0.9)
    assert asker / right == pytest.approx(7.306, abs=5e-4)


def test_the_asker_of_two_layer() -> None:
    """The shipped submission whose author took the outgoing weights for missing."""
    stack = Stack((NETWORKS[0].layers[0], Dense(1, ACTIVATIONS["sigmoid"](), bias=False)), (3,), SQUARE.loss)
    case = drawn(stack, 2)
    v = case.values
    backprop: Any = run_path(str(SUBMISSIONS / "asker" / "two_layer.py"))["backprop"]
    dW2, db2, dW3, δ2, δ3 = backprop(v["x"].T, case.case.y.T, v["W1"].T, v["b1"][:, None], v["W2"].T)
    asker = {"dW1": dW2.T, "db1": db2[:, 0], "dW2": dW3.T, "dz1": δ2.T, "dz2": δ3.T}
    wrong = made("weights-left-out", case, 1)
    for name, array in asker.items():
        np.testing.assert_allclose(array, wrong[name])
