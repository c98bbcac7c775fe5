"""How arrays lie, and what `@`, `.T` and entrywise operations mean for arrays that lie so.

A layout lists an array's axes in their order; `1` is an axis of length one that has no name. Once read, an
expression knows its axes by name alone (see `tree.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import MULTIPLY
from gradcheck.expr.errors import ExprError
from gradcheck.expr.structure import renamed
from gradcheck.expr.tree import Apply, Axes, Expr, Span, axis_of

if TYPE_CHECKING:
    from gradcheck.expr.operation import Along, Entrywise, Moving

UNNAMED = "1"
"""An axis of length one."""


@dataclass(frozen=True)
class Laid:
    """An expression, and how its value lies as an array."""

    expression: Expr
    layout: Axes

    @property
    def span(self) -> Span:
        """Where it stands in the text."""
        return self.expression.span

    def at(self, span: Span) -> Laid:
        """The same, at another place in the text."""
        return Laid(replace(self.expression, span=span), self.layout)


Words = Callable[[Laid], str]
"""An operand as it stands in the text, for complaints."""


def axes_of(layout: Sequence[str]) -> Axes:
    """The axes of an array that lies so: the second u of two is u', and an axis of length one has no name."""
    axes: list[str] = []
    for axis in layout:
        if axis != UNNAMED:
            axes.append(axis + "'" if axis in axes else axis)
    return tuple(axes)


def lying(layout: Sequence[str]) -> Axes:
    """The layout with the second u of two as u'."""
    axes = iter(axes_of(layout))
    return tuple(UNNAMED if axis == UNNAMED else next(axes) for axis in layout)


def shown(layout: Axes) -> str:
    """A layout as a spec writes it."""
    return f"[{', '.join(map(axis_of, layout))}]"


def entrywise(operation: Entrywise, arguments: Sequence[Laid], words: Words) -> Laid:
    """The operation on arrays that are matched by the names of their axes."""
    for one in arguments:
        for other in arguments:
            _refuse_ambiguous(one, other, words)
    expression = Apply(operation, tuple(argument.expression for argument in arguments))
    return Laid(expression, joined([argument.layout for argument in arguments]))


def _refuse_ambiguous(square: Laid, other: Laid, words: Words) -> None:
    """A square array beside one that has its axis once."""
    for axis in square.layout:
        once = axis_of(axis)
        if axis != once and once in other.layout and axis not in other.layout:
            raise ExprError(
                f"{words(square)} has the axis {once} twice, and which one meets that of {words(other)} "
                "is not clear: give them different names",
                other.span,
            )


def joined(layouts: Sequence[Axes]) -> Axes:
    """How a result lies: as the operand that has all axes, else the left one's first, then the new ones."""
    named = {axis for layout in layouts for axis in layout if axis != UNNAMED}
    for layout in layouts:
        if named <= set(layout) and len(layout) >= max(map(len, layouts)):
            return layout
    for layout in layouts:
        if named <= set(layout):
            return layout
    return tuple(dict.fromkeys(axis for layout in layouts for axis in layout if axis != UNNAMED))


def along(operation: Along, of: Laid, over: Axes, words: Words) -> Laid:
    """The operation over axes; over both of a square array where it is named twice."""
    over = axes_of(over)
    for axis in over:
        if axis != axis_of(axis) and axis not in of.layout:
            raise ExprError(f"{operation.name} goes over {axis_of(axis)} twice", of.span)
        if axis + "'" not in over:
            _refuse_absent(of, axis, operation.name, words)
    expression = Apply(operation, (of.expression,), over)
    return Laid(expression, of.layout if operation.keeps else tuple(a for a in of.layout if a not in over))


def moved(operation: Moving, arguments: Sequence[Laid], over: Axes, words: Words) -> Laid:
    """The operation over axes, with every axis that it moves from there, and none of those that it makes."""
    layouts = [argument.layout for argument in arguments]
    cores, new = operation.core(layouts, over)
    taken = {axis for core in (*cores, new) for axis in core}
    for one, core in zip(arguments, cores, strict=True):
        for axis in core:
            _refuse_absent(one, axis, operation.name, words)
        if len(set(core)) < len(core):
            raise ExprError(f"{operation.name} names an axis of {words(one)} twice", one.span)
        for axis in one.layout:
            if axis in taken and axis not in core:
                raise ExprError(
                    f"{words(one)} has an axis {axis} besides the one that {operation.name} goes over "
                    "or makes: give it another name",
                    one.span,
                )
        for other in arguments:
            _refuse_ambiguous(one, other, words)
    if len(set(new)) < len(new):
        raise ExprError(f"{operation.name} makes an axis twice: give one another name", arguments[0].span)
    expression = Apply(operation, tuple(argument.expression for argument in arguments), over)
    return Laid(expression, operation.axes(layouts, over))


def _refuse_absent(of: Laid, axis: str, called: str, words: Words) -> None:
    if axis not in of.layout:
        raise ExprError(f"{words(of)} has no axis {axis_of(axis)}; it has {shown(of.layout)}", of.span)
    if axis + "'" in of.layout:
        raise ExprError(
            f"{words(of)} has the axis {axis} twice, and over which one {called} goes "
            "is not clear: give them different names",
            of.span,
        )


