"""Changes of an expression as a whole: how windows and words are put back, and which block is whose."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations, permutations

from gradcheck.edits.edit import Kind
from gradcheck.edits.operations import Entry, Only, Reversed, cropped, one_apart, overwritten, scattered_once
from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import MULTIPLY, SUBTRACT
from gradcheck.expr.operation import Moving
from gradcheck.expr.simplify import Monomial, product, quotient, subtracted, terms
from gradcheck.expr.tree import ONE, Apply, Expr, Name, Size, axis_of, nodes, rebuilt, substituted
from gradcheck.expr.windows import Overlap, Windows

BLOCKS = 4
"""Of how many blocks every order is tried."""

_CHANGES: Sequence[tuple[Kind, Callable[[Expr], Expr]]] = (
    ("assigned", overwritten),
    ("assigned", partial(overwritten, last_window=True)),
    ("assigned", scattered_once),
    ("stride", one_apart),
    ("crop", partial(cropped, at_start=True)),
    ("crop", partial(cropped, at_start=False)),
)


def moved(right: Expr) -> Iterator[tuple[Kind, Expr]]:
    """(kind, the expression afterwards) of what is done to everything that is moved."""
    for kind, change in _CHANGES:
        new = change(right)
        if new != right:
            yield kind, new
            if kind == "assigned" and any(_is(e, Overlap) for e in nodes(right)):
                yield kind, rebuilt(new, _last)
    windows = next((e for e in nodes(right) if _is(e, Windows)), None)
    if isinstance(windows, Apply):
        inside = (e.over[2] for e in nodes(windows) if isinstance(e, Apply) and _is(e, Windows))
        kernel = tuple(dict.fromkeys(axis for axis in inside if axis in windows.axes))
        turned = Apply(Reversed(), (windows,), (*kernel, *kernel))
        yield "reversed", exchanged_part(right, windows, turned)


def by_diagonals(right: Expr) -> Iterator[tuple[Kind, Expr]]:
    """Of p ⊙ (g - Σ g p), which is softmax's Jacobian times g: its diagonal, its last row or column."""
    for e in nodes(right):
        for kind, new in _of_jacobian(e):
            yield kind, exchanged_part(right, e, new)


def _of_jacobian(e: Expr) -> Iterator[tuple[Kind, Expr]]:
    match e:
        case Apply(operation, (p, Apply(minus, (g, Apply(along, (inner,), over))))) if (
            operation is MULTIPLY and minus is SUBTRACT and along is SUM and len(over) == 1
        ):
            if inner in (product(g, p), product(p, g)):
                (axis,) = over
                put = Apply(Only(-1, f"only_last_{axis}"), (inner,), over)
                last = Entry(-1, f"last_{axis}")
                yield "diagonal", product(inner, subtracted(ONE, p))
                yield "last", subtracted(put, product(p, Apply(last, (inner,), over)))
                yield "last", subtracted(put, product(inner, Apply(last, (p,), over)))


def over_others(right: Expr) -> Iterator[tuple[Expr, Expr, Expr]]:
    """(a sum, what stands in its place, the expression afterwards) of several that go over another axis."""
    sums = [e for e in nodes(right) if isinstance(e, Apply) and e.operation is SUM and len(e.over) == 1]
    for axis in dict.fromkeys(e.over[0] for e in sums):
        alike = [e for e in dict.fromkeys(sums) if e.over == (axis,)]
        for other in alike[0].arguments[0].axes if len(alike) > 1 else ():
            if other != axis and all(other in e.arguments[0].axes for e in alike):
                yield (
                    alike[0],
                    _over(alike[0], axis, other),
                    rebuilt(right, partial(_over, axis=axis, other=other)),
                )


def _over(e: Expr, axis: str, other: str) -> Expr:
    if isinstance(e, Apply) and e.operation is SUM and e.over == (axis,):
        return replace(e, over=(other,))
    return Size(axis_of(other)) if e == Size(axis_of(axis)) else e


def by_maxima(right: Expr) -> Iterator[tuple[Expr, Expr, Expr]]:
    """(1 where an entry is the largest, what stands in its place, the expression): equal parts for all."""
    for term in terms(right):
        whole = Monomial.of(term)
        for hit in whole.tops:
            for count in (e for e in whole.bottoms if isinstance(e, Apply) and e.arguments == (hit,)):
                rest = whole.without(Monomial(tops=(hit,), bottoms=(count,)))
                assert rest is not None
                equal = quotient(ONE, Size(axis_of(count.over[0])))
                yield (
                    quotient(hit, count),
                    equal,
                    exchanged_part(right, term, product(rest.expression(), equal)),
                )


def exchanged_part(right: Expr, part: Expr, new: Expr) -> Expr:
    """The expression with another part, wherever that is."""
    return rebuilt(right, lambda e: new if e == part else e)


def _is(e: Expr, kind: type[Moving]) -> bool:
    return isinstance(e, Apply) and isinstance(e.operation, kind)


def _last(e: Expr) -> Expr:
    """The last term of what is a sum, of filters that overwrite each other as windows do."""
    if not isinstance(e, Apply) or e.operation is not SUM:
        return e
    (inner,) = e.arguments
    for axis in e.over:
        inner = Apply(Entry(-1, f"last_{axis}"), (inner,), (axis,))
    return inner


def exchanged(right: Expr, adjoints: Collection[str]) -> Iterator[tuple[Expr, Expr, Expr]]:
    """(one, another, the expression afterwards) of values, or of adjoints, in each other's place."""
    read = {e.text: e for e in nodes(right) if isinstance(e, Name) and e.axes}
    for one, other in combinations(read.values(), 2):
        if set(one.axes) == set(other.axes) and (one.text in adjoints) is (other.text in adjoints):
            yield one, other, substituted(right, {one.text: other, other.text: one})
    blocks = [
        e.arguments[0] for e in nodes(right) if isinstance(e, Apply) and isinstance(e.operation, Moving)
    ]
    names = list(dict.fromkeys(e for e in blocks if isinstance(e, Name)))
    if 2 < len(names) <= BLOCKS and len({frozenset(e.axes) for e in names}) == 1:
        for order in permutations(names):
            new = dict(zip((e.text for e in names), order, strict=True))
            first = next((e for e in names if new[e.text] != e), None)
            if first is not None:
                yield first, new[first.text], substituted(right, new)
