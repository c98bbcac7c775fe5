"""A notation: how a source names quantities, numbers layers, orients arrays and prints one entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gradcheck.arrays import Array
from gradcheck.spec.quantity import Network, computed, handed_over, split

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SLOT = re.compile(r"\{(n|sup|index|ij|sub|sample)\}")


@dataclass(frozen=True, kw_only=True)
class Display:
    """How a report prints a quantity: its sign, then the layer's number, then an entry's indices."""

    number: str
    """With the slots {n} (2) and {sup} (²)."""
    index: str
    """With the slots {index} (0, 2), {ij} (12) and {sub} (₁₂)."""
    sample: str
    """With the slot {sample}; empty where the sample is an index like the others."""
    first: int
    """The index of a first row or column."""
    signs: Mapping[str, str]
    """What stands for a letter, where that is not its name in `run`."""
    entries: Mapping[str, str]
    """What stands for a letter in its entries, where that is not its sign."""

    def numbered(self, number: int) -> str:
        """The layer's number as it is printed."""
        return _fill(self.number, n=str(number), sup=str(number).translate(_SUPERSCRIPTS))

    def indexed(self, index: Sequence[int]) -> str:
        """The indices of an entry; nothing where there are none."""
        if not index:
            return ""
        digits = [str(i) for i in index]
        ij = ("" if max(map(len, digits)) == 1 else ",").join(digits)
        return _fill(self.index, index=", ".join(digits), ij=ij, sub=ij.translate(_SUBSCRIPTS))

    def sampled(self, sample: int) -> str:
        """Which sample it is, counted from 0; nothing where samples are indices like others."""
        return _fill(self.sample, sample=str(sample + self.first))


