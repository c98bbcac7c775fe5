"""Differences agree with the reverse pass and with autograd within their bars, whatever couples what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from random_networks import draw_network
from small_networks import DENSE, EXAMPLES, Example, with_axes

from gradcheck.arrays import Array, Mask
from gradcheck.expr.named import Lengths
from gradcheck.network import differences as module
from gradcheck.network.autograd import differentiate
from gradcheck.network.backward import adjoint, backward
from gradcheck.network.differences import Differences, Graph
from gradcheck.network.forward import laid, run
from gradcheck.network.records import Network
from gradcheck.slopes import Slopes
from halves import some

CASES = [(name, n) for name, example in EXAMPLES.items() for n in range(len(example.sizes))]
count = pytest.mark.parametrize("count", [3, pytest.param(150, marks=pytest.mark.slow)])

Arrays = Mapping[str, Array]


def _differences(network: Network, given: Arrays, lengths: Lengths, upstream: Arrays | None) -> Differences:
    values = with_axes(network, given, lengths)
    ups = {adjoint(name): value for name, value in with_axes(network, upstream or {}, lengths).items()}
    return Differences(Graph(network, upstream), {**values, **ups}, lengths)


def _along(example: Example, lengths: Lengths) -> dict[str, Slopes]:
    network = example.network
    given, upstream = example.draw(lengths)
    return _differences(network, given, lengths, upstream).along(network.layouts)


def _outside(found: Slopes, exact: Array) -> Mask:
    """Where autograd's value lies beyond the error bar, but for its own rounding."""
    slack = found.error + 1e-13 * np.abs(exact).max(initial=0.01)
    outside: Mask = (exact < found.low - slack) | (found.high + slack < exact)
    return outside


@pytest.mark.parametrize(("name", "case"), some(CASES, 6))
def test_examples(name: str, case: int) -> None:
    """Every quantity's quotients lie within tight bars of autograd's gradient and of the reverse pass's."""
    example = EXAMPLES[name]
    lengths, network = example.sizes[case], example.network
    given, upstream = example.draw(lengths)
    autograds = differentiate(network, given, lengths, upstream).gradients
    back = backward(network, upstream)
    ups = {adjoint(u): du for u, du in (upstream or {}).items()}
    values = run(network, with_axes(network, given, lengths), lengths)
    rules = run(back, {**values, **with_axes(back, ups, lengths)}, lengths)
    for quantity, found in _along(example, lengths).items():
        assert not _outside(found, autograds[quantity]).any(), quantity
        if adjoint(quantity) in back.equations:
            assert not _outside(found, laid(back, adjoint(quantity), rules[adjoint(quantity)], lengths)).any()
        bars = found.error[found.value != 0] / np.abs(found.value[found.value != 0])
        assert np.median([0.0, *bars]) < 1e-9, quantity


COUPLED = [
    ("attention", {"Q": ("d",), "K": ("k", "d"), "S": ("k",), "P": (), "V": (), "out": ()}),
    ("batch_norm", {"x": ("n",), "mu": (), "xc": ("n",), "var": (), "xhat": (), "gamma": (), "out": ()}),
    ("lstm_step", {"x": ("d",), "c": (), "c1": (), "i": (), "i*1": (), "Ui": ("u",)}),
    ("recurrence", {"x": ("T", "d"), "z": ("T", "u"), "h0": ("u",)}),
    ("residual", {"X": ("d",), "Z1": ("u",), "R": ("d",), "P": ()}),
    ("dense", {"x": ("d",), "z1": ("u",), "z2": (), "y": ()}),
    ("conv", {"x": ("c", "h", "w"), "z": ("p", "q"), "m": ()}),
]


@pytest.mark.parametrize(("example", "coupled"), COUPLED)
def test_what_moves_one_by_one(example: str, coupled: dict[str, tuple[str, ...]]) -> None:
    """The axes whose places mix on the way to the objective, and no others."""
    graph = Graph(EXAMPLES[example].network, EXAMPLES[example].upstream)
    for name, axes in coupled.items():
        tail = graph.tail(name)
        assert tail is not None
        assert tail.coupled == axes, name


@count
def test_random_networks(count: int) -> None:
    """With sharing, statistics over any axis, loops, squares and kinks: every quantity within its bar."""
    for seed in range(count):
        drawn = draw_network(np.random.default_rng(seed))
        exact = differentiate(drawn.network, drawn.given, drawn.lengths, drawn.upstream).gradients
        at = _differences(drawn.network, drawn.given, drawn.lengths, drawn.upstream)
        for quantity, found in at.along(drawn.network.layouts).items():
            assert not _outside(found, exact[quantity]).any(), f"seed {seed}: {quantity} in\n{drawn.text}"


