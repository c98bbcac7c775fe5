"""Edits of several equations that are one mistake: one slip in each, or equations in each other's place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, permutations
from typing import TYPE_CHECKING, TypeAlias

from gradcheck.edits.edit import Edit
from gradcheck.edits.whole import BLOCKS
from gradcheck.expr.along import SOFTMAX
from gradcheck.expr.blocks import LATER
from gradcheck.expr.simplify import product, simplified, subtracted
from gradcheck.expr.tree import ONE, Apply, Expr, Name, nodes, rebuilt
from gradcheck.network.backward import adjoint

if TYPE_CHECKING:
    from gradcheck.edits.candidates import Candidates

Group: TypeAlias = tuple[Edit, ...]
_OF_FORMS = ("factor", "power", "derivative", "function", "argument", "identity", "positive", "overwritten")
"""Kinds of edits that are made in every place of a form alike."""
_OF_NAMES = ("term", "sign", "transposed", "constant")
"""Kinds of edits that are made of every bias, or of all weights, alike."""
_OF_FUNCTIONS = ("derivative", "function", "identity")
"""Kinds of edits that are made in every layer but the last."""


def groups(candidates: Candidates, names: Sequence[str]) -> Sequence[Group]:
    """Those of the equations of these quantities, each once."""
    edits = [edit for name in names for edit in candidates.of(name)]
    several = (
        *_alike((key, edit) for edit in edits for key in (edit.place, edit.pattern)),
        *_exchanged(candidates, names),
        *_of_forms(candidates, names, edits),
        *_alike(((part.over, instead.over), edit) for edit, part, instead in _over_others(edits)),
        *_alike(_again(candidates, names)),
        *_alike(_without_slopes(candidates, edits)),
    )
    return tuple(dict.fromkeys(several))


def groups_of_values(candidates: Candidates, names: Sequence[str]) -> Sequence[Group]:
    """Those of the forward pass: of parameters in every layer, of functions in all but the last."""
    edits = [edit for name in names for edit in candidates.of(name)]
    of_names = [e for e in edits if isinstance(e.part, Name) and e.kind in _OF_NAMES]
    of_parameters = [e for e in of_names if e.part and e.part.reads <= candidates.parameters]
    rest = [e for e in of_names if e.kind == "term" and e not in of_parameters]
    several = (
        *groups(candidates, names),
        *_alike(((e.kind, e.form), e) for e in of_parameters),
        *_alike(((e.kind, e.form), e) for e in rest),
        *_hidden_afterwards(edits),
        *_functions_exchanged(edits),
    )
    hidden = (one[:-1] for one in several if len(one) > 2 and one[0].kind in _OF_FUNCTIONS)
    return tuple(dict.fromkeys((*several, *hidden)))


def _hidden_afterwards(edits: Sequence[Edit]) -> Iterator[Group]:
    """Weights that are to be hidden made 0 behind the softmax, in the place of their scores before it."""
    unhidden = [e for e in edits if e.kind == "term" and e.part and any(map(_is_mask, nodes(e.part)))]
    for e in unhidden:
        mask = next(filter(_is_mask, nodes(e.part or ONE)))
        for other in edits:
            match other.old:
                case Apply(operation, (Name(text),)) if operation is SOFTMAX and text == e.equation:
                    new = product(other.old, subtracted(ONE, mask))
                    yield e, Edit(other.equation, "other", other.old, new, other.old, new)
                    break


def _is_mask(e: Expr) -> bool:
    return isinstance(e, Apply) and e.operation is LATER


def _functions_exchanged(edits: Sequence[Edit]) -> Iterator[Group]:
    """Two layers' functions in each other's place."""
    functions = [
        (e, e.old.operation, e.new.operation)
        for e in edits
        if e.kind in ("derivative", "other")
        if isinstance(e.old, Apply) and isinstance(e.new, Apply) and e.part == e.old
    ]
    for (one, old, new), (other, before, after) in combinations(functions, 2):
        if one.equation != other.equation and old is not before and (old, new) == (after, before):
            yield one, other


def _alike(keyed: Iterable[tuple[object, Edit]]) -> Iterator[Group]:
    """Edits of one key, the first of each equation, where there are several."""
    by_key: dict[object, dict[str, Edit]] = {}
    for key, edit in keyed:
        by_key.setdefault(key, {}).setdefault(edit.equation, edit)
    yield from (tuple(edits.values()) for edits in by_key.values() if len(edits) > 1)


def _exchanged(candidates: Candidates, names: Sequence[str]) -> Iterator[Group]:
    """Equations of one form in each other's place: two of them, or up to a few that read the same."""
    equations = candidates.whole.equations
    order = {name: n for n, name in enumerate(candidates.whole.layouts)}
    alike: dict[object, list[str]] = {}
    for name in names:
        alike.setdefault((candidates.forms[name], frozenset(equations[name].layout)), []).append(name)
    for several in alike.values():
        olds = {name: equations[name].expression for name in several}
        for other in permutations(several) if len(several) <= BLOCKS else _transpositions(several):
            moves = [(one, two) for one, two in zip(several, other, strict=True) if one != two]
            early = all(order[read] < order[one] for one, two in moves for read in olds[two].reads)
            if moves and early and len(moves) <= BLOCKS:
                yield tuple(
                    Edit(one, "exchanged", olds[one], olds[two], olds[one], olds[two]) for one, two in moves
                )


