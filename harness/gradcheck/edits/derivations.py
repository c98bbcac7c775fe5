"""Other right ways to write a gradient, which people know by heart: p - y, and the closed form of a norm.

They follow from a network's equations only by algebra that nobody wants to read. So each is a pattern, which
holds where its numbers are those of the derived equation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from gradcheck.edits.operations import FirstLargest
from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import DIVIDE, EQUAL, GREATER, MAXIMUM
from gradcheck.expr.operation import Along, Entrywise
from gradcheck.expr.simplify import Monomial, product, quotient, subtracted, sum_of, summed, terms
from gradcheck.expr.structure import Rename
from gradcheck.expr.tree import ZERO, Apply, Axes, Expr, Name, Size, nodes, rebuilt, substituted
from gradcheck.expr.windows import Overlap
from gradcheck.network.backward import adjoint
from gradcheck.network.records import Network

HOPS = 3
"""How many equations may lie between a maximum and where it does not matter how equal ones share."""
IsRight = Callable[[str, Expr], bool]
"""(a quantity, an expression) -> whether that makes the quantity's numbers."""


def by_heart(forward: Network, name: str, is_right: IsRight) -> list[Expr]:
    """What people write of the gradient of scores, whatever follows from the equations: p - y."""
    return [expression for expression in _differences(forward, name) if is_right(name, expression)]


def derivations(forward: Network, whole: Network, name: str, is_right: IsRight) -> list[Expr]:
    """The patterns that make a gradient of the network, called `name`."""
    known = whole.equations[name].expression
    patterns = (*_differences(forward, name), *_norms(forward, whole, name), *_first_largest(whole, name))
    others = [expression for expression in patterns if is_right(name, expression)]
    return [*others, *(one for one in (_cancelled(known), _inlined(whole, known)) if one != known)]


def _cancelled(expression: Expr) -> Expr:
    """What is above and below the line left out on both sides, and (u > 0) beside max(0, u)."""
    return sum_of(map(_cancelled_term, terms(expression)))


def _cancelled_term(term: Expr) -> Expr:
    whole = Monomial.of(term)
    tops, bottoms = list(whole.tops), list(whole.bottoms)
    for part in whole.tops:
        if part in bottoms:
            tops.remove(part)
            bottoms.remove(part)
        elif isinstance(part, Apply) and part.operation is MAXIMUM and part.arguments[0] == ZERO:
            positive = Apply(GREATER, (part.arguments[1], ZERO))
            if positive in tops:
                tops.remove(positive)
    return replace(whole, tops=tuple(tops), bottoms=tuple(bottoms)).expression()


def _inlined(whole: Network, expression: Expr) -> Expr:
    """The terms of a sum in the place of its name, where that is added as it is or under other axes."""
    return sum_of(part for term in terms(expression) for part in _inlined_term(whole, term))


def _inlined_term(whole: Network, term: Expr) -> Iterator[Expr]:
    renamed = isinstance(term, Apply) and isinstance(term.operation, Rename)
    name = term.arguments[0] if isinstance(term, Apply) and renamed else term
    equation = whole.equations.get(name.text) if isinstance(name, Name) else None
    inner = terms(equation.expression) if equation is not None else []
    if len(inner) < 2:
        yield term
        return
    for part in inner:
        yield replace(term, arguments=(part,)) if isinstance(term, Apply) else part


def _differences(forward: Network, name: str) -> Iterator[Expr]:
    """(p - y) / m, of a loss of probabilities p = softmax(z) or sigmoid(z)."""
    for equation in forward.equations.values():
        match equation.expression:
            case Apply(Along() | Entrywise() as operation, (Name(z),)) if adjoint(z) == name:
                if operation.range is None or operation.range() != (0, 1):
                    continue
                p = forward.quantity(equation.name)
                for y in (y for y in _targets(forward) if set(y.axes) == set(p.axes)):
                    difference = subtracted(p, y)
                    yield difference
                    yield from (quotient(difference, size) for size in _sizes(p.axes))


def _first_largest(whole: Network, name: str) -> Iterator[Expr]:
    """With all that comes back to a maximum for the first of the largest entries, not in equal parts."""
    inlined = whole.equations[name].expression
    for _ in range(HOPS):
        if (changed := rebuilt(inlined, _of_first)) != inlined:
            yield changed
        equations = (e for n, e in whole.equations.items() if n in inlined.reads)
        hidden = {e.name: e.expression for e in equations if any(map(_is_back, nodes(e.expression)))}
        if not hidden:
            return
        inlined = substituted(inlined, hidden)


def _is_back(e: Expr) -> bool:
    """Whether it is a maximum's derivative, or windows added up."""
    return _of_first(e) != e or (isinstance(e, Apply) and isinstance(e.operation, Overlap))


def _of_first(e: Expr) -> Expr:
    """(x = y) / Σ (x = y) as it is where the first of those that are equal gets all."""
    match e:
        case Apply(divide, (top, Apply(along, (hit,), over))) if divide is DIVIDE and along is SUM:
            whole = Monomial.of(top)
            if isinstance(hit, Apply) and hit.operation is EQUAL and hit in whole.tops:
                first = Apply(FirstLargest(0, "first_largest"), (hit,), over)
                return replace(whole, tops=tuple(first if e == hit else e for e in whole.tops)).expression()
    return e


def _targets(forward: Network) -> Iterator[Expr]:
    """What is given, and what is made of that alone, in both ways to write it."""
    yield from map(forward.quantity, forward.given)
    for name, equation in forward.equations.items():
        if equation.expression.reads <= forward.given.keys():
            yield from (forward.quantity(name), equation.expression)


def _sizes(axes: Axes) -> Iterator[Expr]:
    for axis in axes:
        yield Size(axis)
    for one, other in combinations(axes, 2):
        yield product(Size(one), Size(other))


def _norms(forward: Network, whole: Network, name: str) -> Iterator[Expr]:
    """(m dx̂ - Σ dx̂ - x̂ Σ dx̂ x̂) / (m σ), of x̂ = (x - μ) / σ."""
    layouts = whole.layouts
    axes = set(whole.quantity(name).axes)
    for value in forward.equations:
        xhat = forward.quantity(value)
        if set(xhat.axes) != axes or adjoint(value) not in layouts or adjoint(value) == name:
            continue
        g = whole.quantity(adjoint(value))
        within = Monomial.of(forward.equations[value].expression).bottoms
        scales: list[Expr] = [*map(forward.quantity, forward.equations)]
        for scale in (*scales, *(e for e in within if isinstance(e, Apply))):
            over = tuple(axis for axis in xhat.axes if axis not in scale.axes)
            if scale.axes and len(over) == 1 and set(scale.axes) < axes:
                m = Size(over[0])
                projected = product(xhat, summed(product(g, xhat), over))
                closed = subtracted(subtracted(product(m, g), summed(g, over)), projected)
                yield from (quotient(closed, product(m, scale)), quotient(product(closed, scale), m))
