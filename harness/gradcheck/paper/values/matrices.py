"""Operations on whole matrices, and the product of all entries along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import MULTIPLY, NEGATE
from gradcheck.expr.operation import Along, Moving
from gradcheck.expr.structure import renamed
from gradcheck.expr.tree import Apply, Axes, Expr, axis_of

PRODUCT = Along(
    name="prod",
    value=lambda x, axis: x.prod(axis),
    torch=lambda torch, x, axis: x.prod(axis),
    rule="g * y / x",
    symbol="Π",
)


@dataclass(frozen=True)
class Inverse(Moving):
    """The inverse Y of a square matrix; not a number where there is none."""

    name: ClassVar[str] = "inverse"
    form: ClassVar[str] = "inverse(x, r, c)"
    linear: ClassVar[bool] = False

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """Rows and columns, which stay."""
        return (over,), over

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """By NumPy."""
        try:
            found: Array = np.linalg.inv(arrays[0])
        except np.linalg.LinAlgError:
            return np.full(np.shape(arrays[0]), np.nan)
        return found

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """-Yᵀ g Yᵀ."""
        rows, columns = node.over
        above, below = (axis_of(axis) + mark for axis, mark in zip(node.over, _MARKS, strict=True))
        left = renamed(node, {rows: above, columns: rows})
        right = renamed(node, {rows: columns, columns: below})
        middle = renamed(g, {rows: above, columns: below})
        terms = Apply(MULTIPLY, (Apply(MULTIPLY, (left, middle)), right))
        return (Apply(NEGATE, (Apply(SUM, (terms,), (above, below)),)),)


@dataclass(frozen=True)
class Determinant(Moving):
    """The determinant of a square matrix."""

    name: ClassVar[str] = "det"
    form: ClassVar[str] = "det(x, r, c)"
    linear: ClassVar[bool] = False

    def core(self, arguments: Sequence[Axes], over: Axes) -> tuple[tuple[Axes, ...], Axes]:
        """From rows and columns to a number."""
        return (over,), ()

    def value(self, lengths: Shape, batch: int, *arrays: Array) -> Array:
        """By NumPy."""
        return np.asarray(np.linalg.det(arrays[0]))

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """g det(X) X⁻ᵀ."""
        rows, columns = node.over
        turned = renamed(Apply(INVERSE, node.arguments, node.over), {rows: columns, columns: rows})
        return (Apply(MULTIPLY, (Apply(MULTIPLY, (g, node)), turned)),)


_MARKS = ("'''''", "''''''")
"""What tells the axes of a sum from all others that are as long."""
INVERSE, DETERMINANT = Inverse(), Determinant()
WITHOUT_A_WORD = {"inverse": "an inverse", "det": "a determinant", "prod": "a product along an axis"}
"""Operations that specs in equations do not have, and what a person calls them."""