@pytest.mark.slow
@count
def test_no_coupling_is_missed(count: int) -> None:
    """Where a move at one place of an axis changes the gradient at others, places are moved one by one."""
    together, apart = 0, 0
    for seed in range(count):
        drawn = draw_network(np.random.default_rng(seed))
        network, lengths, upstream = drawn.network, drawn.lengths, drawn.upstream
        graph = Graph(network, upstream)
        before = differentiate(network, drawn.given, lengths, upstream).gradients
        for name in list(drawn.given)[:4]:
            tail = graph.tail(name)
            for where, axis in enumerate(network.layouts[name]):
                moved = drawn.given[name].copy()
                np.moveaxis(moved, where, 0)[0] += 0.3
                after = differentiate(network, {**drawn.given, name: moved}, lengths, upstream).gradients
                elsewhere = np.moveaxis(after[name] - before[name], where, 0)[1:]
                if np.abs(elsewhere).max(initial=0) > 1e-9 * np.abs(before[name]).max(initial=1):
                    assert tail is not None
                    assert axis in tail.coupled, f"seed {seed}: {axis} of {name} in\n{drawn.text}"
                    apart += 1
                elif tail is not None and axis in tail.uncoupled:
                    together += 1
    assert min(together, apart) > count / 10


def test_linear_parameters_take_no_copies_of_their_own() -> None:
    """The quotients along what a parameter enters linearly serve all of its entries."""
    lengths = {"n": 2, "d": 500, "u": 3, "k": 2}
    at = _differences(DENSE.network, DENSE.draw(lengths)[0], lengths, None)
    at.along(["W1", "b1", "W2"])
    assert at._known.keys() == {"W1", "b1", "W2", "z1", "z2"}


@pytest.mark.parametrize("name", some(["batch_norm", "recurrence", "conv"], 1))
def test_chunks_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However little memory one piece may take, the numbers are the same but for rounding."""
    example = EXAMPLES[name]
    whole = _along(example, example.sizes[0])
    monkeypatch.setattr(module, "CHUNK", 1)
    pieces = _along(example, example.sizes[0])
    for quantity, found in whole.items():
        slack = found.error + pieces[quantity].error
        assert (np.abs(found.value - pieces[quantity].value) <= slack).all(), quantity


def _slopes(equations: str, given: dict[str, str], values: dict[str, Any], name: str) -> Slopes:
    lengths = {"n": 2, "d": 2, "u": 2}
    network = Example(equations, given, (lengths,)).network
    arrays = {key: np.array(value, float) for key, value in values.items()}
    return _differences(network, arrays, lengths, None).along([name])[name]


def _near(slopes: Array, expected: list[Any]) -> bool:
    return bool(np.allclose(slopes, np.array(expected, float), rtol=0, atol=1e-9))


def test_a_kink_has_two_slopes() -> None:
    """At relu's corner, and at a tie of maxima; elsewhere one."""
    relu = _slopes("J = sum(3 * relu(x), n)", {"x": "n"}, {"x": [0, 1]}, "x")
    assert _near(relu.low, [0, 3])
    assert _near(relu.high, [3, 3])
    tie = _slopes("J = max(x, n)^2", {"x": "n"}, {"x": [1, 1]}, "x")
    assert _near(tie.low, [0, 0])
    assert _near(tie.high, [2, 2])


def test_a_kink_reaches_the_weights() -> None:
    """A weight's slopes hold all sums of slopes along what it enters, and no more where there is no kink."""
    values = {"x": [[1, 0.5], [-2, 3]], "W": [[0.5, 1], [-1, 1]]}  # z = [[0, 1.5], [-4, 1]]
    found = _slopes("z = x @ W\nJ = sum(relu(z), n, u)", {"x": "n d", "W": "d u"}, values, "W")
    assert _near(found.low, [[0, -1], [0, 3.5]])
    assert _near(found.high, [[1, -1], [0.5, 3.5]])
    assert found.kinked.tolist() == [[True, False], [True, False]]


@pytest.mark.parametrize("name", ["y", "w"])
def test_what_the_objective_does_not_read(name: str) -> None:
    """Its slopes are 0, without an error."""
    values = {"x": [1, 2], "y": [3, 4]}
    found = _slopes("v = x^2\nw = x * y\nJ = sum(v, n)", {"x": "n", "y": "n"}, values, name)
    assert not found.value.any()
    assert not found.error.any()


def test_outside_the_domain() -> None:
    """Where the objective is no number, nothing is claimed; a term beside it that is one has its slope."""
    found = _slopes("z = 2 * x\nJ = sum(log(z), n)", {"x": "n"}, {"x": [-1, 4]}, "x")
    assert np.isinf(found.error[0])
    assert _near(found.value[1:], [0.25])
    both = _slopes(
        "J = log(sum(x * W, n)) + sum(1 / W, n)", {"x": "n", "W": "n"}, {"x": [1, 1], "W": [0, -1]}, "W"
    )
    assert np.isinf(both.error).all()


@pytest.mark.parametrize("name", ["recurrence", "batch_norm", "attention"])
def test_second_derivatives(name: str) -> None:
    """The equations of a reverse pass are a network like any other: Σ v dq has slopes, too."""
    example = EXAMPLES[name]
    lengths, network = example.sizes[0], example.network
    given, upstream = example.draw(lengths)
    assert upstream is not None
    back = backward(network, upstream)
    given |= {adjoint(u): du for u, du in upstream.items()}
    whole = Network({name: back.given[name] for name in given}, (*network.steps, *back.steps))
    of = adjoint(next(iter(example.given)))
    v = {of: np.random.default_rng(1).uniform(-1, 1, given[next(iter(example.given))].shape)}
    exact = differentiate(whole, given, lengths, v).gradients
    for quantity, found in _differences(whole, given, lengths, v).along(given).items():
        assert not _outside(found, exact[quantity]).any(), quantity
