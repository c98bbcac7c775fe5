"""Tests of the catalogue's part B: mistakes in the activation's derivative."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import Drawn, assert_says_quantities, drawn, everywhere, made, network, part, same, two_layers

from gradcheck.arrays import Array
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.mistakes.edits import NoSuchMistakeError
from gradcheck.mistakes.records import Mistake
from gradcheck.specification.cases import Case
from halves import some

PART = part("B")

NETWORKS = (
    network(2, [(6, "sigmoid"), (4, "tanh"), (3, "sigmoid")], "half_squared_error"),
    network(2, [(6, "tanh"), (4, "relu"), (3, "softmax")], "cross_entropy"),
    network(2, [(6, "leaky_relu"), (4, "elu"), (3, "identity")], "squared_error", "sum"),
    network(2, [(6, "softplus"), (4, "selu"), (3, "softsign")], "mean_squared_error"),
    network(2, [(5, "arctan"), (5, "relu"), (5, "tanh")], "half_squared_error"),
    network(2, [(5, "relu"), (5, "sigmoid"), (1, "identity")], "half_squared_error"),
)
"""The last but one has as many units everywhere as there are examples: any product of two matrices fits."""


@pytest.mark.slow
@pytest.mark.parametrize("mistake", some(PART, 8), ids=lambda mistake: mistake.slug)
def test_each_can_be_made_and_shows(mistake: Mistake) -> None:
    """Each can be made in one of these networks; wherever it is, some parameter's gradient is wrong."""
    times = 0
    for stack in NETWORKS:
        for seed in range(3):
            case = drawn(stack, seed)
            for _, gradients in everywhere(mistake, case):
                times += 1
                assert not same(case, gradients, case.gradients())
    assert times


@pytest.mark.parametrize("mistake", some(PART, 8), ids=lambda mistake: mistake.slug)
def test_says_speaks_of_quantities(mistake: Mistake) -> None:
    """All that stands in braces has a finite value where the mistake is made; a hint is a question."""
    assert_says_quantities(mistake, NETWORKS)


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


Factor = Callable[[Array, Array], Array]
"""(z, a) -> the wrong derivative."""

BY_HAND: dict[str, tuple[str, Factor]] = {
    "slope-at-activation": ("sigmoid", lambda z, a: sigmoid(a) * (1 - sigmoid(a))),
    "a-form-on-z": ("sigmoid", lambda z, a: z - z * z),
    "a-form-on-z-tanh": ("tanh", lambda z, a: 1 - z * z),
    "hidden-slope-omitted": ("tanh", lambda z, a: np.ones(z.shape)),
    "tanh-slope-unsquared": ("tanh", lambda z, a: 1 - a),
    "tanh-slope-one-lost": ("tanh", lambda z, a: -a * a),
    "tanh-slope-plus": ("tanh", lambda z, a: 1 + a * a),
    "tanh-slope-inverse": ("tanh", lambda z, a: np.cosh(z) ** 2),
    "tanh-slope-of-arctan": ("tanh", lambda z, a: 1 / (1 + z * z)),
    "sigmoid-for-slope": ("sigmoid", lambda z, a: sigmoid(z)),
    "sigmoid-slope-half": ("sigmoid", lambda z, a: sigmoid(-z)),
    "relu-mask-missing": ("relu", lambda z, a: np.ones(z.shape)),
    "relu-value-for-slope": ("relu", lambda z, a: np.where(z > 0, z, 0)),
    "leaky-slope-dropped": ("leaky_relu", lambda z, a: np.where(z > 0, 1, 0)),
    "elu-softplus-wrong-variable": ("elu", lambda z, a: np.where(z > 0, 1, np.exp(np.exp(z) - 1))),
    "elu-a-form-on-z": ("elu", lambda z, a: np.where(z > 0, 1, z + 1)),
    "softplus-a-form-on-z": ("softplus", lambda z, a: 1 - np.exp(-z)),
    "slope-of-next-activation": ("tanh", lambda z, a: np.cos(z)),
    "sigmoid-slope-everywhere": ("tanh", lambda z, a: sigmoid(z) * sigmoid(-z)),
    "sigmoid-a-form-everywhere": ("tanh", lambda z, a: a - a * a),
}


@pytest.mark.slow
@pytest.mark.parametrize("slug", BY_HAND)
@given(seed=st.integers(0, 1000))
def test_by_hand(slug: str, seed: int) -> None:
    """The gradients are those of a hidden delta with the wrong factor, written out in NumPy."""
    g, factor = BY_HAND[slug]
    case = drawn(network(2, [(4, g), (3, "sine")], "half_squared_error"), seed)
    z2, a2 = case.values["z2"], case.values["a2"]
    wrong = factor(case.values["z1"], case.values["a1"])
    by_hand = two_layers(case, (a2 - case.case.y) * np.cos(z2) / 5, wrong)
    assert same(case, made(slug, case, 1), by_hand)


