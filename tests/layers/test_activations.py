"""The activations against PyTorch, against difference quotients and against their own claims."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradcheck.layers.activation import ACTIVATIONS, Activation

NAMES = [
    "identity",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "softplus",
    "softsign",
    "gelu",
    "silu",
    "mish",
    "hardtanh",
    "hardsigmoid",
    "relu6",
    "softmax",
    "log_softmax",
    "arctan",
    "sine",
    "custom",
]

VARIANTS: dict[str, Activation] = {
    **{name: ACTIVATIONS[name]() for name in NAMES if name != "custom"},
    "steep leaky_relu": ACTIVATIONS["leaky_relu"](slope=1.5),
    "falling leaky_relu": ACTIVATIONS["leaky_relu"](slope=-0.5),
    "straight leaky_relu": ACTIVATIONS["leaky_relu"](slope=1),
    "low elu": ACTIVATIONS["elu"](alpha=0.7),
    "tanh gelu": ACTIVATIONS["gelu"](approximate="tanh"),
    "custom tanh": ACTIVATIONS["custom"](formula="1.7159*tanh(2*z/3)"),
}
ELEMENTWISE = {name: g for name, g in VARIANTS.items() if not g.coupled}

few = settings(max_examples=25, deadline=None)


def arrays(bound: float = 8.0, width: Literal[32, 64] = 64) -> st.SearchStrategy[Any]:
    """Pre-activations of shape (..., units) within ±bound."""
    shapes = hnp.array_shapes(min_dims=1, max_dims=3, max_side=4)
    return hnp.arrays(f"f{width // 8}", shapes, elements=st.floats(-bound, bound, width=width))


def each(variants: dict[str, Activation]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("g", variants.values(), ids=variants.keys())


def quotient(g: Activation, z: Any, step: Any) -> Any:
    """(g(z+h) - g(z-h)) / 2h for one h a unit."""
    return (g.value(z + step) - g.value(z - step)) / (2 * np.abs(step).max())


def away_from_kinks(g: Activation, z: Any) -> bool:
    return all(np.abs(z - kink).min() > 1e-3 for kink in g.kinks)


def test_every_activation_is_in_the_table() -> None:
    """The table holds exactly the promised names, and each record knows its own."""
    assert sorted(NAMES) == sorted(ACTIVATIONS)
    for name in set(NAMES) - {"custom"}:
        assert ACTIVATIONS[name]().name == name


@pytest.mark.slow
@each(VARIANTS)
@few
@given(z=arrays(bound=60))
def test_value_is_the_pytorchs(g: Activation, z: Any) -> None:
    """PyTorch's own function gives the same numbers, of the same shape."""
    theirs = g.torch(torch, torch.tensor(z)).numpy()
    np.testing.assert_allclose(g.value(z), theirs, rtol=4e-15, atol=1e-14)


@pytest.mark.slow
@each(ELEMENTWISE)
@few
@given(z=arrays())
def test_derivative_is_the_difference_quotient(g: Activation, z: Any) -> None:
    """Away from the kinks, it is the limit of difference quotients.

    Softsign and elu bend sharply at 0, so a quotient there is only good to its step.
    """
    assume(away_from_kinks(g, z))
    assert g.derivative is not None
    derivative = g.derivative(z, g.value(z))
    np.testing.assert_allclose(derivative, quotient(g, z, 1e-5), atol=2e-5)


@pytest.mark.slow
@each(VARIANTS)
@few
@given(z=arrays(width=32))
def test_float32_stays_float32(g: Activation, z: Any) -> None:
    """The value keeps the dtype, and is right to its precision."""
    a = g.value(z)
    assert a.dtype == np.float32
    np.testing.assert_allclose(a, g.value(z.astype(np.float64)), rtol=1e-5, atol=1e-5)


@pytest.mark.slow
@each(VARIANTS)
@few
@given(z=hnp.arrays(np.float64, (3, 4), elements=st.floats(-8, 8)))
def test_range_holds_every_value(g: Activation, z: Any) -> None:
    """Every a lies strictly between the stated bounds."""
    low, high = g.range
    a = g.value(z)
    assert low < a.min()
    assert a.max() < high


@each({name: g for name, g in VARIANTS.items() if np.isfinite(g.range).any()})
def test_range_is_no_wider_than_need_be(g: Activation) -> None:
    """Each finite bound is approached to within 1 % by some z."""
    line = np.linspace(-200, 200, 20_001)
    a = g.value(np.stack([line, np.zeros_like(line)], -1))
    for bound in filter(np.isfinite, g.range):
        assert np.abs(a - bound).min() < 0.01 + 0.01 * abs(bound)


@each(VARIANTS)
def test_large_arguments_are_harmless(g: Activation) -> None:
    """Nothing overflows far out: a warning would fail the test."""
    z = np.array([[-1e4, -700.0, 0.0, 700.0, 1e4]])
    a = g.value(z)
    assert np.isfinite(a).all()
    assert g.derivative is None or np.isfinite(g.derivative(z, a)).all()


@each({name: g for name, g in ELEMENTWISE.items() if g.kinks})
def test_one_sided_slopes_differ_at_a_kink(g: Activation) -> None:
    """The quotients to the left and to the right of a kink are two different numbers."""
    kinks, h = np.array(g.kinks, dtype=float), 1e-6
    right = (g.value(kinks + h) - g.value(kinks)) / h
    left = (g.value(kinks) - g.value(kinks - h)) / h
    assert (np.abs(right - left) > 0.1).all()


@pytest.mark.slow
@each(ELEMENTWISE)
@few
@given(z=arrays())
def test_every_kink_is_listed(g: Activation, z: Any) -> None:
    """Slopes just left and just right of any other z agree; 0, ±1, ±3 and 6 are always tried."""
    suspects = np.append(z.ravel(), [0.0, 1, -1, 3, -3, 6])
    smooth = suspects[np.all([np.abs(suspects - kink) > 1e-3 for kink in (*g.kinks, np.inf)], axis=0)]
    assert g.derivative is not None
    left, right = (g.derivative(x, g.value(x)) for x in (smooth - 1e-7, smooth + 1e-7))
    np.testing.assert_allclose(left, right, atol=1e-6)


@each({name: g for name, g in VARIANTS.items() if g.distribution})
@few
@given(z=arrays())
def test_a_distribution_is_one(g: Activation, z: Any) -> None:
    """The units of one example are positive and add up to 1."""
    a = g.value(z)
    assert a.min() > 0
    np.testing.assert_allclose(a.sum(-1), 1, rtol=1e-15)


@pytest.mark.parametrize(
    ("name", "options", "complaint"),
    [
        ("elu", {"alpha": 0}, "alpha must be above 0, not 0"),
        ("leaky_relu", {"slope": float("nan")}, "slope must be a finite number, not nan"),
        ("leaky_relu", {"slope": "steep"}, "slope must be a finite number, not 'steep'"),
        ("gelu", {"approximate": "erf"}, 'approximate must be "none" or "tanh", not \'erf\''),
        ("custom", {"formula": "2*pi"}, "z does not occur in it"),
    ],
)
def test_bad_options_are_refused(name: str, options: dict[str, Any], complaint: str) -> None:
    """A senseless option is named, with its value."""
    with pytest.raises(ValueError, match=complaint):
        ACTIVATIONS[name](**options)
