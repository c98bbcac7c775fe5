"""The part of a network behind an array that is moved, with the objective's terms apart where they may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from gradcheck.expr.along import MEAN, SUM
from gradcheck.expr.arithmetic import ADD, DIVIDE, MULTIPLY, NEGATE, SUBTRACT
from gradcheck.expr.structure import renamed
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Size, substituted
from gradcheck.network.graph import Dependence, Mixing, dependence, outer, spread
from gradcheck.network.records import Equation, Loop, Network, Step, equations_of, named

MOVED = "*"
"""The name of the array that is moved. No text can say it."""


def apart(axis: str) -> str:
    """The axis of the objective's terms, one for each place along a moved array's axis."""
    return f"{axis}*"


@dataclass(frozen=True)
class Tail:
    """What has to run again when a quantity moves."""

    axes: Axes
    """The quantity's."""
    added: bool
    """Whether MOVED is added to the quantity, as in a loop, or stands in its place."""
    steps: tuple[Step, ...]
    """All of the network's, with MOVED in them."""
    behind: frozenset[str]
    """What depends on MOVED."""
    along: Mapping[str, Mapping[str, Dependence]]
    """Axis whose places move at once -> how each name depends on them."""

    @property
    def uncoupled(self) -> Axes:
        """The axes whose places move at once: the objective has an axis `apart` for each."""
        return tuple(self.along)

    @property
    def coupled(self) -> Axes:
        """The axes whose places move one by one."""
        return tuple(axis for axis in self.axes if axis not in self.along)

    @property
    def network(self) -> Network:
        """The equations behind, the objective's terms apart."""
        return self._parted[0]

    @property
    def constants(self) -> Mapping[str, Expr]:
        """Name -> what the equations read that does not move."""
        return self._parted[1]

    @cached_property
    def _parted(self) -> tuple[Network, Mapping[str, Expr]]:
        parting = _Parting(self.along, self.behind)
        steps = [parting.step(step) for step in self.steps]
        return Network({}, tuple(step for step in steps if step is not None)), parting.constants


def tail(network: Network, objective: str, name: str, readers: Collection[str] | None = None) -> Tail | None:
    """What lies between a quantity and the objective; None where nothing does, as the network holds no more.

    Where `readers` are named, the quantity moves as they see it alone.
    """
    if name not in network.layouts:
        return None
    axes = named(network.layouts[name])
    moved = Name(MOVED, axes)
    added = any(isinstance(step, Loop) and name in _made(step) for step in network.steps)
    steps = [_reading(step, name, moved, added, readers) for step in network.steps]
    behind = spread(steps, {MOVED: Mixing.MIXED})
    if objective not in behind:
        return None
    every = {axis: spread(steps, {MOVED: axis}) for axis in axes}
    along = {axis: of for axis, of in every.items() if of[objective] is Mixing.ADDED}
    return Tail(axes, added, tuple(steps), frozenset(behind), along)


def shifted(network: Network, name: str, by: str) -> Network:
    """The network in which a further array, given under that name, is added to a quantity as it is made."""
    layout = network.layouts[name]
    moved = Name(by, named(layout))
    steps = [_reading(step, name, moved, added=True, readers=None) for step in network.steps]
    return Network({**network.given, by: layout}, tuple(steps))


def _made(step: Step) -> list[str]:
    return [equation.name for equation in equations_of(step)]


def _reading(step: Step, name: str, moved: Name, added: bool, readers: Collection[str] | None) -> Step:
    """The step with the moved array in a quantity's stead, or added to it in the equation that makes it."""
    if isinstance(step, Loop):
        inside = [_reading(e, name, moved, added, readers) for e in step.equations]
        return replace(step, equations=tuple(e for e in inside if isinstance(e, Equation)))
    if added:
        whole = Apply(ADD, (step.expression, moved))
        return replace(step, expression=whole) if step.name == name else step
    if readers is not None and step.name not in readers:
        return step
    return replace(step, expression=substituted(step.expression, {name: moved}))


@dataclass
class _Parting:
    """Takes sums over places that move at once apart, and out what does not move."""

    along: Mapping[str, Mapping[str, Dependence]]
    """Axis whose places move at once -> how each name depends on them."""
    behind: frozenset[str]
    """All that depends on what is moved."""
    constants: dict[str, Expr] = field(default_factory=dict)

    def step(self, step: Step) -> Step | None:
        """The step's equations that lie behind; None where none does."""
        if isinstance(step, Loop):
            inside = [self.step(equation) for equation in step.equations]
            kept = tuple(e for e in inside if isinstance(e, Equation))
            return replace(step, equations=kept) if kept else None
        if step.name not in self.behind:
            return None
        return replace(step, expression=self._constant(self._parted(step.expression)))

    def _moves(self, expression: Expr) -> bool:
        return not self.behind.isdisjoint(expression.reads)

    def _parted(self, e: Expr) -> Expr:
        """The expression whose value has the axis `apart` in the place of a sum over places."""
        if not isinstance(e, Apply) or not self._moves(e):
            return e
        arguments = tuple(map(self._parted, e.arguments))
        if e.operation in (SUM, MEAN):
            return self._terms(e, arguments[0])
        if e.operation in (ADD, SUBTRACT) and any(
            dependence(e, of) is Mixing.ADDED for of in self.along.values()
        ):
            return self._without_constant(e, arguments)
        return e.with_arguments(arguments)

    def _terms(self, e: Apply, argument: Expr) -> Expr:
        over = e.over
        for axis, of in self.along.items():
            kind = dependence(e.arguments[0], of)
            if isinstance(kind, str) and kind in over:
                argument = _renamed(argument, kind, apart(axis))
                argument = Apply(DIVIDE, (argument, Size(kind))) if e.operation is MEAN else argument
                over = tuple(other for other in over if other != kind)
        return Apply(e.operation, (argument,), over) if over else argument

    def _without_constant(self, e: Apply, arguments: tuple[Expr, ...]) -> Expr:
        """A sum of terms and a constant: it would be added to each of them, and hide their last digits."""
        x, y = arguments
        if not self._moves(y) and set(y.axes) <= set(x.axes):
            return x
        if not self._moves(x) and set(x.axes) <= set(y.axes):
            return y if e.operation is ADD else Apply(NEGATE, (y,))
        return e.with_arguments(arguments)

    def _constant(self, e: Expr) -> Expr:
        """The expression with names in the place of parts that do not move."""
        if not isinstance(e, Apply):
            return e
        if self._moves(e) or outer(e):
            return e.with_arguments(tuple(map(self._constant, e.arguments)))
        name = Name(f"*{len(self.constants) + 1}", e.axes)
        self.constants[name.text] = e
        return name


def _renamed(e: Expr, old: str, new: str) -> Expr:
    """The expression with another name for an axis of its value; a product stays a product."""
    if isinstance(e, Apply) and e.operation is MULTIPLY:
        return e.with_arguments(tuple(_renamed(argument, old, new) for argument in e.arguments))
    return renamed(e, {old: new})
