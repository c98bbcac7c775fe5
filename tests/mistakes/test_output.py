"""Tests of the catalogue's part A: mistakes in the loss's derivative and the output's delta."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import assert_says_quantities, drawn, everywhere, made, network, part, same, two_layers

from gradcheck.arrays import Array
from gradcheck.layers import Stack
from gradcheck.mistakes.records import Mistake

PART = part("A")
SUBMISSIONS = Path(__file__).parent.parent.parent / "submissions"

NETWORKS = (
    network(2, [(4, "tanh"), (1, "sigmoid")], "half_squared_error"),
    network(2, [(4, "sigmoid"), (3, "tanh")], "squared_error", "sum"),
    network(2, [(4, "tanh"), (3, "relu")], "mean_squared_error"),
    network(2, [(4, "softmax"), (3, "softmax")], "half_squared_error"),
    network(2, [(4, "tanh"), (3, "sigmoid")], "binary_cross_entropy"),
    network(2, [(4, "tanh"), (3, "identity")], "binary_cross_entropy_with_logits"),
    network(2, [(4, "tanh"), (3, "softmax")], "cross_entropy"),
    network(2, [(4, "tanh"), (3, "identity")], "cross_entropy_with_logits", "sum"),
    network(2, [(4, "tanh"), (3, "softmax")], "kl_divergence"),
    network(2, [(4, "tanh"), (3, "log_softmax")], "nll"),
    network(2, [(4, "tanh"), (3, "log_softmax")], "nll", "sum"),
    network(2, [(3, "tanh")], "upstream", "sum"),
)


def passes_as_right(mistake: Mistake, stack: Stack) -> bool:
    """The mistakes that nobody can tell from the right gradient.

    Where nll takes a label's log-probability and nothing is averaged, what comes from above adds up to -1,
    and to subtract p once for each -1 is to add it.
    """
    unaveraged = stack.loss.name == "nll" and stack.reduction == "sum"
    return mistake.slug == "log-softmax-upstream-added" and unaveraged


@pytest.mark.slow
@pytest.mark.parametrize("mistake", PART, ids=lambda mistake: mistake.slug)
def test_each_can_be_made_and_shows(mistake: Mistake) -> None:
    """Each can be made in one of these networks; wherever it is, some parameter's gradient is wrong."""
    times = 0
    for stack in NETWORKS:
        for seed in range(3):
            case = drawn(stack, seed)
            for _, gradients in everywhere(mistake, case):
                times += 1
                assert same(case, gradients, case.gradients()) == passes_as_right(mistake, stack)
    assert times


@pytest.mark.slow
@pytest.mark.parametrize("mistake", PART, ids=lambda mistake: mistake.slug)
def test_says_speaks_of_quantities(mistake: Mistake) -> None:
    """All that stands in braces has a finite value where the mistake is made; a hint is a question."""
    assert_says_quantities(mistake, NETWORKS)


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    shares: Array = np.exp(z) / np.exp(z).sum()
    return shares


def jacobian(a: Array) -> Array:
    """∂a/∂z of softmax."""
    return np.diag(a) - np.outer(a, a)


def posted_loop(a: Array, b: Array) -> Array:
    """The loop of SO-SOFTMAX: one entry a class, set anew for each j; b is z there, and should be a."""
    gradient = np.zeros(len(a))
    for i in range(len(a)):
        for j in range(len(b)):
            gradient[i] = a[i] * (1 - b[i]) if i == j else -a[i] * b[j]
    return gradient


def of_z(a: Array, z: Array) -> Array:
    """Softmax's Jacobian with z for the second probability."""
    return np.array([[a[i] * ((i == j) - z[j]) for j in range(len(z))] for i in range(len(a))])


Delta = Callable[[Array, Array, Array, float], Array]
"""(z, a, y, share) -> the wrong output delta of one example."""

