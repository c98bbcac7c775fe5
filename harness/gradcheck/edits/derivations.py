"""Other right ways to write a gradient, which people know by heart: p - y, and the closed form of a norm.

They follow from a network's equations only by algebra that nobody wants to read. So each is a pattern, which
holds where its numbers are those of the derived equation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from gradcheck.expr.operation import Along, Entrywise
from gradcheck.expr.simplify import product, quotient, subtracted, summed
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Size
from gradcheck.network.backward import adjoint
from gradcheck.network.records import Network

IsRight = Callable[[str, Expr], bool]
"""(a quantity, an expression) -> whether that makes the quantity's numbers."""


def derivations(forward: Network, whole: Network, name: str, is_right: IsRight) -> list[Expr]:
    """The patterns that make a gradient of the network, called `name`."""
    patterns = (*_differences(forward, name), *_norms(forward, whole, name))
    return [expression for expression in patterns if is_right(name, expression)]


def _differences(forward: Network, name: str) -> Iterator[Expr]:
    """(p - y) / m, of a loss of probabilities p = softmax(z) or sigmoid(z)."""
    for equation in forward.equations.values():
        match equation.expression:
            case Apply(Along() | Entrywise() as operation, (Name(z),)) if adjoint(z) == name:
                if operation.range is None or operation.range() != (0, 1):
                    continue
                p = forward.quantity(equation.name)
                alike = (forward.quantity(y) for y in forward.given)
                for y in (y for y in alike if set(y.axes) == set(p.axes)):
                    difference = subtracted(p, y)
                    yield difference
                    yield from (quotient(difference, size) for size in _sizes(p.axes))


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
        for scale in map(forward.quantity, forward.equations):
            over = tuple(axis for axis in xhat.axes if axis not in scale.axes)
            if scale.axes and len(over) == 1 and set(scale.axes) < axes:
                m = Size(over[0])
                projected = product(xhat, summed(product(g, xhat), over))
                closed = subtracted(subtracted(product(m, g), summed(g, over)), projected)
                yield from (quotient(closed, product(m, scale)), quotient(product(closed, scale), m))
