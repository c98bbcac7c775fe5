"""Expressions as values: entries along a letter have an axis of that name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import count
from math import prod
from types import MappingProxyType
from typing import Protocol

import numpy as np

from gradcheck.expr import layout
from gradcheck.expr.adjoint import gradient
from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import MULTIPLY, POWER
from gradcheck.expr.blocks import FLATTEN, REPEAT
from gradcheck.expr.layout import Laid, lying
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.operation import Along, Entrywise
from gradcheck.expr.simplify import added
from gradcheck.expr.structure import renamed
from gradcheck.expr.tree import ONE as NUMBER_ONE
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Number, Size, axis_of, nodes, substituted
from gradcheck.paper.algebra import JOINT, ONE, LetterError, MeaningError, Shape
from gradcheck.paper.matrices import DETERMINANT, INVERSE, PRODUCT
from gradcheck.paper.names import Index, Key
from gradcheck.paper.shapes import joint


class Numbers(Protocol):
    """The numbers at a point."""

    def value(self, expression: Expr, lengths: Lengths) -> Named:
        """An expression's value here."""

    def jacobian(self, through: Expr, by: Key, lengths: Lengths) -> Named:
        """∂through/∂by."""


@dataclass(frozen=True)
class Auxiliary:
    """An array that no formula names, as a unit vector, an inverse or a Jacobian."""

    make: Callable[[Numbers, Lengths], Named]
    reads: frozenset[str] = frozenset()
    """The quantities that it is made of."""
    what: str = ""
    """What it is called, where it is made of some."""


@dataclass(frozen=True)
class Differentiated:
    """An expression, by what it was differentiated, and its derivative."""

    through: Expr
    by: Key
    derivative: Expr
    columns: Axes
    """The derivative's axes that are those of what it is by."""


Auxiliaries = dict[str, Auxiliary]
NOTHING_FIXED: Mapping[str, str] = MappingProxyType({})


