"""All that can be changed in one expression: the slips that people make in a derivation, wherever they fit.

An expression is taken for what it is on paper: a sum of terms, each a product of factors. A rewrite changes a
term, a factor, or something inside of a factor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, combinations

from gradcheck.edits.context import Context, Local, Rewrite
from gradcheck.edits.operations import Entry, NotBefore, ScatterLast
from gradcheck.edits.reads import ENDS, of_name, others
from gradcheck.edits.sums import ends_alone, of_sum
from gradcheck.expr.adjoint import derivative
from gradcheck.expr.along import MAX, MEAN, MIN, SOFTMAX, SUM
from gradcheck.expr.arithmetic import (
    ADD,
    COMPARISONS,
    DIVIDE,
    MAXIMUM,
    MINIMUM,
    MULTIPLY,
    NEGATE,
    OPPOSITES,
    POWER,
    SUBTRACT,
    WHERE,
)
from gradcheck.expr.blocks import LATER
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.lookup import Scatter
from gradcheck.expr.operation import Along, Entrywise, Moving
from gradcheck.expr.simplify import (
    Monomial,
    negated,
    power,
    product,
    quotient,
    subtracted,
    sum_of,
    summed,
    terms,
)
from gradcheck.expr.structure import FIRST, NEXT, PREVIOUS, Rename
from gradcheck.expr.tree import ONE, ZERO, Apply, Axes, Expr, Name, Number, Size, axis_of

EPSILONS = (1e-8, 1e-6, 1e-5, 1e-3)
"""What people take for an epsilon."""
INSTEAD_OF_INFINITY = (-1.0, -10.0, -100.0)
"""What stands in the place of a score that is to have no weight."""
MANY = 5
"""Of how many terms several may be left out at once."""


def rewrites(expression: Expr, context: Context) -> Iterator[Rewrite]:
    """Every change of an expression."""
    known = terms(expression)
    for count in range(2, len(known) - 1) if len(known) <= MANY else ():
        for rest in map(sum_of, combinations(known, count)):
            yield Rewrite("only", rest, rest)
    for n, term in enumerate(known):

        def put(*new: Expr, n: int = n) -> Expr:
            return sum_of([*known[:n], *new, *known[n + 1 :]])

        if len(known) > 1:
            yield Rewrite("term", term, put())
        if len(known) > 2:
            yield Rewrite("only", term, term)
        if len(known) > 1:
            yield from ends_alone(term)
            yield from _of_factors_for_all(known, n)
        yield Rewrite("sign", term, put(negated(term)))
        if len(known) > 1 and (base := _base(term)):
            yield Rewrite("power", expression, power(put(base[0]), base[1]), power(put(base[0]), base[1]))
        for one in _of_product(term, context):
            yield replace(one, whole=put(one.whole))
    yield from _unhidden(known)


def _unhidden(known: Sequence[Expr]) -> Iterator[Rewrite]:
    """Scores in whose place another number stands where they are to be hidden, or where others are."""
    tops = ((e, n) for n, term in enumerate(known) for e in Monomial.of(term).tops)
    masks = {e: n for e, n in tops if isinstance(e, Apply) and e.operation is LATER}
    for mask, n in masks.items() if len(known) > 1 else ():
        rest = sum_of([*known[:n], *known[n + 1 :]])
        whole, plain = Monomial.of(rest), Monomial.of(known[n]).above
        unscaled = replace(whole, bottoms=()).expression()
        here, turned = Apply(NotBefore(), mask.arguments, mask.over), mask.over[::-1]
        others = (here, *(Apply(one, mask.arguments, turned) for one in (LATER, NotBefore())))
        several = [(rest, mask, number) for number in (0.0, *INSTEAD_OF_INFINITY)]
        several += [(rest, other, plain) for other in others]
        several += [(unscaled, other, plain) for other in (mask, here)]
        for scores, hidden, number in several if unscaled != rest else several[:-2]:
            shown = product(scores, subtracted(ONE, hidden))
            new = sum_of([shown, product(Number(number), hidden)]) if number else shown
            yield Rewrite("other", sum_of(known), new, new)
        if unscaled != rest:
            yield Rewrite("factor", sum_of(known), unscaled)


def _of_factors_for_all(known: Sequence[Expr], n: int) -> Iterator[Rewrite]:
    """(a + b) r in the place of a r + b, where r does more than count."""
    whole = Monomial.of(known[n])
    for factor in whole.tops if len(whole.tops) > 1 else ():
        if factor.axes:
            rest = (product(e, factor) for at, e in enumerate(known) if at != n)
            new = product(factor, sum_of([*known[:n], *known[n + 1 :]]))
            yield Rewrite("bracket", sum_of(known), sum_of([known[n], *rest]), sum_of([known[n], new]))


def _base(term: Expr) -> tuple[Expr, Expr] | None:
    """(b, p) of b^p or -b^p; the base has the sign."""
    inner = negated(term)
    for sign, e in ((1, term), (-1, inner)):
        if isinstance(e, Apply) and e.operation is POWER:
            base, exponent = e.arguments
            return (base if sign > 0 else negated(base)), exponent
    return None


def _of_product(term: Expr, context: Context) -> Iterator[Rewrite]:
    """Changes of a product or a quotient."""
    whole = Monomial.of(term)
    yield from _numbers(whole)
    yield from _several(term, whole)
    for local in context.locals:
        yield from _of_local(whole, local, context)
    for above in (True, False):
        parts = whole.tops if above else whole.bottoms
        for n, part in enumerate(parts):
            rest = _with_side(whole, above, (*parts[:n], *parts[n + 1 :]))
            yield from _of_part(whole, rest, part, above=above)
            if above:
                yield from _of_brackets(term, rest, part, context)
            for one in of_factor(part, context):
                changed = _with_side(whole, above, (*parts[:n], one.whole, *parts[n + 1 :]))
                yield replace(one, whole=changed.expression())


def _with_side(whole: Monomial, above: bool, parts: tuple[Expr, ...]) -> Monomial:
    """The fraction with other factors above, or below, its line."""
    return replace(whole, tops=parts) if above else replace(whole, bottoms=parts)


def _numbers(whole: Monomial) -> Iterator[Rewrite]:
    sign = whole.above / abs(whole.above) if whole.above else 1.0
    if abs(whole.above) != 1:
        yield Rewrite("factor", Number(abs(whole.above)), replace(whole, above=sign).expression())
    if whole.below != 1:
        part = quotient(ONE, Number(whole.below))
        yield Rewrite("factor", part, replace(whole, below=1.0).expression())
        yield Rewrite(
            "inverted", part, replace(whole, above=whole.above * whole.below, below=1.0).expression()
        )


def _several(term: Expr, whole: Monomial) -> Iterator[Rewrite]:
    """All that stands below the line left out; all but one factor that is as large as the whole."""
    if whole.bottoms[1:]:
        part = replace(whole, above=1.0, tops=()).expression()
        yield Rewrite("factor", part, replace(whole, below=1.0, bottoms=()).expression())
    if len(whole.tops) + len(whole.bottoms) + (whole.below != 1) > 2:
        large = (e if whole.above > 0 else negated(e) for e in whole.tops if set(e.axes) == set(term.axes))
        yield from (Rewrite("only", e, e) for e in large)


def _of_part(whole: Monomial, rest: Monomial, part: Expr, *, above: bool) -> Iterator[Rewrite]:
    """A factor left out, there twice, or on the other side of the line."""
    shown = part if above else quotient(ONE, part)
    if whole.tops[1:] or whole.bottoms:
        yield Rewrite("factor", shown, rest.expression())
        if abs(whole.above) != 1:  # with the number that comes with it: 2 m of m^2
            yield Rewrite("factor", shown, replace(rest, above=rest.above / abs(rest.above)).expression())
    again = Monomial(1.0, 1.0, (part,), ()) if above else Monomial(1.0, 1.0, (), (part,))
    yield Rewrite("doubled", shown, whole.times(again).expression())
    yield Rewrite("inverted", shown, rest.times(again.inverse()).expression())


def _of_brackets(term: Expr, rest: Monomial, part: Expr, context: Context) -> Iterator[Rewrite]:
    """a r + b in the place of (a + b) r."""
    inner = terms(context.sums.get(part.text, part) if isinstance(part, Name) else part)
    for n, one in enumerate(inner if len(inner) > 1 and (rest.tops or rest.bottoms) else ()):
        scaled = rest.times(Monomial.of(one)).expression()
        new = sum_of([*inner[:n], scaled, *inner[n + 1 :]])
        yield Rewrite("bracket", term, new, new)
        if len(inner) > 2:
            others = (rest.times(Monomial.of(e)).expression() for e in (*inner[:n], *inner[n + 1 :]))
            new = sum_of([*others, one])
            yield Rewrite("bracket", term, new, new)


def _of_local(whole: Monomial, local: Local, context: Context) -> Iterator[Rewrite]:
    """A derivative of a function, taken as a whole: at another argument, of another function."""
    rest = whole.without(local.derivative)
    if rest is None:
        return
    part = local.derivative.expression()
    z = local.node.arguments[0]

    def put(new: Expr) -> Expr:
        return rest.times(Monomial.of(new)).expression()

    if len(local.derivative.tops) + len(local.derivative.bottoms) > 1:
        yield Rewrite("factor", part, rest.expression())
        yield Rewrite("doubled", part, whole.times(local.derivative).expression())
    for value in (local.value, z):
        if isinstance(value, Name):
            yield Rewrite("function", part, put(value), value)
    for quantity, other in _elsewhere(local, context):
        yield Rewrite("argument", z, put(other), quantity)
    for other in _of_others(local):
        yield Rewrite("derivative", part, put(other), other)


def _elsewhere(local: Local, context: Context) -> Iterator[tuple[Name, Expr]]:
    """(a quantity, the derivative of the same function there)."""
    (z, *options) = local.node.arguments
    for quantity in context.known:
        if set(quantity.axes) == set(z.axes) and quantity != z:
            node = replace(local.node, arguments=(quantity, *options))
            other = derivative(node, 0, node)
            if other is not None:
                yield quantity, other


def _of_others(local: Local) -> Iterator[Expr]:
    """The derivatives of other functions there, and with this one's value for theirs."""
    for node in others(local.node):
        if node.operation is not local.node.operation:
            for value in (local.value, node):
                other = derivative(node, 0, value)
                if other is not None:
                    yield other