BY_HAND: list[tuple[str, str, str, Delta]] = [
    ("output-slope-omitted", "sigmoid", "half_squared_error", lambda z, a, y, s: s * (a - y)),
    (
        "output-slope-omitted-logits",
        "identity",
        "binary_cross_entropy_with_logits",
        lambda z, a, y, s: s * ((1 - y) / (1 - sigmoid(z)) - y / sigmoid(z)),
    ),
    ("output-slope-doubled", "sigmoid", "binary_cross_entropy", lambda z, a, y, s: s * (a - y) * a * (1 - a)),
    ("output-slope-doubled", "softmax", "cross_entropy", lambda z, a, y, s: s * jacobian(a) @ (a - y)),
    ("output-slope-added", "softmax", "cross_entropy", lambda z, a, y, s: s * (a - y) * a * (1 - a)),
    (
        "output-slope-added",
        "identity",
        "cross_entropy_with_logits",
        lambda z, a, y, s: s * (softmax(z) - y) * np.diag(jacobian(softmax(z))),
    ),
    ("loss-factor-two-extra", "tanh", "half_squared_error", lambda z, a, y, s: 2 * s * (a - y) * (1 - a**2)),
    ("loss-factor-two-missing", "tanh", "squared_error", lambda z, a, y, s: s * (a - y) * (1 - a**2)),
    (
        "loss-factor-two-missing",
        "tanh",
        "mean_squared_error",
        lambda z, a, y, s: s * (a - y) / 3 * (1 - a**2),
    ),
    ("output-sign-flipped", "softmax", "cross_entropy", lambda z, a, y, s: s * (y - a)),
    ("output-mean-missing", "tanh", "mean_squared_error", lambda z, a, y, s: 2 * s * (a - y) * (1 - a**2)),
    ("output-mean-extra", "sigmoid", "binary_cross_entropy", lambda z, a, y, s: s * (a - y) / 3),
    ("bce-positive-term-only", "sigmoid", "binary_cross_entropy", lambda z, a, y, s: s * y * (a - 1)),
    (
        "bce-positive-term-only-logits",
        "identity",
        "binary_cross_entropy_with_logits",
        lambda z, a, y, s: s * y * (sigmoid(z) - 1),
    ),
    (
        "bce-inner-sign",
        "sigmoid",
        "binary_cross_entropy",
        lambda z, a, y, s: np.where(y == 1, s * (a - 1), -s * a),
    ),
    (
        "bce-inner-sign-logits",
        "identity",
        "binary_cross_entropy_with_logits",
        lambda z, a, y, s: np.where(y == 1, s * (sigmoid(z) - 1), -s * sigmoid(z)),
    ),
    (
        "softmax-diagonal-only",
        "softmax",
        "half_squared_error",
        lambda z, a, y, s: s * np.diag(np.diag(jacobian(a))) @ (a - y),
    ),
    ("softmax-skipped", "softmax", "cross_entropy", lambda z, a, y, s: -s * y / a),
    (
        "softmax-skipped-logits",
        "identity",
        "cross_entropy_with_logits",
        lambda z, a, y, s: -s * y / softmax(z),
    ),
    ("one-hot-forgotten", "log_softmax", "nll", lambda z, a, y, s: s * softmax(z)),
    (
        "softmax-true-class-only",
        "identity",
        "cross_entropy_with_logits",
        lambda z, a, y, s: np.where(y == 1, s * (softmax(z) - 1), 0),
    ),
    (
        "softmax-local-mixed",
        "softmax",
        "half_squared_error",
        lambda z, a, y, s: s * (a - y) * posted_loop(a, z),
    ),
    ("softmax-z-for-a", "softmax", "half_squared_error", lambda z, a, y, s: s * (a - y) @ of_z(a, z)),
    (
        "softmax-sum-overwritten",
        "softmax",
        "half_squared_error",
        lambda z, a, y, s: s * (a - y) * posted_loop(a, a),
    ),
    ("output-not-loss", "sigmoid", "half_squared_error", lambda z, a, y, s: s * a * (1 - a)),
    ("difference-of-squares", "sigmoid", "squared_error", lambda z, a, y, s: s * 2 * a * a * (1 - a)),
    ("difference-of-half-squares", "identity", "half_squared_error", lambda z, a, y, s: s * z),
    ("log-softmax-upstream-added", "log_softmax", "nll", lambda z, a, y, s: softmax(z) - s * y),
]


