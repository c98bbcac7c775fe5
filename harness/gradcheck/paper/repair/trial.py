"""Whether other formulas are what stands before a side: many of them, tried at one point."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from math import prod

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.layout import Laid
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.tree import Expr, Name, axis_of
from gradcheck.formulas.tree import BigOperation, BigSum, Claim, Node
from gradcheck.formulas.walk import nodes
from gradcheck.paper.effort import Effort
from gradcheck.paper.judge import Table, Way
from gradcheck.paper.values.algebra import Algebra, MeaningError
from gradcheck.paper.values.expressions import Expressions
from gradcheck.paper.values.meaning import Reader
from gradcheck.paper.values.point import Point, evaluated
from gradcheck.paper.words import Vocabulary

TRIED = 4
"""How many parts of a formula it counts for to try one."""
_NAME = "what stands before"
"""A name that no text has."""


class Trial:
    """What stands before a side, worked out once, at the first point at which it has values."""

    def __init__(self, way: Way, sides: Sequence[Node], conditions: Sequence[Claim], effort: Effort) -> None:
        """`sides` are the first, the one before and the one to be changed. Raises MeaningError."""
        first, before, side = sides
        self.effort = effort
        self.text = copy(way.text)
        self.text.effort = effort
        self.network = replace(way.network, text=self.text)
        self.is_jacobian = way.is_jacobian(first)
        self.made = way.expressions()
        self._known: dict[int, Laid] = {}
        self._parts = [*nodes(side)]
        laid = self._reader(self.made).read(before)
        self.conditions = way.conditions(self.made, conditions)
        for points in (way.distributions if way.has_targets() else way.points, way.positive):
            at = replace(points[0], network=self.network)
            value = at.value(laid.expression, way.lengths(self.made))
            if np.isfinite(value.array).all():
                break
        self.before = Laid(Name(_NAME, value.axes), laid.layout)
        self.at = _At(replace(at, values={**at.values, _NAME: value}))
        self._remember(side)

    def holds(self, side: Node) -> bool:
        """Whether a formula is what stands before it. Raises MeaningError where no effort is left."""
        self.effort.spend(TRIED)
        made = self._copied()
        try:
            laid = self._reader(made).read(side)
        except MeaningError:
            if self.effort.left < 0:
                raise
            return False
        if not self.text.names.course and self._size(laid) != self._size(self.before):
            return False
        table = self._numbers(made, [self.before, laid])
        return len(table.known) > 1 and table.agree(0, 1)

    def _size(self, laid: Laid) -> int:
        """How many entries rows and columns have."""
        lengths = (self.network.lengths.get(axis_of(axis), 1) for axis in laid.layout)
        return prod(lengths)

    def values(self, sides: Sequence[Node]) -> list[Array | None]:
        """What stands before, and the values of formulas: None of what has none."""
        made = self._copied()
        laid: list[Laid | MeaningError] = [self.before]
        for side in sides:
            self.effort.spend(TRIED)
            try:
                laid.append(self._reader(made).read(side))
            except MeaningError as error:
                if self.effort.left < 0:
                    raise
                laid.append(error)
        table = self._numbers(made, laid)
        return [table.values[n][0] if n in table.known else None for n in range(len(laid))]

    def _numbers(self, made: Expressions, laid: Sequence[Laid | MeaningError]) -> Table:
        return Table(self.network, made, [self.at], laid, self.conditions, is_jacobian=self.is_jacobian)

    def _remember(self, side: Node) -> None:
        """What the parts of a side are, for others that have them, too."""
        made = self._copied()
        try:
            self._reader(made, {id(node) for node, _ in self._parts}).read(side)
        except MeaningError:
            self._known.clear()
        else:
            self.made = made

    def _reader(self, made: Expressions, parts: set[int] | frozenset[int] = frozenset()) -> _Reader:
        return _Reader(made, self.text, self._known, parts)

    def _copied(self) -> Expressions:
        """The algebra in which what stands before was read, for one more formula."""
        made = copy(self.made)
        made.axes, made.lengths, made.notes = {**made.axes}, {**made.lengths}, {}
        made.met, made.derivatives = {}, []
        return made


class _Reader(Reader[Laid]):
    """Reads formulas made of parts that were read before."""

    def __init__(
        self,
        algebra: Algebra[Laid],
        text: Vocabulary,
        known: dict[int, Laid],
        parts: set[int] | frozenset[int],
    ) -> None:
        """`parts` are to be remembered, by their ids."""
        super().__init__(algebra, text)
        self.parts, self._laid = parts, known

    def read(self, node: Node) -> Laid:
        """What a node makes: the same as before, unless a letter or an argument around it counts."""
        if self.arguments or self._letters or self.sums.letters or isinstance(node, BigSum | BigOperation):
            return super().read(node)
        known = self._laid.get(id(node))
        if known is None:
            known = super().read(node)
            if id(node) in self.parts:
                self._laid[id(node)] = known
        return known


class _At:
    """A point that remembers what it worked out."""

    def __init__(self, point: Point) -> None:
        self.point, self.memory, self.made = point, dict[Expr, Named](), dict[str, Named]()

    def value(self, expression: Expr, lengths: Lengths) -> Named:
        """An expression's value."""
        values = self.point.values
        for name in expression.reads - values.keys():
            if name not in self.made:
                self.made[name] = self.point.network.auxiliaries[name].make(self.point, lengths)
        return evaluated(expression, {**values, **self.made}, lengths, self.memory)
