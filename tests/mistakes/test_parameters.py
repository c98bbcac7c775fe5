"""Tests of the catalogue's part D: mistakes in the gradients of weights and biases."""

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
from making import Drawn, assert_made, drawn, made, network, part, penalty, same

from gradcheck.arrays import Array
from gradcheck.layers import Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.layers.conv2d import Conv2d
from gradcheck.layers.dense import Dense
from gradcheck.layers.flatten import Flatten
from gradcheck.losses import LOSSES
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.edits import NoSuchMistakeError, layers_of
from gradcheck.mistakes.records import Fault, Mistake

SUBMISSIONS = Path(__file__).parents[2] / "submissions"
IMAGE = (Conv2d(2, 2, activation=ACTIVATIONS["tanh"]()), Flatten(), Dense(2, ACTIVATIONS["sigmoid"]()))
NETWORKS = (
    network(4, [(4, "sigmoid"), (4, "tanh"), (3, "sigmoid")], "half_squared_error"),
    network(5, [(5, "tanh"), (5, "relu"), (5, "softmax")], "cross_entropy"),
    network(3, [(4, "leaky_relu"), (2, "identity")], "squared_error", "sum"),
    network(4, [(3, "identity")], "upstream", "sum"),
    Stack(IMAGE, (2, 3, 4), LOSSES["half_squared_error"]()),
)
"""The second has as many units everywhere as there are examples: any product of two matrices fits."""
EQUALLY_MANY = ((1, "wrong-batch-count"), (1, "features-counted-for-batch"))
"""There, the number of inputs is that of examples, and nothing comes of mixing them up."""

SQUARE = network(4, [(4, "sigmoid"), (4, "tanh"), (4, "sigmoid")], "half_squared_error")


@pytest.mark.slow
@pytest.mark.parametrize("mistake", part("D"), ids=lambda mistake: mistake.slug)
def test_each_can_be_made_and_shows(mistake: Mistake) -> None:
    """Each can be made, alone and at all layers; wherever it is, a gradient is wrong."""
    if mistake.slug == "accumulates-over-calls":
        assert not any(layers_of(mistake, stack) for stack in NETWORKS)  # a single call is right
        return
    assert_made(mistake, [c for n, c in enumerate(NETWORKS) if (n, mistake.slug) not in EQUALLY_MANY])


@pytest.mark.parametrize(("number", "slug"), EQUALLY_MANY)
def test_as_many_inputs_as_examples(number: int, slug: str) -> None:
    """What is counted in place of the examples may be as many: nobody can tell, and nothing is wrong."""
    case = drawn(NETWORKS[number], 1)
    assert same(case, made(slug, case, *layers_of(CATALOGUE[slug], case.stack)), case.gradients())


Values = dict[str, Array]
"""x and z of the layer before, a, δ, ∂J/∂a and the right gradients of layer 2, dW of layer 3, the input."""


def second(case: Drawn) -> Values:
    """What the formulas for layer 2 are made of."""
    v, g = case.values, case.gradients()
    return {
        "X": v["x"],
        "x": v["a1"],
        "z": v["z1"],
        "a": v["a2"],
        "δ": g["dz2"],
        "e": g["da2"],
        "dW": np.einsum("ni,nk->ik", v["a1"], g["dz2"]),
        "db": np.einsum("nk->k", g["dz2"]),
        "dW_next": np.einsum("ni,nk->ik", v["a2"], g["dz3"]),
    }


By = Callable[[Values], Array]

BY_HAND: dict[str, tuple[By | None, By | None]] = {
    "own-output-as-input": (lambda v: np.einsum("ni,nk->ik", v["a"], v["δ"]), None),
    "preactivation-as-input": (lambda v: np.einsum("ni,nk->ik", v["z"], v["δ"]), None),
    "x-for-every-layer": (lambda v: np.einsum("ni,nk->ik", v["X"], v["δ"]), None),
    "dw-transposed": (lambda v: np.einsum("ni,nk->ki", v["x"], v["δ"]), None),
    "db-not-summed": (None, lambda v: v["δ"]),
    "db-first-example-only": (None, lambda v: v["δ"][0]),
    "db-last-example-only": (None, lambda v: v["δ"][4]),
    "db-one-scalar": (None, lambda v: np.full(4, v["δ"].sum())),
    "db-mean-for-sum": (None, lambda v: v["δ"].mean(0)),
    "db-mean-missing": (None, lambda v: v["db"] * 5),
    "db-left-out": (None, lambda v: np.zeros(4)),
    "db-from-raw-error": (None, lambda v: v["e"].sum(0)),
    "dw-mean-missing": (lambda v: v["dW"] * 5, None),
    "dw-mean-extra": (lambda v: v["dW"] / 5, None),
    "wrong-batch-count": (lambda v: v["dW"] * 5 / 4, lambda v: v["db"] * 5 / 4),
    "unroll-order-mixed": (lambda v: v["dW"].T.flatten().reshape(4, 4), None),
    "neighbour-gradient-copied": (lambda v: v["dW_next"], None),
    "input-left-out": (lambda v: np.tile(v["db"], (4, 1)), None),
}
"""Slug -> the wrong dW and db of layer 2."""


