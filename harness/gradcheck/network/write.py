"""Networks written: a line an equation, loops with their lines under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from gradcheck.expr.layout import shown
from gradcheck.expr.structure import NEXT, PREVIOUS
from gradcheck.expr.tree import Apply, Name
from gradcheck.expr.writing.dialect import Moment
from gradcheck.expr.writing.walk import Writer, neighbours
from gradcheck.network.records import Equation, Loop, Network, equations_of

if TYPE_CHECKING:
    from gradcheck.expr.writing.dialect import Dialect


_FARTHEST = 80
"""Comments begin in one column where lines are this short; behind longer ones they begin at their ends."""


def write_network(network: Network, dialect: Dialect, *, shapes: bool = False) -> str:
    """The network's equations in a dialect; `shapes` adds how each one's array lies, as a comment."""
    writer = writer_of(network, dialect)
    lines: list[tuple[str, Equation | None]] = []
    for step in network.steps:
        nodes = [node for equation in equations_of(step) for node in neighbours(equation.expression)]
        states = dict.fromkeys(first_states(nodes, writer))
        lines += [(line, None) for line in states if (line, None) not in lines]
        if isinstance(step, Equation):
            line = write_equation(step, writer)
            left, _, right = line.partition(" = ")
            lines += [(line, step)] if left != right else []  # of names that print alike
            continue
        time = Moment(step.axis, writer.loops[step.axis])
        if any(node.operation is NEXT for node in nodes):
            remark = f"beyond the last time there is nothing: what has {time.moved(1).written()} is 0"
            lines.append((dialect.remark(remark), None))
        lines.append((dialect.loop(time, backwards=step.backwards), None))
        inside = replace(writer, moment=time)
        lines += [(f"  {write_equation(equation, inside)}", equation) for equation in step.equations]
    lengths = [len(line) for line, equation in lines if equation]
    width = max((length for length in lengths if length <= _FARTHEST), default=0)
    return "\n".join(
        dialect.commented(line.ljust(width), shown(equation.layout)) if shapes and equation else line
        for line, equation in lines
    )


def writer_of(network: Network, dialect: Dialect) -> Writer:
    """A writer of expressions over the network's quantities."""
    axes = [step.axis for step in network.steps if isinstance(step, Loop)]
    for equation in network.equations.values():
        axes += [axis for node in neighbours(equation.expression) for axis in node.over]
    names = (name for name in "tskijlm" if name not in network.layouts)
    return Writer(dialect, network.layouts, dict(zip(dict.fromkeys(axes), names, strict=False)))


def within(writer: Writer, network: Network, name: str) -> Writer:
    """The writer of one quantity's equation: where that stands in a loop, it writes of the loop's time."""
    for step in network.steps:
        if isinstance(step, Loop) and any(equation.name == name for equation in step.equations):
            return replace(writer, moment=Moment(step.axis, writer.loops[step.axis]))
    return writer


def write_equation(equation: Equation, writer: Writer) -> str:
    """`name = expression`."""
    time = writer.moment
    left = writer.dialect.name(equation.name, equation.layout, time).text
    layout = tuple(axis for axis in equation.layout if not time or axis != time.axis)
    return f"{left} = {writer.equation(equation.expression, layout)}"


def first_states(nodes: Iterable[Apply], writer: Writer) -> Iterator[str]:
    """`h[-1] = h0` for what is read a time before."""
    for node in nodes:
        if node.operation is PREVIOUS and isinstance(inner := node.arguments[0], Name):
            before = Moment(node.over[0], "", -1)
            left = writer.dialect.name(inner.text, writer.layouts[inner.text], before)
            yield f"{left.text} = {writer.write(node.arguments[1]).text}"
