"""Arrays of at most two axes as values: expressions, with how they lie."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from typing import Protocol

import numpy as np

from gradcheck.expr import layout
from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import MULTIPLY
from gradcheck.expr.blocks import FLATTEN, REPEAT
from gradcheck.expr.layout import Laid, lying
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.operation import Along, Entrywise
from gradcheck.expr.simplify import added
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Number, axis_of
from gradcheck.paper.names import Key
from gradcheck.paper.values.algebra import JOINT, ONE, MeaningError, Shape, reduced
from gradcheck.paper.values.matrices import DETERMINANT, INVERSE
from gradcheck.paper.values.shapes import joint


class Numbers(Protocol):
    """The numbers at a point."""

    def value(self, expression: Expr, lengths: Lengths) -> Named:
        """An expression's value here."""

    def jacobian(self, through: Expr, by: Key, lengths: Lengths) -> Named:
        """∂through/∂by."""

    def moved(self, through: Expr, by: Key, lengths: Lengths) -> Named:
        """∂through/∂by, of what a course's network makes."""


@dataclass(frozen=True)
class Auxiliary:
    """An array that no formula names, as a unit vector, an inverse or a Jacobian."""

    make: Callable[[Numbers, Lengths], Named]
    reads: frozenset[str] = frozenset()
    """The quantities that it is made of."""
    what: str = ""
    """What it is called, where it is made of some."""


Auxiliaries = dict[str, Auxiliary]


