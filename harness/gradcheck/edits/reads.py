"""What may stand where a quantity is read: another one, one time or example of it, its entries elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.edits.context import Context, Rewrite
from gradcheck.edits.edit import Kind
from gradcheck.edits.operations import Entry, Only, Reshaped, Reversed, Without
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.operation import Operation
from gradcheck.expr.simplify import subtracted
from gradcheck.expr.structure import NEXT, PREVIOUS
from gradcheck.expr.tree import ONE, ZERO, Apply, Axes, Expr, Name, Number, axis_of

_ALIKE = ("sigmoid", "tanh", "relu", "softplus", "leaky_relu", "elu", "exp", "sin")
FUNCTIONS = [(BY_NAME[name], BY_NAME[name].defaults) for name in _ALIKE]
FUNCTIONS += [(BY_NAME["leaky_relu"], (leak,)) for leak in (0.1, 0.2)]
"""Those that people take for one another, with their options."""
RATE = Name("rate")
"""The unknown learning rate of a parameter that was updated too early."""
ENDS = ((-1, "last"), (0, "first"))
"""The places of the last and the first entry, and their words."""


def of_name(part: Name, context: Context, *, any_kind: bool) -> Iterator[Rewrite]:
    """Another quantity, another time, the transpose, a parameter after its update."""
    for quantity in context.others(part, any_kind=any_kind):
        yield Rewrite("other", part, quantity, quantity)
    for turned in context.swaps(part):
        yield Rewrite("transposed", part, turned, turned)
    for local in context.locals:
        if local.value == part:
            yield from (Rewrite("other", part, other, other) for other in others(local.node))
    if part.text in context.earlier:
        yield Rewrite("time", part, context.earlier[part.text], context.earlier[part.text])
    yield from _of_ends(part, context)
    yield from _of_entries(part, context)
    if part.text in context.updated:
        yield Rewrite("updated", part, context.updated[part.text], context.updated[part.text])


def _of_ends(part: Name, context: Context) -> Iterator[Rewrite]:
    """One example or time alone, or all but one; the value of the time before or behind."""
    for axis in part.axes:
        if part.text in context.adjoints and axis in (*context.times, *context.examples):
            for index, word in ENDS:
                for kind, operation in _only_and_without(index, word):
                    one = Apply(operation, (part,), (axis,))
                    yield Rewrite(kind, part, one, one)
        if axis in context.times and part.text not in context.adjoints:
            last = Apply(Entry(-1, f"last_{axis}"), (part,), (axis,))
            moved = (
                *(Apply(PREVIOUS, (part, e), (axis,)) for e in (ZERO, last)),
                Apply(NEXT, (part,), (axis,)),
            )
            yield from (Rewrite("time", part, one, one) for one in moved)


def _only_and_without(index: int, word: str) -> Iterator[tuple[Kind, Operation]]:
    yield "entry", Only(index, f"only_{word}")
    yield "missed", Without(index, f"without_{word}")


def _of_entries(part: Name, context: Context) -> Iterator[Rewrite]:
    """One entry for all of an axis; entries in another order; what is overwritten before it is read."""
    for axis in part.axes:
        for index, word in ENDS:
            one = Apply(Entry(index, f"{word}_{axis}"), (part,), (axis,))
            yield Rewrite("entry", part, one, one)
    for order in dict.fromkeys(_orders(part.axes)):
        read = Apply(Reshaped(), (part,), (*part.axes, *order))
        yield Rewrite("reshaped", part, read, read)
    kernel = tuple(axis for axis in part.axes if axis in context.kernels)
    times = [(axis,) for axis in part.axes if axis in context.times]
    for axes in ((kernel,) if kernel else ()) + tuple(times):
        turned = Apply(Reversed(), (part,), (*axes, *axes))
        yield Rewrite("reversed", part, turned, turned)
    if part.text in context.shares:
        rest = subtracted(ONE, part)
        yield Rewrite("other", part, rest, rest)
    for local in context.locals:
        if local.value == part:
            slope = local.derivative.expression()
            yield Rewrite("overwritten", part, slope, slope)


def _orders(axes: Axes) -> Iterator[Axes]:
    """Those in which one axis lies somewhere else."""
    for n, axis in enumerate(axes):
        rest = (*axes[:n], *axes[n + 1 :])
        for at in range(len(axes)):
            order = (*rest[:at], axis, *rest[at:])
            if [*map(axis_of, order)] != [*map(axis_of, axes)]:
                yield order


def called(argument: Expr) -> Iterator[Apply]:
    """The functions of one number that people take for one another."""
    for function, options in FUNCTIONS:
        yield Apply(function, (argument, *map(Number, options)))


def others(node: Apply) -> Iterator[Apply]:
    """The other functions, where one of them stands."""
    yield from (other for other in called(node.arguments[0]) if other != node)
