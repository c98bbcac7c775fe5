"""What follows from a network's equations alone: what depends on what, and how far places of an axis mix.

The question that differences ask is whether the objective is a sum over an axis of terms each of which
depends on a moved array's entries at one place alone. Then all places move at once, and every term has a
quotient of its own. The answer follows from what operations declare; where it doesn't, places are mixed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import cache
from typing import TypeAlias

from gradcheck.expr.along import MEAN, SUM
from gradcheck.expr.arithmetic import MULTIPLY
from gradcheck.expr.operation import Along, Entrywise, Moving
from gradcheck.expr.structure import Rename
from gradcheck.expr.tree import Apply, Expr, Name
from gradcheck.network.records import Equation, Loop, Network, Step, equations_of, select_equations


class Mixing(Enum):
    """How an array depends on entries at several places of an axis."""

    ADDED = "added"
    """It is a sum of terms, each of which depends on the entries at one place alone."""
    MIXED = "mixed"
    """In any other way."""


Dependence: TypeAlias = str | Mixing | None
"""How an array depends on another's places along one of its axes: not at all; the name of an axis along which
each of its entries depends on the entries at the same place alone; or on several places."""


def dependence(expression: Expr, of: Mapping[str, Dependence]) -> Dependence:
    """That of an expression's value, where the names it reads depend as `of` says."""
    if expression.reads.isdisjoint(of):
        return None
    if isinstance(expression, Apply):
        return _joined(expression, [dependence(argument, of) for argument in expression.arguments])
    assert isinstance(expression, Name)
    return of[expression.text]


def spread(steps: Iterable[Step], of: Mapping[str, Dependence]) -> dict[str, Dependence]:
    """The same of everything that depends on the names in `of`, those included."""
    known = dict(of)
    for step in steps:
        equations = equations_of(step)
        changed = True
        while changed:  # dependences only grow, so a loop's come to rest
            new = {e.name: dependence(e.expression, known) for e in equations if e.name not in of}
            new = {name: kind for name, kind in new.items() if kind is not None}
            changed = isinstance(step, Loop) and not new.items() <= known.items()
            known |= new
    return known


def linear(expression: Expr, name: str) -> bool:
    """Whether an expression is linear in the array of that name, but for a constant."""
    return dependence(expression, {name: Mixing.ADDED}) is Mixing.ADDED


def _joined(node: Apply, several: Sequence[Dependence]) -> Dependence:
    kinds = {kind for kind in several if kind is not None}
    if not kinds:
        return None
    kind = kinds.pop()
    if kinds or kind is Mixing.MIXED:
        return Mixing.MIXED
    if isinstance(kind, str):
        return _aligned(node, kind)
    return kind if _adds(node, tuple(one is not None for one in several)) else Mixing.MIXED


def _aligned(node: Apply, axis: str) -> Dependence:
    """Of an operation on what depends on the same place along an axis alone."""
    operation = node.operation
    if isinstance(operation, Entrywise):
        return axis
    if isinstance(operation, Rename):
        return dict(operation.pairs).get(axis, axis)
    if isinstance(operation, Moving):
        old, new = operation.core([argument.axes for argument in node.arguments], node.over)
        return Mixing.MIXED if any(axis in core for core in (*old, new)) else axis
    if axis not in node.over:
        return axis
    return Mixing.ADDED if operation in (SUM, MEAN) else Mixing.MIXED


def _adds(node: Apply, dependent: tuple[bool, ...]) -> bool:
    """Whether the operation is linear, but for a constant, in all of its dependent arguments together."""
    operation = node.operation
    if isinstance(operation, Entrywise):
        return _entrywise_adds(operation, dependent)
    if isinstance(operation, Along):
        return operation.linear
    # Entries that are moved about stay what they are; where to, another argument may say.
    assert isinstance(operation, Moving)
    back = operation.backward(node, Name("g", node.axes))
    return all(term is not None for term, one in zip(back, dependent, strict=True) if one)


@cache
def _entrywise_adds(operation: Entrywise, dependent: tuple[bool, ...]) -> bool:
    """Whether no derivative by a dependent argument reads the value or a dependent argument."""
    letters = ("x",) if len(dependent) == 1 else tuple(f"x{n}" for n in range(1, len(dependent) + 1))
    moving = {"y", *(letter for letter, one in zip(letters, dependent, strict=True) if one)}
    rules = [rule for rule, one in zip(operation.derivatives, dependent, strict=True) if one]
    return all(rule is not None and moving.isdisjoint(re.findall(r"\w+", rule)) for rule in rules)


def needed(network: Network, ends: Collection[str]) -> Network:
    """The network without the equations on which none of `ends` depends."""
    wanted = set(ends)
    steps: list[Step] = []
    for step in reversed(network.steps):
        reads = {e.name: e.expression.reads for e in equations_of(step)}
        while more := {read for name in reads.keys() & wanted for read in reads[name]} - wanted:
            wanted |= more
        if rest := select_equations(step, wanted):
            steps.append(rest)
    return Network(network.given, tuple(reversed(steps)))


def divided(network: Network) -> Network:
    """The network with an equation for each part that is linear in something given, if it is not all of one.

    `i = sigmoid(x @ W + h @ U)` becomes `i*1 = x @ W + h @ U` and `i = sigmoid(i*1)`: the quotients along
    that part serve every weight in it.
    """
    steps: list[Step] = []
    for step in network.steps:
        axis = step.axis if isinstance(step, Loop) else None
        inside: list[Equation] = []
        for equation in equations_of(step):
            division = _Division(equation.name)
            expression = division.of(equation.expression, frozenset(network.given))
            parts = [Equation(part.text, e, e.axes) for part, e in division.parts]
            steps += [part for part in parts if axis not in part.layout and axis is not None]
            inside += [part for part in parts if axis in part.layout or axis is None]
            inside.append(replace(equation, expression=expression))
        steps += [replace(step, equations=tuple(inside))] if isinstance(step, Loop) else inside
    return Network(network.given, tuple(steps))


class _Division:
    """The parts of an equation's expression that are linear in something given."""

    def __init__(self, equation: str) -> None:
        self.equation = equation
        self.parts: list[tuple[Name, Expr]] = []

    def of(self, expression: Expr, given: frozenset[str], whole: bool = True) -> Expr:
        """The expression with names in the place of its parts."""
        read = given & expression.reads
        if not read or not isinstance(expression, Apply):
            return expression
        inside = {name for name in read if linear(expression, name)}
        arguments = tuple(self.of(argument, given - inside, False) for argument in expression.arguments)
        rest = expression.with_arguments(arguments)
        if whole or not inside or outer(rest):
            return rest
        part = Name(f"{self.equation}*{len(self.parts) + 1}", rest.axes)
        self.parts.append((part, rest))
        return part


def outer(expression: Expr) -> bool:
    """Whether it is a product larger than both factors, which only a sum over it keeps from being made."""
    return (
        isinstance(expression, Apply)
        and expression.operation is MULTIPLY
        and all(set(argument.axes) != set(expression.axes) for argument in expression.arguments)
    )


def readers(network: Network, name: str) -> Iterator[Equation]:
    """The equations that read a quantity."""
    for equation in network.equations.values():
        if name in equation.expression.reads:
            yield equation
