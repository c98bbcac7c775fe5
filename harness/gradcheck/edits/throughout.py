"""What is read as something else, or not at all, wherever it is read: first states, targets, later times."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from gradcheck.edits.edit import Edit
from gradcheck.edits.operations import Rolled, bordered
from gradcheck.edits.whole import exchanged_part
from gradcheck.expr.lookup import Take
from gradcheck.expr.simplify import subtracted, sum_of, terms
from gradcheck.expr.structure import FIRST, NEXT, PREVIOUS
from gradcheck.expr.tree import ONE, ZERO, Apply, Expr, Name, nodes
from gradcheck.expr.windows import Windows

if TYPE_CHECKING:
    from gradcheck.edits.candidates import Candidates


def throughout(candidates: Candidates) -> Iterator[tuple[Edit, ...]]:
    """The edits of each of these, of all equations that read it."""
    equations = candidates.whole.equations.items()
    for part, instead in dict.fromkeys((*_first_states(candidates), *_targets(candidates))):
        changed = ((n, e.expression, exchanged_part(e.expression, part, instead)) for n, e in equations)
        yield tuple(Edit(n, "other", old, new, part, instead) for n, old, new in changed if new != old)
    yield _uncarried(candidates)
    for change in (partial(bordered, mirrored=mirrored) for mirrored in (False, True)):
        changed = ((n, e.expression, change(e.expression)) for n, e in equations)
        yield tuple(Edit(n, "border", old, new, _framed(old)) for n, old, new in changed if new != old)


def _uncarried(candidates: Candidates) -> tuple[Edit, ...]:
    """Nothing sent back from any time to the one before it, nor to what stands before the first."""
    equations = [e for e in candidates.whole.equations.values() if e.name in candidates.adjoints]
    changed = ((e.name, e.expression, *_parted(e.expression)) for e in equations)
    return tuple(Edit(n, "carried", old, rest, lost) for n, old, rest, lost in changed if lost != ZERO)


def _parted(e: Expr) -> tuple[Expr, Expr]:
    """What stays at its time, and what is sent back from a later one."""
    several = {term: any(map(_is_sent, nodes(term))) for term in terms(e)}
    here, later = ([t for t, is_sent in several.items() if is_sent is which] for which in (False, True))
    return sum_of(here), sum_of(later)


def _is_sent(e: Expr) -> bool:
    return isinstance(e, Apply) and e.operation in (NEXT, FIRST)


def _framed(e: Expr) -> Expr | None:
    """What windows with zeros around are taken of."""
    framed = (
        node.arguments[0]
        for node in nodes(e)
        if isinstance(node, Apply) and isinstance(node.operation, Windows)
    )
    return next((inner for inner in framed if isinstance(inner, Name)), None)


def _first_states(candidates: Candidates) -> Iterator[tuple[Expr, Expr]]:
    """(a first state, 0)."""
    for equation in candidates.forward.equations.values():
        for node in nodes(equation.expression):
            match node:
                case Apply(operation, (_, Name() as first)) if operation is PREVIOUS:
                    yield first, ZERO


def _targets(candidates: Candidates) -> Iterator[tuple[Expr, Expr]]:
    """(a target, the same a place on or back): what is given besides parameters, and as large as a value."""
    forward = candidates.forward
    sizes = {frozenset(forward.quantity(name).axes) for name in forward.equations}
    for equation in forward.equations.values():
        for node in nodes(equation.expression):
            match node:
                case Apply(Take(), (_, Name(text) as ids)) if text in forward.given:
                    yield from ((ids, subtracted(ids, ONE)), (ids, sum_of((ids, ONE))))
    for y in (forward.quantity(n) for n in forward.given if n not in candidates.parameters):
        if y.axes and frozenset(y.axes) in sizes and candidates.is_target(y.text):
            for axis in y.axes[1:]:
                for by, word in ((1, "before"), (-1, "after")):
                    yield y, Apply(Rolled(by, f"one_{word}"), (y,), (axis,))
