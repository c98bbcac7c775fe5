"""The y of a case, drawn: every class occurs, and no number is like another."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array, Shape
from gradcheck.losses import Loss, Sampling
from gradcheck.network.draws import away_from_zero, binary, normal, numbers, probabilities

Indices = NDArray[np.signedinteger[Any]]


def draw_targets(loss: Loss, shape: Shape, rng: np.random.RandomState) -> Array:
    """y of that shape, (examples, outputs), as a spec's sampling has it, or else as the loss asks for it."""
    sampling = loss.sampling
    if sampling is None:
        return _KINDS[loss.targets](rng, shape)
    if sampling.classes:
        return _true_classes(sampling, rng, shape)
    if sampling.low is not None and sampling.high is not None:
        return rng.uniform(sampling.low, sampling.high, shape)
    return _KINDS[sampling.kind](rng, shape)


def labels(loss: Loss, y: Array) -> Indices:
    """The numbers of the true classes, one an example; of a single output 0 or 1, or -1 or +1."""
    alone = y.shape[-1] == 1 and loss.targets != "one_hot"
    return y[..., 0].astype(np.int64) if alone else y.argmax(-1)


def _true_classes(sampling: Sampling, rng: np.random.RandomState, shape: Shape) -> Array:
    """One true class an example; of a single output, whether the example is in its class."""
    signs = sampling.kind == "signs"
    examples, outputs = shape[0], prod(shape[1:])
    if outputs == 1:
        y = binary(rng, shape)
        if sampling.every:
            y.flat[rng.randint(examples)] = 1.0
            if examples > 1 and y.all():
                y.flat[rng.randint(examples)] = 0.0
    elif sampling.every:
        y = np.eye(outputs)[numbers(rng, (examples,), outputs)].reshape(shape)
    else:
        y = _one_hot(rng, shape)
    return 2 * y - 1 if signs else y


def _one_hot(rng: np.random.RandomState, shape: Shape) -> Array:
    """One 1 an example, over two classes at least wherever there is room."""
    examples, classes = shape[0], prod(shape[1:])
    labels = rng.randint(classes, size=examples)
    if examples > 1 and classes > 1 and len(set(labels)) == 1:
        labels[0] = (labels[0] + 1) % classes
    y: Array = np.eye(classes)[labels].reshape(shape)
    return y


def _probabilities(rng: np.random.RandomState, shape: Shape) -> Array:
    """Positive numbers that add up to 1 over an example's outputs; of a single one, from 0.1 to 0.9."""
    return probabilities(rng, (shape[0], prod(shape[1:])), 1).reshape(shape)


_KINDS: dict[str, Callable[[np.random.RandomState, Shape], Array]] = {
    "real": normal,
    "binary": binary,
    "one_hot": _one_hot,
    "probabilities": _probabilities,
    "signs": lambda rng, shape: 2 * binary(rng, shape) - 1,
    "counts": lambda rng, shape: rng.randint(0, 5, shape).astype(float),
    "upstream": lambda rng, shape: away_from_zero(rng, shape, 0.2, 1.5),
    "none": lambda rng, shape: np.zeros(shape),
}