def _transpositions(several: Sequence[str]) -> Iterator[list[str]]:
    for one, other in combinations(several, 2):
        turned = {one: other, other: one}
        yield [turned.get(name, name) for name in several]


def _of_forms(candidates: Candidates, names: Sequence[str], edits: Sequence[Edit]) -> Iterator[Group]:
    """One slip made in every place that has the form: in another's derivative, in several terms."""
    by_form: dict[object, dict[Expr, Edit]] = {}
    for edit in edits:
        if edit.kind in _OF_FORMS and edit.part is not None:
            by_form.setdefault((edit.kind, *edit.form), {}).setdefault(edit.part, edit)
    several = (parts for parts in by_form.values() if len(parts) > 1)
    yield from filter(None, (_substituted(candidates, names, parts) for parts in several))


def _substituted(candidates: Candidates, names: Sequence[str], parts: Mapping[Expr, Edit]) -> Group:
    """The edits that put something else in the place of parts wherever they are."""

    def change(e: Expr) -> Expr:
        return (parts[e].instead or ONE) if e in parts else e

    edits = []
    for name in names:
        old = candidates.whole.equations[name].expression
        first = next((parts[e] for e in nodes(old) if e in parts), None)
        if first is not None:
            new = simplified(rebuilt(old, change))
            edits.append(replace(first, equation=name, old=old, new=new, unusual=False))
    return tuple(edits)


def _over_others(edits: Iterable[Edit]) -> Iterator[tuple[Edit, Apply, Apply]]:
    """Those of sums or means over another axis, with the sum and what stands in its place."""
    for edit in edits:
        match edit:
            case Edit(kind="axis", part=Apply() as part, instead=Apply() as instead):
                yield edit, part, instead


def _without_slopes(candidates: Candidates, edits: Iterable[Edit]) -> Iterator[tuple[object, Edit]]:
    """The edits that leave out a derivative, whichever function it is of."""
    slopes = {local.derivative.expression() for local in candidates.locals}
    yield from (("slope", edit) for edit in edits if edit.kind == "factor" and edit.part in slopes)


def _again(candidates: Candidates, names: Sequence[str]) -> Iterator[tuple[object, Edit]]:
    """(a function, an edit with its derivative once more), wherever the function is applied."""
    for local in candidates.locals:
        for name in map(adjoint, sorted(local.node.arguments[0].reads)):
            if name in names:
                right, slope = candidates.whole.equations[name].expression, local.derivative.expression()
                again = Edit(name, "extra", right, product(right, slope), slope, adjoints=candidates.adjoints)
                yield local.node.operation, again
