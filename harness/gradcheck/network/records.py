"""A network: equations in order, each of which makes a quantity from those before it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from gradcheck.expr.layout import UNNAMED
from gradcheck.expr.tree import Axes, Expr, Name, rebuilt


@dataclass(frozen=True)
class Equation:
    """A quantity and the expression that makes it."""

    name: str
    expression: Expr
    layout: Axes
    """How the quantity's array lies."""
    line: int = field(default=0, compare=False)
    """The line of the text that it was read from, from 1."""


@dataclass(frozen=True)
class Loop:
    """Equations that take turns along an axis: each time's from those before it in time and in the text."""

    axis: str
    equations: tuple[Equation, ...]
    backwards: bool = False
    """Whether it begins with the last time."""


Step: TypeAlias = Equation | Loop


@dataclass(frozen=True)
class Network:
    """What is given, and the equations; every quantity has a name of its own."""

    given: Mapping[str, Axes]
    """Name -> layout, of inputs and parameters."""
    steps: tuple[Step, ...]
    gradients: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Of quantities that are gradients of others: g -> (J, W), where g = ∂J/∂W."""

    @cached_property
    def equations(self) -> Mapping[str, Equation]:
        """All equations by the name of what they make, in their order."""
        return {equation.name: equation for step in self.steps for equation in equations_of(step)}

    @cached_property
    def layouts(self) -> Mapping[str, Axes]:
        """How every quantity's array lies, in the order in which they are made."""
        return {**self.given, **{name: equation.layout for name, equation in self.equations.items()}}

    def quantity(self, name: str) -> Name:
        """The quantity as an expression."""
        return Name(name, named(self.layouts[name]))


def renamed(network: Network, names: Mapping[str, str]) -> Network:
    """The network with other names for some quantities."""

    def other(name: str) -> str:
        return names.get(name, name)

    def expression(e: Expr) -> Expr:
        return replace(e, text=other(e.text)) if isinstance(e, Name) else e

    def equation(e: Equation) -> Equation:
        return replace(e, name=other(e.name), expression=rebuilt(e.expression, expression))

    given = {other(name): layout for name, layout in network.given.items()}
    gradients = {other(g): (other(of), other(by)) for g, (of, by) in network.gradients.items()}
    return Network(given, change_equations(network.steps, equation), gradients)


def named(layout: Axes) -> Axes:
    """The axes of a layout that have names."""
    return tuple(axis for axis in layout if axis != UNNAMED)


def equations_of(step: Step) -> tuple[Equation, ...]:
    """The equations of a loop, or the one equation."""
    return step.equations if isinstance(step, Loop) else (step,)


def change_equations(steps: Iterable[Step], change: Callable[[Equation], Equation]) -> tuple[Step, ...]:
    """The steps with every equation changed, those of loops, too."""
    return tuple(
        replace(step, equations=tuple(map(change, step.equations)))
        if isinstance(step, Loop)
        else change(step)
        for step in steps
    )


def select_equations(step: Step, names: Collection[str]) -> Step | None:
    """The step with the equations of these quantities alone; None where it has none of them."""
    chosen = tuple(equation for equation in equations_of(step) if equation.name in names)
    if isinstance(step, Loop):
        return replace(step, equations=chosen) if chosen else None
    return step if chosen else None
