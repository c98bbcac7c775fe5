"""What a text speaks of without defining it: the network of a spec, by the names of its notation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation import functions
from gradcheck.derivation import words as written
from gradcheck.derivation.columns import Columns, Unbiased
from gradcheck.derivation.errors import MeaningError as Unmeant
from gradcheck.derivation.point import Point
from gradcheck.derivation.spelling import plain
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.expr.layout import lying
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.tree import Axes, axis_of
from gradcheck.formulas import tree
from gradcheck.formulas.names import ascii_name
from gradcheck.formulas.tree import Bracket, Claim, Negative, Node, Product, Scripted, Sum, Symbol
from gradcheck.formulas.walk import changed, nodes, nodes_of
from gradcheck.formulas.written import written as written_as
from gradcheck.layers.layer import SAMPLES
from gradcheck.network.local import rule
from gradcheck.paper.course.means import COUNTS
from gradcheck.paper.names import Index, Key, Reference
from gradcheck.paper.rewriting.nabla import is_bare
from gradcheck.paper.values.algebra import ONE, MeaningError, Shape
from gradcheck.specification.quantity import STRENGTH

Points = Point | Columns | Unbiased
CLOSE = 1e-9
_STRENGTHS = (STRENGTH, "lambda", "reg")
_ERRORS = frozenset({"e", "err", "Err"})
"""Letters for the loss or for how far an output is off, whichever the text says."""
COUNT, PENALTY = Key("m"), Key("lambda")


if TYPE_CHECKING:
    from gradcheck.paper.judge import Way


class Course:
    """A network's quantities at points, and what people call them."""

    def __init__(
        self,
        words: Vocabulary,
        points: Sequence[Points],
        layer: int | None = None,
        *,
        rows_as_columns: bool = False,
    ) -> None:
        """All points have as many examples; `layer` is what names without one are of."""
        self.words, self.points, self.layer, self.rows_as_columns = words, points, layer, rows_as_columns
        self.notation, self.network = points[0].spec.layered_notation, words.stack.network
        self.has_columns = words.columns or isinstance(points[0], Columns)
        self.called: Mapping[Key, Key] = {}
        """Names that the text gives to quantities of the network."""
        self.running: Collection[str] = ()
        """Letters of indices."""
        self.others: set[str] = set()
        """Names that the text gives to something of its own."""
        self._known = {self.notation.pretty(name): name for name in self._axes}
        self._own: dict[int, dict[str, Named]] = {}
        """The values at a point."""

    @cached_property
    def _values(self) -> Mapping[str, Array]:
        return self.points[0].values

    @cached_property
    def is_batch(self) -> bool:
        """Whether there are several examples."""
        return len(self.points[0].case.x) > 1

    # Names

    def key(self, name: str) -> Key:
        """A quantity by its canonical name."""
        return Key(self.notation.pretty(name))

    def reference(self, node: Symbol | Scripted, letters: Mapping[str, Index]) -> Reference | None:
        """What a name means; None where it means nothing here."""
        if isinstance(node, Symbol) and node.text in self._known:
            return Reference(Key(node.text))
        base = node.base if isinstance(node, Scripted) else node
        if isinstance(base, Symbol) and base.text in self.others:
            return None
        found, power = self.words.reference(node), None
        if found is None and isinstance(node, Scripted) and node.sup is not None and not node.primes:
            found, power = self.words.reference(replace(node, sup=None)), node.sup
        if found is None:
            return self._constant(node)
        found = self._as_meant(node, found)
        name = self._canonical(found)
        if name is None:
            return None
        indices, single, note = self._split_indices(name, found, letters)
        example = None if found.example is None else _index(found.example, letters)
        if example is not None and not self.is_batch:
            single, example = (*single, example if isinstance(example, str) else 1), None
        return Reference(self.key(name), indices, power, single=single, example=example, note=note)

    def _as_meant(self, node: Symbol | Scripted, found: written.Reference) -> written.Reference:
        """The name with z_2 as a z of layer 2, and with y_i as an entry where i is an index."""
        sub = node.sub if isinstance(node, Scripted) else ()
        if found.letter == "y" and sub and not found.indices and all(map(self._runs, sub)):
            return replace(found, indices=sub)
        if found.layer is None and len(sub) == 1 and self._canonical(found) is None and _is_layer(sub[0]):
            return replace(found, layer=sub[0], indices=())
        return found

    def _runs(self, index: Node) -> bool:
        return isinstance(index, Symbol) and index.text in self.running

    def _constant(self, node: Node) -> Reference | None:
        match node:
            case Symbol(text) if text in COUNTS:
                return Reference(COUNT)
            case Symbol(text) if text in _STRENGTHS and self.words.stack.penalty:
                return Reference(PENALTY)
        return None

    def _canonical(self, found: written.Reference) -> str | None:
        number = self.layer if found.layer is None else self._number(found.layer)
        if number is None and found.layer is not None:
            return None
        try:
            name = self.words.canonical(found, number)
        except Unmeant:
            return None
        return name if name in self._axes else None

    def _number(self, layer: Node) -> int | None:
        """The number of a layer, as 3 or 2 + 1; None where letters leave it open."""
        match layer:
            case tree.Number(value):
                return int(value)
            case Symbol("L"):
                return self.words.last
            case Negative(of):
                number = self._number(of)
                return None if number is None else -number
            case Sum(terms):
                numbers = [self._number(term) for term in terms]
                return None if None in numbers else sum(filter(None, numbers))
        return None

    def _split_indices(
        self, name: str, found: written.Reference, letters: Mapping[str, Index]
    ) -> tuple[tuple[Index, ...], tuple[Index, ...], str]:
        """The indices of axes that are longer than one, those of the others, and what they were taken for."""
        indices = tuple(self._indices(name, found, letters))
        axes = list(zip(self._axes[name], self._values[name].shape, strict=True))
        if len(indices) < len(axes):
            skipped = (ONE, SAMPLES) if found.example is not None or not self.is_batch else (ONE,)
            axes = [(axis, length) for axis, length in axes if axis not in skipped]
        if len(indices) != len(axes):
            return indices, (), ""
        before, indices = indices, self._turned(indices, [length for _, length in axes])
        note = "" if before == indices else f"indices {_listed(before)} are taken for {_listed(indices)}"
        pairs = list(zip(indices, axes, strict=True))
        named = tuple(index for index, (_, length) in pairs if length > 1)
        return named, tuple(index for index, (_, length) in pairs if length == 1), note

    def _turned(self, indices: tuple[Index, ...], lengths: Sequence[int]) -> tuple[Index, ...]:
        """The indices, in the other order where there is no such entry otherwise."""
        if len(indices) != 2 or 1 not in lengths or indices == (1, 1):
            return indices
        alone, other = indices if lengths[0] == 1 else indices[::-1]
        if alone == 1 or (isinstance(alone, str) and other != 1):
            return indices
        return indices[::-1]

    def _indices(self, name: str, found: written.Reference, letters: Mapping[str, Index]) -> Iterator[Index]:
        """Counted from 1."""
        display = self.notation.display.first
        firsts = self.words.firsts(name) if self._has_bias(name) else (display, display)
        for n, node in enumerate(found.indices):
            index = _index(node, letters)
            yield index if isinstance(index, str) else index - firsts[min(n, 1)] + 1

    def _has_bias(self, name: str) -> bool:
        """Whether the first of an array's entries are for the input x_0 = 1, as far as there are any."""
        own = {SAMPLES: len(self.points[0].case.x), ONE: 1, **self.points[0].case.stack.sizes}
        pairs = zip(self._axes[name], self._values[name].shape, strict=True)
        return any(length > own[axis_of(axis)] for axis, length in pairs)

    def knows(self, text: str) -> bool:
        """Whether a word is a name of something here."""
        return self.reference(Symbol(text), {}) is not None

    def plain(self, node: Node) -> Node:
        """A formula with names as they are on paper: W2[i, j] as an entry, C(w) as C."""
        return plain(self.words, self._without_arguments(node))

    def _without_arguments(self, node: Node) -> Node:
        """C for C(w), and ∇_w C for ∇C(w)."""
        found = changed(node, self._without_arguments)
        if not isinstance(found, Product):
            return found
        pairs = zip(found.factors, found.factors[1:], found.operators, strict=False)
        for n, (head, factor, operator) in enumerate(pairs):
            if isinstance(factor, Bracket) and operator == "" and self.words.is_objective(head):
                before, by = found.factors[:n], factor.inner
                if before and is_bare(before[-1]) and isinstance(by, Symbol | Scripted):
                    nabla = Scripted(Symbol("nabla"), sub=(by,), span=before[-1].span)
                    before = (*before[:-1], nabla)
                factors = (*before, head, *found.factors[n + 2 :])
                operators = (*found.operators[:n], *found.operators[n + 1 :])
                return Product(factors, operators, found.span) if operators else factors[0]
        return found

    def lacks(self, node: Symbol | Scripted) -> bool:
        """Whether a name is of a layer that isn't there."""
        return bool(self.absence(node))

    def absence(self, node: Symbol | Scripted) -> str:
        """What is said of a name of a layer that isn't there; "" of any other."""
        found = self.words.reference(node)
        if found is None:
            return ""
        layer = self._as_meant(node, found).layer
        number = None if layer is None else self._number(layer)
        if number is None and not isinstance(layer, Symbol):
            return ""
        if layer is None or self._canonical(self._as_meant(node, found)) is not None:
            return ""
        return f"the network has no such quantity in layer {written_as(layer) if number is None else number}"

    def leaves_layer_open(self, node: Symbol | Scripted) -> bool:
        """Whether a name doesn't say of which layer it is."""
        found = self.words.reference(node)
        meant = None if found is None else self._as_meant(node, found)
        return meant is not None and meant.layer is None and self._canonical(meant) is None

    def renamed(self, way: Way) -> Course | None:
        """The course with the text's own names for quantities of the network; None where it has none."""
        if way.nowhere is not None or not way.network.definitions:
            return None
        found = {key: other for key in way.network.definitions if (other := self._same(way, key)) is not None}
        if not found:
            return None
        one = copy(self)
        one.called = found
        return one

    def _same(self, way: Way, key: Key) -> Key | None:
        """The quantity of the network that one of the text is at every point."""
        alike = (k for k, its in self.shapes.items() if its == way.network.shapes[key] and self._is_value(k))
        points = [at.values for at in way.points]
        return next((k for k in alike if all(_is_same(at[str(key)], at[str(k)]) for at in points)), None)

    def _is_value(self, key: Key) -> bool:
        """Whether it is made on the way forward."""
        return key.base in self._known and self.name(key) in self.network.layouts

    def besides(self, claims: Sequence[Claim]) -> Course:
        """The course, where a text calls something else an error e, or a delta."""
        one = copy(self)
        own = _ERRORS - self.words.symbols.keys()
        heads = (claim.sides[0] for claim in claims if len(claim.sides) > 1)
        one.others = {head.text for head in heads if isinstance(head, Symbol) and head.text in own}
        if self._plain_delta != "delta" and any(map(_names_a_delta, claims)):
            one.others.add("delta")
        return one

    @property
    def _plain_delta(self) -> str:
        """The letter that the notation has for the derivatives by pre-activations."""
        return ascii_name(self.notation.display.signs.get("dz", ""))

    def name(self, key: Key) -> str:
        """The canonical name of a quantity; "" of a constant."""
        return self._known.get(key.base, "")

    def axes(self, name: str) -> Axes:
        """The axes of a quantity's value, by its canonical name."""
        return tuple(axis for axis in lying(self.shapes[self.key(name)]) if axis != ONE)

    def weight(self, key: Key) -> float:
        """What a gradient is multiplied by, to be what its name stands for here."""
        return self.weight_of(self._known[key.base])

    def weight_of(self, name: str) -> float:
        """The same, by its canonical name."""
        return self.points[0].weight(name)

    def letters(self, claims: Sequence[Claim]) -> frozenset[str]:
        """What stands in the place of layers, that of the last one apart."""
        every = nodes_of(claims)
        found = ((node, self.words.reference(node)) for node in every if isinstance(node, Symbol | Scripted))
        layers = [self._as_meant(node, one).layer for node, one in found if one is not None]
        inner = (node for layer in layers if layer is not None for node, _ in nodes(layer))
        return frozenset(node.text for node in inner if isinstance(node, Symbol)) - {"L"}

    # Arrays

    @cached_property
    def _axes(self) -> Mapping[str, Axes]:
        """How the array of each quantity lies, at the points."""
        found = {name: self._axes_of(name) for name in self._values}
        return {name: axes for name, axes in found.items() if axes is not None}

    def _axes_of(self, name: str) -> Axes | None:
        """What the axes of an array are of: examples, or something else."""
        one = self.notation.known[name]
        if one.of:
            local = rule(self.network, one.of.name, one.value.name)
            axes = None if local is None else local.layout
        else:
            axes = self.network.layouts.get(one.value.name if one.is_gradient else name)
        if axes is None:
            return None
        lies = self.notation.layout(name, axes)
        if isinstance(self.points[0], Columns) and lies[:1] == (SAMPLES,) and not one.of:
            lies = lies[::-1]
        return lies if len(lies) == self._values[name].ndim else None

    @cached_property
    def shapes(self) -> Mapping[Key, Shape]:
        """How quantities lie: an axis of length one has no name, and an array of one number is a number."""
        own = {self.key(name): self._shape(self._values[name].shape) for name in self._axes}
        return {COUNT: (), PENALTY: (), **own}

    def _shape(self, lengths: tuple[int, ...]) -> Shape:
        is_row = lengths[:1] == (1,)
        return shape_of(lengths[::-1] if is_row and self.rows_as_columns else lengths)

    def values(self, number: int, moved: Mapping[str, Array] | None = None) -> dict[str, Named]:
        """Values of all quantities at a point, by what they are called; or of those that something moves."""
        if moved is not None:
            return self._called(moved)
        if number not in self._own:
            point, penalty = self.points[number], self.words.stack.penalty
            count = Named(np.asarray(float(len(point.case.x))), ())
            strength = Named(np.asarray(penalty["strength"] if penalty else 0.0), ())
            self._own[number] = self._called(point.values) | {str(COUNT): count, str(PENALTY): strength}
        return dict(self._own[number])

    def _called(self, arrays: Mapping[str, Array]) -> dict[str, Named]:
        known = arrays.keys() & self._axes.keys()
        return {str(self.key(name)): self._named(name, arrays[name]) for name in known}

    def _named(self, name: str, array: Array) -> Named:
        lies = self.axes(name)
        return Named(np.asarray(array, float).reshape([int(axis_of(axis)) for axis in lies]), lies)

    def array(self, name: str, value: Array) -> Array:
        """A quantity's value as the learner's array lies: a row may be a vector."""
        like = self._values[name]
        if value.size == like.size == 1 or (value.size == like.size and value.ndim < 2):
            return value.reshape(like.shape)
        return value.reshape(-1) if like.ndim == 1 and value.shape[:-1] == (1,) else value

    def moved(self, number: int, key: Key, place: tuple[int, ...], step: float) -> dict[str, Named]:
        """What changes where one entry of a quantity is moved; `place` is one of `values`."""
        name = self._known[key.base]
        shape = self._values[name].shape
        flat = int(np.ravel_multi_index(place, [n for n in shape if n > 1])) if place else 0
        index = tuple(int(n) for n in np.unravel_index(flat, shape)) if prod(shape) > 1 else (0,) * len(shape)
        return self.values(number, self.points[number].moved(name, index, step))

    @property
    def objective(self) -> Key:
        """What the network minimises."""
        return self.key("J")

    def gradient(self, of: Key, by: Key) -> Key | None:
        """The quantity that ∂of/∂by is, where `of` is what the network minimises."""
        name = self._known.get(by.base)
        found = self.words.gradient(name) if name and of == self.objective else None
        return self.key(found) if found is not None and found in self._axes else None

    def runs_again(self, by: Key, reads: Collection[str]) -> bool:
        """Whether the network has to run again for a derivative by a quantity. Raises MeaningError."""
        if by not in self.shapes:
            return False
        if np.issubdtype(self._values[self._known[by.base]].dtype, np.integer):
            raise MeaningError("there is no derivative by whole numbers")
        if any(self.is_gradient(Key(name)) for name in reads):
            raise MeaningError("derivatives of derivatives are not tried beside a spec")
        return True

    def is_gradient(self, key: Key) -> bool:
        """Whether a quantity is the derivative of what the network minimises."""
        name = self._known.get(key.base)
        return name is not None and self.notation.known[name].is_gradient

    @cached_property
    def functions(self) -> Mapping[str, str]:
        """The activation, by the letters that sources use for it whichever it is."""
        curved = [g.name for g in self.words.stack.activations.values() if g.name != "identity"]
        letters = (letter for letter in functions.GENERIC if self.words.reference(Symbol(letter)) is None)
        return dict.fromkeys(letters, curved[0]) if curved else {}

    def activation(self, letter: str, argument: Node) -> str:
        """The function that a letter stands for at an argument: that of the layer; "" where that is open."""
        inner = argument.inner if isinstance(argument, Bracket) else argument
        found = self.words.reference(inner)
        name = None if found is None else self._canonical(found)
        layer = None if name is None else self.words.layer_of(name)
        activation = self.words.activation(letter, layer)
        return "" if activation is None else activation.name


