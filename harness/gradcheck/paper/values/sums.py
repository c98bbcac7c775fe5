"""Sums, products and maxima over letters, in any algebra."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

from gradcheck.expr import arithmetic
from gradcheck.expr.along import MAX, MEAN, MIN
from gradcheck.formulas.tree import BigOperation, BigSum, Node, Number, Symbol
from gradcheck.formulas.walk import letters_over
from gradcheck.paper.names import walk
from gradcheck.paper.values.algebra import MeaningError
from gradcheck.paper.values.matrices import PRODUCT

if TYPE_CHECKING:
    from gradcheck.paper.values.meaning import Reader

T = TypeVar("T")

_OPERATIONS = {"prod": PRODUCT, "max": MAX, "min": MIN, "mean": MEAN}
_NOTHING = {"prod": 1.0, "max": -1e300, "min": 1e300}
"""What changes no product and no maximum: it stands where a condition does not hold."""
_WORDS = {"prod": "product", "max": "maximum", "min": "minimum"}


class Sums(Generic[T]):
    """The sums of a text, and what else goes over letters."""

    def __init__(self, reader: Reader[T]) -> None:
        self.reader, self.algebra = reader, reader.algebra
        self.letters: list[str] = []
        """Those over which something goes here."""
        self.is_of_all = False
        """Whether all entries of arrays are added up here, as in Σ Y log A."""

    def read(self, node: BigSum | BigOperation) -> T:
        """What it makes, from the innermost letter outwards."""
        if not node.indices:
            if isinstance(node, BigSum) and node.where is None:
                return self._of_all(node)
            word = _WORDS.get(node.name, node.name) if isinstance(node, BigOperation) else "sum"
            raise MeaningError(f"over what this {word} runs is not said", "write the index below it")
        *others, last = node.indices
        if not isinstance(last, Symbol):
            raise MeaningError("a sum runs over a letter")
        letter = last.text
        if self.reader.is_strict and (idle := self._idle(node)):
            raise MeaningError(f"nothing in this sum runs over {idle}", kind="index")
        self.letters.append(letter)
        try:
            return self.algebra.bound(letter, lambda: self._over(node, others, letter))
        finally:
            self.letters.pop()

    def _of_all(self, node: BigSum) -> T:
        """The sum of all entries of arrays of which none has an index."""
        value = self.entries(node.body)
        if not self.algebra.shape(value):
            raise MeaningError("over what this sum runs is not said", "write the index below it")
        return self.algebra.whole(value)

    def entries(self, node: Node) -> T:
        """A value of which all entries are added up."""
        before, self.is_of_all = self.is_of_all, True
        try:
            return self.reader.read(node)
        finally:
            self.is_of_all = before

    def _idle(self, node: BigSum | BigOperation) -> str:
        """A letter of a sum that nothing in it has."""
        inner = [found for one in walk(node.body) if (found := self.reader.reference(one)) is not None]
        used = {index for one in inner for index in (*one.indices, *one.single, one.example, str(one.key))}
        return next((letter for letter in letters_over(node) if letter not in used), "")

    def _over(self, node: BigSum | BigOperation, others: list[Node], letter: str) -> T:
        """The operation over a letter; a name above says how many values that has."""
        value = self.read(replace(node, indices=tuple(others))) if others else self._body(node)
        self._count(node, letter)
        if isinstance(node, BigSum):
            return self.algebra.summed(value, letter)
        if node.name not in _OPERATIONS:
            raise MeaningError(f"{node.name} stands for a place", f"write that a letter is the {node.name}")
        return self.algebra.over(_OPERATIONS[node.name], value, letter)

    def _body(self, node: BigSum | BigOperation) -> T:
        """What is added up; where its condition does not hold, what changes nothing."""
        value = self.reader.read(node.body)
        if node.where is None:
            return value
        condition = self.reader.read(node.where)
        if isinstance(node, BigSum):
            return self.algebra.entrywise(arithmetic.MULTIPLY, value, condition)
        nothing = self.algebra.constant(_NOTHING.get(node.name, 0.0))
        return self.algebra.entrywise(arithmetic.WHERE, condition, value, nothing)

    def _count(self, node: BigSum | BigOperation, letter: str) -> None:
        first = node.lower.value if isinstance(node.lower, Number) else 1.0
        match node.upper:
            case Number(last) if last >= first:
                self.algebra.as_long(letter, int(last - first) + 1)
            case None:
                pass
            case upper if (count := self.reader.reference(upper)) is not None and first == 1:
                if (length := self.reader.text.length(count.key)) is not None:
                    self.algebra.as_long(letter, length)
                elif count.key in self.reader.known:
                    self.algebra.count(count.key, letter)
