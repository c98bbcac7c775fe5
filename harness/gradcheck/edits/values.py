"""What people take a quantity of the forward pass for: all that is changed there and on no way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from gradcheck.edits.context import Rewrite
from gradcheck.edits.edit import Edit
from gradcheck.edits.operations import Entry
from gradcheck.edits.reads import called
from gradcheck.edits.rewrites import is_curve, rewrites
from gradcheck.edits.whole import exchanged, exchanged_part, moved
from gradcheck.expr.along import SOFTMAX, SUM
from gradcheck.expr.arithmetic import DIVIDE, MAXIMUM, MINIMUM, POWER
from gradcheck.expr.blocks import LATER
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.operation import Along
from gradcheck.expr.simplify import (
    Monomial,
    power,
    product,
    quotient,
    subtracted,
    sum_of,
    summed,
    terms,
)
from gradcheck.expr.structure import PREVIOUS, Rename
from gradcheck.expr.tree import ONE, ZERO, Apply, Expr, Name, Number, Size, axis_of, nodes

if TYPE_CHECKING:
    from gradcheck.edits.candidates import Candidates

_NUMBERS = (0.0, 0.001, 0.01, 0.1, 0.2, 0.25, 0.3, 0.5, 1.0, 2.0, 3.0)
"""What people take for a number of the exercise: a margin, the slope of a leak."""
_SMALL, _SMALLER = 0.01, (0.0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1.0)
"""Below what a number is an epsilon, and what people take for one."""
_LARGE, _LARGER = 1e3, (1.0, 10.0, 100.0, 1e3, 1e4, 1e6)
"""Above what a number stands for infinity, and what people take for that."""
_ON_THE_WAY_BACK = ("entry", "overwritten", "missed", "argument", "updated")
"""Kinds of edits of what is read later than it is made."""
_ACTIVATIONS = ("gelu", "gelu_tanh", "silu", "selu", "softsign", "arctan", "hardtanh", "hardsigmoid", "abs")
"""Functions that people take for an activation, besides those that are taken for one on the way back, too."""
_OUTPUTS = ("relu", "tanh", "sigmoid", "hardtanh")
"""What people put around an output that has no function."""
_ADDED = (1.0, 0.01, 0.001, 1e-5)
"""What people add to what they take the logarithm of."""
_SHARES = (0.1, 0.01, 0.001)
"""Between what and 1 less that probabilities are clipped."""


def of_value(candidates: Candidates, name: str) -> Iterator[Edit]:
    """Those of an equation of the forward pass."""
    right = candidates.forward.equations[name].expression
    for one in rewrites(right, candidates.context(name, candidates.forward)):
        if not _is_of_gradients(one, candidates):
            yield Edit(name, one.kind, right, one.whole, one.part, one.instead)
    for part, new, other in _exchanges(candidates, name, right):
        yield Edit(name, "other", right, new, part, other)
    yield from (Edit(name, kind, right, new) for kind, new in moved(right))
    for part, instead, new in exchanged(right, candidates.adjoints):
        yield Edit(name, "exchanged", right, new, part, instead)
    yield from _with_more(candidates, name, right)
    yield from _roots(candidates, name, right)
    yield from _with_functions(candidates, name, right)
    if right.axes:
        yield from _beside_others(candidates, name, right)
        yield from _multiplied(candidates, name, right)
    yield from _with_numbers(name, right)
    yield from _complements(candidates, name, right)
    yield from _folded(candidates, name, right)
    yield from _centred(candidates, name, right)


def _is_of_gradients(one: Rewrite, candidates: Candidates) -> bool:
    """Whether a change is made on the way back alone: nobody divides by weights, or reads updated ones."""
    if one.kind in _ON_THE_WAY_BACK or (one.kind == "reshaped" and len(one.part.axes) < 3):
        return True
    is_array = isinstance(one.part, Name) and len(one.part.axes) > 1
    if one.kind == "doubled":
        return is_array and one.part.reads <= candidates.forward.given.keys()
    if one.kind == "inverted":
        is_divided = isinstance(one.part, Apply) and one.part.operation is DIVIDE
        return is_array or not (is_divided or isinstance(one.part, Name | Number | Size))
    if one.kind == "derivative":
        return not (isinstance(one.part, Apply) and _is_activation(one.part))
    return one.kind == "split" and not _meets_behind(one)


def _is_activation(e: Expr) -> bool:
    return isinstance(e, Apply) and is_curve(e) and getattr(e.operation, "range", None) is not None


def _with_more(candidates: Candidates, name: str, right: Expr) -> Iterator[Edit]:
    """With a size too many, or a number within a function; with what is added to a function within it."""
    axes = sorted({a for e in nodes(right) for a in map(axis_of, e.axes)})
    known = terms(right)
    for hidden in _later(candidates, name):
        yield Edit(name, "added", right, subtracted(right, hidden), hidden)
    for factor in (one for axis in axes for one in (Size(axis), quotient(ONE, Size(axis)))):
        if not right.axes:
            yield Edit(name, "extra", right, product(factor, right), factor)
        for n, term in enumerate(known if len(known) > 1 else ()):
            new = sum_of([*known[:n], product(factor, term), *known[n + 1 :]])
            yield Edit(name, "extra", right, new, factor)
    for n, term in enumerate(known):
        if isinstance(term, Apply) and is_curve(term):
            rest = sum_of([*known[:n], *known[n + 1 :]])
            for more, kind in ((ONE, "added"), *(((rest, "inside"),) if len(known) > 1 else ())):
                (z, *options) = term.arguments
                inner = term.with_arguments((sum_of([more, z]), *options))
                whole = inner if kind == "inside" else sum_of([*known[:n], inner, *known[n + 1 :]])
                yield Edit(name, kind, right, whole, ONE if kind == "added" else right, whole)


def _roots(candidates: Candidates, name: str, right: Expr) -> Iterator[Edit]:
    """With the root of what is summed up: of squares, or of all that the loss says of the data."""
    sums = [e for e in nodes(right) if isinstance(e, Apply) and e.operation is SUM]
    inside = [(e, e.arguments[0]) for e in sums]
    several: list[Expr] = [e for e, x in inside if isinstance(x, Apply) and x.operation is POWER]
    if not right.axes:
        several.append(sum_of(term for term in terms(right) if not term.reads <= candidates.parameters))
    for part in several:
        root = Apply(BY_NAME["sqrt"], (part,))
        new = exchanged_part(right, part, root)
        yield Edit(name, "power", right, new, part, root)


def _later(candidates: Candidates, name: str) -> Iterator[Expr]:
    """What hides later times, where softmax goes over the scores of times for times."""
    for node in candidates.applied:
        match node:
            case Apply(operation, (Name(text, (*_, T, s)),), over) if operation is SOFTMAX and text == name:
                if over == (s,) and len(candidates.forward.layouts[name]) > 2:
                    yield product(Number(1e9), Apply(LATER, (ONE,), (T, s)))


def _exchanges(candidates: Candidates, name: str, right: Expr) -> Iterator[tuple[Expr, Expr, Expr]]:
    """(part, the whole afterwards, what stands there): other numbers, and what else may be the whole."""
    for number, put in _numbers(right):
        yield from ((number, put(other), other) for other in map(Number, _instead(number)) if other != number)
    yield from ((right, other, other) for other in candidates.alternatives.get(name, ()))
    if isinstance(right, Name):
        functions = (
            local.node.with_arguments((right, *local.node.arguments[1:])) for local in candidates.locals
        )
        yield from ((right, one, one) for one in dict.fromkeys((*called(right), *functions)))


def _instead(number: Number) -> Sequence[float]:
    """What people take for a number: of an epsilon, of infinity, of a share that is kept, of any other."""
    size = abs(number.value)
    if 0 < size <= _SMALL:
        return _SMALLER
    share = [float(f"{k:.12g}") for k in (1 - size, size * size) if 0 < size < 1]
    return _LARGER if size >= _LARGE else (*_NUMBERS, *share)


def _with_functions(candidates: Candidates, name: str, right: Expr) -> Iterator[Edit]:
    """With functions that nobody takes for one another on the way back, one too many, or one twice."""
    if _is_activation(right):
        assert isinstance(right, Apply)
        z = right.arguments[0]
        several = [*(Apply(BY_NAME[one], (z,)) for one in _ACTIVATIONS), *_made_of(z)]
        yield from (Edit(name, "function", right, one, right, one) for one in several if one != right)
        twice = right.with_arguments((right, *right.arguments[1:]))
        yield Edit(name, "doubled", right, twice, right)
    elif isinstance(right, Apply) and isinstance(right.operation, Along) and right.operation.keeps:
        several = [*_tempered(right)] if right.operation is SOFTMAX else []
        yield from (Edit(name, "function", right, one, right, one) for one in several)
    elif right.axes and not isinstance(right, Name):
        yield from (Edit(name, "function", right, one, right, one) for one in _outputs(candidates, name))
    if name in candidates.shares:
        for share in _SHARES:
            low, high = Number(share), Number(1 - share)
            clipped = Apply(MINIMUM, (high, Apply(MAXIMUM, (low, right))))
            yield Edit(name, "function", right, clipped, right, clipped)


def _tempered(right: Apply) -> Iterator[Expr]:
    """Softmax of scores that are divided by something, or twice, or of scores without e."""
    (z,) = right.arguments
    for k in (
        Number(2.0),
        quotient(ONE, Number(2.0)),
        Apply(BY_NAME["sqrt"], (Size(axis_of(right.over[0])),)),
    ):
        yield right.with_arguments((quotient(z, k),))
    yield right.with_arguments((right,))
    yield quotient(z, summed(z, right.over))


def _made_of(z: Expr) -> Iterator[Expr]:
    """Functions that have no name: LeCun's tanh, the GELU by a sigmoid, the hard sigmoid of Keras."""
    tanh, sigmoid = BY_NAME["tanh"], BY_NAME["sigmoid"]
    yield product(Number(1.7159), Apply(tanh, (quotient(product(Number(2.0), z), Number(3.0)),)))
    yield product(z, Apply(sigmoid, (product(Number(1.702), z),)))
    line = sum_of([product(Number(0.2), z), Number(0.5)])
    yield Apply(MAXIMUM, (ZERO, Apply(MINIMUM, (ONE, line))))


