"""Cases: seeded, and drawn so that faults can't hide."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.layers import Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.layers.dense import Dense
from gradcheck.losses import LOSSES
from gradcheck.network.search import NEAR_A_KINK
from gradcheck.specification.cases import Case, draw
from networks import TWO_LAYERS, cases, stacks


@given(stacks(), st.integers(1, 5), st.integers(0, 1000))
def test_same_seed_same_numbers(stack: Stack, batch: int, seed: int) -> None:
    """A case is a function of the network, the batch and the seed."""
    one, other = draw(stack, batch, seed), draw(stack, batch, seed)
    for name in one.parameters:
        np.testing.assert_array_equal(one.parameters[name], other.parameters[name])
    np.testing.assert_array_equal(one.x, other.x)
    np.testing.assert_array_equal(one.y, other.y)


def test_the_numbers_themselves() -> None:
    """The stream is part of the promise: the same spec gives the same numbers everywhere."""
    case = draw(TWO_LAYERS, 1, 0)
    np.testing.assert_allclose(case.x.ravel(), [-0.300694602, 1.422536484], rtol=1e-8)


@given(cases())
def test_nothing_is_equal_or_zero(case: Case) -> None:
    """No two weights alike, no bias zero, no input zero."""
    for w in (*case.parameters.values(), case.x):
        assert len(np.unique(w)) == w.size
        assert np.abs(w).min() > 0.01


@given(
    st.sampled_from(["binary_cross_entropy_with_logits", "hinge", "cross_entropy_with_logits"]),
    st.integers(2, 6),
    st.integers(0, 500),
)
def test_every_batch_has_two_classes(loss: str, batch: int, seed: int) -> None:
    """Labels that are all alike would let half of the loss go unseen."""
    y = draw(Stack((Dense(3),), (2,), LOSSES[loss]()), batch, seed).y
    assert len(np.unique(y)) == 2
    if loss == "cross_entropy_with_logits":
        assert len(np.unique(y.argmax(1))) > 1


@given(st.integers(0, 500))
def test_away_from_kinks(seed: int) -> None:
    """The pre-activations of a ReLU layer keep their distance from 0."""
    stack = Stack((Dense(4, ACTIVATIONS["relu"]()), Dense(2)), (3,), LOSSES["squared_error"]())
    case = draw(stack, 4, seed)
    z = case.x @ case.parameters["W1"] + case.parameters["b1"]
    assert np.abs(z).min() >= NEAR_A_KINK
