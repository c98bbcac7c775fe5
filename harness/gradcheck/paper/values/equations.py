"""What a text defines as a network of equations, whose axes are called as indices are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from gradcheck.expr.layout import lying
from gradcheck.expr.structure import Rename
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Size, nodes, rebuilt
from gradcheck.network.records import Equation, named
from gradcheck.network.records import Network as Equations
from gradcheck.paper.values.algebra import ONE
from gradcheck.paper.values.network import Network

_LETTERS = "ijklpqrstuv"


@dataclass(frozen=True)
class Stated:
    """The equations, and what their axes were called."""

    network: Equations
    axes: Mapping[str, str]
    """The text's axis -> the letter."""


def equations(network: Network, taken: Collection[str] = (), *, apart: bool = False) -> Stated:
    """The text's definitions as equations, the axes called by letters, none of them one that is taken.

    With `apart`, the two axes of a square array have letters of their own.
    """
    called = _Called(taken, apart=apart)
    given = {
        str(key): called.layout(lying(network.shapes[key]))
        for key in network.text.inputs
        if key in network.shapes
    }
    steps = [
        Equation(str(key), called.expression(one), called.layout(lying(network.shapes[key])))
        for key, one in network.definitions.items()
        if key not in network.text.objectives
    ]
    return Stated(Equations(given, tuple(steps)), called.names)


class _Called:
    """Axes by short names, each by its own."""

    def __init__(self, taken: Collection[str], *, apart: bool) -> None:
        self.names: dict[str, str] = {}
        self.apart = apart
        self.letters = [letter for letter in _LETTERS if letter not in taken]

    def axis(self, axis: str) -> str:
        """A letter; the second axis of a square array keeps its prime."""
        bare = axis if self.apart else axis.rstrip("'")
        if bare == ONE:
            return axis
        if bare not in self.names:
            again, at = divmod(len(self.names), len(self.letters))
            self.names[bare] = self.letters[at] + str(again or "")
        return self.names[bare] + axis[len(bare) :]

    def layout(self, axes: Axes) -> Axes:
        """The names of several."""
        return tuple(map(self.axis, axes))

    def expression(self, one: Expr) -> Expr:
        """The expression with all of its axes so called."""
        return rebuilt(one, self._node)

    def _node(self, node: Expr) -> Expr:
        match node:
            case Name():
                return replace(node, axes=self.layout(node.axes))
            case Size(axis):
                return replace(node, axis=self.axis(axis))
            case Apply(Rename(pairs)):
                return replace(node, operation=Rename(tuple((self.axis(a), self.axis(b)) for a, b in pairs)))
            case Apply():
                return replace(node, over=self.layout(node.over))
        return node


def tidied(equation: Equation) -> Equation:
    """The equation with as few names for axes as it needs."""
    expression = equation.expression
    for node in nodes(expression):
        if isinstance(node, Apply) and isinstance(node.operation, Rename):
            for old, new in node.operation.pairs:
                expression = _with_one_axis(expression, old, new)
    return replace(equation, expression=expression, layout=named(equation.layout))


def _with_one_axis(expression: Expr, kept: str, other: str) -> Expr:
    """The expression with one name for two axes, where none of its parts has both."""
    if other in expression.axes or any({kept, other} <= {*node.axes} for node in nodes(expression)):
        return expression

    def node(one: Expr) -> Expr:
        match one:
            case Name():
                return replace(one, axes=tuple(map(name, one.axes)))
            case Size(axis):
                return replace(one, axis=name(axis))
            case Apply(Rename(pairs), (argument,)):
                left = tuple((name(a), name(b)) for a, b in pairs if name(a) != name(b))
                return replace(one, operation=Rename(left)) if left else argument
            case Apply():
                return replace(one, over=tuple(map(name, one.over)))
        return one

    def name(axis: str) -> str:
        return kept if axis == other else axis

    return rebuilt(expression, node)
