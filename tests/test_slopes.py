"""Difference quotients of single functions: right within their error bar, kinks told from curves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.arrays import Array
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.slopes import EPS, Slopes, slopes

SMOOTH: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "sine": (np.sin, np.cos),
    "exp": (np.exp, np.exp),
    "tanh": (np.tanh, lambda t: 1 - np.tanh(t) ** 2),
    "cube": (lambda t: t**3, lambda t: 3 * t**2),
    "steep": (lambda t: np.tanh(40 * t), lambda t: 40 * (1 - np.tanh(40 * t) ** 2)),
    "C1": (lambda t: t * np.abs(t), lambda t: 2 * np.abs(t)),
}


def along(f: Callable[[Array], Array], t: Array) -> Slopes:
    """The slopes of f at each of the points."""
    return slopes(lambda s: f(t + s), np.ones_like(t), noise=4 * EPS)


@pytest.mark.slow
@pytest.mark.parametrize("name", SMOOTH)
@given(t=st.lists(st.floats(-2, 2), min_size=1, max_size=5).map(np.array))
def test_error_bar_holds_the_derivative(name: str, t: Array) -> None:
    """The true derivative lies within the error bar, and where f is smooth there is no kink."""
    f, df = SMOOTH[name]
    found = along(f, t)
    inside = (found.low - found.error <= df(t)) & (df(t) <= found.high + found.error)
    assert inside.all(), (t, found, df(t))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gelu", "mish", "sine", "arctan"])
def test_error_bar_holds_where_terms_cancel(name: str) -> None:
    """Of 400,000 steep curves, some have a last correction that happens to vanish: their bars hold, too."""
    rng = np.random.RandomState(0)
    g = ACTIVATIONS[name]()
    assert g.derivative is not None
    t, w, b, y = rng.standard_normal((4, 400_000)) * [[2], [1.5], [0.5], [1]]
    unit = np.exp2(np.ceil(np.log2(np.maximum(np.abs(t), 1))))
    u = w * g.value(t) + b
    noise = EPS * (1 + np.abs(u - y) + np.abs(u - b) + np.abs(b) + np.abs(y))
    found = slopes(lambda s: np.arctan(w * g.value(t + s * unit) + b - y), unit, noise)
    exact = w * g.derivative(t, g.value(t)) / (1 + (u - y) ** 2)
    assert (np.abs(found.value - exact) <= found.error).all()


@given(st.floats(-2, 2))
def test_error_bar_is_narrow(t: float) -> None:
    """For a smooth function of size 1 the bar is 1e-11 at the most."""
    assert along(np.sin, np.array([t])).error.item() < 1e-11


def test_error_bar_of_a_line() -> None:
    """Of 100,000 lines none has a wide bar, though roundoff parts some quotients and not others."""
    a, t, c = np.random.RandomState(0).standard_normal((3, 100_000))
    found = slopes(lambda s: (t + s) * a + c, np.ones_like(t))
    assert (np.abs(found.value - a) <= found.error).all()
    assert found.error.max() < 1e-11


@given(jump=st.floats(1e-3, 10), at=st.sampled_from([0.0, 0.3, -1.7]))
def test_kink_is_seen(jump: float, at: float) -> None:
    """At the kink of jump·|t| the one-sided slopes are -jump and +jump."""
    found = along(lambda t: jump * np.abs(t - at), np.array([at]))
    assert found.kinked.all()
    np.testing.assert_allclose([found.low.item(), found.high.item()], [-jump, jump], rtol=1e-6)


@given(st.floats(1e-5, 1).flatmap(lambda d: st.sampled_from([d, -d])))
def test_kink_beside_is_not_a_kink_here(distance: float) -> None:
    """A kink nearby is stepped around: the slope is exact on either side of it."""
    found = along(lambda t: np.maximum(t, 0), np.array([distance]))
    assert not found.kinked.any()
    assert abs(found.value.item() - (distance > 0)) <= found.error.item() < 1e-6


def test_edge_of_the_domain() -> None:
    """Where a large step leaves the domain, smaller ones are taken."""
    found = along(np.log, np.array([1e-3]))
    assert abs(found.value.item() - 1e3) <= found.error.item() < 1e-3


def test_nowhere_finite() -> None:
    """A function without values has an infinite error bar, and no verdict follows from it."""
    assert np.isinf(along(lambda t: t * np.nan, np.array([1.0])).error).all()