def is_curve(node: Apply) -> bool:
    """Whether a node applies a function of one number, with its options at most, to what is not given."""
    operation = node.operation
    if not isinstance(operation, Entrywise) or operation.linear or not node.arguments[0].reads:
        return False
    return all(isinstance(option, Number) for option in node.arguments[1:])


def of_factor(part: Expr, context: Context, *, any_kind: bool = False) -> Iterator[Rewrite]:
    """Changes inside of a factor."""
    if isinstance(part, Name):
        yield from of_name(part, context, any_kind=any_kind)
    elif isinstance(part, Size):
        less = subtracted(part, ONE)
        for count in (less, *(one for one in context.counts if _counts(one, part))):
            yield Rewrite("other", part, count, count)
    elif isinstance(part, Apply):
        yield from _changes_of(part)(part, context)


def _counts(count: Expr, size: Size) -> bool:
    """Whether a number is a count along an axis."""
    return isinstance(count, Apply) and count.over == (size.axis,)


def _of_rest(part: Apply, context: Context) -> Iterator[Rewrite]:
    """A sum; of 1 - a, where a lies between 0 and 1, a: and not 1 - a in the place of a within it."""
    yield from (one for one in rewrites(part, context) if one.instead != part)
    if (
        part.operation is SUBTRACT
        and part.arguments[0] == ONE
        and part.arguments[1].reads <= set(context.shares)
    ):
        yield Rewrite("other", part, part.arguments[1], part.arguments[1])