@given(seed=st.integers(0, 1000))
def test_relu_mask_by_hand(seed: int) -> None:
    """A mask that overwrites leaves ones, averaged; one on the wrong tensor leaves what came in positive."""
    case = drawn(network(2, [(4, "relu"), (3, "identity")], "half_squared_error"), seed)
    x, W2 = case.case.x, case.case.parameters["W2"]
    came = (case.values["a2"] - case.case.y) @ W2.T / 5
    overwritten = made("relu-mask-overwrites", case, 1)
    np.testing.assert_allclose(overwritten["dW1"], x.T @ (case.values["z1"] > 0) / 5)
    masked = made("relu-mask-wrong-tensor", case, 1)
    np.testing.assert_allclose(masked["dW1"], x.T @ np.maximum(came, 0), atol=1e-12)


@given(seed=st.integers(0, 1000))
def test_neighbours_by_hand(seed: int) -> None:
    """The slope of another layer's z, where the layers have as many units."""
    case = drawn(network(2, [(4, "tanh"), (4, "tanh")], "half_squared_error"), seed)
    a1, a2, y = case.values["a1"], case.values["a2"], case.case.y
    right = (a2 - y) * (1 - a2**2) / 5
    assert same(case, made("slope-at-next-layer", case, 1), two_layers(case, right, 1 - a2**2))
    slipped = (a2 - y) * (1 - a1**2) / 5
    assert same(case, made("slope-at-previous-layer", case, 2), two_layers(case, slipped, 1 - a1**2))


@pytest.mark.slow
@given(seed=st.integers(0, 1000))
def test_products_by_hand(seed: int) -> None:
    """The other product, in a network of three units everywhere and three examples."""
    case = drawn(network(3, [(3, "tanh"), (3, "identity")], "half_squared_error"), seed, examples=3)
    a1, dz2 = case.values["a1"], (case.values["a2"] - case.case.y) / 3
    W2 = case.case.parameters["W2"]
    da1, slope1 = dz2 @ W2.T, 1 - a1 * a1
    for slug, dz1 in (
        ("matmul-for-hadamard", np.dot(da1, slope1)),
        ("matmul-for-hadamard-reversed", np.dot(da1.T, slope1.T).T),
        ("tanh-square-as-matmul", da1 * (1 - np.dot(a1, a1.T))),
        ("hadamard-for-matmul", (W2 * dz2.T).T * slope1),
    ):
        np.testing.assert_allclose(made(slug, case, 1)["dz1"], dz1, atol=1e-12)


@pytest.mark.parametrize("slug", ["matmul-for-hadamard", "hadamard-for-matmul", "slope-at-previous-layer"])
def test_shapes_forbid(slug: str) -> None:
    """Where the shapes don't fit, nobody can make the mistake."""
    case = drawn(network(2, [(3, "tanh"), (4, "tanh")], "half_squared_error"), 0)
    with pytest.raises(NoSuchMistakeError):
        made(slug, case, 1)


@given(seed=st.integers(0, 1000))
def test_no_mask_is_no_slope(seed: int) -> None:
    """A forgotten ReLU mask is a forgotten slope, in a hidden layer and at the output."""
    case = drawn(network(2, [(4, "relu"), (3, "relu")], "half_squared_error"), seed)
    assert same(case, made("relu-mask-missing", case, 1), made("hidden-slope-omitted", case, 1))
    assert same(case, made("relu-mask-missing", case, 2), made("output-slope-omitted", case, 2))


@given(seed=st.integers(0, 1000))
def test_sigmoid_next_is_sigmoid_everywhere(seed: int) -> None:
    """The next layer's slope is σ′ where that layer is a sigmoid's."""
    case = drawn(network(2, [(4, "tanh"), (3, "sigmoid")], "half_squared_error"), seed)
    assert same(case, made("slope-of-next-activation", case, 1), made("sigmoid-slope-everywhere", case, 1))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["identity", "relu", "leaky_relu", "relu6", "hardtanh"])
@given(z=st.floats(-10, 10).filter(lambda z: z != 0))
def test_straight_activations_forgive(name: str, z: float) -> None:
    """Of straight lines alone, the slope at a is that at z: to take a for z is no mistake there."""
    g = ACTIVATIONS[name]()
    assert g.derivative is not None
    at_z = np.array([z])
    at_a = g.value(at_z)
    np.testing.assert_array_equal(g.derivative(at_z, at_a), g.derivative(at_a, g.value(at_a)))


def test_a_form_on_z_as_posted() -> None:
    """PT 187917: tanh twice with one weight of 2, where 1 - z² gives -40.2153 for 8.1888."""
    stack = network(1, [(1, "tanh"), (1, "tanh"), (1, "identity")], "none", "sum")
    weights = {"W1": 2.0, "W2": 2.0, "W3": 40.0, "b1": 0.0, "b2": 0.0, "b3": 0.0}
    parameters = {name: np.full(stack.parameters[name], value) for name, value in weights.items()}
    case = Drawn(Case(stack, parameters, np.array([[0.5]]), np.zeros((1, 1))))
    right, posted = case.gradients(), made("a-form-on-z-tanh", case, 1, 2)
    assert float((right["dW1"] + right["dW2"]).item()) == pytest.approx(8.1888, abs=5e-5)
    assert float((posted["dW1"] + posted["dW2"]).item()) == pytest.approx(-40.21530288726289)
