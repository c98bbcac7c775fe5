"""An edit: a right equation with one thing changed.

It can be made of any network, since it changes an expression and knows nothing of layers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

from gradcheck.edits.kinds import KINDS
from gradcheck.expr.operation import Along, Entrywise
from gradcheck.expr.simplify import Monomial
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Number, rebuilt
from gradcheck.network.records import (
    Equation,
    Network,
    change_equations,
    equations_of,
    named,
    select_equations,
)

Kind: TypeAlias = Literal[
    "term", "factor", "sign", "only", "doubled", "inverted", "mean", "total", "first", "last", "entry",
    "unsummed", "axis", "assigned", "time", "before", "after", "transposed", "other", "argument",
    "derivative", "function", "identity", "power", "positive", "updated", "extra", "added", "zero",
    "constant", "overwritten", "reshaped", "reversed", "exchanged", "split", "stride", "crop", "inside",
    "diagonal", "missed", "bracket", "border", "truncated", "folded", "clipped",
    "summed", "carried", "scale", "sum", "index", "order",
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
    constant: Expr | None = None
    """The value of what was an unknown number in it."""
    unusual: bool = False
    """Whether people mostly write the equation in another way than as `old`."""
    adjoints: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    """What comes back from the loss, of all that there is."""

    @property
    def rank(self) -> int:
        """How far it is from what people do most, which is 0."""
        return 2 * KINDS[self.kind].rank + self.unusual

    @property
    def gains_sign(self) -> bool:
        """Whether it puts a minus where there is none: people lose one rather."""
        part = self.old if self.part is None else self.part
        return self.kind == "sign" and Monomial.of(part).above > 0

    @property
    def place(self) -> tuple[object, ...]:
        """What edits of one mistake made in several equations have in common."""
        if self.kind in ("term", "sign"):
            part = self.old if self.part is None else self.part
            return self.kind, part.reads & self.adjoints
        return self.kind, self.part, self.instead

    @cached_property
    def pattern(self) -> tuple[object, ...]:
        """What is changed, with letters for names: what is common to a mistake made in several layers."""
        letters: dict[str, tuple[bool, int]] = {}
        return self.kind, *(skeleton(e, letters, self.adjoints) for e in (self.old, self.new))

    @property
    def form(self) -> tuple[object, ...]:
        """The part that is changed and what stands there, with letters for names."""
        letters: dict[str, tuple[bool, int]] = {}
        parts = (self.part, self.instead)
        return tuple(None if e is None else skeleton(e, letters, self.adjoints) for e in parts)

    def like(self, other: Edit) -> bool:
        """Whether both are one mistake, made in two equations."""
        if self.equation == other.equation or self.kind == "exchanged":
            return False
        by_kind = self.kind == other.kind and self.kind in _REPEATED
        return by_kind or self.place == other.place or self.pattern == other.pattern


_REPEATED = frozenset(
    (
        "only",
        "last",
        "first",
        "missed",
        "entry",
        "mean",
        "total",
        "unsummed",
        "axis",
        "assigned",
        "transposed",
        "clipped",
        "carried",
    )
)
"""Kinds that are the same slip wherever they are made: of an accumulation, an axis, an order."""


def is_repeated(one: Edit, other: Edit) -> bool:
    """Whether both are one mistake in two equations, with the same number where there is one."""
    return one.like(other) and one.constant == other.constant


def alike(several: Iterable[Edit]) -> list[list[Edit]]:
    """The edits by what they change: what is changed alike together."""
    groups: list[list[Edit]] = []
    for edit in several:
        group = next((g for g in groups if g[0].like(edit)), None)
        if group is None:
            groups.append([edit])
        else:
            group.append(edit)
    return groups


def skeleton(e: Expr, letters: dict[str, tuple[bool, int]], adjoints: Collection[str]) -> object:
    """What an expression has in common with those of other names and axes."""
    if isinstance(e, Name):
        return letters.setdefault(e.text, (e.text in adjoints, len(letters))), len(e.axes)
    if isinstance(e, Apply):
        inner = tuple(skeleton(argument, letters, adjoints) for argument in e.arguments)
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


def by_equation(several: Iterable[Sequence[Edit]]) -> dict[str, dict[int, Expr]]:
    """Quantity -> the number of some edits that are made together -> what its equation is with them."""
    found: dict[str, dict[int, Expr]] = {}
    for n, edits in enumerate(several):
        for edit in edits:
            found.setdefault(edit.equation, {})[n] = edit.new
    return found


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


def retyped(network: Network, right: Network) -> Network:
    """The edited network with the axes that quantities have where some are made over other ones."""
    layouts = dict(network.given)

    def expression(e: Expr) -> Expr:
        return replace(e, axes=named(layouts[e.text])) if isinstance(e, Name) and e.text in layouts else e

    def equation(e: Equation) -> Equation:
        new = rebuilt(e.expression, expression)
        before = set(right.equations[e.name].expression.axes)
        if set(new.axes) != before == set(named(e.layout)):
            e = replace(e, layout=new.axes)
        layouts[e.name] = e.layout
        return replace(e, expression=new)

    return replace(network, steps=change_equations(network.steps, equation))