def _changes_of(part: Apply) -> Callable[[Apply, Context], Iterator[Rewrite]]:
    """What lists the changes of an operation."""
    operation = part.operation
    special = {SUM: _of_sum, WHERE: _of_choice, POWER: _of_power} | dict.fromkeys(COMPARISONS, _of_comparison)
    if operation in special:
        return special[operation]
    if isinstance(operation, Along):
        return _along
    if isinstance(operation, Moving):
        return _moving
    return _of_rest if operation in (ADD, SUBTRACT, NEGATE, MULTIPLY, DIVIDE) else _of_function


def _of_sum(part: Apply, context: Context) -> Iterator[Rewrite]:
    """A sum, or what it goes over."""
    (inner,) = part.arguments
    yield from of_sum(part, context)
    for change in rewrites(inner, context):
        yield from (replace(change, whole=whole) for whole in _resummed(change.whole, part, context))


def _resummed(new: Expr, part: Apply, context: Context) -> Iterator[Expr]:
    """What is left of a sum, where its argument may have lost some axes that it goes over, or is to have."""
    over = tuple(axis for axis in part.over if axis in new.axes)
    lost = [axis for axis in part.axes if axis not in new.axes]
    if over == part.over or not over:
        yield Apply(SUM, (new,), over) if over else new
    for axis in over:  # x in the place of x @ W, where W is square
        for other in lost:
            if context.same(axis, other):
                renamed = Apply(Rename(((axis, other),)), (new,))
                yield summed(renamed, tuple(a for a in over if a != axis))


