"""Activations that let positive z through and hold negative z back; slopes at kinks are PyTorch's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.maths._options import finite, positive
from gradcheck.maths.activations._activation import Activation, activation, closed
from gradcheck.maths.elementary import logistic
from gradcheck.maths.elementary import softplus as zeta

if TYPE_CHECKING:
    from gradcheck.maths._arrays import Array

# Klambauer, Unterthiner, Mayr and Hochreiter (2017), "Self-normalizing neural networks", section 2.
SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717


@activation
def relu() -> Activation:
    """max(0, z)."""
    return Activation(
        name="relu",
        formula="max(0, z)",
        value=lambda z: np.maximum(0, z),
        slope=lambda z, a: np.heaviside(z, 0),
        twin=lambda torch, z: torch.relu(z),
        kinks=(0,),
        range=closed(0, math.inf),
    )


@activation
def relu6() -> Activation:
    """min(max(0, z), 6)."""
    return Activation(
        name="relu6",
        formula="min(max(0, z), 6)",
        value=lambda z: np.clip(z, 0, 6),
        slope=lambda z, a: np.heaviside(z, 0) * np.heaviside(6 - z, 0),
        twin=lambda torch, z: torch.nn.functional.relu6(z),
        kinks=(0, 6),
        range=closed(0, 6),
    )


@activation
def leaky_relu(*, slope: float = 0.01) -> Activation:
    """The identity where z > 0, else slope·z.

    Raises ValueError where `slope` is not finite.
    """
    finite(slope=slope)
    return Activation(
        name="leaky_relu",
        formula=f"z if z > 0 else {slope:g} z",
        value=lambda z: np.where(z > 0, z, slope * z),
        slope=lambda z, a: np.where(z > 0, 1, slope).astype(z.dtype),
        twin=lambda torch, z: torch.nn.functional.leaky_relu(z, slope),
        kinks=() if slope == 1 else (0,),
        range=(-math.inf, math.inf) if slope > 0 else closed(0, math.inf),
    )


@activation
def elu(*, alpha: float = 1.0) -> Activation:
    """The identity where z > 0, else α(eᶻ-1).

    Raises ValueError where `alpha` is not positive.
    """
    positive(alpha=alpha)
    return Activation(
        name="elu",
        formula=f"z if z > 0 else {alpha:g} (exp(z) - 1)",
        value=lambda z: _elu(z, alpha),
        slope=lambda z, a: _elu_slope(z, alpha),
        twin=lambda torch, z: torch.nn.functional.elu(z, alpha),
        kinks=() if alpha == 1 else (0,),
        range=(-alpha, math.inf),
    )


@activation
def selu() -> Activation:
    """λ elu(z) with the λ and α that keep a layer's mean at 0 and its variance at 1."""
    return Activation(
        name="selu",
        formula=f"{SELU_SCALE:.4f} (z if z > 0 else {SELU_ALPHA:.4f} (exp(z) - 1))",
        value=lambda z: SELU_SCALE * _elu(z, SELU_ALPHA),
        slope=lambda z, a: SELU_SCALE * _elu_slope(z, SELU_ALPHA),
        twin=lambda torch, z: torch.selu(z),
        kinks=(0,),
        range=(-SELU_SCALE * SELU_ALPHA, math.inf),
    )


@activation
def softplus() -> Activation:
    """ζ(z) = log(1+eᶻ)."""
    return Activation(
        name="softplus",
        formula="log(1 + exp(z))",
        value=zeta,
        slope=lambda z, a: logistic(z),
        # PyTorch returns z itself above its threshold; the default of 20 costs 2e-9.
        twin=lambda torch, z: torch.nn.functional.softplus(z, threshold=100),
        range=(0, math.inf),
    )


def _elu(z: Array, alpha: float) -> Array:
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def _elu_slope(z: Array, alpha: float) -> Array:
    return np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0)))
