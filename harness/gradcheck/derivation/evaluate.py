"""The value of a formula at one point, with its free indices fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation import derivatives, names, products, sums
from gradcheck.derivation.effort import Effort
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.words import Draw, Reference, Words
from gradcheck.formulas.tree import (
    Abs,
    BigSum,
    Bracket,
    Cases,
    Comparison,
    Derivative,
    Matrix,
    Negative,
    Node,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)

ANY_LAYER = "any layer"
"""The free letter that stands for the layer of names without one."""


@dataclass(frozen=True)
class Scope:
    """What names stand for while a formula is evaluated."""

    words: Words
    point: Draw
    values: Mapping[str, Array]
    """Quantities by canonical name."""
    free: Mapping[str, int] = field(default_factory=dict)
    """Index and layer letters."""
    helpers: Mapping[str, Node] = field(default_factory=dict)
    """Names that the text itself defines."""
    effort: Effort = field(default_factory=Effort)

    def value(self, node: Node) -> Array:
        """The value: a number, or an array as the notation has it lie. Raises MeaningError."""
        self.effort.spend(1, node.span)
        rule = _RULES.get(type(node))
        if rule is None:
            raise MeaningError("unsupported", "several things where one is due", node.span)
        return rule(self, node)

    def number(self, node: Node) -> Array:
        """The value of what has to be a single number."""
        found = self.value(node)
        if found.size != 1:
            raise MeaningError("shape", f"a number is due, not an array of shape {found.shape}", node.span)
        return found.reshape(())

    def index(self, node: Node) -> int:
        """The whole number that an index or a layer is."""
        match node:
            case Number(number) if number == int(number):
                return int(number)
            case Symbol("L") if "L" not in self.free:
                return self.words.last
            case Symbol(text) if text in self.free:
                return self.free[text]
            case Sum(terms):
                return sum(map(self.index, terms))
            case Negative(inner):
                return -self.index(inner)
            case Bracket(inner):
                return self.index(inner)
        raise MeaningError("index", "this is no index", node.span)

    def name(self, reference: Reference) -> str:
        """The canonical name."""
        if reference.layer is None:
            return self.words.canonical(reference, self.free.get(ANY_LAYER))
        return self.words.canonical(reference, self.index(reference.layer))

    def subscripts(self, reference: Reference) -> tuple[tuple[int, ...], tuple[int, int]]:
        """The indices as they are written, and what the first row and column are called."""
        return tuple(map(self.index, reference.indices)), self.words.firsts(self.name(reference))


def _number(_: Scope, node: Number) -> Array:
    return np.asarray(node.value)


def _inner(scope: Scope, node: Bracket) -> Array:
    return scope.value(node.inner)


def _negative(scope: Scope, node: Negative) -> Array:
    return -scope.value(node.of)


def _transpose(scope: Scope, node: Transpose) -> Array:
    return scope.value(node.of).T


def _power(scope: Scope, node: Power) -> Array:
    found: Array = scope.value(node.base) ** scope.number(node.exponent)
    return found


def _matrix(scope: Scope, node: Matrix) -> Array:
    return np.array([[float(scope.number(cell)) for cell in row] for row in node.rows])


def _abs(scope: Scope, node: Abs) -> Array:
    return np.abs(scope.value(node.inner))


def _norm(scope: Scope, node: Norm) -> Array:
    return np.asarray(np.linalg.norm(scope.value(node.inner)))


def _comparison(scope: Scope, node: Comparison) -> Array:
    return _COMPARED[node.relation](scope.value(node.left), scope.value(node.right)).astype(float)


def _cases(scope: Scope, node: Cases) -> Array:
    raise MeaningError("unsupported", "cases are not read beside a spec", node.span, "write them one by one")


_COMPARED = {
    "≠": np.not_equal,
    "=": np.equal,
    "<": np.less,
    ">": np.greater,
    "≤": np.less_equal,
    "≥": np.greater_equal,
}

_RULES: Mapping[type, Callable[[Scope, Any], Array]] = {
    Number: _number,
    Symbol: names.value,
    Scripted: names.value,
    Bracket: _inner,
    Negative: _negative,
    Transpose: _transpose,
    Sum: sums.total,
    Product: products.value,
    Quotient: products.quotient,
    Power: _power,
    Derivative: derivatives.value,
    BigSum: sums.big_sum,
    Matrix: _matrix,
    Abs: _abs,
    Norm: _norm,
    Comparison: _comparison,
    Cases: _cases,
}
