"""Functions of all entries along an axis, a rule a line."""

from __future__ import annotations

import math

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.operation import Along


def logsumexp(x: Array, axis: int) -> Array:
    """log Σ eˣ, without overflow."""
    top = x.max(axis, keepdims=True)
    value: Array = np.log(np.exp(x - top).sum(axis)) + top.squeeze(axis)
    return value


def softmax(x: Array, axis: int) -> Array:
    """eˣ / Σ eˣ, without overflow."""
    e = np.exp(x - x.max(axis, keepdims=True))
    value: Array = e / e.sum(axis, keepdims=True)
    return value


def log_softmax(x: Array, axis: int) -> Array:
    """x - log Σ eˣ."""
    shifted = x - x.max(axis, keepdims=True)
    value: Array = shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))
    return value


SUM = Along(
    name="sum",
    value=lambda x, axis: x.sum(axis),
    torch=lambda torch, x, axis: x.sum(axis),
    rule="g",
    linear=True,
    symbol="Σ",
)
MEAN = Along(
    name="mean",
    value=lambda x, axis: x.mean(axis),
    torch=lambda torch, x, axis: x.mean(axis),
    rule="g / size(over)",
    linear=True,
)
MAX = Along(
    name="max",
    value=lambda x, axis: x.max(axis),
    torch=lambda torch, x, axis: x.amax(axis),
    rule="g * (x == y) / sum(x == y, over)",  # PyTorch's: what is equally large gets equal parts
    exact=True,
    kinks=("y - max(where(x == y, -1e300, x), over)",),  # where another entry comes near the largest
)
MIN = Along(
    name="min",
    value=lambda x, axis: x.min(axis),
    torch=lambda torch, x, axis: x.amin(axis),
    rule="g * (x == y) / sum(x == y, over)",
    exact=True,
    kinks=("y - min(where(x == y, 1e300, x), over)",),
)
LOGSUMEXP = Along(
    name="logsumexp",
    value=logsumexp,
    torch=lambda torch, x, axis: torch.logsumexp(x, axis),
    rule="g * exp(x - y)",
    numpy="np.log(np.exp(x - x.max(axis, keepdims=True)).sum(axis)) + x.max(axis)",
)
SOFTMAX = Along(
    name="softmax",
    value=softmax,
    torch=lambda torch, x, axis: torch.softmax(x, axis),
    rule="y * (g - sum(g * y, over))",
    keeps=True,
    range=lambda: (0, 1),
    distribution=True,
    numpy="e = np.exp(x - x.max(axis, keepdims=True))\ne / e.sum(axis, keepdims=True)",
)
LOG_SOFTMAX = Along(
    name="log_softmax",
    value=log_softmax,
    torch=lambda torch, x, axis: torch.log_softmax(x, axis),
    rule="g - exp(y) * sum(g, over)",
    keeps=True,
    range=lambda: (-math.inf, 0),
    numpy="x - np.expand_dims(logsumexp(x, axis), axis)",
)
CUMSUM = Along(
    name="cumsum",
    value=lambda x, axis: x.cumsum(axis),
    torch=lambda torch, x, axis: x.cumsum(axis),
    rule="sum(g, over) - cumsum(g, over) + g",
    keeps=True,
    linear=True,
)

ALONG: tuple[Along, ...] = (SUM, MEAN, MAX, MIN, LOGSUMEXP, SOFTMAX, LOG_SOFTMAX, CUMSUM)
