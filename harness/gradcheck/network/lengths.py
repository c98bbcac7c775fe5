"""Whether lengths of axes fit: of windows over an axis, of axes joined, of those that are looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from gradcheck.expr.lookup import SCATTER, TAKE, Scatter
from gradcheck.expr.named import Lengths
from gradcheck.expr.operation import Moving
from gradcheck.expr.tree import Apply, Expr, Name, Number, axis_of, nodes
from gradcheck.expr.windows import Overlap
from gradcheck.network.draws import Draw
from gradcheck.network.records import Equation, Network

Count: TypeAlias = int | str | None
"""How many whole numbers there are from 0, or the axis that counts them; None of what need be none."""


def misfits(network: Network, lengths: Lengths, draws: Mapping[str, Draw]) -> Iterator[tuple[Equation, str]]:
    """(an equation, what is wrong with the lengths of its axes), in the order of the equations.

    `draws` say what is given, as far as lengths depend on it.
    """
    for equation, node in _moves(network):
        assert isinstance(node.operation, Moving)
        reason = node.operation.misfit(node.over, lengths) or _beyond(node, lengths, draws)
        if reason is not None:
            yield equation, reason


def unwhole(network: Network, draws: Mapping[str, Draw]) -> Iterator[tuple[Equation, str]]:
    """(an equation that looks entries up by what need be no whole number from 0, what it takes)."""
    for equation, node in _moves(network):
        if node.operation in (TAKE, SCATTER) and None in _counts(node.arguments[1], draws):
            what = "what it goes by from labels or integers"
            yield equation, f"{node.operation.name} goes by whole numbers, from 0: write one, or draw {what}"


def _moves(network: Network) -> Iterator[tuple[Equation, Apply]]:
    for equation in network.equations.values():
        for node in nodes(equation.expression):
            if isinstance(node, Apply) and isinstance(node.operation, Moving):
                yield equation, node


def _beyond(node: Apply, lengths: Lengths, draws: Mapping[str, Draw]) -> str | None:
    """What is wrong where there are more numbers than entries to be looked up."""
    if node.operation not in (TAKE, SCATTER):
        return None
    axis, counts = axis_of(node.over[-1]), _counts(node.arguments[1], draws)
    count = max(lengths[count] if isinstance(count, str) else count or 0 for count in counts)
    if count <= lengths[axis]:
        return None
    return (
        f"{node.operation.name} goes by numbers up to {count - 1}, and along {axis} = {lengths[axis]} there "
        f"are 0 to {lengths[axis] - 1}"
    )


def _counts(ids: Expr, draws: Mapping[str, Draw]) -> list[Count]:
    """Of everything that whole numbers are made of without reckoning."""
    match ids:
        case Number(value) if value >= 0 and value == int(value):
            return [int(value) + 1]
        case Name(text) if text in draws and draws[text].discrete and draws[text].kind != "signs":
            return [draws[text].below or 2]
        case Apply(Moving() as operation, arguments) if not isinstance(operation, Overlap | Scatter):
            return [count for argument in arguments for count in _counts(argument, draws)]
    return [None]
