"""Which quantity a written name means, in a spec's notation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from gradcheck.derivation import functions
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.words import Reference, is_kronecker
from gradcheck.formulas.names import ascii_name
from gradcheck.formulas.tree import Bracket, Negative, Node, Number, Product, Scripted, Span, Sum, Symbol
from gradcheck.layers import Activation, Stack
from gradcheck.specification.notation import Notation

_WRITTEN = re.compile(r"([A-Za-z]+?)([0-9]+)?(?:_([A-Za-z0-9_,]+))?")
_LOSSES = ("J", "C", "E", "e", "cost", "loss", "Cost", "Loss", "Err", "err")
_OUTPUTS = ("y_hat", "Y_hat", "y_pred", "yhat", "y_out", "out", "o", "output", "prediction")
_TARGETS = ("t", "target", "y_true", "label")
_LABELS = ("n", "true", "target", "i", "t", "total", "tot")
"""Subscripts of a target that say which example, or that it is one."""
MOST_KEPT = 5_000
"""How many names a vocabulary remembers: each is looked up at every point, and texts have names in common."""


class Vocabulary:
    """The names of one network's quantities."""

    def __init__(self, notation: Notation, stack: Stack, turned: frozenset[str] = frozenset()) -> None:
        """`turned` are the letters whose two indices are read in the other order."""
        self.notation = notation
        self.stack = stack
        self._turned = turned
        self.symbols = notation.symbols(stack)
        self._shifted: dict[tuple[str, int], Vocabulary] = {}
        self._meant: dict[tuple[Symbol | Scripted, Span], Reference | None] = {}
        self._firsts: dict[str, tuple[int, int]] = {}

    def shifted(self, letter: str, by: int) -> Vocabulary:
        """The names as they would be if that letter's layers were numbered otherwise."""
        if (letter, by) not in self._shifted:
            numbers = {**self.notation.numbers, letter: self.offset(letter) + by}
            self._shifted[letter, by] = Vocabulary(replace(self.notation, numbers=numbers), self.stack)
        return self._shifted[letter, by]

    @cached_property
    def weights_turned(self) -> Vocabulary:
        """The names as they would be with the indices of the weights in the other order."""
        return Vocabulary(self.notation, self.stack, frozenset({"W", "dW"}))

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return len(self.stack.layers)

    @property
    def last(self) -> int:
        """The number that the notation gives the output's layer: L."""
        return self.layers + self.offset("a")

    @property
    def columns(self) -> bool:
        """Whether an example is a column."""
        return self.notation.samples == "columns"

    @cached_property
    def shared(self) -> frozenset[str]:
        """Letters of what all examples share: parameters and their gradients."""
        parameters = [self.notation.known[name] for name in self.stack.parameters]
        return frozenset(one.letter for p in parameters for one in (p, p.gradient))

    @property
    def has_ones(self) -> bool:
        """Whether x_0 = 1 is the input of the bias."""
        return bool(self.notation.folded)

    def offset(self, letter: str) -> int:
        """What the notation adds to the number of a layer, counted from 1."""
        return self.notation.shift(letter)

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """Written letter -> canonical letter."""
        found: dict[str, str] = {}
        for letter in self._canonical:
            for written in self._written(letter):
                found.setdefault(written, letter)
        for written, letter in list(found.items()):
            if len(written) == 1:
                found.setdefault(written.swapcase(), letter)
        for written, letter in list(found.items()):
            if len(written) == 2 and self.notation.base_of(letter) != letter:
                found.setdefault("d" + written[1].swapcase(), letter)
        found.setdefault("delta", "dz")
        if self.stack.penalty is None:
            found.setdefault("L", "J")  # as a value; in the place of a layer it is the last one
        if self.stack.loss.targets == "none":
            found.setdefault("f", "J")  # the function itself is differentiated
        for written in _LOSSES:
            found.setdefault(written, "J")
        return found

    @property
    def _canonical(self) -> list[str]:
        letters = dict.fromkeys(self.notation.known[name].letter for name in self._names)
        # Where inputs share a letter with activations, the layer's number tells them apart.
        return sorted(letters, key=lambda letter: letter in ("x", "da", "dx"))

    def _written(self, letter: str) -> list[str]:
        display = self.notation.display
        shown = [display.signs.get(letter, ""), display.entries.get(letter, ""), self.notation.plain(letter)]
        return [ascii_name(text) for text in shown if text and ascii_name(text).isalpha()]

    @property
    def superscripts(self) -> bool:
        """Whether a bare superscript is a layer's number, as in a²."""
        return "{sup}" in self.notation.display.number

    def reference(self, node: Node) -> Reference | None:
        """The quantity that a name means; None for a name that means none."""
        if not isinstance(node, (Symbol, Scripted)):
            return None
        key = node, node.span  # which is no part of what makes two names the same
        if key not in self._meant:
            if len(self._meant) >= MOST_KEPT:
                self._meant.clear()
            found = self._reference(node)
            if found is not None and found.letter in self._turned:
                found = replace(found, indices=found.indices[::-1])
            self._meant[key] = found
        return self._meant[key]

    def _reference(self, node: Symbol | Scripted) -> Reference | None:
        if isinstance(node, Symbol):
            return self._symbol(node.text, None, (), node.span)
        if not isinstance(node.base, Symbol) or node.primes or is_kronecker(node):
            return None
        if node.sup is not None and not self.is_layer(node):
            return None
        layer, example = self._above(node)
        found = self._symbol(node.base.text, layer, node.sub, node.span)
        return found if found is None else replace(found, example=example)

    def _above(self, node: Scripted) -> tuple[Node | None, Node | None]:
        """The layer and the example of a superscript: a^{[2](i)}, and y^(i) where layers are in [ ]."""
        if (both := _layer_and_example(node.sup)) is not None:
            return both
        letter = self.letters.get(node.base.text) if isinstance(node.base, Symbol) else None
        if letter in ("x", "y") and node.fence == "(" and "[" in self.notation.display.number:
            return None, node.sup
        return node.sup, None

    def is_layer(self, node: Scripted) -> bool:
        """Whether the superscript is a layer, not a power."""
        if node.sup is None or not isinstance(node.base, Symbol):
            return False
        if node.layered or _layer_and_example(node.sup) is not None:
            return True
        text, digits, _ = _parted(node.base.text)
        if digits is not None or self.letters.get(text) in ("x", "y", "J", None):
            return False
        return self.superscripts or _has_a_variable(node.sup)

    def _symbol(self, text: str, sup: Node | None, sub: tuple[Node, ...], span: Span) -> Reference | None:
        if sup is None and text in self.symbols:
            one = self.notation.known[self.symbols[text]]
            if one.of:
                return Reference(one.name, None, sub, span)  # da2_dz2: a link of the chain rule
            layer = None if one.layer is None else Number(one.layer + self.offset(one.letter), span)
            return Reference(one.letter, layer, _entry_indices(one.letter, sub), span)
        if text in _OUTPUTS and text not in self.letters:
            return Reference("a", Number(self.last, span), sub, span)
        if (
            text in _TARGETS
            and text not in self.letters
            and self.stack.loss.targets not in ("none", "upstream")
        ):
            return Reference("y", None, sub, span)
        written, digits, rest = _parted(text)
        known = self.letters.get(written)
        if known is None or (digits and sup is not None):
            return None
        own: Node | None = Number(int(digits), span) if digits else sup
        letter = "a" if known == "x" and own is not None else known
        if letter in ("y", "J"):
            return (
                Reference(letter, None, _entry_indices(letter, sub), span)
                if rest in (None, *_LABELS)
                else None
            )
        return Reference(letter, own, sub or _indices(rest, span), span)

    def is_objective(self, node: Node) -> bool:
        """Whether a name is that of the objective."""
        reference = self.reference(node)
        return reference is not None and reference.letter == "J"

    def activation(self, letter: str, layer: int | None) -> Activation | None:
        """The activation that a name means: that of the layer, or the only one that is curved."""
        named = functions.NAMED.get(letter)
        curved = {g.name: g for g in self.stack.activations.values() if g.name != "identity"}
        if named is not None:
            return curved.get(named) or functions.activation(letter)
        if layer is not None and (own := self.stack.activations.get(layer)) and own.name in curved:
            return own
        if letter == "sigma" and "sigmoid" in curved:
            return curved["sigmoid"]
        return next(iter(curved.values())) if len(curved) == 1 else None

    def firsts(self, name: str) -> tuple[int, int]:
        """What the first row and the first column of a quantity are called."""
        if name not in self._firsts:
            self._firsts[name] = self._first_of(name)
        return self._firsts[name]

    def _first_of(self, name: str) -> tuple[int, int]:
        first = self.notation.display.first
        one = self.notation.known[name]
        if one.base != "W" or one.layer not in self.notation.folded:
            return first, first
        return (0, first) if self.notation.weights == "in_out" else (first, 0)

    def canonical(self, reference: Reference, layer: int | None) -> str:
        """The name of a reference's quantity, its layer's number being known; MeaningError."""
        letter = reference.letter
        if letter in self.notation.known:
            return letter  # of no layer: x, J, a link of the chain rule
        names = self._by_layer.get(letter, {})
        if layer is None:
            if len(names) == 1:
                return next(iter(names.values()))
            raise MeaningError("layer", "which layer's is this?", reference.span, "write its number")
        own = layer - self.offset(letter)
        if letter in ("a", "da") and own == 0:
            return "x" if letter == "a" else "dx"
        if own not in names:
            raise MeaningError("layer", f"the network has no such quantity in layer {layer}", reference.span)
        return names[own]

    @cached_property
    def _by_layer(self) -> Mapping[str, Mapping[int | None, str]]:
        found: dict[str, dict[int | None, str]] = {}
        for name in self._names:
            one = self.notation.known[name]
            found.setdefault(one.letter, {})[one.layer] = name
        return found

    def named(self, letter: str, layer: int) -> str | None:
        """The quantity of that letter and layer, counted from 1; None where there is none."""
        return self._by_layer.get(letter, {}).get(layer)

    def gradient(self, name: str) -> str | None:
        """The name of ∂J/∂ that quantity; None by a gradient and by a link of the chain rule."""
        one = self.notation.known[name]
        return None if one.of or one.is_gradient else one.gradient.name

    def layer_of(self, name: str) -> int | None:
        """The layer, counted from 1."""
        return self.notation.known[name].layer

    @cached_property
    def _names(self) -> list[str]:
        return [n for n in self.notation.quantities(self.stack) if not self.notation.known[n].of]


