"""The network that a text defines, its names taken in one way: expressions, and how long what is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from types import MappingProxyType

import numpy as np

from gradcheck.expr.along import SUM
from gradcheck.expr.layout import Laid, lying, relaid
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.simplify import added, simplified
from gradcheck.expr.simplify import product as product_of
from gradcheck.expr.structure import renamed
from gradcheck.expr.tree import ZERO, Apply, Axes, Expr, Name
from gradcheck.paper.names import Key
from gradcheck.paper.text import Text
from gradcheck.paper.values.algebra import JOINT, ONCE, ONE, MeaningError, Shape
from gradcheck.paper.values.arrays import Auxiliaries, Auxiliary, Numbers, plain
from gradcheck.paper.values.expressions import Expressions
from gradcheck.paper.values.kinds import likeliest
from gradcheck.paper.values.meaning import Reader
from gradcheck.paper.values.shapes import Shapes

_SIZES, _OTHERS = (3, 2, 4, 5, 6, 7), (4, 5, 3, 2, 7, 6)
"""How long axes are of which nothing is said, and how long they might be as well."""
NO_LENGTHS: Lengths = MappingProxyType({})
_SEVERAL = 8
"""How many examples there are where it would be 2, and 2/m no factor."""


@dataclass(frozen=True)
class Network:
    """A text with one way to take its names."""

    text: Text
    shapes: Mapping[Key, Shape]
    definitions: Mapping[Key, Expr]
    lengths: dict[str, int]
    auxiliaries: Auxiliaries
    counts: Mapping[Key, str]
    """Inputs that are lengths -> the axes that are as long."""
    found: Shapes
    """The shapes as they follow from use."""
    fixed: Mapping[str, str]
    """Letters that have one value in all of the text -> the axis that it is a place of."""
    larger: Sequence[Shapes] = ()
    """Less likely shapes, in which names are larger arrays."""

    @property
    def is_square(self) -> bool:
        """Whether all axes are as long."""
        return len({axis for shape in self.shapes.values() for axis in shape} - {ONE}) < 2


def squared(network: Network) -> Network:
    """The network with all axes as long as each other."""
    return _network(network.text, network.found.squared())


def resized(network: Network, lengths: Lengths = NO_LENGTHS) -> Network:
    """The network with axes of other lengths, where nothing is said of them; some of these are given."""
    return _network(network.text, network.found, sizes=_OTHERS, given=lengths)


def open_axes(network: Network) -> list[str]:
    """The axes of which the text does not say how long they are."""
    if network.text.names.course is not None:
        return []
    axes = dict.fromkeys(axis for shape in network.shapes.values() for axis in shape)
    single = dict.fromkeys(part for axis in axes for part in axis.split(JOINT))
    return [axis for axis in single if not axis.isdigit()]


def networks(text: Text) -> list[Network]:
    """The text in each of the likeliest ways to take its names, best first."""
    likely, larger = likeliest(text)
    return [_network(text, state, larger) for state in likely]


def with_shapes(network: Network, shapes: Shapes) -> Network:
    """The same text with its names taken so."""
    return _network(network.text, shapes)


def _network(
    text: Text,
    found: Shapes,
    larger: Sequence[Shapes] = (),
    *,
    sizes: Sequence[int] = _SIZES,
    given: Lengths = NO_LENGTHS,
) -> Network:
    shapes = {key: found.shape(shape) for key, shape in found.shapes.items()}
    axes = dict.fromkeys(axis for shape in shapes.values() for axis in shape if axis != ONE)
    course = text.names.course
    single = dict.fromkeys(part for axis in axes for part in axis.split(JOINT))
    usual = {axis: int(axis) if axis.isdigit() else sizes[n % len(sizes)] for n, axis in enumerate(single)}
    lengths = {**usual, **given}
    if course is not None:
        lengths |= {axis: int(axis) for shape in course.shapes.values() for axis in shape} | {ONCE: 1}
    numbered: dict[str, int] = defaultdict(int)
    for key, shape in shapes.items():
        if text.names.is_indexed(key.base):
            free = [axis for axis in shape if axis in lengths and not axis.isdigit()]
            numbered |= {axis: max(numbered[axis], text.names.largest(key)) for axis in free}
    for axis, largest in numbered.items():
        # h_1 w_1 + h_2 w_2 is all of it: what holds for each i holds for as many entries as have numbers
        lengths[axis] = largest if largest > 1 else max(lengths[axis], largest)
    lengths |= {axis: prod(lengths[part] for part in axis.split(JOINT)) for axis in axes}
    counts = {key: str(key) for key in text.inputs if str(key) in lengths and not shapes.get(key)}
    counts |= {key: found.axis(axis) for key, axis in found.counts.items() if key in text.inputs}
    lengths |= {axis: _SEVERAL for axis in counts.values() if lengths.get(axis) == 2}
    definitions: dict[Key, Expr] = {}
    auxiliaries: Auxiliaries = {}
    fixed: dict[str, str] = {}
    for number, (key, definition) in enumerate(text.definitions.items()):
        if key in text.unknown:
            continue
        made = Expressions(shapes, definitions, auxiliaries, lengths, f"_{number}", fixed, course)
        try:
            laid = Reader(made, text).read(text.bodies[key])
        except MeaningError as error:  # letters over axes of other lengths, which shapes alone don't show
            text.unknown[key] = error
            continue
        laid = _with_fixed(laid, definition.indices, made, fixed)
        lengths |= {letter: lengths[axis] for letter, axis in fixed.items() if axis in lengths}
        definitions[key] = simplified(_settled(laid, definition.indices, shapes[key], made))
        lengths |= {letter: lengths[axis] for letter, axis in made.lengths.items() if axis in lengths}
    for key in text.objectives:
        definitions[key] = _anything(text, shapes, definitions, auxiliaries)
    return Network(text, shapes, definitions, lengths, auxiliaries, counts, found, fixed, larger)


def _with_fixed(laid: Laid, indices: tuple[object, ...], made: Expressions, fixed: dict[str, str]) -> Laid:
    """c in L = -log p_c, which the left side does not have: it is the same letter in all of the text."""
    free = [
        letter
        for letter, axis in made.axes.items()
        if letter not in indices and letter not in fixed and axis in laid.expression.axes
    ]
    fixed |= {letter: made.lengths[made.axes[letter]] for letter in free}
    return Laid(renamed(laid.expression, {made.axes[letter]: letter for letter in free}), laid.layout)


def _anything(
    text: Text, shapes: Mapping[Key, Shape], definitions: Mapping[Key, Expr], auxiliaries: Auxiliaries
) -> Expr:
    """Some number that depends on all that the text makes and nothing in it reads."""
    read = {name for expression in definitions.values() for name in expression.reads}
    terms: Expr = ZERO
    for key in definitions:
        if str(key) not in read and key not in text.objectives:
            axes = tuple(axis for axis in lying(shapes[key]) if axis != ONE)
            one = Name(str(key), axes)
            upstream = Name(f"upstream {key}", axes)
            auxiliaries[upstream.text] = Auxiliary(partial(_random, axes, len(auxiliaries)))
            term = product_of(one, added(upstream, one))
            terms = added(terms, Apply(SUM, (term,), axes) if axes else term)
    return terms


def _random(axes: Axes, seed: int, _: Numbers, lengths: Lengths) -> Named:
    shape = [lengths[plain(axis)] for axis in axes]
    return Named(np.random.default_rng(seed).normal(size=shape), axes)


def _settled(laid: Laid, indices: tuple[object, ...], shape: Shape, made: Expressions) -> Expr:
    """The expression with its letters' axes called as those of the array that it makes."""
    if laid.layout and not any(isinstance(index, str) for index in indices):
        return relaid(laid, lying(shape)).expression
    axes = [axis for axis in lying(shape) if axis != ONE]
    letters = [made.axes.get(str(letter), str(letter)) for letter in indices]
    own = [axis for axis in laid.layout if axis != ONE]
    return renamed(laid.expression, dict(zip((*letters, *own), axes, strict=False)))