class Arrays:
    """What can be done with arrays, whatever they are made of."""

    def __init__(self, auxiliaries: Auxiliaries, sizes: dict[str, int]) -> None:
        self.auxiliaries, self.sizes = auxiliaries, sizes
        """Arrays that no formula names, and how long axes are."""
        self.notes: dict[str, None] = {}
        """What something was taken for."""
        self.is_strict = False
        """Whether it is known how arrays lie."""

    def shape(self, x: Laid) -> Shape:
        """Rows and columns."""
        return tuple(map(axis_of, x.layout))

    def constant(self, value: float) -> Laid:
        """A number."""
        return Laid(Number(value), ())

    def entrywise(self, operation: Entrywise, *arguments: Laid) -> Laid:
        """The operation; rows meet rows and columns meet columns, and one is repeated along many."""
        arrays = [x for x in arguments if x.layout]
        if not arrays:
            return Laid(Apply(operation, tuple(x.expression for x in arguments)), ())
        if len({len(x.layout) for x in arrays}) > 1:
            self._refuse(operation, arrays)
        whole: list[str] = []
        for places in zip(*(x.layout for x in arrays), strict=True):
            whole.append(unlike(next((axis for axis in places if axis != ONE), ONE), whole))
        fit = [tuple(map(axis_of, x.layout)) for x in arrays]
        full = tuple(map(axis_of, whole))
        if any(axis not in (ONE, place) for one in fit for axis, place in zip(one, full, strict=True)):
            self._refuse(operation, arrays)
        if self.is_strict and full not in fit:  # a row and a column
            self._refuse(operation, arrays)
        turned = [self._laid_as(x, tuple(whole)).expression if x.layout else x.expression for x in arguments]
        return Laid(Apply(operation, tuple(turned)), tuple(whole))

    def _refuse(self, operation: Entrywise, arrays: Sequence[Laid]) -> None:
        shapes = " and ".join(map(self._size, arrays))
        first, second = (self.shape(x) for x in (arrays[0], arrays[-1]))
        advice = "one of them has to be transposed" if first == second[::-1] else ""
        sign = "⊙" if operation is MULTIPLY else operation.name
        raise MeaningError(f"{sign} of {shapes} does not exist", advice, kind="shape")

    def _laid_as(self, x: Laid, whole: Shape) -> Laid:
        places = tuple(ONE if axis == ONE else place for axis, place in zip(x.layout, whole, strict=True))
        return layout.relaid(x, places)

    def can_meet(self, a: Laid, b: Laid) -> bool:
        """Whether rows and columns are as many, or one."""
        pairs = zip(self.shape(a), self.shape(b), strict=True)
        return all(one == other or ONE in (one, other) for one, other in pairs)

    def can_multiply(self, a: Laid, b: Laid) -> bool:
        """Whether what meets is as long."""
        return axis_of(a.layout[1]) == axis_of(b.layout[0])

    def matmul(self, a: Laid, b: Laid) -> Laid:
        """(n, k) times (k, m); a column times a row has no axis that meets."""
        (rows, last), (first, columns) = a.layout, b.layout
        if axis_of(last) != axis_of(first):
            shapes = " and ".join(map(self._size, (a, b)))
            raise MeaningError(f"the matrix product of {shapes} does not exist", _advice(a, b), kind="shape")
        columns = unlike(columns, a.expression.axes)
        b = layout.relaid(b, (last, columns))
        product = Apply(MULTIPLY, (a.expression, b.expression))
        expression = product if last == ONE else Apply(SUM, (product,), (last,))
        return Laid(expression, () if rows == columns == ONE else (rows, columns))

    def _size(self, x: Laid) -> str:
        return " × ".join("1" if axis == ONE else str(self.sizes[axis_of(axis)]) for axis in x.layout)

    def transposed(self, x: Laid) -> Laid:
        """The array turned round."""
        return Laid(x.expression, x.layout[::-1])

    def whole(self, x: Laid) -> Laid:
        """The sum over all of the array's axes."""
        axes = tuple(axis for axis in x.layout if axis != ONE and axis in x.expression.axes)
        return Laid(Apply(SUM, (x.expression,), axes) if axes else x.expression, ())

    def reduced(self, operation: Along, x: Laid, axis: int) -> Laid:
        """The operation over one axis."""
        left = reduced(x.layout, axis)
        over = x.layout[axis]
        expression = x.expression if over == ONE else Apply(operation, (x.expression,), (over,))
        return Laid(expression, () if set(left) <= {ONE} else left)

    def trace(self, x: Laid) -> Laid:
        """The sum of the diagonal."""
        if not x.layout:
            return x
        rows, columns = x.layout
        same = self.same(rows, columns)
        return Laid(Apply(SUM, (Apply(MULTIPLY, (x.expression, same)),), (rows, columns)), ())

    def determinant(self, x: Laid) -> Laid:
        """Of the rows and the columns."""
        return Laid(Apply(DETERMINANT, (self._whole(x),), self._square(x)), ()) if x.layout else x

    def inverse(self, x: Laid) -> Laid:
        """It lies as the matrix does, which is square."""
        return Laid(Apply(INVERSE, (self._whole(x),), self._square(x)), x.layout) if x.layout else x

    def _square(self, x: Laid) -> Axes:
        rows, columns = self.shape(x)
        if rows != columns:
            raise MeaningError(f"a matrix of {self._size(x)} is not square", kind="shape")
        return x.layout

    def _whole(self, x: Laid) -> Expr:
        """The expression with all of its array's axes."""
        return repeated(x.expression, [axis for axis in x.layout if axis != ONE])

    def diagonal(self, x: Laid) -> Laid:
        """A matrix of a vector, a column of a matrix."""
        own = [axis for axis in x.layout if axis != ONE]
        if not own:
            raise MeaningError("diag of a number")
        if len(own) == 2:
            rows, columns = self._square(x)
            terms = Apply(MULTIPLY, (x.expression, self.same(rows, columns)))
            return Laid(Apply(SUM, (terms,), (columns,)), (rows, ONE))
        beside = unlike(own[0], x.expression.axes)
        return Laid(Apply(MULTIPLY, (x.expression, self.same(own[0], beside))), (own[0], beside))

    def written_out(self, rows: Sequence[Sequence[Laid]]) -> Laid:
        """Each number times 1 at its place."""
        shape = (str(len(rows)), str(len(rows[0])))
        if any(cell.layout for row in rows for cell in row):
            raise MeaningError("an array within an array is not tried", "write its entries")
        if shape == (ONE, ONE):
            return rows[0][0]
        lies = lying(shape)
        for axis in lies:
            self._know(axis)
        terms = [
            self._at_place(cell.expression, dict(zip(lies, (n, m), strict=False)))
            for n, row in enumerate(rows, 1)
            for m, cell in enumerate(row, 1)
        ]
        return Laid(reduce(added, terms), lies)

    def _at_place(self, number: Expr, place: Mapping[str, int]) -> Expr:
        """The number there and 0 elsewhere."""
        ones = [self.unit(index, axis) for axis, index in place.items() if axis != ONE]
        return reduce(lambda x, y: Apply(MULTIPLY, (x, y)), ones, number)

    def stacked(self, x: Laid) -> Laid:
        """The columns below each other."""
        if not x.layout or ONE in x.layout:
            return x if not x.layout or x.layout[1] == ONE else self.transposed(x)
        rows, columns = x.layout
        whole = self.joint(columns, rows, ())
        return Laid(Apply(FLATTEN, (self._whole(x),), (columns, rows, whole)), (whole, ONE))

    def kronecker(self, a: Laid, b: Laid) -> Laid:
        """All products of an entry of one and an entry of the other."""
        if not a.layout or not b.layout:
            return self.entrywise(MULTIPLY, a, b)
        layout_b: list[str] = []
        for axis in b.layout:
            layout_b.append(unlike(axis, (*a.expression.axes, *a.layout, *layout_b)))
        b = layout.relaid(b, tuple(layout_b))
        expression: Expr = Apply(MULTIPLY, (self._whole(a), self._whole(b)))
        lies: list[str] = []
        for one, other in zip(a.layout, b.layout, strict=True):
            if ONE in (one, other):
                lies.append(other if one == ONE else one)
                continue
            lies.append(self.joint(one, other, lies))
            expression = Apply(FLATTEN, (expression,), (one, other, lies[-1]))
        return Laid(expression, (lies[0], lies[1]))

    def joint(self, one: str, other: str, others: Collection[str]) -> str:
        """The axis of all pairs, the length of which is known from here on."""
        axis = joint(plain(one), plain(other))
        self._know(axis)
        return unlike(axis, others)

    def _know(self, axis: str) -> None:
        """Have a length for an axis that is written out, or made of others."""
        if (axis := plain(axis)) != ONE and axis not in self.sizes:
            parts = axis.split(JOINT)
            self.sizes[axis] = prod(int(part) if part.isdigit() else self.sizes[part] for part in parts)

    def auxiliary(self, text: str, axes: Axes, one: Auxiliary) -> Name:
        """The name of an array that no formula names."""
        self.auxiliaries.setdefault(text, one)
        return Name(text, axes)

    def unit(self, index: int, axis: str) -> Name:
        """1 at one place of an axis."""

        def make(_: Numbers, lengths: Lengths) -> Named:
            if index > lengths[plain(axis)]:
                raise MeaningError(f"there is no entry {index}", kind="index")
            return Named(np.eye(lengths[plain(axis)])[index - 1], (axis,))

        return self.auxiliary(f"{index} of {axis}", (axis,), Auxiliary(make))

    def same(self, one: str, other: str) -> Name:
        """1 where two axes are at the same place."""

        def make(_: Numbers, lengths: Lengths) -> Named:
            return Named(np.eye(lengths[plain(one)], lengths[plain(other)]), (one, other))

        return self.auxiliary(f"{one} is {other}", (one, other), Auxiliary(make))

    def note(self, text: str) -> None:
        """Keep what something was taken for."""
        self.notes[text] = None

    def doubt(self, weight: float) -> None:
        """Shapes are settled here."""


def unlike(axis: str, others: Collection[str]) -> str:
    """The axis, by a name that the others don't have."""
    while axis != ONE and axis in others:
        axis += "'"
    return axis


def repeated(expression: Expr, axes: Sequence[str]) -> Expr:
    """The expression with all of these axes."""
    missing = tuple(axis for axis in axes if axis not in expression.axes)
    return Apply(REPEAT, (expression,), missing) if missing else expression


def plain(axis: str) -> str:
    """The axis that is as long."""
    return axis_of(axis.removesuffix("*"))


def _advice(a: Laid, b: Laid) -> str:
    """What to do about a matrix product that does not exist."""
    (rows, last), (first, columns) = (tuple(map(axis_of, x.layout)) for x in (a, b))
    if (rows, last) == (first, columns):
        return "⊙, the product entry by entry, is meant?"
    if last == columns:
        return "it does with the second transposed"
    return "it does with the first transposed" if rows == first else ""
