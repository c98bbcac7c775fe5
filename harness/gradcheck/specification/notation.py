"""A notation: how a source names quantities, numbers layers, orients arrays and prints one entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gradcheck.arrays import Array
from gradcheck.quantity import Quantity, with_gradients
from gradcheck.specification.quantity import computed, handed_over

if TYPE_CHECKING:
    from gradcheck.expr.tree import Axes
    from gradcheck.layers import Stack

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SLOT = re.compile(r"\{(n|sup|index|ij|sub|sample)\}")

Unit = Literal["weight", "entry"]
"""What an entry of an array is called."""


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

    @property
    def writes_code(self) -> bool:
        """Whether the source itself writes an entry as W1[0, 2]."""
        return self.index.startswith("[")

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
    """The letters and habits of one source, resolved for one stack.

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
    """Arrays whose first axis is that of examples."""
    matrices: frozenset[str]
    """Parameters that `@` multiplies the input of their layer with: (inputs, units)."""
    folded: tuple[int, ...]
    """The layers whose bias is the first of the weights of each unit."""
    display: Display
    known: Mapping[str, Quantity]
    """All quantities of the network by their canonical names, gradients and local derivatives, too."""

    @classmethod
    def build(cls, data: Mapping[str, Any]) -> Notation:
        """The notation from plain data."""
        parts: dict[str, Any] = {key: frozenset(data[key]) for key in ("per_example", "matrices")}
        parts |= {"folded": tuple(data["folded"]), "display": Display(**data["display"])}
        return cls(**{**data, **parts, "known": with_gradients(map(_quantity, data["known"]))})

    @property
    def data(self) -> dict[str, Any]:
        """The notation as plain data, for `build`."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        parts: dict[str, Any] = {key: sorted(own[key]) for key in ("per_example", "matrices")}
        parts |= {"folded": list(self.folded), "display": asdict(self.display)}
        return {**own, **parts, "known": [_plain(q) for q in self.known.values() if not q.is_gradient]}

    def symbol(self, name: str) -> str:
        """What the quantity is called in `run`."""
        one = self.known[name]
        if one.of:
            return f"d{self.symbol(one.of.name)}_d{self.symbol(one.value.name)}"
        return self._template(one.letter).replace("{n}", str(self._number(one.letter, one.layer)))

    def symbols(self, stack: Stack) -> dict[str, str]:
        """What every quantity of the network is called, mapped to its canonical name."""
        return {self.symbol(name): name for name in self.quantities(stack)}

    def gradient_of(self, name: str) -> str | None:
        """What J is differentiated by, where the quantity is such a gradient."""
        one = self.known[name]
        return one.value.name if one.is_gradient else None

    def canonical(self, symbol: str, stack: Stack) -> str | None:
        """The canonical name of what is called so, None where nothing is."""
        return self.symbols(stack).get(symbol)

    def quantities(self, stack: Stack) -> list[str]:
        """All quantities of the network that have a name of their own here."""
        merged = {f"{d}b{layer}" for layer in self.folded for d in ("", "d")}
        return [name for name in (*handed_over(stack), *computed(stack)) if name not in merged]

    def unfolded(self, names: Iterable[str]) -> list[str]:
        """The names, those of a folded W followed by its b's, dW's by db's."""
        bias = {f"{d}W{layer}": f"{d}b{layer}" for layer in self.folded for d in ("", "d")}
        return [part for name in names for part in (name, bias.get(name)) if part]

    def present(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """The arrays, given in canonical layout, in the learner's: nothing but rearranged."""
        return {name: self._arranged(name, array) for name, array in self._folded(values).items()}

    def layout(self, name: str, axes: Axes) -> Axes:
        """How the learner's array of a quantity lies, whose canonical one has these axes: "1" has no name."""
        lengths = {n + 2: axis for n, axis in enumerate(axes)}  # an array whose axes all differ in length
        shown = self._arranged(name, np.empty(tuple(lengths))).shape
        return tuple(lengths.get(length, "1") for length in shown)

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
        one = self.known[name]
        if one.of:
            return f"∂{self.pretty(one.of.name)}/∂{self.pretty(one.value.name)}"
        if one.is_gradient and (one.value.name not in self.per_example or self._is_worded(one.letter)):
            return self.symbol(name)
        return self._sign(one.letter) + self._printed_number(one.letter, one.layer)

    def unit(self, name: str) -> Unit:
        """What a report calls an entry: those of a parameter's gradient are weights."""
        one = self.known[name]
        return "weight" if one.is_gradient and one.value.name not in self.per_example else "entry"

    def entry(self, name: str, index: tuple[int, ...], *, examples: int | None = None) -> str:
        """How a report prints one entry: w²₁₂, δ²₁ of sample 3, W1[0, 2].

        The entries of a parameter's gradient go by the parameter's. Of one example alone the number is
        not said.
        """
        if examples == 1 and self.display.sample:
            return self.entry(name, index).removesuffix(self.display.sampled(0))
        one = self.known[name]
        if one.of:
            return f"({self.pretty(name)}){self._of_an_example(index)}"
        if one.value.name in self.per_example:
            number = self._printed_number(one.letter, one.layer)
            return self._sign(one.letter) + number + self._of_an_example(index)
        sign = self.display.entries.get(one.base, self._sign(one.base))
        return sign + self._printed_number(one.base, one.layer) + self._of_a_parameter(one, index)

    def _template(self, letter: str) -> str:
        if letter in self.letters:
            return self.letters[letter]
        base = self.base_of(letter)
        return f"{letter}{{n}}" if base == letter else f"d{self._template(base)}"

    def plain(self, letter: str) -> str:
        """What the letter's quantities are called in `run`, without a number."""
        return self._template(letter).replace("{n}", "")

    def shift(self, letter: str) -> int:
        """What is added to the number of a layer, counted from 1."""
        return self.numbers.get(letter, self.numbers.get(self.base_of(letter), 0))

    def base_of(self, letter: str) -> str:
        """The letter of what J is differentiated by; any other letter itself."""
        return self._bases.get(letter, letter)

    @cached_property
    def _bases(self) -> Mapping[str, str]:
        return {one.letter: one.base for one in self.known.values() if one.is_gradient}

    def _number(self, letter: str, layer: int | None) -> int | None:
        if layer is None:
            return None
        return layer + self.shift(letter)

    def _folded(self, values: Mapping[str, Array]) -> dict[str, Array]:
        shown = dict(values)
        for layer in self.folded:
            for W, b in ((f"W{layer}", f"b{layer}"), (f"dW{layer}", f"db{layer}")):
                if W in shown and b in shown:
                    shown[W] = np.concatenate([shown.pop(b)[np.newaxis], shown[W]])
        return shown

    def _arranged(self, name: str, array: Array) -> Array:
        if array.ndim == 2 and name in self._transposed:
            return array.T
        if array.ndim == 1 and name in self._columns:
            return array.reshape(-1, 1)
        return array

    @cached_property
    def _transposed(self) -> frozenset[str]:
        """The quantities whose matrices lie the other way round."""
        turned = {"examples": self.samples == "columns", "weights": self.weights == "out_in"}
        return frozenset(name for name in self.known if turned.get(self._lies_as(name)))

    @cached_property
    def _columns(self) -> frozenset[str]:
        """The quantities whose vectors are columns."""
        column = self.bias == "column"
        return frozenset(name for name in self.known if column and self._lies_as(name) == "bias")

    def _lies_as(self, name: str) -> Literal["examples", "weights", "bias"]:
        """Which of the conventions for arrays a quantity follows."""
        one = self.known[name]
        if one.of or one.value.name in self.per_example:
            return "examples"
        return "weights" if one.value.name in self.matrices else "bias"

    def _rearranged(self, name: str, array: Array) -> Array:
        if self.known[name].base == "b" and self.bias == "column" and array.ndim == 2:
            # More than one column: the examples were not summed.
            return array.ravel() if array.shape[1] == 1 else array.T
        return self._arranged(name, array)

    def _is_worded(self, letter: str) -> bool:
        """Whether a spec has given a gradient a name that is no letter with a number: dJ_dh3."""
        return "_" in self.letters.get(letter, "")

    def _sign(self, letter: str) -> str:
        return self.display.signs.get(letter, self.plain(letter))

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

    def _of_a_parameter(self, one: Quantity, index: tuple[int, ...]) -> str:
        if one.base == "b" and len(index) == 2:
            index = index[:1]
        firsts = [self.display.first] * len(index)
        if one.base == "W" and one.layer in self.folded:
            firsts[0 if self.weights == "in_out" else 1] = 0
        return self.display.indexed([i + first for i, first in zip(index, firsts, strict=True)])


def resolved(
    name: str,
    source: Mapping[str, Any],
    stack: Stack,
    letters: Mapping[str, str],
    numbers: Mapping[str, int],
) -> Notation:
    """The source's habits for this network, with a spec's own letters.

    A layer alone, with an upstream gradient, needs no numbers.
    """
    lone = stack.out == "a1" and stack.target == "dout"
    own, display = source["letters"], source["display"]
    if lone:
        own = {k: v.replace("{n}", "") for k, v in own.items()} | source["exercise_letters"]
        own |= {k: k for k in _letters_of(stack) - own.keys()}
        display = {**display, "number": ""}
    display = display | {
        key: {k: v for k, v in display[key].items() if k not in letters} for key in ("signs", "entries")
    }
    shifts = _shifts(source["numbers"], stack)
    notation = Notation(
        name=name,
        **{key: source[key] for key in ("about", "samples", "weights", "bias")},
        letters={**own, **letters},
        numbers=shifts,
        per_example=_per_example(stack),
        matrices=frozenset(stack.matrices),
        folded=_folded_layers(stack) if source["bias"] == "folded" else (),
        display=Display(**display),
        known=with_gradients(stack.quantities.values()),
    )
    return replace(notation, numbers=shifts | {k: notation.shift(k) + v for k, v in numbers.items()})


def _shifts(known: Mapping[str, int], stack: Stack) -> dict[str, int]:
    """What is added to layer numbers; letters that the source doesn't have follow its W, or its z."""
    parameters = {stack.quantities[name].letter for name in stack.parameters}
    others = {letter: known.get("W" if letter in parameters else "z", 0) for letter in _letters_of(stack)}
    return {**{letter: shift for letter, shift in others.items() if shift}, **known}


def letters_of(source: Mapping[str, Any], stack: Stack) -> list[str]:
    """The letters that a spec may give a name or a number of its own."""
    plain = dict.fromkeys([*source["letters"], *sorted(_letters_of(stack))])
    return list(
        dict.fromkeys([*plain, *(f"d{letter}" for letter in plain if letter not in ("y", "J", "dout", "dz"))])
    )


def _letters_of(stack: Stack) -> set[str]:
    return {stack.quantities[name].letter for name in (*stack.parameters, *stack.shapes(1))}


def _per_example(stack: Stack) -> frozenset[str]:
    one, two = stack.shapes(1), stack.shapes(2)
    return frozenset({"x", "y", "dout", *(name for name in one if one[name] != two[name])})


def _folded_layers(stack: Stack) -> tuple[int, ...]:
    """The layers whose parameters are a matrix W and a bias of its units."""
    bases: dict[int | None, set[str]] = {}
    for one in (stack.quantities[name] for name in stack.parameters):
        bases.setdefault(one.layer, set()).add(one.base)
    shapes = stack.parameters
    layers = [layer for layer, own in bases.items() if layer is not None and own == {"W", "b"}]
    return tuple(layer for layer in layers if shapes[f"W{layer}"][1:] == shapes[f"b{layer}"])


def _plain(one: Quantity) -> list[Any]:
    """The quantity as plain data."""
    return [one.base, one.layer, *([one.of.base, one.of.layer] if one.of else [])]


def _quantity(data: Sequence[Any]) -> Quantity:
    base, layer, *of = data
    return Quantity(base, layer, of=Quantity(*of) if of else None)


def _fill(template: str, **slots: str) -> str:
    return _SLOT.sub(lambda slot: slots[slot[1]], template)
