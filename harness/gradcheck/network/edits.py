"""What a wrong derivation is: a right equation of the reverse pass with one thing changed.

An edit can be made of any network, since it changes an expression and knows nothing of layers. It may be made
at one place, or at all places of a kind: wherever that factor stands, or each term by which one adjoint comes
back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from gradcheck.expr.along import SUM
from gradcheck.expr.simplify import Monomial, negated, quotient, sum_of, terms
from gradcheck.expr.structure import PREVIOUS
from gradcheck.expr.tree import ONE, Apply, Axes, Expr, Name, Number, Size
from gradcheck.network.backward import adjoint
from gradcheck.network.records import Equation, Network, change_equations, equations_of, select_equations

Kind: TypeAlias = Literal["term", "factor", "sign", "mean", "time", "other", "scale", "sum", "index", "order"]
"""A term or a factor is left out; a term has the other sign; there is a mean for a sum; the entry of the same
time for the one before it; another quantity of the same axes. The rest are kinds of mistakes that have names:
a constant, another sum, another index or layer, another order."""


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

    @property
    def place(self) -> tuple[object, ...]:
        """What edits of one mistake made in several places have in common."""
        if self.kind in ("term", "sign"):
            part = self.old if self.part is None else self.part
            return self.kind, frozenset(name for name in part.reads if name.startswith("d"))
        return self.kind, self.part, self.instead


def edits(network: Network, equations: Collection[str]) -> Iterator[tuple[Edit, ...]]:
    """What can be changed in these equations: at one place, then at all places that have it in common."""
    single = [edit for name in equations for edit in _of(network.equations[name], _before(network, name))]
    yield from ((edit,) for edit in single)
    places: dict[tuple[object, ...], list[Edit]] = defaultdict(list)
    for edit in single:
        if edit.equation not in {other.equation for other in places[edit.place]}:
            places[edit.place].append(edit)
    yield from (tuple(several) for several in places.values() if len(several) > 1)


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


def _before(network: Network, equation: str) -> list[Name]:
    """The quantities that there are when an equation is due."""
    order = list(network.layouts)
    return [network.quantity(name) for name in order[: order.index(equation)]]


def _of(equation: Equation, known_before: Sequence[Name]) -> Iterator[Edit]:
    whole = equation.expression
    known = terms(whole)
    for n, term in enumerate(known):

        def edit(kind: Kind, part: Expr, new: Expr | None, instead: Expr | None = None, n: int = n) -> Edit:
            rest = [*known[:n], *([] if new is None else [new]), *known[n + 1 :]]
            return Edit(equation.name, kind, whole, sum_of(rest), part, instead)

        if len(known) > 1:
            yield edit("term", term, None)
        yield edit("sign", term, negated(term))
        for kind, part, new, instead in _changes(term, known_before):
            yield edit(kind, part, new, instead)


Change: TypeAlias = tuple[Kind, Expr, Expr, Expr | None]
"""(kind, the part, the whole afterwards, what stands in the part's place)."""


def _changes(term: Expr, known: Sequence[Name]) -> Iterator[Change]:
    """Of a product or a quotient."""
    whole = Monomial.of(term)
    if abs(whole.above) != 1:
        yield (
            "factor",
            Number(abs(whole.above)),
            replace(whole, above=whole.above / abs(whole.above)).expression(),
            None,
        )
    if whole.below != 1:
        yield "factor", quotient(ONE, Number(whole.below)), replace(whole, below=1.0).expression(), None
    for side in ("tops", "bottoms"):
        parts: tuple[Expr, ...] = getattr(whole, side)
        for n, part in enumerate(parts):

            def instead(*new: Expr, n: int = n, side: str = side, parts: tuple[Expr, ...] = parts) -> Expr:
                several = (*parts[:n], *new, *parts[n + 1 :])
                changed = replace(whole, tops=several) if side == "tops" else replace(whole, bottoms=several)
                return changed.expression()

            if len(whole.tops) + len(whole.bottoms) > 1:
                yield "factor", part if side == "tops" else quotient(ONE, part), instead(), None
            for kind, inner, new, other in _inside(part, known):
                yield kind, inner, instead(new), other


def _inside(part: Expr, known: Sequence[Name]) -> Iterator[Change]:
    """Of a factor."""
    if isinstance(part, Name):
        for quantity in _others(part, known):
            yield "other", part, quantity, quantity
    elif isinstance(part, Apply) and part.operation is PREVIOUS:
        yield "time", part, part.arguments[0], part.arguments[0]
    elif isinstance(part, Apply) and part.operation is SUM:
        for axis in part.over:
            yield "mean", part, quotient(part, Size(axis)), None
        for kind, inner, new, other in _changes(part.arguments[0], known):
            yield kind, inner, replace(part, arguments=(new,)) if _has(new, part) else new, other


def _has(new: Expr, total: Apply) -> bool:
    """Whether what is left can be summed over the axes."""
    return set(total.over) <= set(new.axes)


def _others(name: Name, known: Sequence[Name]) -> Iterator[Name]:
    """Others of the same axes: values for a value, adjoints for an adjoint."""
    adjoints = {adjoint(quantity.text) for quantity in known}
    kind = name.text in adjoints
    for quantity in known:
        if quantity.axes == name.axes and quantity != name and (quantity.text in adjoints) == kind:
            yield quantity
