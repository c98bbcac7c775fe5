"""A claim's sides tried: at every point, for the values of its free letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from random import Random

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation.columns import Columns
from gradcheck.derivation.context import Context
from gradcheck.derivation.effort import Effort
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.evaluate import ANY_LAYER, Scope
from gradcheck.derivation.functions import named
from gradcheck.derivation.indices import sampled
from gradcheck.derivation.numbers import Numbers
from gradcheck.derivation.point import Point
from gradcheck.derivation.words import Words
from gradcheck.formulas.tree import Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import is_application, nodes

MOST_ASSIGNMENTS = 40
"""How many values of the free letters are tried at one point."""
ENOUGH = 12
"""How many trials are made of a claim that takes long."""
MOST_NODES = 1_000
"""How long a claim may be: those of whole derivations have some hundred."""


@dataclass(frozen=True)
class Trial:
    """All sides of a claim, evaluated at one point with its free letters fixed."""

    point: int
    scope: Scope
    values: tuple[Array | MeaningError, ...]
    doubts: tuple[float, ...]
    """How far each value may be off, relative to its largest entry."""


def is_long(sides: Sequence[Node]) -> bool:
    """Whether a claim is longer than anyone reads."""
    each = (node for side in sides for node in nodes(side))
    return next(islice(each, MOST_NODES, None), None) is not None


def tried(number: int, scope: Scope, sides: Sequence[Node]) -> Trial:
    """One trial; a side that has no value, or no finite one, has the reason in its place."""
    found = [_value(scope, side) for side in sides]
    return Trial(number, scope, tuple(value for value, _ in found), tuple(doubt for _, doubt in found))


def trials(context: Context, sides: Sequence[Node], pinned: Mapping[str, int]) -> Iterator[Trial]:
    """The sides at all points; MeaningError where they mean nothing at any."""
    if context.speaks_of_several(sides):
        return _at(context, context.batches, sides, pinned)
    if context.has_batches:
        found = list(_at(context, context.batches, sides, pinned))
        if not any(isinstance(value, MeaningError) for trial in found for value in trial.values):
            return iter(found)
    return _at(context, context.alone, sides, pinned)


def _at(
    context: Context, points: Sequence[Point | Columns], sides: Sequence[Node], pinned: Mapping[str, int]
) -> Iterator[Trial]:
    effort = context.effort.of_a_claim()
    scopes = list(_scopes(context, points, sides, pinned, effort))
    if not scopes:
        raise MeaningError("layer", "the network has no layer that this holds for", sides[0].span)
    Random(0).shuffle(scopes)  # so that any of them tell of all points and all entries
    for made, (number, scope) in enumerate(scopes):
        if made >= ENOUGH and effort.is_half_spent:
            return
        yield tried(number, scope, sides)


def _scopes(
    context: Context,
    points: Sequence[Point | Columns],
    sides: Sequence[Node],
    pinned: Mapping[str, int],
    effort: Effort,
) -> Iterator[tuple[int, Scope]]:
    """Every point's number, with every choice of the free letters."""
    choices: dict[int, list[Mapping[str, int]]] = {}
    for point in points:
        scope = _scope(context, point, sides, pinned, effort)
        examples = len(point.case.x)  # points differ in no other size
        if examples not in choices:
            choices[examples] = _free(context, scope, sides)
        number = context.points.index(point)
        for free in choices[examples]:
            yield number, replace(scope, free=free)


def _scope(
    context: Context, point: Point | Columns, sides: Sequence[Node], pinned: Mapping[str, int], effort: Effort
) -> Scope:
    scope = Scope(context.words, point, point.values, pinned, context.helpers, effort)
    return _of_one_unit(scope) if is_about_a_function(context.words, sides[0]) else scope


def _free(context: Context, scope: Scope, sides: Sequence[Node]) -> list[Mapping[str, int]]:
    if is_about_a_function(context.words, sides[0]):
        offset, layers = context.words.offset("z"), context.words.layers
        return [{ANY_LAYER: layer + offset, "l": layer + offset} for layer in range(1, layers + 1)]
    return [{**scope.free, **free} for free in sampled(scope, sides, MOST_ASSIGNMENTS)]


def is_about_a_function(words: Words, side: Node) -> bool:
    """σ′(z) = σ(z)(1 - σ(z)) holds at any layer's z."""
    if not isinstance(side, Product) or not is_application(side):
        return False
    head = side.factors[0]
    text = head.base.text if isinstance(head, Scripted) and isinstance(head.base, Symbol) else ""
    text = head.text if isinstance(head, Symbol) else text
    argument = [n for n, _ in nodes(side.factors[1]) if isinstance(n, Symbol)]
    reference = words.reference(argument[0]) if len(argument) == 1 else None
    return named(text) is not None and reference is not None and reference.layer is None


def _of_one_unit(scope: Scope) -> Scope:
    """The first entry of everything: what is said of a function is said of numbers."""
    values = {name: array.reshape(-1, 1)[:1] for name, array in scope.values.items()}
    return replace(scope, values=values, point=Numbers(values))


def _value(scope: Scope, side: Node) -> tuple[Array | MeaningError, float]:
    scope.effort.doubt = 0.0
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(scope.value(side))
    except MeaningError as error:
        return error, 0.0
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError) as error:
        return MeaningError("unsupported", f"this can't be evaluated ({error})", side.span), 0.0
    if not np.isfinite(found).all():
        what = "not a number" if np.isnan(found).any() else "infinite"
        return MeaningError("not finite", f"this is {what} at a point that was tried", side.span), 0.0
    return found, scope.effort.doubt
