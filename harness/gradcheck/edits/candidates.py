"""The edits that may be made in a network's equations, one equation at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from gradcheck.edits.derivations import IsRight, derivations
from gradcheck.edits.edit import Edit, Kind
from gradcheck.edits.rewrites import RATE, Context, Local, Rewrite, called, is_curve, rewrites
from gradcheck.expr.adjoint import derivative
from gradcheck.expr.named import Lengths
from gradcheck.expr.simplify import Monomial, product, quotient, simplified, subtracted, sum_of, terms
from gradcheck.expr.structure import PREVIOUS
from gradcheck.expr.tree import ONE, ZERO, Apply, Expr, Name, Number, Size, axis_of, nodes, rebuilt
from gradcheck.network.backward import adjoint
from gradcheck.network.records import Equation, Loop, Network, named

FACTOR = Name("factor")
"""The unknown constant of an edit: its value is fitted."""
_NUMBERS = (0.0, 0.001, 0.01, 0.1, 0.2, 0.25, 0.3, 0.5, 1.0, 2.0, 3.0)
"""What people take for a number of the exercise: a margin, the slope of a leak, an epsilon."""


@dataclass(frozen=True)
class Candidates:
    """All edits of the equations of a network and of its reverse pass."""

    forward: Network
    whole: Network
    """The network, and behind it its reverse pass."""
    parameters: frozenset[str]
    cases: Sequence[Lengths]
    """How long axes are in each case."""
    reverse: Callable[[Network], Network]
    """Derives the reverse pass of a network."""
    is_right: IsRight
    """Whether an expression makes a quantity's right numbers in the spec's first case."""
    alternatives: Mapping[str, Sequence[Expr]] = field(default_factory=dict)
    """Quantity of the forward pass -> what else people know to stand there, such as another loss."""

    def of(self, name: str) -> Sequence[Edit]:
        """Those of one equation, made once."""
        if name not in self._edits:
            make = self._of_value if name in self.forward.equations else self._of_gradient
            edits = (replace(edit, new=simplified(edit.new)) for edit in make(name))
            right = self.whole.equations[name].expression
            self._edits[name] = tuple({e.new: e for e in edits if e.new != right}.values())
        return self._edits[name]

    @cached_property
    def groups(self) -> Sequence[tuple[Edit, ...]]:
        """Edits that change the same in several equations of the reverse pass, or the like."""
        return self._grouped([name for name in self.whole.equations if name in self._adjoints])

    @cached_property
    def forward_groups(self) -> Sequence[tuple[Edit, ...]]:
        """The same of the forward pass."""
        return self._grouped(list(self.forward.equations))

    def _grouped(self, names: Sequence[str]) -> Sequence[tuple[Edit, ...]]:
        alike: dict[object, dict[str, Edit]] = {}
        for name in names:
            for edit in self.of(name):
                for key in (edit.place, edit.pattern):
                    alike.setdefault(key, {}).setdefault(name, edit)
        several = (tuple(edits.values()) for edits in alike.values() if len(edits) > 1)
        return tuple(dict.fromkeys(several))

    @cached_property
    def _edits(self) -> dict[str, Sequence[Edit]]:
        return {}

    def _of_gradient(self, name: str) -> Iterator[Edit]:
        """Of an equation of the reverse pass, as it is derived and as it is mostly written."""
        equation = self.whole.equations[name]
        context = self._context(name, self.whole)
        for right in (equation.expression, *self._derivations(name)):
            for one in rewrites(right, context):
                is_other = right is not equation.expression
                edit = Edit(name, one.kind, right, one.whole, one.part, one.instead, rewritten=is_other)
                yield edit
                if (everywhere := _everywhere(right, one)) is not None:
                    yield replace(edit, new=everywhere)
        yield from self._of_whole(equation, context)

    def _of_value(self, name: str) -> Iterator[Edit]:
        """Of an equation of the forward pass."""
        right = self.forward.equations[name].expression
        for one in rewrites(right, self._context(name, self.forward)):
            yield Edit(name, one.kind, right, one.whole, one.part, one.instead)
        for part, new, other in self._exchanges(name, right):
            yield Edit(name, "other", right, new, part, other)
        for axis in () if right.axes else sorted({a for e in nodes(right) for a in map(axis_of, e.axes)}):
            for factor in (Size(axis), quotient(ONE, Size(axis))):
                yield Edit(name, "extra", right, product(factor, right), factor)

    def _exchanges(self, name: str, right: Expr) -> Iterator[tuple[Expr, Expr, Expr]]:
        """(part, the whole afterwards, what stands there): other numbers, and what else may be the whole."""
        for number, put in _numbers(right):
            yield from ((number, put(other), other) for other in map(Number, _NUMBERS) if other != number)
        yield from ((right, other, other) for other in self.alternatives.get(name, ()))
        if isinstance(right, Name):
            yield from ((right, function, function) for function in called(right))

    def _of_whole(self, equation: Equation, context: Context) -> Iterator[Edit]:
        """With a factor too many, a constant factor, or nothing at all."""
        right, axes = equation.expression, named(equation.layout)

        def edit(kind: Kind, new: Expr, part: Expr | None = None) -> Edit:
            return Edit(equation.name, kind, right, new, part)

        yield edit("constant", product(FACTOR, right))
        known = terms(right)
        if len(known) > 1:
            for n, term in enumerate(known):
                scaled = [*known[:n], product(FACTOR, term), *known[n + 1 :]]
                yield edit("constant", sum_of(scaled), term)
        yield edit("zero", ZERO)
        for local in context.locals:
            if set(local.value.axes) <= set(axes):
                factor = local.derivative.expression()
                yield edit("extra", product(right, factor), factor)
        for quantity in context.known:
            if quantity.axes and set(quantity.axes) <= set(axes):
                yield edit("extra", product(right, quantity), quantity)
        for parameter in (name for name in self.parameters if adjoint(name) == equation.name):
            term = product(FACTOR, self.whole.quantity(parameter))
            yield edit("extra", sum_of([*known, term]), term)

    def _derivations(self, name: str) -> list[Expr]:
        """Other ways to write a gradient's equation."""
        known = self.whole.equations[name].expression
        derived = self._derived[name].expression if name in self._derived else known
        others = derivations(self.forward, self.whole, name, self.is_right)
        return [other for other in (derived, *others) if other != known]

    @cached_property
    def _derived(self) -> Mapping[str, Equation]:
        return self.reverse(self.forward).equations

    def _context(self, name: str, network: Network) -> Context:
        order = list(network.layouts)
        known = [network.quantity(one) for one in order[: order.index(name)]]
        loops = [step for step in network.steps if isinstance(step, Loop)]
        inside = ([e.name for e in loop.equations] for loop in loops)
        beyond = [network.quantity(one) for names in inside if name in names for one in names]
        return Context(
            known,
            self._adjoints,
            self._same,
            self.locals,
            self._earlier,
            [loop.axis for loop in loops],
            [quantity for quantity in beyond if quantity not in known],
            self._updated,
        )

    def _same(self, one: str, other: str) -> bool:
        """Whether two axes are equally long in some case: code may run in that one alone."""
        return any(lengths.get(axis_of(one)) == lengths.get(axis_of(other)) for lengths in self.cases)

    @cached_property
    def _adjoints(self) -> frozenset[str]:
        return frozenset(self.whole.layouts.keys() - self.forward.layouts.keys())

    @cached_property
    def locals(self) -> list[Local]:
        """The functions of one number that the forward pass applies."""
        found: dict[Expr, Local] = {}
        for equation in self.forward.equations.values():
            for node in nodes(equation.expression):
                if isinstance(node, Apply) and is_curve(node) and node not in found:
                    value = self.forward.quantity(equation.name) if node == equation.expression else node
                    slope = derivative(node, 0, value)
                    if slope is not None and slope.reads:
                        found[node] = Local(node, value, Monomial.of(slope))
        return list(found.values())

    @cached_property
    def _earlier(self) -> Mapping[str, Expr]:
        """Quantity of a loop -> the same a time before."""
        expressions = [equation.expression for equation in self.forward.equations.values()]
        applied = (node for e in expressions for node in nodes(e) if isinstance(node, Apply))
        before = [(n.arguments[0], n) for n in applied if n.operation is PREVIOUS]
        return {inner.text: node for inner, node in before if isinstance(inner, Name)}

    @cached_property
    def _updated(self) -> Mapping[str, Expr]:
        """Parameter -> what it is after a step against its gradient."""
        quantity = self.whole.quantity
        return {
            name: subtracted(quantity(name), product(RATE, quantity(adjoint(name))))
            for name in self.parameters
            if adjoint(name) in self.whole.layouts
        }


def _everywhere(right: Expr, one: Rewrite) -> Expr | None:
    """The expression with the change in every place where the part stands; None where there is but one."""
    if one.instead is None or sum(e == one.part for e in nodes(right)) < 2:
        return None
    return rebuilt(right, lambda e: one.instead if one.instead and e == one.part else e)


def _numbers(expression: Expr) -> Iterator[tuple[Number, Callable[[Expr], Expr]]]:
    """The numbers in an expression, and how another one is put in the place of each."""
    if isinstance(expression, Number) and not expression.symbol:
        yield expression, lambda other: other
    elif isinstance(expression, Apply):
        several = expression.arguments
        for n, argument in enumerate(several):
            for number, put in _numbers(argument):

                def change(other: Expr, n: int = n, put: Callable[[Expr], Expr] = put) -> Expr:
                    return expression.with_arguments((*several[:n], put(other), *several[n + 1 :]))

                yield number, change