@pytest.mark.slow
@pytest.mark.parametrize(("slug", "g", "loss", "delta"), BY_HAND, ids=[f"{b[0]}-{b[1]}" for b in BY_HAND])
@given(seed=st.integers(0, 1000), mean=st.booleans())
def test_by_hand(slug: str, g: str, loss: str, delta: Delta, seed: int, mean: bool) -> None:
    """The gradients are those that follow from the wrong output delta, written down for one example."""
    case = drawn(network(2, [(4, "tanh"), (3, g)], loss, "mean" if mean else "sum"), seed)
    share = 1 / 5 if mean else 1.0
    rows = zip(case.values["z2"], case.values["a2"], case.case.y, strict=True)
    dz2 = np.array([delta(z, a, y, share) for z, a, y in rows])
    gradients = made(slug, case, 2)
    np.testing.assert_allclose(gradients["dz2"], dz2, atol=1e-12)
    assert same(case, gradients, two_layers(case, dz2, 1 - case.values["a1"] ** 2))


@given(seed=st.integers(0, 1000))
def test_diagonal_only_is_true_class_only(seed: int) -> None:
    """With labels and the cross-entropy, softmax's diagonal alone leaves only the true class's delta."""
    case = drawn(network(2, [(4, "tanh"), (3, "softmax")], "cross_entropy"), seed)
    assert same(case, made("softmax-diagonal-only", case, 2), made("softmax-true-class-only", case, 2))


@pytest.mark.parametrize("outputs", [2, 3])
def test_two_outputs_hide_which_constant_it_is(outputs: int) -> None:
    """To divide by the number of outputs is to lose the square's 2 where there are two, and only there."""
    case = drawn(network(2, [(4, "tanh"), (outputs, "sigmoid")], "squared_error"), 0)
    one, other = made("output-mean-extra", case, 2), made("loss-factor-two-missing", case, 2)
    assert same(case, one, other) == (outputs == 2)


def submission(name: str) -> ModuleType:
    """A submission's module."""
    spec = importlib.util.spec_from_file_location(name.replace("/", "_"), SUBMISSIONS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@given(seed=st.integers(0, 1000))
def test_posted_answer_takes_a_difference_of_squares(seed: int) -> None:
    """The answer to datascience.SE 74328 that differentiates y² - h² has this mistake's numbers."""
    case = drawn(network(3, [(3, "sigmoid"), (1, "sigmoid")], "squared_error"), seed, examples=1)
    gradients = made("difference-of-squares", case, 2)
    answer = submission("answer/chain_function")
    h2, z2, h3 = (case.values[name].T for name in ("a1", "z2", "a2"))
    links = answer.links(h2, z2, h3, case.case.y.T)
    np.testing.assert_allclose(links[0], gradients["da2"])
    np.testing.assert_allclose(answer.product(*links), gradients["dW2"].T)


@given(seed=st.integers(0, 1000))
def test_shipped_submission_leaves_out_the_output_slope(seed: int) -> None:
    """submissions/slope_forgotten has this mistake's numbers."""
    case = drawn(network(2, [(3, "tanh"), (1, "tanh")], "squared_error"), seed, examples=1)
    gradients = made("output-slope-omitted", case, 2)
    forgotten = submission("slope_forgotten/tanh_delta")
    delta = forgotten.output_delta(case.values["a2"], case.case.y)
    np.testing.assert_allclose(delta, gradients["dz2"])
    theta = np.vstack([gradients["db2"], gradients["dW2"]])
    np.testing.assert_allclose(forgotten.weight_gradient(case.values["a1"], delta), theta)
