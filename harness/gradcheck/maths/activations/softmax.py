"""Activations that couple the units of a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradcheck.maths import elementary
from gradcheck.maths.activations._activation import Activation, activation

if TYPE_CHECKING:
    from gradcheck.maths._arrays import Array


@activation
def softmax() -> Activation:
    """aⱼ = eᶻʲ / Σ eᶻᵏ, with ∂aⱼ/∂zₖ = aⱼ (δⱼₖ - aₖ)."""
    return Activation(
        name="softmax",
        formula="exp(z_j)/sum_k exp(z_k)",
        value=elementary.softmax,
        jacobian=lambda z, a: a[..., :, None] * (_identity(a) - a[..., None, :]),
        twin=lambda torch, z: torch.softmax(z, -1),
        range=(0, 1),
        distribution=True,
    )


@activation
def log_softmax() -> Activation:
    """aⱼ = zⱼ - log Σ eᶻᵏ, with ∂aⱼ/∂zₖ = δⱼₖ - softmax(z)ₖ."""
    return Activation(
        name="log_softmax",
        formula="z_j - log(sum_k exp(z_k))",
        value=elementary.log_softmax,
        jacobian=lambda z, a: _identity(a) - np.exp(a)[..., None, :],
        twin=lambda torch, z: torch.log_softmax(z, -1),
        range=(-np.inf, 0),
    )


def _identity(a: Array) -> Array:
    """δⱼₖ, of shape (units, units)."""
    return np.eye(a.shape[-1], dtype=a.dtype)