@pytest.mark.slow
@pytest.mark.parametrize("slug", BY_HAND)
@given(seed=st.integers(0, 10_000))
def test_by_hand(slug: str, seed: int) -> None:
    """At the layer in the middle, dW and db are those worked out by hand; everything else is right."""
    case = drawn(SQUARE, seed)
    wrong, right, hand = made(slug, case, 2), case.gradients(), second(case)
    for name, by_hand in zip(("dW2", "db2"), BY_HAND[slug], strict=True):
        np.testing.assert_allclose(wrong[name], by_hand(hand) if by_hand else right[name], rtol=1e-9)
    assert all(np.array_equal(wrong[n], right[n]) for n in right if n not in ("dW2", "db2"))


@pytest.mark.slow
@given(seed=st.integers(0, 10_000))
def test_products_without_a_transpose(seed: int) -> None:
    """The plain products of a layer's input and its delta, where their shapes allow them."""
    case = drawn(NETWORKS[1], seed)
    a, δ = case.values["a1"], case.gradients()["dz2"]
    np.testing.assert_allclose(made("dw-product-untransposed", case, 2)["dW2"], np.einsum("ij,jk->ik", a, δ))
    np.testing.assert_allclose(made("dw-product-swapped", case, 2)["dW2"], np.einsum("ij,jk->ik", δ, a))
    for slug in ("dw-product-untransposed", "dw-product-swapped"):
        with pytest.raises(NoSuchMistakeError):
            made(slug, drawn(SQUARE, seed), 2)


WHOLE = {
    "batch-mean-missing": (NETWORKS[0], 5.0),
    "batch-mean-twice": (NETWORKS[0], 1 / 5),
    "batch-mean-for-sum": (NETWORKS[2], 1 / 5),
    "features-counted-for-batch": (NETWORKS[0], 5 / 4),
}


@pytest.mark.slow
@pytest.mark.parametrize("slug", WHOLE)
@given(seed=st.integers(0, 10_000))
def test_whole_networks(slug: str, seed: int) -> None:
    """What is wrong in the number of examples scales every gradient of the data, and no penalty."""
    stack, factor = WHOLE[slug]
    case = drawn(replace(stack, penalty=penalty("lambda", "W")), seed)
    wrong, right = made(slug, case, len(stack.layers)), Drawn(replace(case.case, stack=stack)).gradients()
    for name, w in case.case.parameters.items():
        pull = 0.3 * 2 * w if name.startswith("W") else 0
        np.testing.assert_allclose(wrong[f"d{name}"], factor * right[f"d{name}"] + pull)


