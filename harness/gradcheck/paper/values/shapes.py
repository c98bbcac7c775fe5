"""What has to be as long as what: axes are variables, and each operation makes some of them equal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gradcheck.expr.along import MEAN
from gradcheck.expr.operation import Along, Entrywise
from gradcheck.paper.names import Index, Key
from gradcheck.paper.values.algebra import JOINT, NUMBER, ONCE, ONE, MeaningError, Shape, form, reduced


class Shapes:
    """Shapes as values; what was made equal stays so."""

    def __init__(self, shapes: Mapping[Key, Shape], given: frozenset[str] = frozenset()) -> None:
        self.shapes, self.given = dict(shapes), given
        """The shapes so far, and the axes whose lengths are given."""
        self.counts: dict[Key, str] = {}
        """Names of numbers that are lengths -> the axes that are as long."""
        self.averaged: dict[str, None] = {}
        """The axes along which there is a mean."""
        self._same: dict[str, str] = {}
        self._fixed: frozenset[str] = frozenset()
        """Axes that nothing makes as long as each other any more."""
        self.letters: dict[str, str] = {}
        """Letter -> the axis that it runs over."""
        self.doubts = 0.0
        """How much of what was read is unusual."""
        self.single: Shapes | None = None
        """The shapes of one example, where names are taken for arrays of examples."""

    def tentative(self) -> Shapes:
        """A copy, in which what is made equal changes nothing here."""
        copy = Shapes(self.shapes, self.given)
        copy._same = dict(self._same)
        copy._fixed = self._fixed
        copy.counts = dict(self.counts)
        copy.averaged = dict(self.averaged)
        return copy

    def squared(self) -> Shapes:
        """A copy in which all axes are as long as each other."""
        copy = self.tentative()
        axes = {copy.axis(axis) for shape in copy.shapes.values() for axis in shape} - {ONE}
        single = [axis for axis in axes if JOINT not in axis]
        one, *others = sorted(single, key=lambda axis: (not axis.isdigit(), axis))
        copy._same |= {axis: one for axis in others if not axis.isdigit()}
        return copy

    def fix(self, before: Shapes) -> None:
        """From here on only axes that are new are made as long as others."""
        self._fixed = frozenset(before.axis(axis) for shape in before.shapes.values() for axis in shape)

    def equate(self, one: Shape, other: Shape) -> None:
        """Make two sides of a claim as long as each other. Raises MeaningError."""
        if form(one) != form(other) == form(one[::-1]):
            other = other[::-1]
        if len(one) != len(other):
            raise MeaningError("a number is no array", kind="shape")
        for a, b in zip(one, other, strict=True):
            self._meet(a, b)

    def axis(self, name: str) -> str:
        """The axis that stands for all that have to be as long."""
        while name in self._same:
            name = self._same[name]
        return JOINT.join(map(self.axis, name.split(JOINT))) if JOINT in name else name

    def lengthen(self, axis: str, length: int) -> None:
        """Make an axis so long. Raises MeaningError."""
        self._meet(axis, str(length))

    def _meet(self, a: str, b: str) -> None:
        a, b = self.axis(a), self.axis(b)
        if a == b:
            return
        if ONE in (a, b):
            raise MeaningError("an axis of length one meets another", kind="shape")
        if JOINT in a or JOINT in b:
            self._meet_joint(a, b)
            return
        if a in self._fixed and b in self._fixed:
            raise MeaningError("axes of different lengths meet", kind="shape")
        if self._is_given(a) and self._is_given(b):
            raise MeaningError(f"{a} meets {b}", kind="shape")
        if self._is_given(b) or (b in self._fixed and not self._is_given(a)):
            a, b = b, a
        self._same[b] = a

    def _is_given(self, axis: str) -> bool:
        """Whether its length is."""
        return axis.isdigit() or axis in self.given

    def _meet_joint(self, a: str, b: str) -> None:
        """Axes of which one at least is made of several."""
        ones, others = a.split(JOINT), b.split(JOINT)
        if len(ones) == len(others):
            for one, other in zip(ones, others, strict=True):
                self._meet(one, other)
            return
        if len(ones) > 1:
            a, b, ones, others = b, a, others, ones
        if len(ones) > 1 or a in others or self._is_given(a) or a in self._fixed:
            raise MeaningError("axes of different lengths meet", kind="shape")
        self._same[a] = b

    def shape(self, x: Shape) -> Shape:
        """Rows and columns."""
        return tuple(map(self.axis, x))

    def constant(self, value: float) -> Shape:
        """A number."""
        return NUMBER

    def quantity(self, key: Key) -> Shape:
        """The shape of what the text calls so."""
        if key not in self.shapes:
            raise MeaningError(f"{key} is not known here")
        return self.shapes[key]

    def entry(self, x: Shape, indices: tuple[Index, ...]) -> Shape:
        """A number, or a vector of several; the letters run over the axes."""
        if not x and indices == (1,):
            return x
        axes = [axis for axis in self.shape(x) if axis != ONE]
        if len(axes) != len(indices) and (len(axes), len(indices)) != (2, 1):
            raise MeaningError(f"{len(indices)} indices of an array of {len(axes)} axes")
        for axis, index in zip(axes, indices, strict=False):
            if isinstance(index, str):
                self._run(index, axis)
        return (axes[1], ONE) if len(axes) > len(indices) else NUMBER

    def _run(self, letter: str, axis: str) -> None:
        if letter in self.letters:
            self._meet(self.letters[letter], axis)
        else:
            self.letters[letter] = axis

    def example(self, x: Shape, index: Index, *, columns: bool) -> Shape:
        """A row, a column or a number."""
        rows, columns_ = self.shape(x)
        mine, other = (columns_, rows) if columns else (rows, columns_)
        if isinstance(index, str):
            self._run(index, mine)
        return NUMBER if other == ONE else (other, ONE) if columns else (ONE, other)

    def once(self, x: Shape, letter: str) -> Shape:
        """The same shape."""
        self._run(letter, ONCE)
        return x

    def position(self, letter: str) -> Shape:
        """A number."""
        return NUMBER

    def size(self, letter: str) -> Shape:
        """A number."""
        return NUMBER

    def length(self, x: Shape, axis: int) -> Shape:
        """A number."""
        return NUMBER

    def entrywise(self, operation: Entrywise, *arguments: Shape) -> Shape:
        """Arrays of one shape, beside numbers; a row or a column is repeated beside a matrix."""
        arrays = [self.shape(x) for x in arguments if x]
        if not arrays:
            return NUMBER
        whole = arrays[0]
        for other in arrays[1:]:
            if len(other) != len(whole):
                raise MeaningError("these arrays have not as many axes", kind="shape")
            self.doubts += 0.5 * sum((a == ONE) != (b == ONE) for a, b in zip(whole, other, strict=True))
            self.doubts += 2.0 * ((whole[0] == other[1] == ONE) or (whole[1] == other[0] == ONE))
            whole = tuple(map(self._wider, whole, other))
        return whole

    def _wider(self, a: str, b: str) -> str:
        if ONE in (a, b):
            return b if a == ONE else a
        self._meet(a, b)
        return self.axis(a)

    def can_meet(self, a: Shape, b: Shape) -> bool:
        """Whether rows and columns are as many, or can be."""
        return all(self._can_be(one, other) for one, other in zip(a, b, strict=True))

    def can_multiply(self, a: Shape, b: Shape) -> bool:
        """Whether what meets is as long, or can be."""
        return self._can_be(a[1], b[0])

    def _can_be(self, one: str, other: str) -> bool:
        one, other = self.axis(one), self.axis(other)
        if one.isdigit() and other.isdigit():
            return one == other or ONE in (one, other)
        return one == other or ONE in (one, other) or not {one, other} <= self._fixed

    def matmul(self, a: Shape, b: Shape) -> Shape:
        """(n, k) times (k, m)."""
        (n, k), (also, m) = self.shape(a), self.shape(b)
        self._meet(k, also)
        return NUMBER if n == m == ONE else (n, m)

    def transposed(self, x: Shape) -> Shape:
        """(m, n) of (n, m). Nobody turns a number round."""
        self.doubts += 2.0 * (not x)
        return self.shape(x)[::-1]

    def summed(self, x: Shape, letter: str) -> Shape:
        """The same shape."""
        if letter not in self.letters:
            raise MeaningError(f"nothing runs over {letter}")
        return x

    def over(self, operation: Along, x: Shape, letter: str) -> Shape:
        """The same shape."""
        return self.summed(x, letter)

    def as_long(self, letter: str, length: int) -> None:
        """Its axis."""
        if letter in self.letters and length > 1:
            self._meet(self.letters[letter], str(length))

    def count(self, key: Key, letter: str) -> None:
        """Its axis."""
        if letter in self.letters:
            self._meet(self.counts.setdefault(key, self.letters[letter]), self.letters[letter])

    def whole(self, x: Shape) -> Shape:
        """A number."""
        return NUMBER

    def reduced(self, operation: Along, x: Shape, axis: int) -> Shape:
        """One row or one column."""
        if not x:
            raise MeaningError(f"{operation.name} of a number")
        left = reduced(self.shape(x), axis)
        if operation is MEAN and len(x) == 2:
            self.averaged |= dict.fromkeys([self.shape(x)[axis]])
        return NUMBER if set(left) == {ONE} else left

    def trace(self, x: Shape) -> Shape:
        """A number, of a square matrix."""
        if x:
            self._meet(*self.shape(x))
        return NUMBER

    def determinant(self, x: Shape) -> Shape:
        """A number, of a square matrix."""
        self.doubts += 2.0 * (not x)
        return self.trace(x)

    def diagonal(self, x: Shape) -> Shape:
        """Square of a vector, a column of a square matrix."""
        if not x:
            raise MeaningError("diag of a number")
        rows, columns = self.shape(x)
        if ONE in (rows, columns):
            axis = columns if rows == ONE else rows
            return axis, axis
        self._meet(rows, columns)
        return self.axis(rows), ONE

    def written_out(self, rows: Sequence[Sequence[Shape]]) -> Shape:
        """As many rows and columns as are written."""
        if any(map(any, rows)):
            raise MeaningError("an array within an array is not tried", "write its entries")
        shape = (str(len(rows)), str(len(rows[0])))
        return NUMBER if shape == (ONE, ONE) else shape

    def stacked(self, x: Shape) -> Shape:
        """A column."""
        if not x or ONE in self.shape(x):
            return x if not x or self.shape(x)[1] == ONE else self.shape(x)[::-1]
        rows, columns = self.shape(x)
        return JOINT.join((columns, rows)), ONE

    def kronecker(self, a: Shape, b: Shape) -> Shape:
        """Axes of pairs."""
        if not a or not b:
            return a or b
        rows, columns = (joint(*axes) for axes in zip(self.shape(a), self.shape(b), strict=True))
        return rows, columns

    def inverse(self, x: Shape) -> Shape:
        """A square matrix."""
        if x:
            self._meet(*self.shape(x))
        return x

    def along(self, operation: Along, x: Shape, letter: str | None) -> Shape:
        """The same shape, or a number."""
        if letter is None and not x:
            raise MeaningError(f"{operation.name} of a number")
        if letter is None and ONE not in self.shape(x):
            self.doubts += 0.5  # of a matrix, along its rows
        return x if operation.keeps else NUMBER

    def derivative(self, of: Shape, by: Key, at: tuple[Index, ...]) -> Shape:
        """The shape of what is differentiated by, of a number; a Jacobian of two vectors."""
        whole = self.shape(self.quantity(by))
        below = self.entry(whole, at) if at else whole
        above = self.shape(of)
        self.doubts += bool(above)
        if not above or not below:
            return above or below
        (n,), (m,) = self._only(above), self._only(below)
        return n, m

    def stacked_derivative(self, of: Shape, by: Key) -> Shape:
        """A column, or rows by the stacked axis."""
        (below, _) = self.stacked(self.quantity(by)) or (ONE, ONE)
        if not of:
            return below, ONE
        (above,) = self._only(self.shape(of))
        return above, below

    def differential(self, of: Shape, changes: Mapping[Key, Shape]) -> Shape:
        """The same shape. Matrices rarely are what a differential is of."""
        self.doubts += 1.0 * (bool(of) and ONE not in self.shape(of))
        return of

    def evaluated(self, x: Shape, places: Mapping[Key, Shape]) -> Shape:
        """The same shape."""
        return x

    def _only(self, x: Shape) -> tuple[str, ...]:
        axes = tuple(axis for axis in x if axis != ONE)
        if len(axes) != 1:
            self.doubts += 2.0
            raise MeaningError("a derivative of a matrix by an array, or the other way round, is no matrix")
        return axes

    def depends(self, of: Shape, by: Key) -> bool:
        """Shapes don't tell."""
        return True

    def slope(self, function: Callable[[Shape], Shape], x: Shape) -> Shape:
        """The shape of the argument."""
        return x

    def note(self, text: str) -> None:
        """Expressions keep it."""

    def doubt(self, weight: float) -> None:
        """Add to what speaks against these shapes."""
        self.doubts += weight

    def bound(self, letter: str, body: Callable[[], Shape]) -> Shape:
        """The body's shape, with a letter of its own."""
        outside = self.letters.pop(letter, None)
        try:
            return body()
        finally:
            self.letters.pop(letter, None)
            if outside is not None:
                self.letters[letter] = outside


def joint(one: str, other: str) -> str:
    """The axis of all pairs."""
    return other if one == ONE else one if other == ONE else JOINT.join((one, other))
