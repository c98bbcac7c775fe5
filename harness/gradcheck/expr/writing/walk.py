"""The walk over an expression that decides where products of matrices, transposes, sums and signs stand.

An expression knows its axes by name alone (`tree.py`). How the quantities' arrays lie, and how the result is
to lie, decides the rest: sum(x * dz, n) is `x.T @ dz` where samples are rows, and `dz @ x.T` where they are
columns. Groups of factors go to the side on which their axes belong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gradcheck.expr import arithmetic
from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import DIVIDE, MULTIPLY
from gradcheck.expr.layout import UNNAMED
from gradcheck.expr.operation import Along, Entrywise, Moving
from gradcheck.expr.simplify import factors, multiplied
from gradcheck.expr.structure import FIRST, NEXT, PREVIOUS, Rename, is_whole_over
from gradcheck.expr.tree import ZERO, Apply, Axes, Expr, Name, Number, Size, axis_of
from gradcheck.expr.writing.dialect import ATOM, Dialect, Moment, Piece, broadcasts, gone, moved_layout

_LINEAR = frozenset({SUM, arithmetic.ADD, arithmetic.SUBTRACT, arithmetic.NEGATE})


@dataclass(frozen=True)
class Writer:
    """Writes expressions over quantities that lie in known ways."""

    dialect: Dialect
    layouts: Mapping[str, Axes]
    """Quantity -> layout, the second u of two as u'."""
    loops: Mapping[str, str]
    """Axis of times -> what stands for a time, t."""
    moment: Moment | None = None
    """The time that is spoken of, in a loop."""

    def equation(self, expression: Expr, layout: Axes) -> str:
        """The right side of an equation that makes an array which lies so."""
        return self.dialect.whole(self.write(expression, layout), layout).text

    def write(self, e: Expr, want: Axes = ()) -> Piece:
        """The expression; `want` is how the array lies that its value will meet, where that is known."""
        match e:
            case Number(symbol=symbol) if symbol and symbol not in self.layouts:
                return self.dialect.constant(symbol)
            case Number(value):
                number = self.dialect.number(abs(value))
                return self.dialect.negative(number) if value < 0 else number
            case Size(axis):
                return self.dialect.size(axis)
            case Name(text):
                whole = self.layouts[text]
                moment = self.moment if self.moment and self.moment.axis in whole else None
                return replace(self.dialect.name(text, whole, moment), layout=self._natural(e))
            case Apply(operation) if self._is_whole(e) and operation not in (PREVIOUS, NEXT):
                return self._cut(e)
        return self._applied(e, want)

    def _is_whole(self, e: Expr) -> bool:
        """Whether an expression is worked out for all times, where one is spoken of."""
        return isinstance(e, Apply) and self.moment is not None and is_whole_over(e, self.moment.axis)

    def _cut(self, e: Apply) -> Piece:
        """The entry at a time of what is worked out for all."""
        assert self.moment
        axis = self.moment.axis
        piece = replace(self, moment=None).write(e)
        text = self.dialect.entry(piece, self.moment) if axis in piece.layout else piece.text
        return replace(piece, text=text, layout=tuple(x for x in piece.layout if x != axis))

    def _applied(self, e: Apply, want: Axes) -> Piece:
        match e:
            case Apply(Rename() as renaming):
                return self._renamed(e, dict(renaming.pairs), want)
            case Apply(operation) if operation is SUM:
                return self._sum(e, want)
            case Apply(Along() as along, (inner,)):
                return self.dialect.gone_over(along, self.write(inner), e.over, want)
            case Apply(operation) if operation is MULTIPLY:
                return self._product(e, want)
            case Apply(Entrywise() as entrywise):
                pieces = self._meeting(e, e.arguments, want)
                layout = self.dialect.joined([piece.layout for piece in pieces])
                return replace(self._entrywise(entrywise, pieces), layout=layout)
        return self._moving(e, want)

    def _renamed(self, e: Apply, names: Mapping[str, str], want: Axes) -> Piece:
        piece = self.write(e.arguments[0], _relabelled(want, {new: old for old, new in names.items()}))
        for old, new in names.items():
            text = self.dialect.renamed(piece, old, new)
            piece = piece if text == piece.text else replace(piece, text=text, level=ATOM)
        return replace(piece, layout=_relabelled(piece.layout, names))

    def _entrywise(self, operation: Entrywise, pieces: Sequence[Piece]) -> Piece:
        dialect = self.dialect
        if operation in arithmetic.COMPARISONS:
            return dialect.compared(operation.name, *pieces)
        if operation is arithmetic.POWER:
            return dialect.powered(*pieces)
        parts = {
            arithmetic.ADD: dialect.added,
            arithmetic.SUBTRACT: dialect.subtracted,
            arithmetic.DIVIDE: dialect.quotient,
            arithmetic.NEGATE: dialect.negative,
        }
        write = parts.get(operation)
        return write(*pieces) if write else dialect.called(operation, pieces)  # type: ignore[operator]

    def _meeting(self, whole: Expr, parts: Sequence[Expr], want: Axes) -> list[Piece]:
        """Operands that are matched entry by entry."""
        target = self._target(whole, want)
        return [self.dialect.fitted(self.write(part, target), target) for part in parts]

    def _target(self, e: Expr, want: Axes) -> Axes:
        """How the operands of an entrywise operation are to lie."""
        natural = self._natural(e)
        wanted = tuple(axis for axis in want if axis in self._axes(e))
        if UNNAMED in natural:
            return want if sorted(want) == sorted(natural) else natural
        return wanted if len(wanted) == len(natural) else natural

    def _product(self, e: Apply, want: Axes) -> Piece:
        parts = factors(e)
        return self._outer(parts, want) or self._times(self._meeting(e, parts, want))

    def _times(self, pieces: Sequence[Piece]) -> Piece:
        whole, *rest = pieces
        for piece in rest:
            layout = self.dialect.joined([whole.layout, piece.layout])
            whole = replace(self.dialect.multiplied(whole, piece), layout=layout)
        return whole

    def _outer(self, parts: Sequence[Expr], want: Axes) -> Piece | None:
        """A column times a row, `dz @ x.T`, where each of two factors has an axis of length one."""
        arrays = [part for part in parts if self._axes(part)]
        if len(arrays) != 2 or len(parts) != 2 or len(want) != 2:
            return None
        kinds = [sorted(self._natural(part)) for part in arrays]
        if self.dialect.outer and sorted(kinds) == sorted([axis] for axis in want):
            left, right = arrays if [want[0]] == kinds[0] else reversed(arrays)
            return replace(self.dialect.outer_product(self.write(left), self.write(right)), layout=want)
        if sorted(kinds) != sorted([UNNAMED, axis] for axis in want) or UNNAMED in want:
            return None
        left, right = arrays if want[0] in self._axes(arrays[0]) else reversed(arrays)
        column, row = self._lying(left, (want[0], UNNAMED)), self._lying(right, (UNNAMED, want[1]))
        return replace(self.dialect.matrix_product(column, row), layout=want) if column and row else None

    def _sum(self, e: Apply, want: Axes) -> Piece:
        (inner,) = e.arguments
        if isinstance(inner, Apply) and inner.operation is SUM and self._may_merge(e, inner):
            return self._sum(Apply(SUM, inner.arguments, (*inner.over, *e.over)), want)
        for axis in e.over:
            if self.moment is None and axis in self.loops and self._goes_by_time(e, axis):
                return self._sum_over_time(e, axis, want)
        top, bottom = _fraction(inner, e.over)
        inside = [part for part in top if set(part.axes) & set(e.over)]
        scalars = [part for part in top if not self._axes(part)]
        others = [part for part in top if part not in inside and part not in scalars]
        if not scalars and not others and not bottom:
            return self._contraction(inside, e.over, want)
        target = self._target(e, want)
        core = self.dialect.fitted(self._contraction(inside, e.over, target), target)
        before, after = ([self.dialect.fitted(self.write(part, target), target) for part in parts]
                         for parts in (scalars, others))  # fmt: skip
        whole = self._times([*before, core, *after])
        for part in bottom:
            below = self.dialect.fitted(self.write(part, target), target)
            layout = self.dialect.joined([whole.layout, below.layout])
            whole = replace(self.dialect.quotient(whole, below), layout=layout)
        return whole

    def _may_merge(self, outer: Apply, inner: Apply) -> bool:
        """Whether a sum of a sum is one: of a product with a square array it is better two."""
        square = any(axis_of(axis) != axis for axis in inner.arguments[0].axes)
        return not square or any(axis in self.loops for axis in (*outer.over, *inner.over))

    def _contraction(self, parts: Sequence[Expr], over: Axes, want: Axes) -> Piece:
        """The product of all, summed over axes."""
        groups = _groups(parts)
        if len(groups) == 2 and (piece := self._matrix_product(groups[0], groups[1], over, want)):
            return piece
        every = {axis for group in groups for axis in group.axes}
        if any(set(group.axes) == every for group in groups):
            whole = multiplied(groups)
            return self.dialect.gone_over(SUM, self.write(whole), over, want)
        return self.dialect.contracted([self.write(group) for group in groups], over, want)

    def _matrix_product(self, a: Expr, b: Expr, over: Axes, want: Axes) -> Piece | None:
        """The sum as a product of matrices or of a matrix and a vector; None where it is none."""
        a, b = (
            _without(one, tuple(x for x in over if x not in other.axes)) for one, other in ((a, b), (b, a))
        )
        met = [axis for axis in over if axis in a.axes and axis in b.axes]
        if len(met) != 1:
            return None
        both = tuple(axis for axis in self._axes(a) if axis in b.axes and axis not in met)
        rests = [tuple(x for x in self._natural(one) if x not in (*met, *both)) for one in (a, b)]
        if not any(rests) or (both and not (len(rests[0]) == len(rests[1]) == 1)):
            return None
        sides = list(zip((a, b), rests, strict=True))
        order = sides if self._leads(a, b, met[0], rests, want) else sides[::-1]
        for by_name in (False,) if self.dialect.by_place else (False, True):
            for (left, one), (right, other) in (order, order[::-1]):
                if len(other) > 1 and not by_name:
                    continue
                first = self._lying(left, (*both, *one, *met))
                second = self.write(right) if by_name else self._lying(right, (*both, *met, *other))
                if first and second:
                    layout = (*first.layout[:-1], *(x for x in second.layout if x not in (*both, *met)))
                    return replace(self.dialect.matrix_product(first, second), layout=layout)
        return None

    def _leads(self, a: Expr, b: Expr, met: str, rests: Sequence[Axes], want: Axes) -> bool:
        """Whether a stands on the left of b."""
        first, second = rests
        if first and second and all(axis in want for axis in (*first, *second)) and first != second:
            return want.index(first[0]) < want.index(second[0])
        if (not first or not second) and self.dialect.has_columns:
            return bool(first)
        if not first or not second:
            return self._natural(a)[-1] == met if first else self._natural(b)[-1] != met
        return self._natural(a)[-1] == met or self._natural(b)[0] == met

    def _lying(self, e: Expr, layout: Axes) -> Piece | None:
        """The expression with its array lying exactly so; None where the dialect can't turn it so."""
        natural = self._natural(e)
        turns = len(layout) == 2 and natural == layout[::-1] and len(factors(e)) > 1
        beyond = isinstance(e, Apply) and e.operation in (PREVIOUS, NEXT)  # no number stands for a matrix
        piece = self.write(e, () if beyond else natural if turns else layout)
        if piece.layout == layout:
            return piece
        if len(layout) == 2 and piece.layout == layout[::-1]:
            return self.dialect.turned(piece)
        return self.dialect.fitted(piece, layout) if self.dialect.by_place else None

    def _goes_by_time(self, e: Apply, axis: str) -> bool:
        """Whether a sum over all times is written as the sum of what there is at each."""
        moved = list(neighbours(e))
        if moved:
            return all(_is_entry(node, axis) for node in moved)
        rest = tuple(x for x in e.over if x != axis)
        groups = _groups(_fraction(e.arguments[0], e.over)[0])
        return (
            len(groups) == 2 and bool(rest) and self._at(Moment(axis, "t"))._is_matrix_product(groups, rest)
        )

    def _is_matrix_product(self, groups: Sequence[Expr], over: Axes) -> bool:
        return self._matrix_product(groups[0], groups[1], over, ()) is not None

    def _sum_over_time(self, e: Apply, axis: str, want: Axes) -> Piece:
        moment = Moment(axis, self.loops[axis])
        inside = _without(e.arguments[0], tuple(x for x in e.over if x != axis))
        term = self._at(moment).write(inside, want)
        return replace(self.dialect.summed_over_time(term, moment), layout=term.layout)

    def _at(self, moment: Moment) -> Writer:
        return replace(self, moment=moment)

    def _moving(self, e: Apply, want: Axes) -> Piece:
        """What stands a time before or after."""
        if e.operation is FIRST and e.over[0] in self.loops:
            return self._at(Moment(e.over[0], "")).write(e.arguments[0], want)
        if isinstance(e.operation, Moving) and (self.moment is None or e.operation not in (PREVIOUS, NEXT)):
            return self.dialect.moved(
                e.operation,
                [self._moved(argument, want if e.operation.symbol else ()) for argument in e.arguments],
                e.over,
            )
        assert self.moment
        inner, *first = e.arguments
        moment = self.moment.moved(-1 if first else 1)
        otherwise = first[0] if first else ZERO
        if not moment.index and moment.offset < 0:
            return self.write(otherwise, want)
        inside = self._at(moment).write(inner, want)
        instead = self.dialect.fitted(self.write(otherwise, inside.layout), inside.layout)
        if otherwise == ZERO and (first or not broadcasts(inside.layout, want)):
            instead = self.dialect.zeros(inside.layout)
        if self.moment.index and self.moment.offset and (self.moment.offset > 0) == bool(first):
            return inside  # the time before the next one is always there
        return replace(self.dialect.at_time(inside, moment, instead), layout=inside.layout)

    def _moved(self, e: Expr, want: Axes) -> Piece:
        """What entries are moved of; as the result is to lie, where its axes are among those of that."""
        piece = self.write(e, want)
        target = tuple(axis for axis in want if axis in piece.layout)
        return self.dialect.fitted(piece, target) if len(target) == len(piece.layout) else piece

    def _axes(self, e: Expr) -> Axes:
        """The axes of an expression's value at the time that is spoken of."""
        return tuple(axis for axis in e.axes if not self.moment or axis != self.moment.axis)

    def _natural(self, e: Expr) -> Axes:
        """How the value of an expression lies where nothing else is asked for."""
        time = self.moment.axis if self.moment else ""
        if self._is_whole(e):
            at_all_times = replace(self, moment=None)._natural(e)
            return tuple(axis for axis in at_all_times if axis != time)
        match e:
            case Name(text):
                return tuple(axis for axis in self.layouts[text] if axis != time)
            case Apply(Rename(pairs), (inner,)):
                return _relabelled(self._natural(inner), dict(pairs))
            case Apply(Along() as along, (inner,)):
                return gone(along, self._natural(inner), e.over)
            case Apply(Moving() as moving, arguments):
                return moved_layout(moving, [self._natural(argument) for argument in arguments], e.over)
            case Apply(_, arguments):
                return self.dialect.joined([self._natural(argument) for argument in arguments])
        return ()


