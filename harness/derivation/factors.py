"""What a network offers for a wrong number to be: other quantities, and factors too many or too few."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from harness.derivation.judge import same
from harness.derivation.trials import Ground, Trial
from harness.maths._arrays import Array
from harness.maths.activations import Activation
from harness.spec.quantity import split

Find: TypeAlias = Callable[[Trial], Array | None]
Named: TypeAlias = tuple[str, Find]
"""What a report calls it, and its value in a trial."""


def elsewhere(ground: Ground, trials: Sequence[Trial], yours: Sequence[Array]) -> str:
    """The quantity or entry of the network that has these values."""
    for label, find in _quantities(ground, trials[0]):
        if all(_is(find(trial), own) for trial, own in zip(trials, yours, strict=True)):
            return label
    return ""


def factor(ground: Ground, trials: Sequence[Trial], ratios: Sequence[Array]) -> str:
    """The factor that stands there too often, or not at all, where one explains the ratios."""
    for label, find in _factors(ground, trials[0]):
        found = [find(trial) for trial in trials]
        if all(_is(f, r) for f, r in zip(found, ratios, strict=True)):
            return f"There is a factor too many: {label}."
        if all(f is not None and f.all() and _is(1 / f, r) for f, r in zip(found, ratios, strict=True)):
            return f"A factor is missing: {label}."
    return ""


def _is(number: Array | None, yours: Array) -> bool:
    return number is not None and same(np.asarray(number), yours)


def _quantities(ground: Ground, trial: Trial) -> Iterator[Named]:
    """Every quantity and every entry, by the name that a report prints."""
    notation = ground.words.notation
    for name, array in trial.scope.values.items():
        if name == "J" or "/" in name:
            continue
        gradient = name.startswith("d") and split(name)[0] not in ("dz", "da", "dx", "dout")
        yield notation.pretty(name), _found(name)
        for place in np.ndindex(array.shape) if array.size <= 30 else ():
            label = notation.entry(name, place, examples=1)
            yield (f"∂{notation.pretty('J')}/∂{label}" if gradient else label), _found(name, place)


def _found(name: str, place: tuple[int, ...] | None = None) -> Find:
    def find(trial: Trial) -> Array | None:
        array = trial.scope.values.get(name)
        return None if array is None else _at(array, place)

    return find


def _at(array: Array, place: tuple[int, ...] | None) -> Array | None:
    """The entry, or the whole; None where another trial has more examples than this one."""
    if place is None:
        return array
    there = all(i < n for i, n in zip(place, array.shape, strict=True))
    return np.asarray(array[place]) if there else None


def _factors(ground: Ground, trial: Trial) -> Iterator[Named]:
    """What a product of the chain rule may have too often, or not at all: slopes first."""
    notation, chain = ground.words.notation, ground.words.chain
    for step in chain.steps:
        activation = getattr(step.link, "activation", None)
        if activation is None or activation.slope is None or activation.name == "identity":
            continue
        sign = {"sigmoid": "σ"}.get(activation.name, activation.name)
        whole = notation.pretty(step.source)
        yield f"{sign}′({whole})", _slope(activation, step.source, step.out)
        for place in np.ndindex(trial.scope.values[step.source].shape):
            label = notation.entry(step.source, place, examples=1)
            yield f"{sign}′({label})", _slope(activation, step.source, step.out, place)
    for label, find in _quantities(ground, trial):
        if not label.startswith(("∂", "d")):
            yield label, find


def _slope(g: Activation, z: str, a: str, place: tuple[int, ...] | None = None) -> Find:
    def find(trial: Trial) -> Array | None:
        assert g.slope is not None
        return _at(g.slope(trial.scope.values[z], trial.scope.values[a]), place)

    return find