def _outputs(candidates: Candidates, name: str) -> Iterator[Apply]:
    """Functions around what has none, and those of other layers before a sigmoid."""
    quantity, right = candidates.forward.quantity(name), candidates.forward.equations[name].expression
    hidden = [local.node for local in candidates.locals if _is_activation(local.node)]
    before = next((node.operation for node in hidden if node.arguments[0] == quantity), None)
    several = [e.with_arguments((right, *e.arguments[1:])) for e in hidden if e.operation is not before]
    if any(e.expression == quantity for e in candidates.forward.equations.values()):
        return  # an output by two names
    if before is None:
        several += [Apply(BY_NAME[one], (right,)) for one in _OUTPUTS]
    if before is None or before is BY_NAME["sigmoid"]:
        yield from dict.fromkeys(several)


def _beside_others(candidates: Candidates, name: str, right: Expr) -> Iterator[Edit]:
    """With another quantity added: a skip that the exercise doesn't have, the state of the time before."""
    order = list(candidates.forward.layouts)
    known = set(terms(right))
    for before in order[: order.index(name)]:
        quantity = candidates.forward.quantity(before)
        is_given = before in candidates.forward.given
        if before in candidates.parameters or (is_given and candidates.is_target(before)):
            continue
        other = _under(candidates, quantity, right)
        if other is not None and other not in known and other not in _arguments(right):
            yield Edit(name, "added", right, sum_of([right, other]), other)
    if name in candidates.earlier:
        state = candidates.earlier[name]
        yield Edit(name, "added", right, sum_of([right, state]), state)


