"""The reverse pass, derived and run by NumPy, against PyTorch's autograd, on random networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from random_networks import Drawn, draw_network

from gradcheck.arrays import Array
from gradcheck.expr.layout import UNNAMED
from gradcheck.expr.named import Named
from gradcheck.expr.tree import axis_of
from gradcheck.network.autograd import differentiate
from gradcheck.network.backward import adjoint, backward, title
from gradcheck.network.forward import laid, run
from gradcheck.network.read import read_network
from gradcheck.network.records import Network, named

count = pytest.mark.parametrize("count", [3, pytest.param(150, marks=pytest.mark.slow)])


def by_rules(drawn: Drawn) -> tuple[dict[str, Array], dict[str, Array]]:
    """(values, gradients) by NumPy; zeros where nothing comes back."""
    network, lengths = drawn.network, drawn.lengths
    values = run(network, _named(network, drawn.given, drawn.lengths), lengths)
    ups = drawn.upstream or {}
    given = {adjoint(u): du for u, du in ups.items()}
    pass_back = backward(network, None if drawn.upstream is None else ups)
    back = run(pass_back, {**values, **_named(pass_back, given, lengths)}, lengths)
    gradients = {}
    for name in network.layouts:
        called = title(name, pass_back.given)
        if called not in back and adjoint(name) in given:
            called = adjoint(name)
        zero = np.zeros_like(laid(network, name, values[name], lengths))
        gradients[name] = laid(pass_back, called, back[called], lengths) if called in back else zero
    if drawn.upstream is None:
        gradients["J"] = np.ones(())  # where it all begins
    return {name: laid(network, name, values[name], lengths) for name in network.layouts}, gradients


def _named(network: Network, arrays: Mapping[str, Array], lengths: Mapping[str, int]) -> dict[str, Named]:
    axes = {name: named(network.layouts[name]) for name in arrays}
    return {
        name: Named(array.reshape([lengths[axis_of(axis)] for axis in axes[name]]), axes[name])
        for name, array in arrays.items()
    }


def differing(drawn: Drawn, rng: np.random.Generator) -> Iterator[str]:
    """The quantities in which both ways differ, beyond 1e-12 times how far they move with what is given."""
    values, gradients = by_rules(drawn)
    truth = differentiate(drawn.network, drawn.given, drawn.lengths, drawn.upstream)
    near = {k: a * (1 + 1e-7 * rng.choice([-1, 1], a.shape)) for k, a in drawn.given.items()}
    moved = differentiate(drawn.network, near, drawn.lengths, drawn.upstream)
    largest = max(np.max(np.abs(g), initial=1) for g in truth.gradients.values())
    for name, gradient in truth.gradients.items():
        bar = 1e-12 * (largest + np.max(np.abs(moved.gradients[name] - gradient)) / 1e-7)
        gap = np.max(np.abs(gradients[name] - gradient))
        if not gap <= bar:
            yield f"d{name} is {gap:.1e} off, and {bar:.1e} is the most"
        gap = np.max(np.abs(values[name] - truth.values[name]))
        if not gap <= 1e-12 * np.max(np.abs(truth.values[name]), initial=1):
            yield f"{name} is {gap:.1e} off"


@count
def test_reverse_pass_is_autograd(count: int) -> None:
    for seed in range(count):
        rng = np.random.default_rng(seed)
        drawn = draw_network(rng)
        wrong = list(differing(drawn, rng))
        assert not wrong, f"seed {seed}: {wrong} in\n{drawn.text}"


@pytest.mark.parametrize("same", ["max(x, x)", "min(x, x)", "max(x, 0) - max(-x, 0)", "min(x, x + 0)"])
def test_what_is_compared_with_itself_hands_all_back(same: str) -> None:
    """However the parts of a tie are shared out, together they are what comes back: J is x²/2."""
    network = read_network(f"a = {same}\nJ = sum(a * x, n) / 2", {"x": ("n",)}, "n")
    x = np.array([0.5, -2.0, 1.5])
    drawn = Drawn("", network, {"n": 3}, {"x": x}, None)
    _, gradients = by_rules(drawn)
    np.testing.assert_allclose(gradients["x"], x, rtol=1e-15)
    assert not list(differing(drawn, np.random.default_rng(0)))


def reverse_pass(drawn: Drawn, rng: np.random.Generator) -> Drawn | None:
    """The network and its reverse pass as one, of which gradients are the outputs; None without any."""
    back = backward(drawn.network, drawn.upstream)
    given = {adjoint(u): du for u, du in (drawn.upstream or {}).items()}
    layouts = {**drawn.network.given, **{d: back.given[d] for d in given}}
    both = Network(layouts, (*drawn.network.steps, *back.steps))
    outputs = [name for name in map(adjoint, drawn.network.given) if name in back.equations][:3]
    up = {d: rng.normal(size=laid_shape(both, d, drawn.lengths)) for d in outputs}
    return Drawn(drawn.text, both, drawn.lengths, {**drawn.given, **given}, up) if up else None


def laid_shape(network: Network, name: str, lengths: Mapping[str, int]) -> list[int]:
    return [1 if axis == UNNAMED else lengths[axis_of(axis)] for axis in network.layouts[name]]


@pytest.mark.slow
@count
def test_reverse_pass_of_a_reverse_pass_is_autograd(count: int) -> None:
    """The product of second derivatives and a vector, through loops that go backwards, too."""
    for seed in range(count):
        rng = np.random.default_rng(seed)
        drawn = reverse_pass(draw_network(rng), rng)
        wrong = list(differing(drawn, rng)) if drawn else []
        assert not wrong, f"seed {seed}: {wrong} in\n{drawn and drawn.text}"