def _of_comparison(part: Apply, context: Context) -> Iterator[Rewrite]:
    """1 where a comparison holds: where its opposite does, or the numbers themselves."""
    left, right = part.arguments
    opposite = Apply(OPPOSITES[part.operation], part.arguments)  # type: ignore[index]
    yield Rewrite("sign", part, opposite, opposite)
    difference = subtracted(left, right)
    yield Rewrite("positive", part, product(difference, part), Apply(MAXIMUM, (ZERO, difference)))
    yield Rewrite("positive", part, difference, difference)
    for n, argument in enumerate(part.arguments):
        changes = _of_argument(argument, context)
        for one in (one for one in changes if one.kind in ("other", "time", "identity")):
            changed = (one.whole, right) if n == 0 else (left, one.whole)
            yield replace(one, whole=Apply(part.operation, changed))


def _of_argument(argument: Expr, context: Context) -> Iterator[Rewrite]:
    """Changes of what is compared, which any quantity may be."""
    if isinstance(argument, Name):
        yield from of_factor(argument, context, any_kind=True)
    else:
        yield from rewrites(argument, context)


def _of_choice(part: Apply, context: Context) -> Iterator[Rewrite]:
    """One of two branches everywhere, or a change in one of them."""
    condition, *branches = part.arguments
    for n, branch in enumerate(branches, 1):
        yield Rewrite("function", part, branch, branch)
        if isinstance(branch, Apply) and Monomial.of(branch).tops == (branch,):
            yield Rewrite("factor", branch, _put(part, n, ONE))
    for n, argument in enumerate(part.arguments):
        inner = of_factor(condition, context) if n == 0 else rewrites(argument, context)
        for one in inner:
            yield replace(one, whole=_put(part, n, one.whole))


def _put(node: Apply, n: int, new: Expr) -> Apply:
    return replace(node, arguments=(*node.arguments[:n], new, *node.arguments[n + 1 :]))


def _along(part: Apply, context: Context) -> Iterator[Rewrite]:
    """A function over an axis: over another one, a sum for a mean, or a change in what it goes over."""
    (inner,) = part.arguments
    for other in inner.axes:
        if other not in part.over:
            new = replace(part, over=(other,))
            yield Rewrite("axis", part, new, new)
    if part.operation is MEAN and len(inner.axes) > 1:
        overall = quotient(summed(inner, inner.axes), _number_of(inner.axes))
        yield Rewrite("axis", part, overall, overall)
    if part.operation is MEAN:
        yield Rewrite("summed", part, summed(inner, part.over))
    yield from (Rewrite("other", part, new, new) for new in _instead_of(part))
    for one in rewrites(inner, context):
        if set(part.over) <= set(one.whole.axes):
            yield replace(one, whole=replace(part, arguments=(one.whole,)))


def _number_of(axes: Axes) -> Expr:
    """How many entries there are along axes."""
    return replace(Monomial.of(ONE), tops=tuple(Size(axis_of(axis)) for axis in axes)).expression()


def _instead_of(part: Apply) -> Iterator[Expr]:
    """What people take a function over an axis for."""
    (inner,), operation = part.arguments, part.operation
    if operation is SOFTMAX:
        scores = Apply(BY_NAME["exp"], part.arguments)
        yield from (Apply(BY_NAME["sigmoid"], part.arguments), scores, inner)
        yield quotient(scores, summed(scores, inner.axes))
    if operation is MEAN:
        (axis,) = part.over
        yield quotient(summed(inner, part.over), subtracted(Size(axis), ONE))
        yield quotient(summed(inner, part.over), Apply(BY_NAME["sqrt"], (Size(axis),)))
        yield from (Apply(Entry(at, f"{word}_{axis}"), (inner,), part.over) for at, word in ENDS)
        yield replace(part, operation=MAX)
    if operation in (MAX, MIN):
        others = (one for one in (MEAN, SUM, MAX, MIN) if one is not operation)
        yield from (replace(part, operation=one) for one in others)
        yield Apply(Entry(0, f"first_{part.over[0]}"), part.arguments, part.over)


