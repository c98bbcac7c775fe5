"""Functions that NumPy lacks, stable for large arguments; each keeps the dtype of its argument."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gradcheck.maths._arrays import Array

_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def logistic(z: Array) -> Array:
    """σ(z) = 1/(1+e⁻ᶻ)."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def softplus(z: Array) -> Array:
    """ζ(z) = log(1+eᶻ)."""
    return np.logaddexp(0, z)


def normal_cdf(z: Array) -> Array:
    """Φ(z) = ½ erfc(-z/√2), which keeps its relative precision where Φ is small."""
    cdf: Array = (_erfc(-z / math.sqrt(2)) / 2).astype(z.dtype)
    return cdf


def normal_density(z: Array) -> Array:
    """φ(z) = e^(-z²/2)/√(2π)."""
    return np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def softmax(z: Array) -> Array:
    """eᶻʲ / Σ eᶻᵏ along the last axis."""
    e = np.exp(z - z.max(-1, keepdims=True))
    shares: Array = e / e.sum(-1, keepdims=True)
    return shares


def log_softmax(z: Array) -> Array:
    """zⱼ - log Σ eᶻᵏ along the last axis."""
    shifted = z - z.max(-1, keepdims=True)
    logarithms: Array = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return logarithms
