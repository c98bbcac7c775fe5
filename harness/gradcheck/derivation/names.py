"""The value of a name: a quantity of the network or an entry of it, a helper, an index, a constant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation import shapes
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.words import Reference, is_kronecker
from gradcheck.formulas.tree import Bracket, Negative, Product, Quotient, Scripted, Span, Sum, Symbol

if TYPE_CHECKING:
    from gradcheck.derivation.evaluate import Scope

PLAIN = (1, 1)
"""What the first row and column of an array without a name of its own are called."""


def value(scope: Scope, node: Symbol | Scripted) -> Array:
    """What a name stands for; a superscript that is no layer is a power."""
    if isinstance(node, Symbol):
        return _named(scope, node, node.text)
    if _is_exponential(scope, node):
        assert node.sup is not None
        return np.exp(scope.value(node.sup))
    if node.sup is not None and not scope.words.is_layer(node):
        found: Array = scope.value(replace(node, sup=None)) ** scope.number(node.sup)
        return found
    if isinstance(node.base, Symbol):
        return _named(scope, node, node.base.text)
    if node.primes:
        raise MeaningError("unsupported", "a prime belongs behind a function's name", node.span)
    return scripted(scope, scope.value(node.base), node)


def _is_exponential(scope: Scope, node: Scripted) -> bool:
    """Whether it is e^…; e² may be the square of an error, and e^(L) is an error's in layer L."""
    if node.primes or node.sub or node.sup is None or node.base != Symbol("e"):
        return False
    return (
        isinstance(node.sup, Negative | Product | Quotient | Bracket | Sum)
        or scope.words.reference(node.sup) is not None
    )


def _named(scope: Scope, node: Symbol | Scripted, text: str) -> Array:
    reference = scope.words.reference(node)
    if reference is not None and not (text in scope.helpers and text not in scope.words.symbols):
        return quantity(scope, reference)
    return _other(scope, node, text)


def _other(scope: Scope, node: Symbol | Scripted, text: str) -> Array:
    if text in scope.helpers:
        outer = {name: body for name, body in scope.helpers.items() if name != text}
        found = replace(scope, helpers=outer).value(scope.helpers[text])
        return scripted(scope, found, node) if isinstance(node, Scripted) else found
    if text in scope.free:
        return np.asarray(float(scope.free[text]))
    if isinstance(node, Scripted) and is_kronecker(node):
        row, column = map(scope.index, node.sub)
        return np.asarray(float(row == column))
    if isinstance(node, Symbol) and (constant := scope.point.constant(text)) is not None:
        return np.asarray(constant)
    if text == "pi":
        return np.asarray(np.pi)
    known = ", ".join(sorted(scope.words.symbols)[:12])
    advice = f"there are {known}" if known else ""
    raise MeaningError("unknown", f"nobody says what {text} is", node.span, advice)


def quantity(scope: Scope, reference: Reference) -> Array:
    """The value of a quantity, or of an entry."""
    name = scope.name(reference)
    if name not in scope.values:
        raise MeaningError("unknown", "nothing is known of this quantity here", reference.span)
    return entry_of(scope, reference, scope.values[name])


def entry_of(scope: Scope, reference: Reference, array: Array) -> Array:
    """The entry that a reference means, of an array of its quantity's shape."""
    return _entry(scope, _of_example(scope, reference, array), *scope.subscripts(reference), reference.span)


def _of_example(scope: Scope, reference: Reference, array: Array) -> Array:
    """The one row or column that an example has of an array."""
    if reference.example is None:
        return array
    number = scope.index(reference.example)
    if array.ndim != 2 or reference.letter in scope.words.shared:
        raise MeaningError("index", "this does not belong to an example", reference.span)
    if not 1 <= number <= array.shape[1 if scope.words.columns else 0]:
        raise MeaningError("index", f"there is no example {number}", reference.span)
    return array[:, number - 1 : number] if scope.words.columns else array[number - 1 : number]


def scripted(scope: Scope, array: Array, node: Scripted) -> Array:
    """The entry that the subscripts mean, of an array without a name."""
    return _entry(scope, array, tuple(map(scope.index, node.sub)), PLAIN, node.span)


def position(scope: Scope, reference: Reference, array: Array) -> tuple[int, ...] | None:
    """Where in an array of its quantity's shape the entry lies; None for the whole."""
    indices, firsts = scope.subscripts(reference)
    return (
        shapes.position(array, _turned(scope, array, indices, firsts), firsts, reference.span)
        if indices
        else None
    )


def _entry(
    scope: Scope, array: Array, indices: tuple[int, ...], firsts: tuple[int, int], span: Span
) -> Array:
    if not indices:
        return array
    if indices == (0,) and scope.words.has_ones and 1 in array.shape:
        return np.asarray(1.0)  # the input of the bias, x_0 = 1
    return shapes.entry(array, _turned(scope, array, indices, firsts), firsts, span)


def _turned(scope: Scope, array: Array, indices: tuple[int, ...], firsts: tuple[int, int]) -> tuple[int, ...]:
    """The indices, in the other order where there is no such entry otherwise."""
    turned = indices[::-1]
    if len(indices) != 2 or shapes.has(array, indices, firsts) or not shapes.has(array, turned, firsts):
        return indices
    scope.effort.notes[f"indices ({_listed(indices)}) are taken for ({_listed(turned)})"] = None
    return turned


def _listed(indices: tuple[int, ...]) -> str:
    return ", ".join(map(str, indices))