class Expressions:
    """Expressions that lie as arrays of at most two axes."""

    def __init__(
        self,
        shapes: Mapping[Key, Shape],
        definitions: Mapping[Key, Expr],
        auxiliaries: Auxiliaries,
        sizes: dict[str, int],
        mark: str = "",
        fixed: Mapping[str, str] = NOTHING_FIXED,
    ) -> None:
        self.sizes = sizes
        self.mark = mark
        """What tells letters here from those of other formulas."""
        self.shapes, self.definitions, self.auxiliaries = shapes, definitions, auxiliaries
        self.axes: dict[str, str] = dict(zip(fixed, fixed, strict=True))
        """Letter -> its axis here, another one within each sum."""
        self.lengths: dict[str, str] = dict(fixed)
        """The letters' axes here -> the axis that is as long."""
        self.derivatives: list[Differentiated] = []
        """What was differentiated."""
        self._fresh = count(2)

    def shape(self, x: Laid) -> Shape:
        """Rows and columns."""
        return tuple(map(axis_of, x.layout))

    def constant(self, value: float) -> Laid:
        """A number."""
        return Laid(Number(value), ())

    def quantity(self, key: Key) -> Laid:
        """A name."""
        return self._array(str(key), self.shapes[key])

    def _array(self, text: str, shape: Shape) -> Laid:
        lies = lying(shape)
        return Laid(Name(text, tuple(axis for axis in lies if axis != ONE)), lies)

    def entry(self, x: Laid, indices: tuple[Index, ...]) -> Laid:
        """The array with its axes called after the letters; for a number, the entry that has it."""
        axes = [axis for axis in x.layout if axis != ONE]
        if not axes and indices == (1,):
            return x
        if (len(axes), len(indices)) == (2, 1):
            return Laid(self._entries(x.expression, axes[:1], indices), (axes[1], ONE))
        return Laid(self._entries(x.expression, axes, indices), ())

    def _entries(self, expression: Expr, axes: Sequence[str], indices: tuple[Index, ...]) -> Expr:
        if len(axes) != len(indices):
            raise MeaningError(f"{len(indices)} indices of an array of {len(axes)} axes")
        for axis, index in zip(axes, indices, strict=True):
            if isinstance(index, int):
                only = self._only(index, axis)
                expression = Apply(SUM, (Apply(MULTIPLY, (expression, only)),), (axis,))
                continue
            letter = self._axis(index, plain(axis))
            if letter not in expression.axes:
                expression = renamed(expression, {axis: letter})
            else:
                same = self._same(letter, axis)
                expression = Apply(SUM, (Apply(MULTIPLY, (expression, same)),), (axis,))
        return expression

    def _axis(self, letter: str, axis: str) -> str:
        mine = self.axes.setdefault(letter, letter + self.mark)
        if self.lengths.setdefault(mine, axis) != axis:
            raise LetterError(letter)
        return mine

    def position(self, letter: str) -> Laid:
        """A given array that counts."""
        axis = self.axes.get(letter, letter + self.mark)

        def make(_: Numbers, lengths: Lengths) -> Named:
            if plain(axis) not in lengths:
                raise MeaningError(f"over what {letter} runs is not known here", kind="index")
            return Named(np.arange(1.0, lengths[plain(axis)] + 1), (axis,))

        return Laid(self._auxiliary(f"position {axis}", (axis,), Auxiliary(make)), ())

    def size(self, letter: str) -> Laid:
        """The length of its axis."""
        return Laid(Size(self.axes.get(letter, letter + self.mark)), ())

    def entrywise(self, operation: Entrywise, *arguments: Laid) -> Laid:
        """The operation; rows meet rows and columns meet columns, and one is repeated along many."""
        arrays = [x for x in arguments if x.layout]
        if not arrays:
            return Laid(Apply(operation, tuple(x.expression for x in arguments)), ())
        rows, columns = (
            next((axis for axis in places if axis != ONE), ONE)
            for places in zip(*(x.layout for x in arrays), strict=True)
        )
        whole = (rows, _unlike(columns, (rows,)))
        for x in arrays:
            if any(
                axis != ONE and axis_of(axis) != axis_of(place)
                for axis, place in zip(x.layout, whole, strict=True)
            ):
                shapes = " and ".join(map(self._size, arrays))
                raise MeaningError(f"{operation.name} of {shapes} does not fit together", kind="shape")
        turned = [self._laid_as(x, whole).expression if x.layout else x.expression for x in arguments]
        return Laid(Apply(operation, tuple(turned)), whole)

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
            raise MeaningError(f"the matrix product of {shapes} does not exist", kind="shape")
        columns = _unlike(columns, a.expression.axes)
        b = layout.relaid(b, (last, columns))
        product = Apply(MULTIPLY, (a.expression, b.expression))
        expression = product if last == ONE else Apply(SUM, (product,), (last,))
        return Laid(expression, () if rows == columns == ONE else (rows, columns))

    def _size(self, x: Laid) -> str:
        return " × ".join("1" if axis == ONE else str(self.sizes[axis_of(axis)]) for axis in x.layout)

    def transposed(self, x: Laid) -> Laid:
        """The array turned round."""
        return Laid(x.expression, x.layout[::-1])

    def summed(self, x: Laid, letter: str) -> Laid:
        """The sum over the letter's axis; of what doesn't run over it, as often as there are values."""
        axis = self.axes.get(letter, letter + self.mark)
        if axis not in x.expression.axes:
            if axis not in self.lengths:
                raise MeaningError(f"nothing in this sum runs over {letter}", kind="index")
            return Laid(Apply(MULTIPLY, (Size(axis), x.expression)), x.layout)
        return Laid(Apply(SUM, (x.expression,), (axis,)), x.layout)

    def over(self, operation: Along, x: Laid, letter: str) -> Laid:
        """The operation over the letter's axis; of what doesn't run over it, only what is clear."""
        axis = self.axes.get(letter, letter + self.mark)
        if axis in x.expression.axes:
            return Laid(Apply(operation, (x.expression,), (axis,)), x.layout)
        if axis not in self.lengths:
            raise MeaningError(f"nothing here runs over {letter}", kind="index")
        if operation is PRODUCT:
            return Laid(Apply(POWER, (x.expression, Size(axis))), x.layout)
        return x

    def as_long(self, letter: str, length: int) -> None:
        """Shapes are settled here."""

    def count(self, key: Key, letter: str) -> None:
        """Points give it that value."""

    def whole(self, x: Laid) -> Laid:
        """The sum over all of the array's axes."""
        axes = tuple(axis for axis in x.layout if axis != ONE and axis in x.expression.axes)
        return Laid(Apply(SUM, (x.expression,), axes) if axes else x.expression, ())

    def reduced(self, operation: Along, x: Laid, axis: int) -> Laid:
        """The operation over one axis."""
        left = tuple(ONE if n == axis else name for n, name in enumerate(x.layout))
        over = x.layout[axis]
        expression = x.expression if over == ONE else Apply(operation, (x.expression,), (over,))
        return Laid(expression, () if set(left) <= {ONE} else left)

    def trace(self, x: Laid) -> Laid:
        """The sum of the diagonal."""
        if not x.layout:
            return x
        rows, columns = x.layout
        same = self._same(rows, columns)
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
        return _repeated(x.expression, [axis for axis in x.layout if axis != ONE])

    def diagonal(self, x: Laid) -> Laid:
        """A matrix of a vector, a column of a matrix."""
        own = [axis for axis in x.layout if axis != ONE]
        if not own:
            raise MeaningError("diag of a number")
        if len(own) == 2:
            rows, columns = self._square(x)
            terms = Apply(MULTIPLY, (x.expression, self._same(rows, columns)))
            return Laid(Apply(SUM, (terms,), (columns,)), (rows, ONE))
        beside = _unlike(own[0], x.expression.axes)
        return Laid(Apply(MULTIPLY, (x.expression, self._same(own[0], beside))), (own[0], beside))

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
        ones = [self._only(index, axis) for axis, index in place.items() if axis != ONE]
        return reduce(lambda x, y: Apply(MULTIPLY, (x, y)), ones, number)

    def stacked(self, x: Laid) -> Laid:
        """The columns below each other."""
        if not x.layout or ONE in x.layout:
            return x if not x.layout or x.layout[1] == ONE else self.transposed(x)
        rows, columns = x.layout
        whole = self._joint(columns, rows, ())
        return Laid(Apply(FLATTEN, (self._whole(x),), (columns, rows, whole)), (whole, ONE))

    def kronecker(self, a: Laid, b: Laid) -> Laid:
        """All products of an entry of one and an entry of the other."""
        if not a.layout or not b.layout:
            return self.entrywise(MULTIPLY, a, b)
        layout_b: list[str] = []
        for axis in b.layout:
            layout_b.append(_unlike(axis, (*a.expression.axes, *a.layout, *layout_b)))
        b = layout.relaid(b, tuple(layout_b))
        expression: Expr = Apply(MULTIPLY, (self._whole(a), self._whole(b)))
        lies: list[str] = []
        for one, other in zip(a.layout, b.layout, strict=True):
            if ONE in (one, other):
                lies.append(other if one == ONE else one)
                continue
            lies.append(self._joint(one, other, lies))
            expression = Apply(FLATTEN, (expression,), (one, other, lies[-1]))
        return Laid(expression, (lies[0], lies[1]))

    def _joint(self, one: str, other: str, others: Collection[str]) -> str:
        """The axis of all pairs, the length of which is known from here on."""
        axis = joint(plain(one), plain(other))
        self._know(axis)
        return _unlike(axis, others)

    def _know(self, axis: str) -> None:
        """Have a length for an axis that is written out, or made of others."""
        if (axis := plain(axis)) != ONE and axis not in self.sizes:
            parts = axis.split(JOINT)
            self.sizes[axis] = prod(int(part) if part.isdigit() else self.sizes[part] for part in parts)

    def along(self, operation: Along, x: Laid, letter: str | None) -> Laid:
        """The operation over a letter's axis or the only one."""
        own = [axis for axis in x.layout if axis != ONE]
        if letter is None and not own:
            raise MeaningError(f"{operation.name} of a number")
        axis = self.axes.get(letter, letter + self.mark) if letter else own[-1]
        return Laid(Apply(operation, (x.expression,), (axis,)), x.layout if operation.keeps else ())

    def stacked_derivative(self, of: Laid, by: Key) -> Laid:
        """The derivative, with the columns of what it is by below each other."""
        if ONE in (lying(self.shapes[by]) or (ONE,)):
            return self.derivative(of, by, ())
        if not of.layout:
            return self.stacked(self.derivative(of, by, ()))
        (row,) = (axis for axis in of.layout if axis != ONE)
        rows, columns = (axis + "*" for axis in lying(self.shapes[by]))
        expression, *_ = self._derived(of, by)
        whole = self._joint(columns, rows, (row,))
        return Laid(Apply(FLATTEN, (expression,), (columns, rows, whole)), (row, whole))

    def differential(self, of: Laid, changes: Mapping[Key, Laid]) -> Laid:
        """What the changes make together, each by the derivative."""
        terms: list[Expr] = []
        for key, change in changes.items():
            expression, _, columns = self._derived(of, key)
            own = [axis for axis in change.layout if axis != ONE]
            over: tuple[str, ...] = ()
            for axis in own:
                over = (*over, _unlike(axis_of(axis) + "'", (*of.expression.axes, *of.layout, *own, *over)))
            by = renamed(change.expression, dict(zip(own, over, strict=True)))
            term = Apply(MULTIPLY, (renamed(expression, dict(zip(columns, over, strict=True))), by))
            terms.append(Apply(SUM, (term,), over) if over else term)
        return Laid(reduce(added, terms), of.layout)

    def evaluated(self, x: Laid, places: Mapping[Key, Laid]) -> Laid:
        """With the values put in."""
        expression = x.expression
        for key, value in places.items():
            expression = self._through(expression, key)
            if hidden := [name for name in expression.reads if str(key) in self._behind(name)]:
                what = self.auxiliaries[hidden[0]].what
                raise MeaningError(f"{what} is not tried at a place")
            axes = [axis for axis in lying(self.shapes[key]) if axis != ONE]
            put = _repeated(value.expression, axes)
            expression = substituted(expression, _themselves(expression) | {str(key): put})
        return Laid(expression, x.layout)

    def depends(self, of: Laid, by: Key) -> bool:
        """Whether the quantity is read, in the end."""
        return str(by) in self._through(of.expression, by).reads

    def derivative(self, of: Laid, by: Key, at: tuple[Index, ...]) -> Laid:
        """The gradient of a number is an expression; a Jacobian has a name, and its entries are looked up."""
        below = lying(self.shapes[by])
        expression, rows, columns = self._derived(of, by)
        if at and len(at) < len(columns) and not of.layout:
            rest = plain(columns[1])
            return Laid(renamed(self._entries(expression, columns[:1], at), {columns[1]: rest}), (rest, ONE))
        if at:
            return Laid(self._entries(expression, columns, at), of.layout)
        if not rows or not of.layout:
            back = {axis: axis.removesuffix("*") for axis in columns}
            return Laid(renamed(expression, back), below)
        if not columns:
            return Laid(expression, of.layout)
        if len(columns) > 1 or sum(axis != ONE for axis in of.layout) > 1:
            raise MeaningError("the derivative of an array by a matrix is no matrix: write its entries")
        (row,), (column,) = (axis for axis in of.layout if axis != ONE), columns
        name = row + "'" if plain(column) == plain(row) else plain(column)
        return Laid(renamed(expression, {column: name}), (row, name))

    def _derived(self, of: Laid, by: Key) -> tuple[Expr, Axes, Axes]:
        """The derivative, its axes that are those of what is differentiated, and those of what it is by."""
        through = self._through(of.expression, by)
        if hidden := [name for name in through.reads if str(by) in self._behind(name)]:
            what = self.auxiliaries[hidden[0]].what
            raise MeaningError(f"a derivative through {what} is not worked out here")
        columns = tuple(axis for axis in lying(self.shapes[by]) if axis != ONE)
        rows = through.axes
        if rows:
            starred = tuple(axis + "*" for axis in columns)
            one = Auxiliary(
                lambda at, lengths: at.jacobian(through, by, lengths), through.reads, "a Jacobian"
            )
            name = f"Jacobian {len(self.auxiliaries)}"
            expression: Expr = self._auxiliary(name, (*rows, *starred), one)
            columns = starred
        else:
            expression = _repeated(gradient(through, str(by), through, NUMBER_ONE), columns)
        self.derivatives.append(Differentiated(through, by, expression, columns))
        return expression, rows, columns

    def _behind(self, name: str) -> frozenset[str]:
        """What an auxiliary array is made of, in the end."""
        if name not in self.auxiliaries:
            return frozenset()
        reads = self.auxiliaries[name].reads
        names = {str(key): one.reads for key, one in self.definitions.items()}
        while more := {read for one in reads for read in (*names.get(one, ()), *self._behind(one))} - reads:
            reads = reads | more
        return reads

    def _auxiliary(self, text: str, axes: Axes, one: Auxiliary) -> Name:
        self.auxiliaries.setdefault(text, one)
        return Name(text, axes)

    def _only(self, index: int, axis: str) -> Name:
        """1 at one place of an axis."""

        def make(_: Numbers, lengths: Lengths) -> Named:
            if index > lengths[plain(axis)]:
                raise MeaningError(f"there is no entry {index}", kind="index")
            return Named(np.eye(lengths[plain(axis)])[index - 1], (axis,))

        return self._auxiliary(f"{index} of {axis}", (axis,), Auxiliary(make))

    def _same(self, one: str, other: str) -> Name:
        """1 where two axes are at the same place."""

        def make(_: Numbers, lengths: Lengths) -> Named:
            return Named(np.eye(lengths[plain(one)], lengths[plain(other)]), (one, other))

        return self._auxiliary(f"{one} is {other}", (one, other), Auxiliary(make))

    def _through(self, expression: Expr, by: Key) -> Expr:
        """An expression with what depends on `by` put in."""
        names = {str(key): one for key, one in self.definitions.items() if key != by}
        while not expression.reads.isdisjoint(names):
            expression = _put_in(expression, names)
        return expression

    def slope(self, function: Callable[[Laid], Laid], x: Laid) -> Laid:
        """By the rules of the function's body."""
        argument = Name("·", x.expression.axes)
        body = function(Laid(argument, x.layout)).expression
        found = gradient(body, "·", body, NUMBER_ONE)
        return Laid(substituted(found, _themselves(found) | {"·": x.expression}), x.layout)

    def doubt(self, weight: float) -> None:
        """Shapes are settled here."""

    def bound(self, letter: str, body: Callable[[], Laid]) -> Laid:
        """The body, where the letter's axis is one that occurs nowhere else."""
        outside = self.axes.get(letter)
        self.axes[letter] = f"{letter}{self.mark}.{next(self._fresh)}"
        try:
            return body()
        finally:
            if outside is None:
                del self.axes[letter]
            else:
                self.axes[letter] = outside


def _unlike(axis: str, others: Collection[str]) -> str:
    """The axis, by a name that the others don't have."""
    while axis != ONE and axis in others:
        axis += "'"
    return axis


def _put_in(expression: Expr, names: Mapping[str, Expr]) -> Expr:
    return substituted(
        expression, _themselves(expression) | {n: names[n] for n in expression.reads & names.keys()}
    )


def _themselves(expression: Expr) -> dict[str, Expr]:
    return {node.text: node for node in nodes(expression) if isinstance(node, Name)}


def _repeated(expression: Expr, axes: Sequence[str]) -> Expr:
    """The expression with all of these axes."""
    missing = tuple(axis for axis in axes if axis not in expression.axes)
    return Apply(REPEAT, (expression,), missing) if missing else expression


def plain(axis: str) -> str:
    """The axis that is as long."""
    return axis_of(axis.removesuffix("*"))
