"""Derivatives in a formula: those that the oracles give, and all others by differences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation import names, shapes
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.numbers import Numbers
from gradcheck.derivation.words import Reference
from gradcheck.formulas.tree import Derivative, Node, Product, Symbol
from gradcheck.formulas.walk import is_application, nodes
from gradcheck.slopes import slopes

if TYPE_CHECKING:
    from gradcheck.derivation.evaluate import Scope

COST = 10
"""How many steps another run of the network counts for."""


def value(scope: Scope, node: Derivative) -> Array:
    """∂of/∂by."""
    if node.of is not None and any(isinstance(inner, Derivative) for inner, _ in nodes(node.of)):
        message = "a derivative of a derivative is not tried with a spec"
        raise MeaningError("unsupported", message, node.span, "give the text without the spec")
    return _derivative(scope, node, node.of, _reference(scope, node.by))


def _reference(scope: Scope, by: Node) -> Reference:
    reference = scope.words.reference(by)
    if reference is None:
        raise MeaningError("unknown", "a derivative is by a quantity of the network", by.span)
    return reference


def _derivative(scope: Scope, node: Node, of: Node | None, by: Reference) -> Array:
    name = scope.name(by)
    made = scope.words.gradient(name)
    if made is not None and made in scope.values and (of is None or _is_objective(scope, of)):
        # A delta may stand for that of one example's loss, L; the derivative of J is that of their mean.
        weight = 1.0 if of == Symbol("L") else scope.point.weight(made)
        return names.entry_of(scope, by, scope.values[made] / weight)
    if of is None:
        raise MeaningError("unsupported", "the derivative of what?", node.span)
    if name in scope.helpers:
        return _by_a_helper(scope, of, name, by)
    return _difference(scope, of, name, by)


def _is_objective(scope: Scope, of: Node) -> bool:
    whole = _plain(of)
    own = isinstance(whole, Symbol) and whole.text in scope.helpers  # an error e that the text defines
    return scope.words.is_objective(whole) and not own


def _by_a_helper(scope: Scope, of: Node, name: str, by: Reference) -> Array:
    """By a name that the text gives to something: it is held fixed and moved."""
    here = scope.value(scope.helpers[name])
    helpers = {other: body for other, body in scope.helpers.items() if other != name}
    held = replace(scope, values={**scope.values, name: here}, helpers=helpers, point=Numbers({name: here}))
    found = _difference(held, of, name, by)
    if not found.any():
        raise MeaningError("unsupported", f"nothing depends on {name} as it stands here", by.span)
    return found


def _difference(scope: Scope, of: Node, name: str, by: Reference) -> Array:
    """By differences: the network runs again with one entry moved."""
    if by.example is not None:
        message = "a derivative by what one example has is not taken here"
        raise MeaningError("unsupported", message, by.span, "leave the example out")
    whole = scope.values[name]
    if np.issubdtype(whole.dtype, np.integer):
        raise MeaningError("unsupported", "there is no derivative by whole numbers", by.span)
    indices, firsts = scope.subscripts(by)
    positions = (
        [shapes.position(whole, indices, firsts, by.span)] if indices else list(np.ndindex(whole.shape))
    )
    columns = [_quotient(scope, of, name, position) for position in positions]
    if len(columns) == 1:
        return columns[0]
    if columns[0].size == 1:
        return np.array([float(c.reshape(())) for c in columns]).reshape(whole.shape)
    if 1 not in whole.shape:
        message = "the derivative of a vector by a matrix is no matrix"
        raise MeaningError("unsupported", message, by.span, "write one entry of it")
    return np.stack([c.ravel() for c in columns], axis=1)


def _quotient(scope: Scope, of: Node, name: str, position: tuple[int, ...]) -> Array:
    """The quotients extrapolated to step zero; what can't be told from zero is zero."""

    def moved(step: float) -> Array:
        scope.effort.spend(COST, of.span)
        values = {**scope.values, **scope.point.moved(name, position, step)}
        return np.asarray(replace(scope, values=values).value(of))

    found = slopes(moved, np.asarray(1.0))
    size = np.abs(found.value).max(initial=0.0)
    if size > 0:
        scope.effort.doubt += float(np.minimum(found.error, np.abs(found.value)).max() / size)
    return np.where(found.error < np.abs(found.value), found.value, 0.0)


def _plain(node: Node) -> Node:
    """C(w) as C: what the objective depends on may be written behind it."""
    return node.factors[0] if isinstance(node, Product) and is_application(node) else node