def _listed(indices: Sequence[Index]) -> str:
    return f"({', '.join(map(str, indices))})"


def _names_a_delta(claim: Claim) -> bool:
    """Whether a chain about a derivative ends with a name for it."""
    base = claim.sides[-1].base if isinstance(claim.sides[-1], Scripted) else claim.sides[-1]
    return len(claim.sides) > 2 and base == Symbol("delta")


def _index(node: Node, letters: Mapping[str, Index]) -> Index:
    match node:
        case tree.Number(value):
            return int(value)
        case Symbol(text):
            return letters.get(text, text)
    return "?"


def shape_of(lengths: Sequence[int]) -> Shape:
    """The shape of an array: its axes are called by their lengths."""
    shape = tuple(map(str, lengths))
    shape = (ONE, *shape) if len(shape) == 1 else shape
    return () if set(shape) <= {ONE} else shape


def laid_out(lengths: Sequence[int]) -> Axes:
    """How such an array lies."""
    return lying(shape_of(lengths))


def lengths_of(layout: Axes) -> Lengths:
    """How long its axes are."""
    return {axis_of(axis): int(axis_of(axis)) for axis in layout}


def _is_same(one: Named, other: Named) -> bool:
    return one.axes == other.axes and np.allclose(one.array, other.array, CLOSE, 0)


def _is_layer(node: Node) -> bool:
    """Whether a subscript is a number, or says which one with l or L."""
    match node:
        case tree.Number() | Symbol("l" | "L"):
            return True
        case Sum((Symbol("l" | "L"), tree.Number() | Negative(tree.Number()))):
            return True
    return False
