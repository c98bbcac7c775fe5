"""Seeded cases: numbers at which faults can't hide.

No two weights are equal, no bias is zero, an upstream gradient is not all ones, every class occurs, and
units stay away from the kinks of their activations. The generator is numpy's RandomState, whose stream
never changes (NEP 19), so the same spec gives the same numbers everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from gradcheck.maths._arrays import Array, Shape
from gradcheck.maths.chain import Chain
from gradcheck.spec.targets import away_from_zero, draw_targets

ATTEMPTS = 40
NEAR_A_KINK = 1e-2
SILENT = 1e-5
"""A gradient this small against the largest says nothing about a mistake."""


@dataclass(frozen=True)
class Case:
    """A network's numbers, samples as rows."""

    chain: Chain
    parameters: Mapping[str, Array]
    x: Array
    y: Array
    """The target; for an upstream loss the given ∂J/∂output."""


def draw(chain: Chain, examples: int, seed: int, *, like: Array | None = None) -> Case:
    """The first of a few draws in which every gradient speaks and no kink is near, or the best.

    With `like`, targets of the same shape, every class that occurs there occurs in the case, too: code may
    rely on it where it counts the classes of a batch.
    """
    return draw_with_gradients(chain, examples, seed, like=like)[0]


def draw_with_gradients(
    chain: Chain, examples: int, seed: int, *, like: Array | None = None
) -> tuple[Case, dict[str, Array]]:
    """The same, with what the reverse pass made of it, by which it was chosen: see Chain.reverse."""
    rng = np.random.RandomState(seed)
    best, best_score = None, -np.inf
    gradients: dict[str, Array] = {}
    for _ in range(ATTEMPTS):
        case = _draw(chain, examples, rng)
        if like is not None:
            case = replace(case, y=with_classes(case.y, like, rng))
        score, found = _score(case)
        if best is None or score > best_score:
            best, best_score, gradients = case, score, found
        if best_score >= NEAR_A_KINK:
            break
    assert best is not None
    return best, gradients


def _draw(chain: Chain, examples: int, rng: np.random.RandomState) -> Case:
    parameters = {name: _parameter(name, shape, rng) for name, shape in chain.parameters.items()}
    x = away_from_zero(rng, (examples, *chain.inputs), 0.1, 1.5)
    return Case(chain, parameters, x, draw_targets(chain.loss, (examples, *chain.steps[-1].outputs), rng))


def _parameter(name: str, shape: Shape, rng: np.random.RandomState) -> Array:
    if name.startswith("b"):
        return away_from_zero(rng, shape, 0.1, 0.5)
    fan_in = shape[0] if len(shape) == 2 else prod(shape[1:])
    return away_from_zero(rng, shape, 0.3, 1.7) / float(np.sqrt(fan_in))


def with_classes(y: Array, like: Array, rng: np.random.RandomState) -> Array:
    """The targets, with every class of `like` in some example; those without classes stay as they are."""
    if y.size == 1 and float(like.flat[0]) in (-1.0, 0.0, 1.0):
        return like.copy()  # one label, of two, or the only class
    labels, wanted = _labels(y), _labels(like)
    if wanted is None or not np.isin(y, (0.0, 1.0)).all():
        return y
    classes = prod(y.shape[1:])
    if labels is None:  # several may be true of an example, but none such is known to the code
        labels = rng.randint(classes, size=len(y))
    missing = sorted(set(wanted.tolist()) - set(labels.tolist()))
    for label in missing:
        # An example whose class is not asked for, or occurs elsewhere, too.
        spare = [n for n, own in enumerate(labels) if own not in wanted or (labels == own).sum() > 1]
        labels[spare[rng.randint(len(spare))]] = label
    return np.asarray(np.eye(classes)[labels].reshape(y.shape))


def _labels(y: Array) -> NDArray[np.int_] | None:
    """The class of each example, where every row is one-hot."""
    rows = y.reshape(len(y), -1)
    one_hot = rows.shape[1] > 1 and np.isin(rows, (0.0, 1.0)).all() and (rows.sum(1) == 1).all()
    return rows.argmax(1) if one_hot else None


def _score(case: Case) -> tuple[float, dict[str, Array]]:
    """The distance to the nearest kink, less 1 for every silent gradient of a parameter; all gradients."""
    values: dict[str, list[Array]] = {"x": [case.x]}

    def note(name: str, value: Array) -> Array:
        values.setdefault(name, []).append(value)
        return value

    with np.errstate(all="ignore"):
        gradients = case.chain.reverse(case.parameters, case.x, case.y, note)
    if not all(np.isfinite(g).all() for g in gradients.values()):
        return -np.inf, gradients
    sizes = {name: np.abs(gradients[name]).max() for name in case.parameters}
    silent = sum(bool(size <= SILENT * max(sizes.values())) for size in sizes.values())
    return _nearest_kink(case.chain, values) - silent, gradients


def _nearest_kink(chain: Chain, values: Mapping[str, list[Array]]) -> float:
    distances = [
        float(np.abs(z - kink).min())
        for step in chain.steps
        for kink in getattr(getattr(step.link, "activation", None), "kinks", ())
        for z in values[step.named("z")]
    ]
    return min(distances, default=float("inf"))
