"""Products with derivatives of vectors in them, read as the chain rule means them, whatever the layout.

In ∂L/∂z = 2 (a - y) ∂a/∂z people write a gradient as a column and multiply it by a Jacobian all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from gradcheck.expr import arithmetic
from gradcheck.expr.along import SUM
from gradcheck.formulas.tree import Bracket, Claim, Derivative, Node, Product
from gradcheck.formulas.walk import nodes_of
from gradcheck.paper.values.algebra import ONE, MeaningError

if TYPE_CHECKING:
    from gradcheck.paper.values.meaning import Reader

T = TypeVar("T")


def factors_of(claim: Claim) -> Iterator[Derivative]:
    """The derivatives that are factors of products in a claim."""
    products = (node for node in nodes_of([claim]) if isinstance(node, Product))
    return (factor for one in products for factor in one.factors if isinstance(factor, Derivative))


class Links(Generic[T]):
    """The Jacobians of a text's products."""

    def __init__(self, reader: Reader[T]) -> None:
        self.reader, self.algebra = reader, reader.algebra

    def chained(self, parts: Sequence[tuple[str, Node, T]]) -> T:
        """Factors, each with the operator before it, multiplied from the left."""
        (_, node, value), *others = parts
        is_link, is_derived = self.is_jacobian(node), isinstance(node, Derivative)
        for operator, following, factor in others:
            other_is_link = self.is_jacobian(following)
            if operator == "⊙" and (is_link or other_is_link):
                value = self._entrywise(value, factor, is_link=is_link, other_is_link=other_is_link)
                is_link = False
            elif is_link and other_is_link:
                value, is_link = self._of_two(value, factor)
            elif is_link and self._is_vector(factor):
                value, is_link = self._behind(value, factor), False
            elif self._is_matrix(factor) and (other_is_link or is_derived) and self.algebra.shape(value):
                value = self._before(value, factor)
            else:
                value = self.reader.times(operator, value, factor)
                is_link = other_is_link and not self._is_vector(value)
            is_derived |= other_is_link
        return value

    def is_jacobian(self, node: Node) -> bool:
        """Whether it is the derivative of a vector by a vector."""
        node = node.inner if isinstance(node, Bracket) else node
        if not isinstance(node, Derivative) or node.of is None:
            return False
        try:
            shape = self.algebra.shape(self.reader.read(node))
            is_of_vector = bool(self.algebra.shape(self.reader.read(node.of)))
        except MeaningError:
            return False
        return is_of_vector and bool(shape) and ONE not in shape

    def _is_vector(self, x: T) -> bool:
        return ONE in self.algebra.shape(x)

    def _is_matrix(self, x: T) -> bool:
        shape = self.algebra.shape(x)
        return bool(shape) and ONE not in shape

    def _of_two(self, x: T, y: T) -> tuple[T, bool]:
        """Two Jacobians, and whether they make one: of ∂z/∂x ∂a/∂z, in the other layout, its transpose."""
        a = self.algebra
        (rows, columns), (above, below) = a.shape(x), a.shape(y)
        if rows == below and columns != above:
            return a.matmul(a.transposed(x), a.transposed(y)), False
        return a.matmul(x, y), True

    def _before(self, x: T, jacobian: T) -> T:
        """What stands before a Jacobian, or a matrix in its place, times it: of a column a column again."""
        a = self.algebra
        if a.shape(x)[1] != ONE:
            return a.matmul(x, jacobian)
        return a.transposed(a.matmul(a.transposed(x), jacobian))

    def _behind(self, jacobian: T, x: T) -> T:
        """A Jacobian times the derivative by its values, which stands behind it."""
        a = self.algebra
        x = x if a.shape(x)[1] == ONE else a.transposed(x)
        is_of_values = a.shape(jacobian)[0] == a.shape(x)[0]
        return a.matmul(a.transposed(jacobian) if is_of_values else jacobian, x)

    def _entrywise(self, x: T, y: T, *, is_link: bool, other_is_link: bool) -> T:
        """Entry by entry: such a Jacobian has but a diagonal, and its rows add up to that."""
        x = self.algebra.reduced(SUM, x, 1) if is_link else x
        y = self.algebra.reduced(SUM, y, 1) if other_is_link else y
        return self.algebra.entrywise(arithmetic.MULTIPLY, x, y)
