"""Seeded cases: numbers at which faults can't hide.

No two weights are equal, no bias is zero, an upstream gradient is not all ones, every class occurs, and
units stay away from the kinks of their activations. The generator is numpy's RandomState, whose stream
never changes (NEP 19), so the same spec gives the same numbers everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np

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


def draw(chain: Chain, examples: int, seed: int) -> Case:
    """The first of a few draws in which every gradient speaks and no kink is near, or the best."""
    rng = np.random.RandomState(seed)
    best, best_score = None, -np.inf
    for _ in range(ATTEMPTS):
        case = _draw(chain, examples, rng)
        score = _score(case)
        if best is None or score > best_score:
            best, best_score = case, score
        if best_score >= NEAR_A_KINK:
            break
    assert best is not None
    return best


def _draw(chain: Chain, examples: int, rng: np.random.RandomState) -> Case:
    parameters = {name: _parameter(name, shape, rng) for name, shape in chain.parameters.items()}
    x = away_from_zero(rng, (examples, *chain.inputs), 0.1, 1.5)
    return Case(chain, parameters, x, draw_targets(chain.loss, (examples, *chain.steps[-1].outputs), rng))


def _parameter(name: str, shape: Shape, rng: np.random.RandomState) -> Array:
    if name.startswith("b"):
        return away_from_zero(rng, shape, 0.1, 0.5)
    fan_in = shape[0] if len(shape) == 2 else prod(shape[1:])
    return away_from_zero(rng, shape, 0.3, 1.7) / float(np.sqrt(fan_in))


def _score(case: Case) -> float:
    """The distance to the nearest kink, less 1 for every parameter whose gradient is silent."""
    values: dict[str, list[Array]] = {"x": [case.x]}

    def note(name: str, value: Array) -> Array:
        values.setdefault(name, []).append(value)
        return value

    with np.errstate(all="ignore"):
        gradients = case.chain.reverse(case.parameters, case.x, case.y, note)
    if not all(np.isfinite(g).all() for g in gradients.values()):
        return -np.inf
    sizes = {name: np.abs(gradients[name]).max() for name in case.parameters}
    silent = sum(bool(size <= SILENT * max(sizes.values())) for size in sizes.values())
    return _nearest_kink(case.chain, values) - silent


def _nearest_kink(chain: Chain, values: Mapping[str, list[Array]]) -> float:
    distances = [
        float(np.abs(z - kink).min())
        for step in chain.steps
        for kink in getattr(getattr(step.link, "activation", None), "kinks", ())
        for z in values[step.named("z")]
    ]
    return min(distances, default=float("inf"))
