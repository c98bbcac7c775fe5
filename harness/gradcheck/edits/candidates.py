"""The edits that may be made in a network's equations, one equation at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain, combinations, permutations

from gradcheck.edits.context import Context, Local, Rewrite
from gradcheck.edits.derivations import IsRight, by_heart, derivations
from gradcheck.edits.edit import Edit, Kind, behind, skeleton
from gradcheck.edits.groups import groups, groups_of_values
from gradcheck.edits.operations import LastOfCell, Reshaped
from gradcheck.edits.reads import RATE
from gradcheck.edits.rewrites import is_curve, rewrites
from gradcheck.edits.throughout import throughout
from gradcheck.edits.values import of_value
from gradcheck.edits.whole import by_diagonals, by_maxima, exchanged, exchanged_part, moved, over_others
from gradcheck.expr.adjoint import derivative
from gradcheck.expr.along import SOFTMAX, SUM
from gradcheck.expr.arithmetic import GREATER, MAXIMUM, MINIMUM, SUBTRACT
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.lookup import Take
from gradcheck.expr.named import Lengths
from gradcheck.expr.simplify import (
    Monomial,
    negated,
    product,
    quotient,
    simplified_anew,
    subtracted,
    sum_of,
    terms,
)
from gradcheck.expr.structure import FIRST, NEXT, PREVIOUS
from gradcheck.expr.tree import ZERO, Apply, Expr, Name, Number, Size, axis_of, nodes, substituted
from gradcheck.expr.windows import Windows
from gradcheck.network.backward import adjoint
from gradcheck.network.records import Equation, Loop, Network, named

FACTOR = Name("factor")
"""The unknown constant of an edit: its value is fitted."""


def unknown_of(edit: Edit) -> str | None:
    """The name of the constant that is to be fitted, if the edit has one."""
    return next((name.text for name in (FACTOR, RATE) if name.text in edit.new.reads), None)


STEPS = (2.0, 3.0)
"""Over how many times, its own among them, a gradient may be sent back."""


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
    _parts: dict[Expr, Expr] = field(default_factory=dict, repr=False, compare=False)
    """Expression -> itself, simplified."""

    def of(self, name: str) -> Sequence[Edit]:
        """Those of one equation, made once."""
        if name not in self._edits:
            make = partial(of_value, self) if name in self.forward.equations else self._of_gradient
            adjoints, parts = self.adjoints, self._parts
            edits = (replace(e, new=simplified_anew(e.new, parts), adjoints=adjoints) for e in make(name))
            right = self.whole.equations[name].expression
            likeliest: dict[Expr, Edit] = {}
            for edit in (e for e in edits if e.new != right and _fits(e, right)):
                known = likeliest.setdefault(edit.new, edit)
                if edit.rank < known.rank:
                    likeliest[edit.new] = edit
            self._edits[name] = tuple(likeliest.values())
        return self._edits[name]

    @cached_property
    def groups(self) -> Sequence[tuple[Edit, ...]]:
        """Edits that change the same in several equations of the reverse pass, or the like."""
        return groups(self, [name for name in self.whole.equations if name in self.adjoints])

    @cached_property
    def forward_groups(self) -> Sequence[tuple[Edit, ...]]:
        """The same of the forward pass."""
        return groups_of_values(self, list(self.forward.equations))

    @cached_property
    def throughout(self) -> Sequence[tuple[Edit, ...]]:
        """Edits of all equations that read something."""
        return tuple(filter(None, throughout(self)))

    def is_target(self, name: str) -> bool:
        """Whether something given is read for a loss alone."""
        equations = self.forward.equations.values()
        readers = [e.expression for e in equations if name in e.expression.reads]
        return bool(readers) and not any(e.reads & self.parameters for e in readers)

    @cached_property
    def forms(self) -> Mapping[str, object]:
        """Quantity -> what its equation has in common with others."""
        return {name: skeleton(e.expression, {}, self.adjoints) for name, e in self.whole.equations.items()}

    @cached_property
    def _edits(self) -> dict[str, Sequence[Edit]]:
        return {}

    def _of_gradient(self, name: str) -> Iterator[Edit]:
        """Of an equation of the reverse pass, as it is derived and as it is mostly written."""
        equation = self.whole.equations[name]
        context = self.context(name, self.whole)
        known = self._by_heart.get(name, ())
        is_unusual = bool(known) or name in self._passed_over
        yield from (replace(e, unusual=is_unusual) for e in self._of_equation(equation, context))
        for other in self._derivations(name):
            edits = self._of_derivation(name, other, context)
            yield from (replace(e, unusual=other not in known) for e in edits)
        for other in known:
            yield Edit(name, "constant", other, product(FACTOR, other))

    def _of_equation(self, equation: Equation, context: Context) -> Iterator[Edit]:
        """Of an equation of the reverse pass as it is derived."""
        name, right = equation.name, equation.expression
        yield from self._of_derivation(name, right, context)
        yield from (Edit(name, kind, right, new) for kind, new in by_diagonals(right))
        yield from (Edit(name, "other", right, new, part, e) for part, e, new in by_maxima(right))
        yield from self._truncated(equation)
        yield from (Edit(name, "assigned", right, new) for new in self._of_cells(right))
        for e in (e for e in nodes(right) if isinstance(e, Apply) and e.operation is FIRST):
            for quantity in context.known:
                if quantity.text in self.adjoints and set(quantity.axes) == {*right.axes, *e.over}:
                    first = Apply(FIRST, (quantity,), e.over)
                    yield Edit(name, "other", right, first, right, first)
        for other in self._of_same_form(equation):
            yield Edit(name, "other", right, other, right, other)
        for part, instead, new in exchanged(right, self.adjoints):
            yield Edit(name, "exchanged", right, new, part, instead)
        yield from self._of_whole(equation, context)
        if any(adjoint(given) == name for given in self.forward.given):
            clipped = Apply(MINIMUM, (FACTOR, Apply(MAXIMUM, (negated(FACTOR), right))))
            yield Edit(name, "clipped", right, clipped)

    def _of_derivation(self, name: str, right: Expr, context: Context) -> Iterator[Edit]:
        """Of one way to write a gradient's equation."""
        for one in rewrites(right, context):
            edit = Edit(name, one.kind, right, one.whole, one.part, one.instead)
            yield edit
            if (everywhere := _everywhere(right, one)) is not None:
                yield replace(edit, new=everywhere)
        for part, instead, new in over_others(right):
            yield Edit(name, "axis", right, new, part, instead)
        yield from (Edit(name, kind, right, new) for kind, new in moved(right))

    def _truncated(self, equation: Equation) -> Iterator[Edit]:
        """Sent back over a few times: with what these add in the place of all that comes from later ones."""
        right = equation.expression
        carried = [term for term in terms(right) if any(_is_next(e) for e in nodes(term))]
        direct = sum_of(term for term in terms(right) if term not in carried)
        loop = next((s for s in self.whole.steps if isinstance(s, Loop) and equation in s.equations), None)
        if loop is None or not carried or direct == ZERO:
            return
        others = {e.name: e.expression for e in loop.equations if e is not equation}
        inner = {name: e for name, e in others.items() if equation.name in e.reads}
        known = {*inner, equation.name, *self.forward.layouts}
        later, back = [substituted(term, inner) for term in carried], direct
        for times in STEPS if all(term.reads <= known for term in carried) else ():
            back = sum_of([direct, *(substituted(term, {equation.name: back}) for term in later)])
            yield Edit(equation.name, "truncated", right, back, right, Number(times))

    @cached_property
    def _cells(self) -> list[tuple[Name, Name]]:
        """Two numbers of each example by which something is looked up: user and item, row and column."""
        ids = [e.arguments[1] for e in self.applied if isinstance(e.operation, Take)]
        names = [e for e in dict.fromkeys(ids) if isinstance(e, Name) and len(e.axes) == 1]
        return [(one, other) for one, other in combinations(names, 2) if one.axes == other.axes]

    def _of_cells(self, right: Expr) -> Iterator[Expr]:
        """Written over where both numbers of two examples are the same."""
        for one, other in self._cells:
            if set(one.axes) == set(right.axes):
                yield Apply(LastOfCell(), (right, one, other), one.axes)

    def _of_same_form(self, equation: Equation) -> Iterator[Expr]:
        """What stands in the equations of other gradients that have the form of this one."""
        later = behind(self.whole, [equation.name]).equations.keys()
        for other in self.whole.equations.values():
            is_other = other.name in self.adjoints and other.name != equation.name
            fits = other.expression.reads.isdisjoint(later) and set(other.layout) == set(equation.layout)
            if is_other and fits and self.forms[other.name] == self.forms[equation.name]:
                yield other.expression

    def _of_whole(self, equation: Equation, context: Context) -> Iterator[Edit]:
        """With a factor too many, a constant factor, or nothing at all."""
        right, axes = equation.expression, named(equation.layout)

        def edit(kind: Kind, new: Expr, part: Expr | None = None) -> Edit:
            return Edit(equation.name, kind, right, new, part)

        yield edit("constant", product(FACTOR, right))
        known = terms(right)
        if len(known) > 1:
            yield edit("sign", negated(right))
        for n, term in enumerate(known if len(known) > 1 else ()):
            scaled = [*known[:n], product(FACTOR, term), *known[n + 1 :]]
            yield edit("constant", sum_of(scaled), term)
        yield edit("zero", ZERO)
        if len(axes) > 1:
            yield edit("reshaped", Apply(Reshaped(), (right,), (*axes[::-1], *axes)))
        for local in context.locals:
            if set(local.value.axes) <= set(axes):
                factor = local.derivative.expression()
                yield edit("extra", product(right, factor), factor)
        for quantity in context.known:
            if quantity.axes and set(quantity.axes) <= set(axes):
                yield edit("extra", product(right, quantity), quantity)
        for parameter in (name for name in self.parameters if adjoint(name) == equation.name):
            yield from self._with_penalty(equation, self.whole.quantity(parameter))

    def _with_penalty(self, equation: Equation, parameter: Name) -> Iterator[Edit]:
        """With a penalty too many, or another one: of its size, or once for each that it is looked up for."""
        right = equation.expression
        term, known = product(FACTOR, parameter), terms(right)
        yield Edit(equation.name, "added", right, sum_of([*known, term]), term)
        for count in (e for e in self._counts if not e.axes):
            often = quotient(Size(count.over[0]), count)
            for n, one in enumerate(known if len(known) > 1 else ()):
                new = sum_of([*known[:n], product(one, often), *known[n + 1 :]])
                yield Edit(equation.name, "extra", right, new, often)
        for other in (Apply(BY_NAME["sign"], (parameter,)), *self._occurring(parameter.text)):
            new = substituted(right, {parameter.text: other})
            yield Edit(equation.name, "other", right, new, parameter, other)

    def _occurring(self, parameter: str) -> Iterator[Expr]:
        """The parameter's rows, each as often as it is looked up."""
        for node in self.applied:
            match node:
                case Apply(Take() as take, (Name(text), _)) if text == parameter:
                    yield from filter(None, take.backward(node, node))

    @cached_property
    def _by_heart(self) -> Mapping[str, Sequence[Expr]]:
        """Gradient -> what people know to be it, and so do not derive."""
        several = {name: by_heart(self.forward, name, self.is_right) for name in self.adjoints}
        return {name: known for name, known in several.items() if known}

    @cached_property
    def _passed_over(self) -> frozenset[str]:
        """The gradients that nobody needs who knows those behind them by heart."""
        scores = {name for name in self.forward.layouts if adjoint(name) in self._by_heart}
        equations = self.forward.equations.items()
        return frozenset(adjoint(name) for name, e in equations if e.expression.reads & scores)

    def _derivations(self, name: str) -> list[Expr]:
        """Other ways to write a gradient's equation."""
        known = self.whole.equations[name].expression
        derived = self.derived.equations[name].expression if name in self.derived.equations else known
        others = derivations(self.forward, self.whole, name, self.is_right)
        return [other for other in (derived, *others) if other != known]

    @cached_property
    def derived(self) -> Network:
        """The reverse pass as it is derived, whatever the network states of it."""
        return self.reverse(self.forward)

    def context(self, name: str, network: Network) -> Context:
        """What there is where a quantity's equation is due."""
        order = list(network.layouts)
        targets = {adjoint(given) for given in self.forward.given if self.is_target(given)}
        known = [network.quantity(one) for one in order[: order.index(name)] if one not in targets]
        loops = [step for step in network.steps if isinstance(step, Loop)]
        inside = ([e.name for e in loop.equations] for loop in loops)
        beyond = [network.quantity(one) for names in inside if name in names for one in names]
        return Context(
            known,
            self.adjoints,
            self.same,
            self.locals,
            self.earlier,
            [loop.axis for loop in loops],
            [quantity for quantity in beyond if quantity not in known],
            self._updated,
            self._counts,
            self._kernels,
            self.examples,
            self._sums,
            self.shares,
            self._products if network is self.forward else {},
        )

    def same(self, one: str, other: str) -> bool:
        """Whether two axes are equally long in some case: code may run in that one alone."""
        return any(lengths.get(axis_of(one)) == lengths.get(axis_of(other)) for lengths in self.cases)

    @cached_property
    def adjoints(self) -> frozenset[str]:
        """What the reverse pass makes or is given."""
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
    def applied(self) -> list[Apply]:
        """All that the forward pass applies."""
        equations = self.forward.equations.values()
        every = (node for equation in equations for node in nodes(equation.expression))
        return list(dict.fromkeys(node for node in every if isinstance(node, Apply)))

    @cached_property
    def _counts(self) -> list[Apply]:
        """How many maxima of a number and something are above it, and what masks add up to."""
        above: Iterator[Expr] = (
            Apply(GREATER, (one, other))
            for node in self.applied
            if node.operation is MAXIMUM
            for one, other in permutations(node.arguments)
            if isinstance(other, Number)
        )
        given = (self.forward.quantity(name) for name in self.forward.given if name not in self.parameters)
        return [Apply(SUM, (one,), (axis,)) for one in chain(above, given) for axis in one.axes]

    @cached_property
    def shares(self) -> frozenset[str]:
        """The quantities that lie between 0 and 1."""
        equations = self.forward.equations.values()
        applied = [(e.name, e.expression.operation) for e in equations if isinstance(e.expression, Apply)]
        shares = (BY_NAME["sigmoid"], BY_NAME.get("hardsigmoid"), SOFTMAX)
        return frozenset(name for name, one in applied if one in shares)

    @cached_property
    def examples(self) -> frozenset[str]:
        """The axes of what is given that no parameter has."""
        layouts = self.forward.given.items()
        known = {axis for _, layout in layouts for axis in named(layout)}
        return frozenset(known.difference(*(layout for name, layout in layouts if name in self.parameters)))

    @cached_property
    def _sums(self) -> Mapping[str, Expr]:
        """The adjoints that are sums."""
        equations = self.whole.equations
        return {
            name: equations[name].expression
            for name in self.adjoints & equations.keys()
            if len(terms(equations[name].expression)) > 1
        }

    @cached_property
    def _products(self) -> Mapping[str, Expr]:
        """The quantities of the forward pass that are products of others."""
        equations = {name: e.expression for name, e in self.forward.equations.items()}
        return {name: e for name, e in equations.items() if len(Monomial.of(e).tops) > 1}

    @cached_property
    def _kernels(self) -> frozenset[str]:
        """The axes of places in windows."""
        return frozenset(node.over[2] for node in self.applied if isinstance(node.operation, Windows))

    @cached_property
    def earlier(self) -> Mapping[str, Expr]:
        """Quantity of a loop -> the same a time before."""
        before = [(n.arguments[0], n) for n in self.applied if n.operation is PREVIOUS]
        return {inner.text: node for inner, node in before if isinstance(inner, Name)}

    @cached_property
    def _updated(self) -> Mapping[str, Expr]:
        """Parameter -> what it is after a step against its gradient."""
        quantity = self.whole.quantity
        updated: dict[str, Expr] = {
            name: subtracted(quantity(name), product(RATE, quantity(adjoint(name))))
            for name in self.parameters
            if adjoint(name) in self.whole.layouts
        }
        for equation in self.forward.equations.values():
            match equation.expression:
                case Apply(Take(), (Name(text), _)) as node if text in updated:
                    updated[equation.name] = substituted(node, updated)
        return updated


def _is_next(e: Expr) -> bool:
    return isinstance(e, Apply) and e.operation is NEXT


def _fits(edit: Edit, right: Expr) -> bool:
    """Whether what stands in a quantity's place has axes that fit there, and not itself taken from it."""
    if edit.kind != "other":
        return True
    differences = (e for e in nodes(edit.new) if isinstance(e, Apply) and e.operation is SUBTRACT)
    is_void = any(e.arguments[0] == e.arguments[1] for e in differences)
    return not is_void and set(edit.new.axes) <= set(right.axes)


def _everywhere(right: Expr, one: Rewrite) -> Expr | None:
    """The expression with the change in every place where the part stands; None where there is but one."""
    if one.instead is None or sum(e == one.part for e in nodes(right)) < 2:
        return None
    return exchanged_part(right, one.part, one.instead)