def _layer_and_example(sup: Node | None) -> tuple[Node, Node] | None:
    match sup:
        case Product(factors=(Bracket(layer, "["), Bracket(example, "(")), operators=("",)):
            return layer, example
    return None


def _parted(text: str) -> tuple[str, str | None, str | None]:
    """w3_11 is w, 3 and 11."""
    match = _WRITTEN.fullmatch(text)
    return (match[1], match[2], match[3]) if match else (text, None, None)


def _entry_indices(letter: str, sub: tuple[Node, ...]) -> tuple[Node, ...]:
    """The subscripts that are indices: a target's may say which example it is of."""
    if letter not in ("y", "J"):
        return sub
    return tuple(n for n in sub if not (isinstance(n, Symbol) and n.text in _LABELS))


def _indices(text: str | None, span: Span) -> tuple[Node, ...]:
    if text is None:
        return ()
    parts = re.split(r"[_,]", text) if re.search(r"[_,]", text) else list(text)
    return tuple(Number(int(p), span) if p.isdecimal() else Symbol(p, span) for p in parts)


def _has_a_variable(node: Node) -> bool:
    match node:
        case Symbol(text):
            return text in ("l", "L")
        case Sum(terms):
            return any(map(_has_a_variable, terms))
        case Negative(inner):
            return _has_a_variable(inner)
    return False
