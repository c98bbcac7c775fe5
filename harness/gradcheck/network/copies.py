"""A network run by NumPy for many copies at once, in each of which some equations may be others.

Copies lie along an axis of their own. What none of them changes is not worked out again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np

from gradcheck.expr.by_numpy import Moment, Values, evaluate, in_order, remembered
from gradcheck.expr.named import Lengths, Named, arranged
from gradcheck.expr.tree import Axes, Expr, axis_of
from gradcheck.network.forward import stacked, whole
from gradcheck.network.records import Equation, Loop, Network, named

COPIES = "*"
"""The axis of copies."""
DOUBLE = np.dtype(np.float64)

Others = Mapping[str, Mapping[int, Expr]]
"""Quantity -> copy -> what its equation is there."""


class Copy(Mapping[str, Named]):
    """One of the copies of some values."""

    def __init__(self, values: Values, number: int) -> None:
        self._values, self._number = values, number

    def __getitem__(self, name: str) -> Named:
        return copy_of(self._values[name], self._number)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class _CopyOfMoment(Moment):
    """One of the copies of a network's values at a time."""

    def __init__(self, moment: Moment, number: int) -> None:
        super().__init__(Copy(moment.whole, number), moment.axis, moment.time)
        self._moment, self._number = moment, number

    def __getitem__(self, name: str) -> Named:
        return copy_of(self._moment[name], self._number)


def copy_of(value: Named, number: int) -> Named:
    """A value in one of the copies."""
    if COPIES not in value.axes:
        return value
    at = value.axes.index(COPIES)
    return Named(value.array[(slice(None),) * at + (number,)], (*value.axes[:at], *value.axes[at + 1 :]))


class _Unchanged(dict[Expr, Named]):
    """The values of expressions that read nothing that is changed: the same in all copies."""

    def __init__(self, changed: Set[str]) -> None:
        super().__init__()
        self._changed = changed

    def __setitem__(self, key: Expr, value: Named) -> None:
        if key.reads.isdisjoint(self._changed):
            super().__setitem__(key, value)


@dataclass
class Copies:
    """Some values, and what copies of a network make of them."""

    known: Values
    lengths: Lengths
    count: int
    others: Others
    values: dict[str, Named] = field(init=False)
    """What is known, and what is made."""
    changed: set[str] = field(default_factory=set)
    """What is another in some copy."""
    unfit: set[int] = field(default_factory=set)
    """The copies in which something has axes that it should not have."""
    failed: set[int] = field(default_factory=set)
    """The copies in which arrays don't meet."""

    def __post_init__(self) -> None:
        self.values = dict(self.known)

    def run(self, network: Network) -> None:
        """Add what the equations make, as far as it is changed or isn't known."""
        with np.errstate(all="ignore"):
            for step in network.steps:
                if isinstance(step, Loop):
                    self._run_loop(step)
                elif self._is_due(step):
                    self.values[step.name] = self._made(step, named(step.layout), self.values)
                    self.changed.add(step.name)

    def _is_due(self, equation: Equation) -> bool:
        is_new = equation.name in self.others or equation.name not in self.values
        return is_new or not equation.expression.reads.isdisjoint(self.changed)

    def _made(
        self, equation: Equation, axes: Axes, values: Values, copies: Mapping[int, Values] | None = None
    ) -> Named:
        """What an equation makes, of all copies; `copies` are their values, if those are more than cuts."""
        others, memory = self.others.get(equation.name, {}), _Unchanged(self.changed)
        array = np.full((self.count, *(self.lengths[axis_of(axis)] for axis in axes)), np.nan)
        if len(others) < self.count:
            value = whole(evaluate(equation.expression, values, self.lengths), axes, self.lengths, DOUBLE)
            if not others:
                return value
            array[:] = arranged(value, (COPIES, *axes), {**self.lengths, COPIES: self.count})
        for number, new in others.items():
            try:
                own = Copy(values, number) if copies is None else copies[number]
                one = remembered(new, own, self.lengths, memory)
            except (ValueError, KeyError, IndexError):
                self.failed.add(number)
                continue
            try:
                array[number] = arranged(one, axes, self.lengths)
            except ValueError:
                self.unfit.add(number)
        return Named(array, (COPIES, *axes))

    def _run_loop(self, loop: Loop) -> None:
        while more := {e.name for e in loop.equations if self._is_due(e)} - self.changed:
            self.changed |= more
        due = [equation for equation in loop.equations if equation.name in self.changed]
        if not due:
            return
        numbers = {number for equation in due for number in self.others.get(equation.name, {})}
        moments = [Moment(self.values, loop.axis, t) for t in range(self.lengths[loop.axis])]
        copies = [{n: _CopyOfMoment(moment, n) for n in numbers} for moment in moments]
        times = [*zip(moments, copies, strict=True)]
        with ExitStack() as stack:
            stack.enter_context(in_order(moments))
            for n in numbers:
                stack.enter_context(in_order([at[n] for at in copies]))
            for moment, own in reversed(times) if loop.backwards else times:
                for equation in due:
                    axes = tuple(axis for axis in named(equation.layout) if axis != loop.axis)
                    moment.here[equation.name] = self._made(equation, axes, moment, own)
        for equation in due:
            self.values[equation.name] = stacked([at.here[equation.name] for at in moments], loop.axis)