def _arguments(right: Expr) -> Sequence[Expr]:
    return right.arguments if isinstance(right, Apply) else ()


def _under(candidates: Candidates, quantity: Name, right: Expr) -> Expr | None:
    """A quantity with the axes of an expression, if it is as large in some case."""
    if set(quantity.axes) == set(right.axes):
        return quantity
    if len(quantity.axes) != len(right.axes):
        return None
    lost = [axis for axis in quantity.axes if axis not in right.axes]
    free = [axis for axis in right.axes if axis not in quantity.axes]
    if len(lost) != 1 or not candidates.same(lost[0], free[0]):
        return None
    return Apply(Rename(((lost[0], free[0]),)), (quantity,))


def _multiplied(candidates: Candidates, name: str, right: Expr) -> Iterator[Edit]:
    """Twice or half as large, or 0; a bias added twice."""
    for k in (Number(2.0), quotient(ONE, Number(2.0))):
        yield Edit(name, "constant", right, product(k, right), None, k)
    yield Edit(name, "zero", right, ZERO)
    known = terms(right)
    for n, term in enumerate(known if len(known) > 1 else ()):
        if isinstance(term, Name) and term.text in candidates.parameters:
            twice = sum_of([*known[:n], product(Number(2.0), term), *known[n + 1 :]])
            yield Edit(name, "constant", right, twice, term, Number(2.0))


