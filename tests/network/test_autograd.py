"""What the gradient by a quantity means: by each entry, with everything that comes later."""

from __future__ import annotations

import numpy as np
import pytest
from random_networks import Drawn
from test_random_graphs import by_rules

from gradcheck.expr.named import Named
from gradcheck.network.autograd import differentiate
from gradcheck.network.backward import backward
from gradcheck.network.forward import run
from gradcheck.network.read import EquationsError, read_network


def test_gradient_by_a_state_holds_all_later_times() -> None:
    """h[t] = w h[t-1] with J = Σ h: what comes back to the first is 1 + w + w²."""
    network = read_network(
        "h[-1] = k\nfor t in T:\n  h[t] = w * h[t-1]\nJ = sum(h, T)", {"k": (), "w": ()}, "T"
    )
    truth = differentiate(network, {"k": np.array(1.0), "w": np.array(2.0)}, {"T": 3})
    assert truth.values["h"].tolist() == [2, 4, 8]
    assert truth.gradients["h"].tolist() == [7, 3, 1]
    assert truth.gradients["k"] == 14


def test_upstream_quantity_that_feeds_another_has_both_in_its_gradient() -> None:
    network = read_network("c = 3 * x\nh = 2 * c", {"x": ("n",)}, "n")
    up = {"h": np.array([1.0]), "c": np.array([10.0])}
    drawn = Drawn("", network, {"n": 1}, {"x": np.array([1.0])}, up)
    for gradients in (differentiate(network, drawn.given, drawn.lengths, up).gradients, by_rules(drawn)[1]):
        assert {name: gradient.item() for name, gradient in gradients.items()} == {"x": 36, "c": 12, "h": 1}


def test_what_the_objective_does_not_depend_on_has_zeros() -> None:
    network = read_network("a = x^2\nJ = sum(y, n)", {"x": ("n",), "y": ("n",)}, "n")
    given = {"x": np.ones(2), "y": np.ones(2)}
    truth = differentiate(network, given, {"n": 2})
    assert truth.gradients["x"].tolist() == truth.gradients["a"].tolist() == [0, 0]


def test_a_quantity_that_is_another_has_an_adjoint_of_its_own() -> None:
    network = read_network("a = x @ W\nb = a.T", {"x": ("n", "d"), "W": ("d", "u")}, "ndu")
    assert list(backward(network, ["b"]).equations) == ["da", "dx", "dW"]
    assert list(backward(read_network("L = x\nJ = L + 1", {"x": ()}, ()), None).equations) == ["dL", "dx"]


def test_arrays_lie_with_axes_of_length_one() -> None:
    network = read_network("z = W @ x + b", {"W": ("u", "d"), "x": ("d", "n"), "b": ("u", "1")}, "ndu")
    given = {"W": np.ones((2, 3)), "x": np.ones((3, 4)), "b": np.ones((2, 1))}
    truth = differentiate(network, given, {"n": 4, "d": 3, "u": 2}, {"z": np.ones((2, 4))})
    assert truth.gradients["b"].tolist() == [[4], [4]]


def test_single_precision_stays_single_from_end_to_end() -> None:
    """Constants, ones on the way back and zeros behind the last time raise it nowhere."""
    text = "h[-1] = 0 * k\nfor t in T:\n  h[t] = tanh(h[t-1] * w / 3 + 1)\nc = 2\nJ = mean(c * h, T, n)"
    network = read_network(text, {"k": ("n",), "w": ("n",)}, "nT", {"h": ("T", "n")})
    given = {name: Named(np.ones(2, np.float32), ("n",)) for name in "kw"}
    values = run(network, given, {"n": 2, "T": 3})
    values = run(backward(network), values, {"n": 2, "T": 3})
    assert {value.array.dtype for value in values.values()} == {np.dtype(np.float32)}


def test_what_stands_before_the_first_has_no_axis_of_the_loop() -> None:
    text = "h[-1] = x\nfor t in T:\n  h[t] = h[t-1]"
    with pytest.raises(EquationsError) as refusal:
        read_network(text, {"x": ("T", "n")}, "nT")
    (fault,) = refusal.value.faults
    assert fault.reason == "what stands before the first h has the axis T of the loop itself"
