"""Tests of the catalogue's part E: mistakes in the penalty's part of a gradient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import Drawn, assert_made, drawn, made, network, part, penalty

from gradcheck.arrays import Array
from gradcheck.layers import Stack
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.edits import layers_of
from gradcheck.mistakes.records import Mistake
from gradcheck.network.penalty import Constant
from halves import some

PLAIN = network(3, [(4, "sigmoid"), (2, "identity")], "half_squared_error")
λ, m = 0.3, 5


def penalised(constant: Constant, covers: str = "W") -> Stack:
    """A network with λ ΣW², its constant as given."""
    return replace(PLAIN, penalty=penalty(constant, covers))


NETWORKS = (
    penalised("lambda"),
    penalised("lambda/2m"),
    penalised("lambda/2", "Wb"),
    replace(PLAIN, penalty=penalty("lambda/m", "W", "l1")),
)


@pytest.mark.parametrize("mistake", some(part("E"), 3), ids=lambda mistake: mistake.slug)
def test_each_can_be_made_and_shows(mistake: Mistake) -> None:
    """Each can be made, alone and at all layers; wherever it is, a gradient is wrong."""
    assert_made(mistake, NETWORKS)
    assert not layers_of(mistake, PLAIN)


PARTS: dict[str, tuple[Constant, float, float, float]] = {
    "penalty-missing": ("lambda", 0, 0, 0),
    "penalty-factor-half": ("lambda", λ, 0, 0),
    "penalty-factor-two": ("lambda/2", 2 * λ, 0, 0),
    "bias-penalised": ("lambda/2m", λ / m, λ / m, 0),
    "bias-lambda-constant": ("lambda/2m", λ / m, 0, λ / m),
    "penalty-batch-mean-missing": ("lambda/m", 2 * λ, 0, 0),
    "penalty-batch-mean-extra": ("lambda/2", λ / m, 0, 0),
    "penalty-sign-flipped": ("lambda/2", -λ, 0, 0),
}
"""Slug -> the penalty's constant, what W and b are multiplied by in their gradients, what is added to db."""


@pytest.mark.slow
@pytest.mark.parametrize("slug", PARTS)
@given(seed=st.integers(0, 10_000))
def test_by_hand(slug: str, seed: int) -> None:
    """The gradients are those of the data with a penalty's part by hand."""
    constant, of_W, of_b, added = PARTS[slug]
    case = drawn(penalised(constant), seed, m)
    data = Drawn(replace(case.case, stack=PLAIN)).gradients()
    wrong = made(slug, case, 1, 2)
    for name, w in case.case.parameters.items():
        extra: Array = of_W * w if name.startswith("W") else of_b * w + added
        np.testing.assert_allclose(wrong[f"d{name}"], data[f"d{name}"] + extra, rtol=1e-9, atol=1e-14)


def test_biases_in_the_penalty() -> None:
    """Where the penalty covers biases, it is no mistake that they feel it, and their part can be lost."""
    covered, seed = penalised("lambda", "Wb"), 1
    assert not layers_of(CATALOGUE["bias-penalised"], covered)
    case = drawn(covered, seed)
    data = Drawn(replace(case.case, stack=PLAIN)).gradients()
    wrong = made("penalty-missing", case, 2)
    np.testing.assert_allclose(wrong["db2"], data["db2"])
    np.testing.assert_allclose(wrong["db1"], data["db1"] + 2 * λ * case.values["b1"])


@pytest.mark.parametrize("slug", ["penalty-factor-half", "penalty-factor-two", "bias-lambda-constant"])
def test_no_square(slug: str) -> None:
    """What is wrong in the square's derivative can't be made where the penalty has none."""
    assert layers_of(CATALOGUE[slug], NETWORKS[0])
    assert not layers_of(CATALOGUE[slug], NETWORKS[3])
