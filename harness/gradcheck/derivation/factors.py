"""What a network offers for a wrong number to be: other quantities, and factors too many or too few."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation.judge import same
from gradcheck.derivation.trials import Trial
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.layers.activation import Activation

Find: TypeAlias = Callable[[Trial], Array | None]


class Named(NamedTuple):
    """Something that has a name."""

    label: str
    """What a report calls it."""
    find: Find
    """Its value in a trial."""
    is_gradient: bool = False
    """Whether it is ∂J/∂ something, deltas apart."""


Shapes: TypeAlias = tuple[tuple[str, tuple[int, ...]], ...]


class Offer:
    """Everything of one network that has a name."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self._quantities: dict[Shapes, list[Named]] = {}
        self._factors: dict[Shapes, list[Named]] = {}

    def elsewhere(self, trials: Sequence[Trial], yours: Sequence[Array]) -> str:
        """The quantity or entry of the network that has these values."""
        for label, find, _ in self._all_quantities(trials[0]):
            if all(_is(find(trial), own) for trial, own in zip(trials, yours, strict=True)):
                return label
        return ""

    def factor(self, trials: Sequence[Trial], ratios: Sequence[Array]) -> str:
        """The factor that stands there too often, or not at all, where one explains the ratios."""
        for label, find, _ in self._all_factors(trials[0]):
            if all(_is(find(trial), ratio) for trial, ratio in zip(trials, ratios, strict=True)):
                return f"There is a factor too many: {label}."
            if all(_is(_inverse(find(trial)), ratio) for trial, ratio in zip(trials, ratios, strict=True)):
                return f"A factor is missing: {label}."
        return ""

    def _all_quantities(self, trial: Trial) -> list[Named]:
        shapes = _shapes(trial)
        if shapes not in self._quantities:
            self._quantities[shapes] = list(_quantities(self.words, trial))
        return self._quantities[shapes]

    def _all_factors(self, trial: Trial) -> list[Named]:
        """What a product of the chain rule may have too often, or not at all: g′ first."""
        shapes = _shapes(trial)
        if shapes not in self._factors:
            plain = (named for named in self._all_quantities(trial) if not named.is_gradient)
            self._factors[shapes] = [*_derivatives(self.words, trial), *plain]
        return self._factors[shapes]


def _shapes(trial: Trial) -> Shapes:
    return tuple((name, array.shape) for name, array in trial.scope.values.items())


def _is(number: Array | None, yours: Array) -> bool:
    return number is not None and same(np.asarray(number), yours)


def _inverse(number: Array | None) -> Array | None:
    return None if number is None or not number.all() else np.asarray(1 / number)


def _quantities(words: Vocabulary, trial: Trial) -> Iterator[Named]:
    """Every quantity and every entry, by the name that a report prints."""
    notation = words.notation
    for name, array in trial.scope.values.items():
        one = notation.known[name]
        if name == "J" or one.of:
            continue
        is_gradient = one.is_gradient and one.base != "z"
        yield Named(notation.pretty(name), _value_of(name), is_gradient)
        for position in np.ndindex(array.shape) if array.size <= 30 else ():
            label = notation.entry(name, position, examples=1)
            if notation.unit(name) == "weight":
                label = f"∂{notation.pretty('J')}/∂{label}"
            yield Named(label, _value_of(name, position), is_gradient)


def _value_of(name: str, position: tuple[int, ...] | None = None) -> Find:
    def find(trial: Trial) -> Array | None:
        array = trial.scope.values.get(name)
        return None if array is None else _at(array, position)

    return find


def _at(array: Array, position: tuple[int, ...] | None) -> Array | None:
    """The entry, or the whole; None where another trial has more examples than this one."""
    if position is None:
        return array
    there = all(i < n for i, n in zip(position, array.shape, strict=True))
    return np.asarray(array[position]) if there else None


def _derivatives(words: Vocabulary, trial: Trial) -> Iterator[Named]:
    """g′ of all layers, and of every unit."""
    notation = words.notation
    for layer, activation in words.stack.activations.items():
        if activation.derivative is None or activation.name == "identity":
            continue
        sign = getattr(activation.operation, "symbol", "") or activation.name
        z, a = words.named("z", layer), words.named("a", layer)
        if z is None or a is None:
            continue
        yield Named(f"{sign}′({notation.pretty(z)})", _derivative(activation, z, a))
        for position in np.ndindex(trial.scope.values[z].shape):
            label = notation.entry(z, position, examples=1)
            yield Named(f"{sign}′({label})", _derivative(activation, z, a, position))


def _derivative(g: Activation, z: str, a: str, position: tuple[int, ...] | None = None) -> Find:
    def find(trial: Trial) -> Array | None:
        assert g.derivative is not None
        return _at(g.derivative(trial.scope.values[z], trial.scope.values[a]), position)

    return find