def _with_numbers(name: str, right: Expr) -> Iterator[Edit]:
    """With a number added to what a logarithm is taken of; with absolute values for squares."""
    for e in dict.fromkeys(nodes(right)):
        match e:
            case Apply(operation, (inner,)) if operation is BY_NAME["log"]:
                for number in map(Number, _ADDED):
                    new = exchanged_part(right, e, Apply(operation, (sum_of([inner, number]),)))
                    yield Edit(name, "added", right, new, number)
            case Apply(operation, (base, exponent)) if operation is POWER and exponent == Number(2.0):
                size = Apply(BY_NAME["abs"], (base,))
                yield Edit(name, "power", right, exchanged_part(right, e, size), e, size)


def _complements(candidates: Candidates, name: str, right: Expr) -> Iterator[Edit]:
    """With 1 less what is given, such as a mask, or 1 less another share: two gates in one."""
    known = dict.fromkeys(e for e in nodes(right) if isinstance(e, Name) and len(e.axes) > 1)
    shares = [candidates.forward.quantity(one) for one in candidates.shares if one != name]
    for e in known:
        if e.text in candidates.shares:
            others = [one for one in shares if one in known and one != e and set(one.axes) == set(e.axes)]
        else:
            others = [e] if e.text in candidates.forward.given and e.text not in candidates.parameters else []
        for new in (subtracted(ONE, one) for one in others if right.axes):
            yield Edit(name, "other", right, exchanged_part(right, e, new), e, new)


def _folded(candidates: Candidates, name: str, right: Expr) -> Iterator[Edit]:
    """Of weights that have their bias as a first row, the last row for the bias."""
    known = terms(right)
    for bias in (e for e in known if isinstance(e, Name) and e.text in candidates.parameters):
        for term in known:
            match term:
                case Apply(operation, (inner,), (axis,)) if operation is SUM:
                    for weights in (e for e in Monomial.of(inner).tops if isinstance(e, Name)):
                        if weights.text in candidates.parameters and {axis, *bias.axes} == set(weights.axes):
                            rows = Apply(PREVIOUS, (weights, bias), (axis,))
                            last = Apply(Entry(-1, f"last_{axis}"), (weights,), (axis,))
                            rest = [e for e in known if e not in (bias, term)]
                            weighted = summed(exchanged_part(inner, weights, rows), (axis,))
                            yield Edit(name, "folded", right, sum_of([weighted, *rest, last]), bias)


def _centred(candidates: Candidates, name: str, right: Expr) -> Iterator[Edit]:
    """With what is given less its mean over the examples, and divided by its deviation, too."""
    given = (e for e in dict.fromkeys(nodes(right)) if isinstance(e, Name))
    for x in (e for e in given if e.text in candidates.forward.given and e.text not in candidates.parameters):
        for axis in (axis for axis in x.axes if axis in candidates.examples):
            mean = quotient(summed(x, (axis,)), Size(axis_of(axis)))
            centred = subtracted(x, mean)
            variance = quotient(summed(power(centred, Number(2.0)), (axis,)), Size(axis_of(axis)))
            scaled = quotient(centred, Apply(BY_NAME["sqrt"], (variance,)))
            for new in (centred, scaled):
                yield Edit(name, "other", right, exchanged_part(right, x, new), x, new)


def _meets_behind(one: Rewrite) -> bool:
    """Whether a factor is multiplied behind a sum, along an axis that only the sum has: r (h @ U)."""
    return one.instead is not None and any(
        isinstance(e, Apply) and isinstance(e.operation, Rename) for e in nodes(one.instead)
    )


def _numbers(expression: Expr) -> Iterator[tuple[Number, Callable[[Expr], Expr]]]:
    """The numbers in an expression, and how another one is put in the place of each."""
    if isinstance(expression, Number) and not expression.symbol:
        yield expression, lambda other: other
    elif isinstance(expression, Apply):
        several = expression.arguments
        for n, argument in enumerate(several[:1] if expression.operation is POWER else several):
            for number, put in _numbers(argument):

                def change(other: Expr, n: int = n, put: Callable[[Expr], Expr] = put) -> Expr:
                    return expression.with_arguments((*several[:n], put(other), *several[n + 1 :]))

                yield number, change
