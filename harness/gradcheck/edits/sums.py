"""What people make of a sum: over other axes, of some terms alone, a mean, sums multiplied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from gradcheck.edits.context import Context, Rewrite
from gradcheck.edits.operations import LAST_OF_ALL, Entry, Without
from gradcheck.edits.reads import ENDS
from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import COMPARISONS
from gradcheck.expr.simplify import Monomial, product, quotient, summed
from gradcheck.expr.structure import Rename
from gradcheck.expr.tree import ONE, Apply, Expr, Name, Size, nodes, substituted


def of_sum(part: Apply, context: Context) -> Iterator[Rewrite]:
    """All of these."""
    (inner,) = part.arguments
    yield from _along_each(part)
    for count in range(2, len(part.over) + 1):
        for axes in combinations(part.over, count):
            number = replace(Monomial.of(ONE), bottoms=tuple(map(Size, axes))).expression()
            yield Rewrite("mean", part, product(part, number), None)
    if set(part.over) < set(inner.axes):
        yield Rewrite("total", part, summed(inner, inner.axes))
    for at, word in ENDS if len(part.over) > 1 else ():
        one = inner
        for axis in part.over:
            one = Apply(Entry(at, f"{word}_{axis}"), (one,), (axis,))
        yield Rewrite("last" if at else "first", part, one)
    if len(part.over) == 1 and any(_compares(e) for e in nodes(inner)):
        yield Rewrite("assigned", part, Apply(LAST_OF_ALL, (inner,), part.over))
    for new in _split(part, context):
        yield Rewrite("split", part, new, new)
    if part in context.counts and isinstance(inner, Name):
        yield Rewrite("other", part, Size(part.over[0]), Size(part.over[0]))


def ends_alone(term: Expr) -> Iterator[Rewrite]:
    """Of a sum that is one term of several, the last or the first entry alone."""
    if isinstance(term, Apply) and term.operation is SUM:
        (inner,) = term.arguments
        for n, axis in enumerate(term.over):
            rest = (*term.over[:n], *term.over[n + 1 :])
            for at, word in ENDS:
                one = summed(Apply(Entry(at, f"{word}_{axis}"), (inner,), (axis,)), rest)
                yield Rewrite("only", one, one)


def _along_each(part: Apply) -> Iterator[Rewrite]:
    """What is made of a sum along one of its axes."""
    (inner,) = part.arguments
    for n, axis in enumerate(part.over):
        rest = (*part.over[:n], *part.over[n + 1 :])
        yield Rewrite("mean", part, quotient(part, Size(axis)), None)
        yield Rewrite("unsummed", part, summed(inner, rest))
        last, first = (summed(Apply(Entry(n, f"{word}_{axis}"), (inner,), (axis,)), rest) for n, word in ENDS)
        yield Rewrite("last", part, last)
        yield Rewrite("first", part, first)
        yield Rewrite("last", part, product(Size(axis), last))  # a mean of which nothing is divided
        for at, word in ENDS:
            rest_of = Apply(Without(at, f"without_{word}"), (inner,), (axis,))
            yield Rewrite("missed", part, summed(rest_of, part.over))
        for other in inner.axes:
            if other not in part.over:
                yield Rewrite("axis", part, summed(inner, (*rest, other)), summed(inner, (*rest, other)))
                if n == 0:
                    yield Rewrite("total", part, summed(inner, (*part.over, other)))


def _compares(e: Expr) -> bool:
    return isinstance(e, Apply) and e.operation in COMPARISONS


def _split(part: Apply, context: Context) -> Iterator[Expr]:
    """Σ x Σ y, or x Σ y, in the place of Σ x y."""
    whole = Monomial.of(substituted(part.arguments[0], context.products))
    for n, one in enumerate(whole.tops):
        rest = replace(whole, tops=(*whole.tops[:n], *whole.tops[n + 1 :])).expression()
        if not set(part.over) <= set(one.axes) & set(rest.axes):
            continue
        rest = summed(rest, part.over)
        yield product(summed(one, part.over), rest)
        if len(part.over) == 1:
            lost = (axis for axis in part.axes if axis not in one.axes and context.same(part.over[0], axis))
            yield from (product(Apply(Rename(((part.over[0], a),)), (one,)), rest) for a in lost)
