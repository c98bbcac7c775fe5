"""Gradients among the equations: a product with the Hessian, a penalty on a gradient."""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck.arrays import Array
from gradcheck.errors import SpecError
from gradcheck.oracle.answer import answered
from gradcheck.specification.read import parse

HESSIAN = """\
title: A Hessian-vector product
network:
  sizes: {n: 4, d: 3, u: 2}
  inputs: {x: [n, d], y: [n, u], v: [d, u]}
  parameters: {W: [d, u]}
  equations: |
    a  = tanh(x @ W)
    J  = mean(sum((a - y)^2, u), n) / 2
    g  = gradient(J, W)
    s  = sum(g * v, d, u)
    Hv = gradient(s, W)
submission: {run: "g, Hv = f(x, y, W, v)"}
check: [g, Hv]
"""

PENALTY = """\
title: A penalty on a gradient
network:
  sizes: {n: 4, d: 3, u: 2}
  inputs: {x: [n, d]}
  parameters: {W: [d, u], w: [u]}
  equations: |
    f  = tanh(x @ W) @ w
    C  = sum(f, n)
    g  = gradient(C, x)
    J  = mean((sqrt(sum(g^2, d)) - 1)^2, n)
submission: {run: "dW, dw, dx = f(x, W, w)"}
check: [dW, dw, dx]
"""


def test_a_hessian_vector_product_is_what_the_gradient_moves_by() -> None:
    """(∇J(W + hv) - ∇J(W - hv)) / 2h, by hand."""
    for case in answered(parse(HESSIAN.encode(), "s.yaml")).cases:
        x, y, W, v = (np.asarray(case.inputs[name]) for name in "xyWv")

        def gradient(W: Array, x: Array = x, y: Array = y) -> Array:
            a = np.tanh(x @ W)
            result: Array = x.T @ ((a - y) * (1 - a**2)) / len(x)
            return result

        h = 1e-5
        np.testing.assert_allclose(case.entries["g"].autograd, gradient(W), rtol=1e-12)
        quotient = (gradient(W + h * v) - gradient(W - h * v)) / (2 * h)
        np.testing.assert_allclose(case.entries["Hv"].autograd, quotient, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("text", [HESSIAN, PENALTY])
def test_both_oracles_agree(text: str) -> None:
    """PyTorch by differentiating twice, NumPy by the derived equations."""
    for case in answered(parse(text.encode(), "s.yaml")).cases:
        for name, entry in case.entries.items():
            assert entry.supports(entry.autograd, 1e-13).all(), name
            assert np.median(entry.differences.error) < 1e-8 * entry.scale


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("gradient(J, W)", "gradient(a, W)", "gradient is of a single number, and a has the axes n, u"),
        ("gradient(J, W)", "gradient(J, V)", "9:22: there is no V here"),
        ("gradient(J, W)", "gradient(s, W)", "9:19: each is made from the next, g from s, s from g"),
        ("gradient(J, W)", "2 * gradient(J, W)", "9:14: a gradient has an equation of its own"),
        ("gradient(J, W)", "gradient(J, v)", "9:5: J does not depend on v"),
        ("check:", "penalty: {l2: 0.1, constant: lambda}\ncheck:", "a gradient among the equations would be"),
    ],
)
def test_what_is_no_gradient_is_said(old: str, new: str, complaint: str) -> None:
    """At its place."""
    with pytest.raises(SpecError) as caught:
        parse(HESSIAN.replace(old, new, 1).encode(), "s.yaml")
    assert complaint in str(caught.value)