NUMBERED: dict[str, tuple[tuple[int, ...], set[str]]] = {
    "stray-constant": ((2,), {"dW2"}),
    "stray-constant-in-db": ((3,), {"db3"}),
    "update-returned": ((1, 2, 3), {"dW1", "db1", "dW2", "db2", "dW3", "db3"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("slug", NUMBERED)
@given(seed=st.integers(0, 10_000), value=st.floats(0.01, 5))
def test_numbers_in_front(slug: str, seed: int, value: float) -> None:
    """A stray constant stands before one array; a learning rate before all that is handed in."""
    layers, scaled = NUMBERED[slug]
    case = drawn(NETWORKS[0], seed)
    wrong, right = case.gradients(Fault(CATALOGUE[slug], layers, value)), case.gradients()
    for name in right:
        np.testing.assert_allclose(wrong[name], right[name] * (value if name in scaled else 1))


@given(seed=st.integers(0, 10_000))
def test_order_of_layers(seed: int) -> None:
    """In reverse order the first layer is given the last one's gradients, shapes and all."""
    case = drawn(NETWORKS[0], seed)
    right = case.gradients()
    both, weights = (made(slug, case, 1, 2, 3) for slug in ("layers-swapped", "weights-swapped"))
    for here, there in ((1, 3), (2, 2), (3, 1)):
        assert np.array_equal(both[f"dW{here}"], right[f"dW{there}"])
        assert np.array_equal(both[f"db{here}"], right[f"db{there}"])
        assert np.array_equal(weights[f"dW{here}"], right[f"dW{there}"])
        assert np.array_equal(weights[f"db{here}"], right[f"db{here}"])


def test_order_of_pixels() -> None:
    """The gradient comes back to each image with its entries column-major, channels the fastest."""
    case = drawn(NETWORKS[4], 1)
    wrong, flat = made("flatten-order-mixed", case, 2)["da1"], case.gradients()["da2"]
    for example, c, row, column in np.ndindex(wrong.shape):
        assert wrong[example, c, row, column] == flat[example, c + 2 * (row + 2 * column)]


def test_what_a_second_call_adds_up() -> None:
    """Without a penalty, piling up doubles everything, as a 2 in front of the loss does; with one, λW too."""
    layers = [(4, "sigmoid"), (1, "identity")]
    plain = network(3, layers, "half_squared_error")
    for stack, alike in ((plain, True), (replace(plain, penalty=penalty("lambda", "W")), False)):
        case = drawn(stack, 1)
        right = case.gradients()
        twice = made("accumulates-over-calls", case, 1, 2)
        assert all(np.array_equal(twice[f"d{n}"], 2 * right[f"d{n}"]) for n in case.case.parameters)
        assert same(case, twice, made("loss-factor-two-extra", case, 2)) == alike


@pytest.mark.slow
@given(seed=st.integers(0, 10_000))
def test_same_numbers(seed: int) -> None:
    """Mistakes that some sizes, or all of them, make one."""
    case = drawn(NETWORKS[0], seed, 4)
    four = case.gradients(Fault(CATALOGUE["stray-constant-in-db"], (2,), 4))
    assert same(case, made("db-mean-missing", case, 2), four)
    parts = [Fault(CATALOGUE[slug], (1, 2, 3)) for slug in ("dw-mean-missing", "db-mean-missing")]
    assert same(case, case.gradients(*parts), made("batch-mean-missing", case, 3))
    two = drawn(network(2, [(2, "sigmoid"), (2, "sigmoid")], "half_squared_error"), seed)
    assert same(two, made("dw-transposed", two, 1), made("unroll-order-mixed", two, 1))


def test_the_index_slip_of_two_layer() -> None:
    """The shipped submission that numbers weights by the layer they leave."""
    layers = (Dense(3, ACTIVATIONS["sigmoid"]()), Dense(1, ACTIVATIONS["sigmoid"](), bias=False))
    case = drawn(Stack(layers, (2,), LOSSES["half_squared_error"]()), 2)
    v = case.values
    backprop: Any = run_path(str(SUBMISSIONS / "index_slip" / "two_layer.py"))["backprop"]
    dW2, db2, dW3, *_ = backprop(v["x"].T, case.case.y.T, v["W1"].T, v["b1"][:, None], v["W2"].T)
    wrong = made("weights-swapped", case, 1, 2)
    for yours, name in ((dW2.T, "dW1"), (dW3.T, "dW2"), (db2[:, 0], "db1")):
        np.testing.assert_allclose(yours, wrong[name])
    with pytest.raises(NoSuchMistakeError):  # there is no second bias to swap with the first
        made("layers-swapped", case, 1, 2)


def test_the_answer_to_three_matrices() -> None:
    """The shipped submission that takes ∂(W h)/∂W for 1."""
    layers = (*(Dense(2, ACTIVATIONS["sigmoid"](), bias=False) for _ in range(2)), Dense(1, bias=False))
    case = drawn(Stack(layers, (2,), LOSSES["none"]()), 2, examples=1)
    v = case.values
    gradients: Any = run_path(str(SUBMISSIONS / "answer" / "three_matrices.py"))["gradients"]
    _, dW2, dW3 = gradients(v["x"].T, v["W1"].T, v["W2"].T, v["W3"].T)
    wrong = made("input-left-out", case, 2)
    np.testing.assert_allclose(dW2.T, wrong["dW2"])
    np.testing.assert_allclose(dW3, wrong["dW3"].T)
