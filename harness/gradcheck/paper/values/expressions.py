"""Expressions as values: entries along a letter have an axis of that name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.expr.adjoint import gradient
from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import MULTIPLY, POWER
from gradcheck.expr.blocks import FLATTEN
from gradcheck.expr.layout import Laid, lying
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.operation import Along
from gradcheck.expr.simplify import added
from gradcheck.expr.structure import renamed
from gradcheck.expr.tree import ONE as NUMBER_ONE
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Size, axis_of, nodes, substituted
from gradcheck.paper.names import Index, Key
from gradcheck.paper.values.algebra import ONCE, ONE, LetterError, MeaningError, Shape
from gradcheck.paper.values.arrays import Arrays, Auxiliaries, Auxiliary, Numbers, plain, repeated, unlike
from gradcheck.paper.values.matrices import PRODUCT

if TYPE_CHECKING:
    from gradcheck.paper.course.course import Course


@dataclass(frozen=True)
class Differentiated:
    """An expression, by what it was differentiated, and its derivative."""

    through: Expr
    by: Key
    derivative: Expr
    columns: Axes
    """The derivative's axes that are those of what it is by."""


NOBODY = Key("")
NOTHING_FIXED: Mapping[str, str] = MappingProxyType({})


class Expressions(Arrays):
    """Expressions that lie as arrays of at most two axes."""

    def __init__(
        self,
        shapes: Mapping[Key, Shape],
        definitions: Mapping[Key, Expr],
        auxiliaries: Auxiliaries,
        sizes: dict[str, int],
        mark: str = "",
        fixed: Mapping[str, str] = NOTHING_FIXED,
        course: Course | None = None,
    ) -> None:
        super().__init__(auxiliaries, sizes)
        self.course, self.is_strict = course, course is not None
        self.mark = mark
        """What tells letters here from those of other formulas."""
        self.shapes, self.definitions = shapes, definitions
        self.axes: dict[str, str] = dict(zip(fixed, fixed, strict=True))
        """Letter -> its axis here, another one within each sum."""
        self.lengths: dict[str, str] = dict(fixed)
        """The letters' axes here -> the axis that is as long."""
        self._jacobians: dict[tuple[Expr, Key], str] = {}
        self.met: dict[str, set[str]] = {}
        """Letters -> the axes that they have stood at."""
        self.derivatives: list[Differentiated] = []
        """What was differentiated."""
        self._fresh = count(2)

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
                only = self.unit(index, axis)
                expression = Apply(SUM, (Apply(MULTIPLY, (expression, only)),), (axis,))
                continue
            self.met.setdefault(index, set()).add(plain(axis))
            if self.course is not None and self._is_shorter(index, axis):
                expression = self._beginning(expression, axis, self.lengths[self.axes[index]])
                axis = self.lengths[self.axes[index]]
            letter = self._axis(index, plain(axis))
            if letter not in expression.axes:
                expression = renamed(expression, {axis: letter})
            else:
                same = self.same(letter, axis)
                expression = Apply(SUM, (Apply(MULTIPLY, (expression, same)),), (axis,))
        return expression

    def limit(self, letter: str, axis: str) -> None:
        """Let a letter run over an axis, and over the first entries of longer ones."""
        self.axes[letter] = letter + self.mark
        self.lengths[letter + self.mark] = axis

    def _is_shorter(self, letter: str, axis: str) -> bool:
        """Whether a letter has fewer values than an axis has entries: those that it had before."""
        mine = self.lengths.get(self.axes.get(letter, ""), "")
        return mine.isdigit() and plain(axis).isdigit() and int(mine) < int(plain(axis))

    def _beginning(self, expression: Expr, axis: str, other: str) -> Expr:
        """The first entries along an axis, so many as another one has."""
        return Apply(SUM, (Apply(MULTIPLY, (expression, self.same(other, axis))),), (axis,))

    def _axis(self, letter: str, axis: str) -> str:
        mine = self.axes.setdefault(letter, letter + self.mark)
        if (other := self.lengths.setdefault(mine, axis)) != axis:
            raise LetterError(letter, other, axis)
        return mine

    def example(self, x: Laid, index: Index, *, columns: bool) -> Laid:
        """The array at one place of its axis of examples."""
        mine, other = x.layout[::-1] if columns else x.layout
        expression = self._entries(x.expression, (mine,), (index,))
        return Laid(expression, () if other == ONE else (other, ONE) if columns else (ONE, other))

    def once(self, x: Laid, letter: str) -> Laid:
        """With an axis of length one that the letter runs over."""
        axis = self._axis(letter, ONCE)
        ones = self.auxiliary(f"once {axis}", (axis,), Auxiliary(lambda *_: Named(np.ones(1), (axis,))))
        return Laid(Apply(MULTIPLY, (x.expression, ones)), x.layout)

    def position(self, letter: str) -> Laid:
        """A given array that counts."""
        axis = self.axes.get(letter, letter + self.mark)

        def make(_: Numbers, lengths: Lengths) -> Named:
            if plain(axis) not in lengths:
                raise MeaningError(f"over what {letter} runs is not known here", kind="index")
            return Named(np.arange(1.0, lengths[plain(axis)] + 1), (axis,))

        return Laid(self.auxiliary(f"position {axis}", (axis,), Auxiliary(make)), ())

    def size(self, letter: str) -> Laid:
        """The length of its axis."""
        return Laid(Size(self.axes.get(letter, letter + self.mark)), ())

    def length(self, x: Laid, axis: int) -> Laid:
        """The length of an axis."""
        return self.constant(1.0) if x.layout[axis] == ONE else Laid(Size(plain(x.layout[axis])), ())

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
        """Shapes are settled here: nothing is tried of some of the entries. Raises MeaningError."""
        known = self.sizes.get(plain(self.lengths.get(self.axes.get(letter, ""), "")), length)
        if known != length and not self.is_strict:
            message = f"{letter} has {known} values by the text, and not {length}"
            raise MeaningError(message, kind="index")

    def count(self, key: Key, letter: str) -> None:
        """Points give it that value."""

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
        whole = self.joint(columns, rows, (row,))
        return Laid(Apply(FLATTEN, (expression,), (columns, rows, whole)), (row, whole))

    def differential(self, of: Laid, changes: Mapping[Key, Laid]) -> Laid:
        """What the changes make together, each by the derivative."""
        terms: list[Expr] = []
        for key, change in changes.items():
            expression, _, columns = self._derived(of, key)
            own = [axis for axis in change.layout if axis != ONE]
            over: tuple[str, ...] = ()
            for axis in own:
                over = (*over, unlike(axis_of(axis) + "'", (*of.expression.axes, *of.layout, *own, *over)))
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
            put = repeated(value.expression, axes)
            expression = substituted(expression, _themselves(expression) | {str(key): put})
        return Laid(expression, x.layout)

    def depends(self, of: Laid, by: Key) -> bool:
        """Whether the quantity is read, in the end."""
        if self.course is not None and by in self.course.shapes:
            return True
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
        runs = self.course is not None and self.course.runs_again(by, through.reads)
        if runs or rows:
            expression, columns = self._jacobian(through, by, columns, runs=runs)
        else:
            expression = repeated(gradient(through, str(by), through, NUMBER_ONE), columns)
        if not runs:
            self.derivatives.append(Differentiated(through, by, expression, columns))
        return expression, rows, columns

    def _jacobian(self, through: Expr, by: Key, columns: Axes, *, runs: bool) -> tuple[Expr, Axes]:
        """A name for ∂through/∂by, and its axes that are those of `by`; whether the network `runs` for it."""

        def make(at: Numbers, lengths: Lengths) -> Named:
            return (at.moved if runs else at.jacobian)(through, by, lengths)

        starred = tuple(axis + "*" for axis in columns)
        name = self._jacobians.setdefault((through, by), f"Jacobian {len(self.auxiliaries)}")
        one = Auxiliary(make, through.reads, "a Jacobian")
        return self.auxiliary(name, (*through.axes, *starred), one), starred

    def _behind(self, name: str) -> frozenset[str]:
        """What an auxiliary array is made of, in the end."""
        if name not in self.auxiliaries:
            return frozenset()
        reads = self.auxiliaries[name].reads
        names = {str(key): one.reads for key, one in self.definitions.items()}
        while more := {read for one in reads for read in (*names.get(one, ()), *self._behind(one))} - reads:
            reads = reads | more
        return reads

    def written_in_full(self, expression: Expr) -> Expr:
        """An expression with all that the text defines put in."""
        return self._through(expression, NOBODY)

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


def _put_in(expression: Expr, names: Mapping[str, Expr]) -> Expr:
    return substituted(
        expression, _themselves(expression) | {n: names[n] for n in expression.reads & names.keys()}
    )


def _themselves(expression: Expr) -> dict[str, Expr]:
    return {node.text: node for node in nodes(expression) if isinstance(node, Name)}
