"""What an expression hands back of the adjoint of its value, in numbers: `adjoint.py` has expressions of it.

Nothing is put together or simplified, so it is the quicker way where it is asked once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from gradcheck.expr.adjoint import letters_of, rule_of
from gradcheck.expr.arithmetic import MULTIPLY
from gradcheck.expr.by_numpy import Values, applied, evaluate, remembered
from gradcheck.expr.named import Lengths, Named, filled
from gradcheck.expr.operation import Along, Entrywise, Moving, Operation
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Number


@dataclass
class Pullback:
    """What expressions of some values hand back; what the same of them hands back of the same is known."""

    values: Values
    lengths: Lengths
    memory: dict[Expr, Named]
    """Expression -> its value."""
    _terms: dict[tuple[Apply, int], Sequence[tuple[Expr, Named]]] = field(default_factory=dict)
    """A node and the identity of an adjoint -> what its arguments get."""
    _alive: list[Named] = field(default_factory=list)
    """The adjoints: no other array gets the identity of one."""

    def of(self, expression: Expr, g: Named) -> Mapping[str, Named]:
        """Name -> what it gets of g in all places; those are left out that get nothing.

        Raises ValueError or KeyError where arrays don't meet, NotImplementedError where there is no rule.
        """
        found: dict[str, Named] = {}
        self._alive.append(g)
        with np.errstate(all="ignore"):
            self._hand_back(expression, g, found)
        return found

    def _hand_back(self, e: Expr, g: Named, found: dict[str, Named]) -> None:
        if isinstance(e, Name):
            g = filled(g, e.axes, self.lengths)
            found[e.text] = g if e.text not in found else _added(found[e.text], g)
        elif isinstance(e, Apply):
            at = e, id(g.array)
            if at not in self._terms:
                self._terms[at] = self._terms_of(e, g)
            for argument, term in self._terms[at]:
                self._hand_back(argument, term, found)

    def _terms_of(self, e: Apply, g: Named) -> list[tuple[Expr, Named]]:
        several = [remembered(argument, self.values, self.lengths, self.memory) for argument in e.arguments]
        repeated = e.axes if isinstance(e.operation, Entrywise) else ()
        found = list[tuple[Expr, Named]]()
        for n, argument in enumerate(e.arguments):
            term = self._term(e, n, several, g) if argument.reads else None
            if term is not None:
                found.append((argument, self._within(term, argument.axes, repeated)))
        self._alive += [term for _, term in found]
        return found

    def _term(self, e: Apply, n: int, several: Sequence[Named], g: Named) -> Named | None:
        """What an argument gets, not yet summed over axes that it lacks."""
        operation, letters = e.operation, letters_of(len(several))
        axes = tuple(argument.axes for argument in e.arguments)
        values = dict(zip(letters, several, strict=True))
        if isinstance(operation, Moving):
            numbers = tuple(a.value if isinstance(a, Number) else None for a in e.arguments)
            term = _moved_back(operation, axes, numbers, e.over)[n]
            return None if term is None else evaluate(term, {**values, "g": g}, self.lengths)
        value = remembered(e, self.values, self.lengths, self.memory)
        known = [*zip(letters, axes, strict=True), ("y", e.axes)]
        if isinstance(operation, Along):
            lacking = tuple(axis for axis in e.over if operation.keeps and axis not in g.axes)
            g = filled(g, lacking, self.lengths)
            if operation.rule is None:
                return None
            rule = rule_of(operation.rule, (*known, ("g", g.axes)), e.over)
            return evaluate(rule, {**values, "y": value, "g": g}, self.lengths)
        assert isinstance(operation, Entrywise)
        text = operation.derivatives[n]
        if text is None:
            return None
        partial = evaluate(rule_of(text, tuple(known), e.over), {**values, "y": value}, self.lengths)
        return applied(Apply(MULTIPLY, (e, e)), [g, partial], self.lengths)

    def _within(self, term: Named, axes: Axes, whole: Axes) -> Named:
        """What comes back to an argument along the axes that it lacks, and was repeated along, added up."""
        term = filled(term, tuple(axis for axis in whole if axis not in axes), self.lengths)
        lost = tuple(n for n, axis in enumerate(term.axes) if axis not in axes)
        rest = tuple(axis for axis in term.axes if axis in axes)
        return Named(term.array.sum(lost), rest) if lost else term


def _added(one: Named, other: Named) -> Named:
    order = [other.axes.index(axis) for axis in one.axes]
    return Named(one.array + np.asarray(other.array).transpose(order), one.axes)


@lru_cache(4096)
def _moved_back(
    operation: Operation, axes: tuple[Axes, ...], numbers: tuple[float | None, ...], over: Axes
) -> tuple[Expr | None, ...]:
    """What each argument gets where entries are moved, as an expression of letters."""
    several = tuple(
        Name(letter, of) if number is None else Number(number)
        for letter, of, number in zip(letters_of(len(axes)), axes, numbers, strict=True)
    )
    node = Apply(operation, several, over)
    assert isinstance(operation, Moving)
    return operation.backward(node, Name("g", node.axes))
