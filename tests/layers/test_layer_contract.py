"""The contract of layers and activations, over every entry of their tables: a new one is under it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

import stack_contract
from gradcheck.layers import LAYERS, Activation, Position, Statement
from gradcheck.layers.activation import OPTIONS
from halves import some
from planting import wrong
from stack_contract import Drawn, activations, check_gradients, layers

count = pytest.mark.parametrize("count", [2, pytest.param(100, marks=pytest.mark.slow)])
every_layer = pytest.mark.parametrize("kind", some(LAYERS, 4))
every_activation = pytest.mark.parametrize("name", some(OPTIONS, 5))


@count
@every_layer
def test_layers(kind: str, count: int) -> None:
    """Equations = PyTorch's own layer = differences; batch = one by one; single stays single."""
    stack_contract.check(layers(kind, count))


@count
@every_activation
def test_activations(name: str, count: int) -> None:
    stack_contract.check(activations(name, count))


@pytest.mark.slow
@every_layer
def test_kinks_of_layers(kind: str) -> None:
    """Wherever a derivative jumps, a kink is declared."""
    for drawn in layers(kind, 5):
        stack_contract.kinks_on_a_line(drawn, np.random.default_rng(0))


@pytest.mark.slow
@every_activation
def test_kinks_of_activations(name: str) -> None:
    """Derivatives jump where kinks are declared, and nowhere else; without kinks they never do."""
    found = [stack_contract.kinks_on_a_line(d, np.random.default_rng(0)) for d in activations(name, 10)]
    jumps, declared = np.sum(found, 0)
    assert bool(jumps) == bool(declared)


def fails(drawn: Drawn) -> bool:
    try:
        check_gradients(drawn)
    except AssertionError:
        return True
    return False


@every_layer
def test_a_wrong_equation_of_a_layer_breaks_the_contract(kind: str) -> None:
    cls: Any = LAYERS[kind]

    class Wrong(cls):  # type: ignore[misc]
        def stated(self, at: Position) -> Statement:
            right: Statement = super().stated(at)
            *lines, last = right.equations.split("\n")
            name, expression = last.split(" = ")
            return replace(right, equations="\n".join([*lines, f"{name} = 1.001 * ({expression})"]))

    assert all(fails(stack_contract.draw_layer(Wrong, np.random.default_rng(n))) for n in range(2))


@every_layer
def test_a_wrong_derivative_in_a_layer_breaks_the_contract(kind: str) -> None:
    drawn = (stack_contract.with_wrong_derivative(one, wrong) for one in layers(kind, 5))
    assert any(map(fails, drawn))


@dataclass(frozen=True)
class WrongActivation(Activation):
    """Another formula than PyTorch's function."""

    @property
    def formula(self) -> str:
        return f"(1.001 * {super().formula})"


@every_activation
def test_a_wrong_equation_of_an_activation_breaks_the_contract(name: str) -> None:
    (right,) = activations(name, 1)
    (layer,) = right.stack.layers
    activation = WrongActivation(layer.activation.name, layer.activation.options)  # type: ignore[attr-defined]
    assert fails(stack_contract.draw_activation(activation, np.random.default_rng(0)))


@every_activation
def test_a_wrong_derivative_of_an_activation_breaks_the_contract(name: str) -> None:
    drawn = (stack_contract.with_wrong_derivative(one, wrong, "a1") for one in activations(name, 5))
    assert any(map(fails, drawn))
