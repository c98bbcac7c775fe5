"""Activations that saturate on both sides."""

from __future__ import annotations

import math

import numpy as np

from gradcheck.maths.activations._activation import Activation, activation, closed
from gradcheck.maths.elementary import logistic


@activation
def sigmoid() -> Activation:
    """σ(z) = 1/(1+e⁻ᶻ)."""
    return Activation(
        name="sigmoid",
        formula="1/(1 + exp(-z))",
        value=logistic,
        slope=lambda z, a: a * (1 - a),
        twin=lambda torch, z: torch.sigmoid(z),
        range=(0, 1),
    )


@activation
def tanh() -> Activation:
    """The hyperbolic tangent."""
    return Activation(
        name="tanh",
        formula="tanh(z)",
        value=np.tanh,
        slope=lambda z, a: 1 - a**2,
        twin=lambda torch, z: torch.tanh(z),
        range=(-1, 1),
    )


@activation
def arctan() -> Activation:
    """The arc tangent."""
    return Activation(
        name="arctan",
        formula="arctan(z)",
        value=np.arctan,
        slope=lambda z, a: 1 / (1 + z**2),
        twin=lambda torch, z: torch.arctan(z),
        range=(-math.pi / 2, math.pi / 2),
    )


@activation
def softsign() -> Activation:
    """z/(1+|z|)."""
    return Activation(
        name="softsign",
        formula="z/(1 + |z|)",
        value=lambda z: z / (1 + np.abs(z)),
        slope=lambda z, a: (1 / (1 + np.abs(z))) ** 2,
        twin=lambda torch, z: torch.nn.functional.softsign(z),
        range=(-1, 1),
    )


@activation
def hardtanh() -> Activation:
    """The identity, cut off at -1 and 1."""
    return Activation(
        name="hardtanh",
        formula="min(max(z, -1), 1)",
        value=lambda z: np.clip(z, -1, 1),
        slope=lambda z, a: np.heaviside(1 - np.abs(z), 0),
        twin=lambda torch, z: torch.nn.functional.hardtanh(z),
        kinks=(-1, 1),
        range=closed(-1, 1),
    )


@activation
def hardsigmoid() -> Activation:
    """A line from 0 at z = -3 to 1 at z = 3: PyTorch's; other libraries have other slopes."""
    return Activation(
        name="hardsigmoid",
        formula="min(max(z + 3, 0), 6)/6",
        value=lambda z: np.clip(z + 3, 0, 6) / 6,
        slope=lambda z, a: np.heaviside(3 - np.abs(z), 0) / 6,
        # The gradient of PyTorch's own hardsigmoid takes 1/6 in float32, 5e-9 off.
        twin=lambda torch, z: torch.nn.functional.relu6(z + 3) / 6,
        kinks=(-3, 3),
        range=closed(0, 1),
    )