def _moving(part: Apply, context: Context) -> Iterator[Rewrite]:
    """Entries moved: those of the same time, or overwritten where they should be added."""
    operation, inner = part.operation, part.arguments[0]
    if operation is PREVIOUS or operation is NEXT:
        yield Rewrite("before" if operation is PREVIOUS else "after", part, inner, inner)
    if operation is FIRST:
        second = Apply(Entry(1, f"second_{part.over[0]}"), (inner,), part.over)
        yield Rewrite("entry", part, second, second)
    if operation is PREVIOUS and part.arguments[1] != ZERO:
        first = part.arguments[1]
        yield Rewrite("other", first, _put(part, 1, ZERO), ZERO)
        yield Rewrite("time", part, first, first)
    if isinstance(operation, Scatter):
        yield from _of_scatter(part)
    if operation is LATER:
        here = Apply(NotBefore(), part.arguments, part.over)
        other_way = Apply(LATER, part.arguments, part.over[::-1])
        yield from (Rewrite("other", part, new, new) for new in (here, other_way))
    if operation is PREVIOUS or operation is NEXT:
        context = replace(context, known=(*context.known, *context.beyond))
    for n, argument in enumerate(part.arguments):
        for one in rewrites(argument, context):
            if set(one.whole.axes) == set(argument.axes):
                yield replace(one, whole=_put(part, n, one.whole))


def _of_scatter(part: Apply) -> Iterator[Rewrite]:
    """What is added up overwritten; by entries of one example alone; the last example's alone."""
    g, ids = part.arguments
    yield Rewrite("assigned", part, replace(part, operation=ScatterLast()))
    for axis in part.over[:-1] if len(part.over) > 2 else ():
        rest = tuple(a for a in part.over if a != axis)
        if axis in g.axes and axis in ids.axes:
            yield Rewrite("assigned", part, summed(Apply(ScatterLast(), (g, ids), rest), (axis,)))
            last = Entry(-1, f"last_{axis}")
            entries = tuple(Apply(last, (e,), (axis,)) for e in (g, ids))
            yield Rewrite("last", part, Apply(part.operation, entries, rest))


def _of_power(part: Apply, context: Context) -> Iterator[Rewrite]:
    """A power left out, or of one degree more or less."""
    base, exponent = part.arguments
    yield Rewrite("power", part, base, base)
    if isinstance(exponent, Number):
        for step in (1, -1):
            other = power(base, Number(exponent.value + step))
            if other not in (base, ONE):
                yield Rewrite("power", part, other, other)
    for one in rewrites(base, context):
        yield replace(one, whole=power(one.whole, exponent))


def _outside(part: Apply) -> Iterator[Rewrite]:
    """A number, such as an epsilon, added to a function's value and not to its argument."""
    known = terms(part.arguments[0])
    for number in known if len(known) == 2 else ():
        if isinstance(number, Number):
            rest = sum_of(term for term in known if term != number)
            for other in dict.fromkeys((number.value, *EPSILONS)):
                outside = sum_of([_put(part, 0, rest), Number(other)])
                yield Rewrite("other", part, outside, outside)


def _of_size(part: Apply, context: Context) -> Iterator[Rewrite]:
    """A function of a size, such as its root: the size, or that of another one."""
    size = part.arguments[0]
    if isinstance(size, Size):
        others = (_put(part, 0, Size(axis)) for axis in context.axes if axis != size.axis)
        news: Iterator[Expr] = chain((size,), others)
        yield from (Rewrite("other", part, new, new) for new in news)


def _of_function(part: Apply, context: Context) -> Iterator[Rewrite]:
    """A function left out, or another one, or a change in its argument."""
    operation = part.operation
    if len(part.arguments) == 1 or operation in (MAXIMUM, MINIMUM):
        for argument in part.arguments:
            if argument.reads:
                yield Rewrite("identity", part, argument, argument)
    yield from _of_size(part, context)
    alike = (one for one in context.known if one.axes and set(one.axes) == set(part.axes))
    yield from (Rewrite("other", part, quantity, quantity) for quantity in alike)
    yield from _outside(part)
    if operation is BY_NAME["sigmoid"]:
        several = (Apply(SOFTMAX, part.arguments, (axis,)) for axis in part.axes)
        yield from (Rewrite("other", part, one, one) for one in several)
    if is_curve(part):
        yield from (Rewrite("derivative", part, other, other) for other in others(part))
    for n, argument in enumerate(part.arguments):
        if argument.reads:
            for one in rewrites(argument, context):
                yield replace(one, whole=_put(part, n, one.whole))
