"""Seeded cases: numbers at which faults can't hide.

No two weights are equal, no bias is zero, an upstream gradient is not all ones, every class occurs, and
units stay away from the kinks of their activations. The generator is numpy's RandomState, whose stream
never changes (NEP 19), so the same spec gives the same numbers everywhere.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, prod

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


@dataclass(frozen=True)
class Passes:
    """A case with what its forward and its reverse pass make."""

    case: Case
    values: Mapping[str, Array]
    """As Chain.values gives them."""
    gradients: Mapping[str, Array]
    """As Chain.reverse gives them."""


def draw(chain: Chain, examples: int, seed: int, *, like: Array | None = None) -> Case:
    """The first of a few draws in which every gradient speaks and no kink is near, or the best.

    With `like`, targets of the same shape, every class that occurs there occurs in the case, too: code may
    rely on it where it counts the classes of a batch.
    """
    return draw_with_passes(chain, examples, seed, like=like).case


def draw_with_passes(chain: Chain, examples: int, seed: int, *, like: Array | None = None) -> Passes:
    """The same, with the passes by which it was chosen."""
    rng = _generator.stream
    rng.seed(seed)
    best, best_score = None, -inf
    for _ in range(ATTEMPTS):
        case = _draw(chain, examples, rng)
        if like is not None:
            case = replace(case, y=with_classes(case.y, like, rng))
        passes = run_passes(case)
        score = _score(passes)
        if best is None or score > best_score:
            best, best_score = passes, score
        if best_score >= NEAR_A_KINK:
            break
    assert best is not None
    return best


def run_passes(case: Case) -> Passes:
    """The forward and the reverse pass on a case."""
    slices: dict[str, list[Array]] = {"x": [case.x]}

    def note(name: str, value: Array) -> Array:
        slices.setdefault(name, []).append(value)
        return value

    with np.errstate(all="ignore"):
        gradients = case.chain.reverse(case.parameters, case.x, case.y, note)
    return Passes(case, case.chain.stacked(slices), gradients)


class _Generator(threading.local):
    """The generator of each thread: a new one takes longer than a case takes otherwise."""

    def __init__(self) -> None:
        self.stream = np.random.RandomState(0)


_generator = _Generator()


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


def _score(passes: Passes) -> float:
    """The distance to the nearest kink, less 1 for every silent gradient of a parameter."""
    if not np.isfinite(np.concatenate([g.ravel() for g in passes.gradients.values()])).all():
        return -inf
    sizes = [np.maximum.reduce(np.abs(passes.gradients[name]), axis=None) for name in passes.case.parameters]
    silent = sum(bool(size <= SILENT * max(sizes)) for size in sizes)
    return _nearest_kink(passes) - silent


def _nearest_kink(passes: Passes) -> float:
    kinks = passes.case.chain.kinks
    return min((float(np.abs(passes.values[name] - kink).min()) for name, kink in kinks), default=inf)