@dataclass(frozen=True, kw_only=True)
class Notation:
    """The letters and habits of one source, resolved for one network.

    The harness computes with samples as rows, W as (inputs, units) and b as (units,), under canonical
    names. Methods take canonical names; arrays and indices are in the learner's layout unless said.
    """

    name: str
    about: str
    samples: Literal["rows", "columns"]
    weights: Literal["in_out", "out_in"]
    bias: Literal["vector", "column", "folded"]
    letters: Mapping[str, str]
    """Letter -> name in `run`, with {n} for the layer's number."""
    numbers: Mapping[str, int]
    """Letter -> what is added to the layer's number, counted from 1."""
    per_example: frozenset[str]
    """Letters of arrays whose first axis is that of examples."""
    folded: tuple[int, ...]
    """The layers whose bias is the first of the weights of each unit."""
    display: Display

    @classmethod
    def build(cls, data: Mapping[str, Any]) -> Notation:
        """The notation from plain data, as `resolved` makes it."""
        parts = {"folded": tuple(data["folded"]), "per_example": frozenset(data["per_example"])}
        return cls(**{**data, **parts, "display": Display(**data["display"])})

    def symbol(self, name: str) -> str:
        """What the quantity is called in `run`."""
        if "/" in name:
            return "_".join(f"d{self.symbol(part[1:])}" for part in name.split("/"))
        letter, layer = split(name)
        return self._template(letter).replace("{n}", str(self._number(letter, layer)))

    def symbols(self, network: Network) -> dict[str, str]:
        """What every quantity of the network is called, mapped to its canonical name."""
        return {self.symbol(name): name for name in self.quantities(network)}

    def canonical(self, symbol: str, network: Network) -> str | None:
        """The canonical name of what is called so, None where nothing is."""
        return self.symbols(network).get(symbol)

    def quantities(self, network: Network) -> list[str]:
        """All quantities of the network that have a name of their own here."""
        merged = {f"{d}b{layer}" for layer in self.folded for d in ("", "d")}
        return [name for name in (*handed_over(network), *computed(network)) if name not in merged]

    def unfolded(self, names: Iterable[str]) -> list[str]:
        """The names, those of a folded W followed by its b's, dW's by db's."""
        bias = {f"{d}W{layer}": f"{d}b{layer}" for layer in self.folded for d in ("", "d")}
        return [part for name in names for part in (name, bias.get(name)) if part]

    def present(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """The arrays, given in canonical layout, in the learner's: nothing but rearranged."""
        return {name: self._arranged(name, array) for name, array in self._folded(values).items()}

    def restored(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """The arrays, given in the learner's layout, in canonical layout: `present` undone.

        An array of a wrong shape is turned round like a right one.
        """
        plain = {name: self._rearranged(name, array) for name, array in values.items()}
        for layer in self.folded:
            for W, b in ((f"W{layer}", f"b{layer}"), (f"dW{layer}", f"db{layer}")):
                if W in plain and plain[W].ndim == 2 and len(plain[W]):
                    plain[b], plain[W] = plain[W][0], plain[W][1:]
        return plain

    def pretty(self, name: str) -> str:
        """How a report prints the whole quantity: δ², W³, dW3."""
        if "/" in name:
            return "/".join(f"∂{self.pretty(part[1:])}" for part in name.split("/"))
        letter, layer = split(name)
        if _is_gradient(letter) and (_base(letter) not in self.per_example or self._is_worded(letter)):
            return self.symbol(name)
        return self._sign(letter) + self._printed_number(letter, layer)

    def entry(self, name: str, index: tuple[int, ...], *, examples: int | None = None) -> str:
        """How a report prints one entry: w²₁₂, δ²₁ of sample 3, W1[0, 2].

        The entries of a parameter's gradient go by the parameter's. Of one example alone the number is
        not said.
        """
        if examples == 1 and self.display.sample:
            return self.entry(name, index).removesuffix(self.display.sampled(0))
        if "/" in name:
            return f"({self.pretty(name)}){self._of_an_example(index)}"
        letter, layer = split(name)
        if _base(letter) in self.per_example:
            return self._sign(letter) + self._printed_number(letter, layer) + self._of_an_example(index)
        parameter = _base(letter)
        sign = self.display.entries.get(parameter, self._sign(parameter))
        return sign + self._printed_number(parameter, layer) + self._of_a_parameter(parameter, layer, index)

    def _template(self, letter: str) -> str:
        if letter in self.letters:
            return self.letters[letter]
        return f"d{self._template(letter[1:])}" if _is_gradient(letter) else f"{letter}{{n}}"

    def _number(self, letter: str, layer: int | None) -> int | None:
        if layer is None:
            return None
        return layer + self.numbers.get(letter, self.numbers.get(_base(letter), 0))

    def _folded(self, values: Mapping[str, Array]) -> dict[str, Array]:
        shown = dict(values)
        for layer in self.folded:
            for W, b in ((f"W{layer}", f"b{layer}"), (f"dW{layer}", f"db{layer}")):
                if W in shown and b in shown:
                    shown[W] = np.concatenate([shown.pop(b)[np.newaxis], shown[W]])
        return shown

    def _arranged(self, name: str, array: Array) -> Array:
        letter = _base(split(name)[0])
        if "/" in name or letter in self.per_example:
            return array.T if self.samples == "columns" and array.ndim == 2 else array
        if letter.startswith("W"):
            return array.T if self.weights == "out_in" and array.ndim == 2 else array
        if self.bias == "column" and array.ndim == 1:
            return array.reshape(-1, 1)
        return array

    def _rearranged(self, name: str, array: Array) -> Array:
        letter = _base(split(name)[0])
        if letter == "b" and self.bias == "column" and array.ndim == 2:
            # More than one column: the examples were not summed.
            return array.ravel() if array.shape[1] == 1 else array.T
        return self._arranged(name, array)

    def _is_worded(self, letter: str) -> bool:
        """Whether a spec has given a gradient a name that is no letter with a number: dJ_dh3."""
        return "_" in self.letters.get(letter, "")

    def _sign(self, letter: str) -> str:
        return self.display.signs.get(letter, self._template(letter).replace("{n}", ""))

    def _printed_number(self, letter: str, layer: int | None) -> str:
        number = self._number(letter, layer)
        return "" if number is None else self.display.numbered(number)

    def _of_an_example(self, index: tuple[int, ...]) -> str:
        first = self.display.first
        if not self.display.sample:
            return self.display.indexed([i + first for i in index])
        last = self.samples == "columns" and len(index) == 2
        sample, *rest = reversed(index) if last else index
        return self.display.indexed([i + first for i in rest]) + self.display.sampled(sample)

    def _of_a_parameter(self, letter: str, layer: int | None, index: tuple[int, ...]) -> str:
        if letter == "b" and len(index) == 2:
            index = index[:1]
        firsts = [self.display.first] * len(index)
        if letter == "W" and layer in self.folded:
            firsts[0 if self.weights == "in_out" else 1] = 0
        return self.display.indexed([i + first for i, first in zip(index, firsts, strict=True)])


def resolved(
    name: str,
    source: Mapping[str, Any],
    network: Network,
    letters: Mapping[str, str],
    numbers: Mapping[str, int],
) -> dict[str, Any]:
    """Plain data for `Notation.build`: the source's habits for this network, with a spec's own letters.

    A layer alone, with an upstream gradient, needs no numbers.
    """
    lone = network.out == "a1" and network.target == "dout"
    own, display = source["letters"], source["display"]
    if lone:
        own = {k: v.replace("{n}", "") for k, v in own.items()} | source["exercise_letters"]
        own |= {k: k for k in _letters_of(network) - own.keys()}
        display = {**display, "number": ""}
    display = display | {
        key: {k: v for k, v in display[key].items() if k not in letters} for key in ("signs", "entries")
    }
    shifts = source["numbers"]
    return {
        "name": name,
        **{key: source[key] for key in ("about", "samples", "weights", "bias")},
        "letters": {**own, **letters},
        "numbers": {**shifts, **{k: shifts.get(k, shifts.get(_base(k), 0)) + v for k, v in numbers.items()}},
        "per_example": _per_example(network),
        "folded": _folded_layers(network) if source["bias"] == "folded" else [],
        "display": display,
    }


def letters_of(source: Mapping[str, Any], network: Network) -> list[str]:
    """The letters that a spec may give a name or a number of its own."""
    plain = dict.fromkeys([*source["letters"], *sorted(_letters_of(network))])
    return list(
        dict.fromkeys([*plain, *(f"d{letter}" for letter in plain if letter not in ("y", "J", "dout", "dz"))])
    )


def _letters_of(network: Network) -> set[str]:
    return {split(name)[0] for name in (*network.parameters, *network.made(1))}


def _per_example(network: Network) -> list[str]:
    one, two = network.made(1), network.made(2)
    return sorted({"x", "y", "dout", *(split(name)[0] for name in one if one[name] != two[name])})


def _folded_layers(network: Network) -> list[int]:
    """The layers that have a bias and one matrix W to hold it."""
    shapes = network.parameters
    layers = [layer for letter, layer in map(split, shapes) if letter == "b" and layer is not None]
    return [layer for layer in layers if len(shapes.get(f"W{layer}", ())) == 2]


def _is_gradient(letter: str) -> bool:
    return len(letter) > 1 and letter.startswith("d") and letter != "dout"


def _base(letter: str) -> str:
    """The letter of what J is differentiated by; any other letter itself."""
    return letter[1:] if _is_gradient(letter) else letter


def _fill(template: str, **slots: str) -> str:
    return _SLOT.sub(lambda slot: slots[slot[1]], template)