def _without(e: Expr, over: Axes) -> Expr:
    return Apply(SUM, (e,), over) if over else e


def _relabelled(layout: Axes, names: Mapping[str, str]) -> Axes:
    return tuple(names.get(axis, axis) for axis in layout)


def _fraction(e: Expr, over: Axes) -> tuple[list[Expr], list[Expr]]:
    """The factors of an expression, and what they are divided by that is the same all along the axes."""
    if isinstance(e, Apply) and e.operation is DIVIDE:
        above, below = e.arguments
        top, bottom = _fraction(above, over)
        if not set(below.axes) & set(over):
            return top, [*bottom, below]
        holder = next((n for n, part in enumerate(top) if set(below.axes) <= set(part.axes)), len(top) - 1)
        top[holder] = Apply(DIVIDE, (top[holder], below))
        return top, bottom
    if isinstance(e, Apply) and e.operation is MULTIPLY:
        sides = [_fraction(argument, over) for argument in e.arguments]
        return [x for top, _ in sides for x in top], [x for _, bottom in sides for x in bottom]
    return [e], []


def _groups(parts: Sequence[Expr]) -> list[Expr]:
    """Factors put together, those with the same axes first, until two are left or none holds another."""
    groups = list(parts)
    while len(groups) > 2:
        pairs = [
            (len({*one.axes, *other.axes}), abs(len(one.axes) - len(other.axes)), i, j)
            for j, other in enumerate(groups)
            for i, one in enumerate(groups[:j])
            if set(one.axes) <= set(other.axes) or set(other.axes) <= set(one.axes)
        ]
        if not pairs:
            break
        *_, i, j = min(pairs, key=lambda pair: pair[1::-1])
        groups[i : j + 1] = [multiplied([groups[i], groups[j]]), *groups[i + 1 : j]]
    return groups


def neighbours(e: Expr) -> Iterator[Apply]:
    """Where an expression reads what stands a time before or after."""
    if isinstance(e, Apply):
        if e.operation in (PREVIOUS, NEXT):
            yield e
        for argument in e.arguments:
            yield from neighbours(argument)


def _is_entry(node: Apply, axis: str) -> bool:
    """Whether what stands a time before or after is as well written as an entry, `h[t-1]`, `dz[t+1]`."""
    inner = node.arguments[0]
    return isinstance(inner, Name) if node.operation is PREVIOUS else _ends_with(inner, axis)


def _ends_with(e: Expr, axis: str) -> bool:
    """Whether an expression is 0 where what it reads has ended, beyond the last time."""
    match e:
        case Name():
            return axis in e.axes
        case Apply(operation, arguments) if operation is MULTIPLY:
            return any(_ends_with(argument, axis) for argument in arguments)
        case Apply(operation, (top, bottom)) if operation is DIVIDE:
            return _ends_with(top, axis) and axis not in bottom.axes
        case Apply(operation, arguments) if operation in _LINEAR or isinstance(operation, Rename):
            return all(_ends_with(argument, axis) for argument in arguments)
    return False