def rename(of: Laid, old: str, new: str, words: Words) -> Laid:
    """The array with another name for an axis."""
    _refuse_absent(of, old, "rename", words)
    if new in of.layout:
        raise ExprError(f"{words(of)} has an axis {new} already; it has {shown(of.layout)}", of.span)
    names = {old: new}
    return Laid(renamed(of.expression, names), tuple(names.get(axis, axis) for axis in of.layout))


def transposed(of: Laid, words: Words) -> Laid:
    """The array turned round; it has two axes."""
    if len(of.layout) != 2:
        raise ExprError(
            f".T turns two axes round, and {words(of)} has {len(of.layout)}: {shown(of.layout)}", of.span
        )
    first, second = of.layout
    if axis_of(first) == axis_of(second) != UNNAMED:
        return Laid(renamed(of.expression, {first: second, second: first}), of.layout)
    return Laid(of.expression, (second, first))


def multiplied(left: Laid, right: Laid, words: Words, square: Axes = ()) -> Laid:
    """`left @ right`, summed over the last axis on the left and the first of that name on the right.

    Where both have one of the axes `square` besides, the result has it twice.
    """
    for one in (left, right):
        if not one.layout:
            raise ExprError(f"@ is for arrays, and {words(one)} is a number: write *", one.span)
    last = left.layout[-1]
    meets = next((axis for axis in right.layout if axis_of(axis) == axis_of(last)), None)
    if meets is None:
        raise ExprError(_unmet(left, right, words), (left.span[0], right.span[1]))
    if last == UNNAMED:
        return _outer(left, right)
    if twice := {a: a + "'" for a in left.layout[:-1] if a in square and a in right.layout and a != meets}:
        layout = tuple(twice.get(axis, axis) for axis in right.layout)
        return _plain(left, Laid(renamed(right.expression, twice), layout), last)
    return _square(left, right, last, meets) if _is_square(left, right, last) else _plain(left, right, last)


def alongside(left: Laid, right: Laid) -> Laid:
    """The right operand with the names of the left one's axes, place by place, where it has as many."""
    return relaid(right, left.layout) if len(left.layout) == len(right.layout) else right


def relaid(of: Laid, layout: Axes) -> Laid:
    """The array with other names for all its axes, place by place."""
    return Laid(renamed(of.expression, dict(zip(of.layout, layout, strict=True))), layout)


def facing(left: Laid, right: Laid) -> Laid:
    """The right operand of @ with the name of the left one's last axis for the last but one of its own.

    Its last one has a name that occurs nowhere on the left; those in front of both meet, place by place.
    """
    if len(right.layout) < 2 or not left.layout:
        return right
    *front, _, column = right.layout
    while column in left.layout:
        column += "'"
    stacks = left.layout[: len(front)] if len(left.layout) == len(right.layout) else front
    return relaid(right, (*stacks, left.layout[-1], column))


def _unmet(left: Laid, right: Laid, words: Words) -> str:
    last = left.layout[-1]
    facing = right.layout[-2] if len(right.layout) > 1 else right.layout[-1]
    reason = f"axis {axis_of(last)} of {words(left)} meets axis {axis_of(facing)} of {words(right)}"
    if len(left.layout) == 2 and left.layout[0] in right.layout:
        reason += f"; did you mean {words(left)}.T?"
    return f"{reason} ({shown(left.layout)} @ {shown(right.layout)})"


def _outer(left: Laid, right: Laid) -> Laid:
    """A column times a row: both have an axis of length one where they meet."""
    rest = list(right.layout)
    rest.remove(UNNAMED)
    return _summed(left, right, (), _after(left.layout[:-1], rest))


def _plain(left: Laid, right: Laid, last: str) -> Laid:
    """Where no operand has the axis twice."""
    rest = [axis for axis in right.layout if axis != last]
    return _summed(left, right, (last,), _after(left.layout[:-1], rest))


def _is_square(left: Laid, right: Laid, last: str) -> bool:
    twice = axis_of(last) + "'"
    return twice in left.layout or twice in right.layout


def _square(left: Laid, right: Laid, last: str, meets: str) -> Laid:
    """Where an operand has the axis twice: its place decides."""
    once = axis_of(last)
    twice = once + "'"
    rest = [axis for axis in right.layout if axis != meets]
    if last == once:  # x @ U: what is left of U takes the place of what was summed over
        result = _summed(left, right, (once,), _after(left.layout[:-1], rest))
        back = {twice: once}
        return Laid(renamed(result.expression, back), tuple(back.get(axis, axis) for axis in result.layout))
    if twice not in right.layout:  # U @ x
        named = Laid(renamed(right.expression, {once: twice}), right.layout)
        return _summed(left, named, (twice,), _after(left.layout[:-1], rest))
    between = twice + "'"  # U @ V
    first = Laid(renamed(left.expression, {twice: between}), left.layout)
    second = Laid(renamed(right.expression, {once: between}), right.layout)
    return _summed(first, second, (between,), _after(left.layout[:-1], rest))


def _summed(left: Laid, right: Laid, over: Axes, layout: Axes) -> Laid:
    both = Apply(MULTIPLY, (left.expression, right.expression))
    return Laid(Apply(SUM, (both,), over) if over else both, layout)


def _after(left: Sequence[str], right: Sequence[str]) -> Axes:
    """The left one's axes, then those of the right one that are new."""
    return (*left, *(axis for axis in right if axis not in left or axis == UNNAMED))
