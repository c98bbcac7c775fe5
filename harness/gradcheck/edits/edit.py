"""An edit: a right equation with one thing changed.

It can be made of any network, since it changes an expression and knows nothing of layers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

from gradcheck.expr.operation import Along, Entrywise
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Number
from gradcheck.network.records import Equation, Network, change_equations, equations_of, select_equations

Kind: TypeAlias = Literal[
    "term", "factor", "sign", "only", "doubled", "inverted", "mean", "total", "first", "last", "entry",
    "unsummed", "axis", "assigned", "time", "before", "after", "transposed", "other", "argument",
    "derivative", "function", "identity", "power", "positive", "updated", "extra", "zero", "constant",
    "scale", "sum", "index", "order",
]  # fmt: skip
"""What is changed: `kinds.py` has the words. The last four are kinds of mistakes that have names."""


@dataclass(frozen=True)
class Edit:
    """One equation with one thing changed."""

    equation: str
    kind: Kind
    old: Expr
    new: Expr
    """The equation's expression before and after."""
    part: Expr | None = None
    """What is changed, where it is not the whole."""
    instead: Expr | None = None
    """What stands in the part's place, if anything does."""
    layout: Axes | None = None
    """How the array lies afterwards, where not as before."""
    rewritten: bool = False
    """Whether `old` is another way to write the equation than the network's."""

    @property
    def place(self) -> tuple[object, ...]:
        """What edits of one mistake made in several equations have in common."""
        if self.kind in ("term", "sign"):
            part = self.old if self.part is None else self.part
            return self.kind, frozenset(name for name in part.reads if name.startswith("d"))
        return self.kind, self.part, self.instead

    @cached_property
    def pattern(self) -> tuple[object, ...]:
        """What is changed, with letters for names: what is common to a mistake made in several layers."""
        letters: dict[str, str] = {}
        return self.kind, _skeleton(self.old, letters), _skeleton(self.new, letters)


def _skeleton(e: Expr, letters: dict[str, str]) -> object:
    if isinstance(e, Name):
        return letters.setdefault(e.text, f"{'d' * e.text.startswith('d')}{len(letters)}"), len(e.axes)
    if isinstance(e, Apply):
        inner = tuple(_skeleton(argument, letters) for argument in e.arguments)
        return e.operation if isinstance(e.operation, Entrywise | Along) else type(e.operation), inner
    return e if isinstance(e, Number) else None


def edited(network: Network, several: Sequence[Edit]) -> Network:
    """The network with these equations in the place of the right ones."""
    new = {edit.equation: edit for edit in several}

    def equation(e: Equation) -> Equation:
        if e.name not in new:
            return e
        return replace(e, expression=new[e.name].new, layout=new[e.name].layout or e.layout)

    return replace(network, steps=change_equations(network.steps, equation))


def behind(network: Network, equations: Collection[str]) -> Network:
    """The equations of these quantities, and of all that depends on them."""
    reached, steps = set(equations), []
    for step in network.steps:
        inside = equations_of(step)
        while more := {e.name for e in inside if e.expression.reads & reached} - reached:
            reached |= more
        if rest := select_equations(step, reached):
            steps.append(rest)
    return replace(network, steps=tuple(steps))
