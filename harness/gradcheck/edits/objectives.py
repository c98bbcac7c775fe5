"""The losses that people take for one another, of a network that states its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from gradcheck.edits.edit import Edit
from gradcheck.expr.along import SOFTMAX
from gradcheck.expr.functions import BY_NAME
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
from gradcheck.expr.tree import ONE, Apply, Expr, Name, Number, Size, axis_of
from gradcheck.network.records import Network

if TYPE_CHECKING:
    from gradcheck.edits.candidates import Candidates

_FUNCTIONS = ("sigmoid", "tanh", "relu", "leaky_relu")
"""Those of layers that are tried with another loss."""


def other_losses(candidates: Candidates) -> Sequence[Edit]:
    """Edits that put another loss in the place of a network's, one for each that is not a multiple of one."""
    found: dict[object, Edit] = {}
    for name in candidates.alternatives:
        for edit in (e for e in candidates.of(name) if e.new in candidates.alternatives[name]):
            data = [term for term in terms(edit.new) if not term.reads <= candidates.parameters]
            found.setdefault(tuple(map(_without_sizes, data)), edit)
    return list(found.values())


def _without_sizes(term: Expr) -> object:
    whole = Monomial.of(term)
    parts = (*whole.tops, *whole.bottoms)
    return whole.above > 0, tuple(e for e in parts if not isinstance(e, Size))


def is_of_function(edit: Edit) -> bool:
    """Whether a layer has another function, or none, for its own."""
    if edit.part != edit.old or not edit.old.axes or edit.kind not in ("derivative", "identity", "other"):
        return False
    if edit.kind == "other" and isinstance(edit.old, Apply):
        is_left_out = edit.new in edit.old.arguments
        return is_left_out or (isinstance(edit.new, Apply) and edit.new.operation is SOFTMAX)
    operations = [BY_NAME[name] for name in _FUNCTIONS]
    return edit.kind == "identity" or (isinstance(edit.new, Apply) and edit.new.operation in operations)


def objectives(forward: Network, parameters: Collection[str]) -> dict[str, list[Expr]]:
    """What is a number and read by nothing -> other losses of the same output and target."""
    equations = forward.equations
    read = {name for equation in equations.values() for name in equation.expression.reads}
    ends = [e for name, e in equations.items() if name not in read and not e.expression.axes]
    return {e.name: list(dict.fromkeys(_others(forward, parameters, e.expression))) for e in ends}


def _others(forward: Network, parameters: Collection[str], right: Expr) -> Iterator[Expr]:
    reads = [forward.quantity(name) for name in sorted(right.reads - set(parameters))]
    penalty = [term for term in terms(right) if term.reads <= set(parameters)]
    for y in (one for one in reads if one.text in forward.given):
        for a in (one for one in reads if one.text in forward.equations and set(one.axes) == set(y.axes)):
            for entry in _entries(a, y):
                whole = summed(entry, a.axes)
                sizes = [Size(axis_of(axis)) for axis in a.axes]
                for below in (ONE, _all(sizes), *sizes):
                    yield sum_of([quotient(whole, below), *penalty])


def _entries(a: Name, y: Name) -> Iterator[Expr]:
    """What one entry of the output costs."""
    difference = subtracted(a, y)
    log = BY_NAME["log"]
    yield power(difference, Number(2.0))
    yield quotient(power(difference, Number(2.0)), Number(2.0))
    yield Apply(BY_NAME["abs"], (difference,))
    hit = negated(product(y, Apply(log, (a,))))
    missed = negated(product(subtracted(ONE, y), Apply(log, (subtracted(ONE, a),))))
    yield hit
    yield sum_of([hit, missed])


def _all(sizes: list[Size]) -> Expr:
    whole: Expr = ONE
    for size in sizes:
        whole = product(whole, size)
    return whole
