"""Whether a claim holds: each of its steps at every point, for every value of its free letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

import numpy as np

from harness.derivation.errors import MeaningError
from harness.derivation.evaluate import ANY_LAYER, Scope
from harness.derivation.functions import named
from harness.derivation.indices import assignments
from harness.derivation.point import Point
from harness.derivation.records import Standing
from harness.derivation.vocabulary import Vocabulary
from harness.formulas.tree import BigSum, Derivative, Node, Product, Scripted, Symbol
from harness.formulas.walk import is_application, nodes
from harness.maths._arrays import Array

CLOSE = 1e-7
"""How near two sides must come, relative to the larger: differences are good to 1e-10."""
MOST_ASSIGNMENTS = 60
"""How many values of the free letters are tried at one point."""
_EQUAL = frozenset({"=", ":=", "≡", "≈", "=="})


@dataclass(frozen=True)
class Trial:
    """All sides of a claim, evaluated at one point with its free letters fixed."""

    point: int
    scope: Scope
    values: tuple[Array | MeaningError, ...]


@dataclass(frozen=True)
class Ground:
    """Where claims are tried: the points of one spec, and what its names mean."""

    words: Vocabulary
    alone: Sequence[Point]
    """Points of one example."""
    batches: Sequence[Point]
    """Points of several."""
    helpers: Mapping[str, Node] = field(default_factory=dict)

    def means_the_same(self, a: Node, b: Node) -> bool:
        """Whether two names are of one quantity."""
        one, other = self.words.reference(a), self.words.reference(b)
        return (
            a == b
            if one is None or other is None
            else replace(one, span=(0, 0)) == replace(other, span=(0, 0))
        )

    @cached_property
    def points(self) -> list[Point]:
        """All of them; a trial's number counts here."""
        return [*self.alone, *self.batches]


@dataclass(frozen=True)
class Outcome:
    """How the sides of a claim stand to each other."""

    trials: tuple[Trial, ...]
    standings: tuple[Standing, ...]
    """Of each side, against the last one before it that has a value."""
    faults: tuple[MeaningError | None, ...]
    """Why a side has no value."""
    broken: int | None = None
    """The first side that is not what stands before it."""
    before: int = 0
    """The side that it was compared with."""
    end_right: bool = False


def judge(ground: Ground, sides: Sequence[Node]) -> Outcome:
    """The sides tried; MeaningError where the claim as a whole means nothing here.

    Where names lack their layer, and with one layer for all of them everything holds, that one is meant.
    """
    try:
        return _judged(ground, sides, {})
    except MeaningError as error:
        if error.kind != "layer":
            raise
        for layer in range(ground.words.last + 1):
            try:
                outcome = _judged(ground, sides, {ANY_LAYER: layer})
            except MeaningError:
                continue
            if outcome.broken is None and not any(outcome.faults):
                outcome.trials[0].scope.effort.notes[
                    f"names without a layer are taken for those of layer {layer}"
                ] = None
                return outcome
        raise


def _judged(ground: Ground, sides: Sequence[Node], pinned: Mapping[str, int]) -> Outcome:
    trials = tuple(_trials(ground, sides, pinned))
    standings: list[Standing] = []
    faults = [_fault(trials, i) for i in range(len(sides))]
    known, first, before, broken = None, 0, 0, None
    for i, fault in enumerate(faults):
        if fault is not None and is_chain_of_links(ground, sides[0], sides[i]):
            standings.append(Standing.RIGHT)
            continue
        if fault is not None:
            wrong = fault.kind == "shape"
            standings.append(Standing.WRONG if wrong else Standing.CANNOT_TELL)
            if wrong and broken is None:
                broken, before = i, known if known is not None else i
            continue
        if known is None:
            first = i
        same = known is None or agree(trials, known, i) or agree(trials, first, i)
        standings.append(Standing.RIGHT if same else Standing.WRONG)
        if not same and broken is None:
            broken, before = i, known if known is not None else i
        known = i
    ends = [i for i, fault in enumerate(faults) if fault is None]
    end_right = (
        broken is not None and len(ends) > 1 and ends[-1] != broken and agree(trials, ends[0], ends[-1])
    )
    return Outcome(trials, tuple(standings), tuple(faults), broken, before, end_right)


def is_chain_of_links(ground: Ground, first: Node, side: Node) -> bool:
    """Whether a side is the chain rule as such: ∂f/∂h · ∂h/∂g · ∂g/∂w for ∂f/∂w.

    Where its links are vectors and matrices, their product need not be one of matrices as they stand.
    """
    links = side.factors if isinstance(side, Product) else ()
    chain = [link for link in links if isinstance(link, Derivative)]
    if not isinstance(first, Derivative) or len(chain) < 2 or len(chain) < len(links):
        return False
    ends = [first.of, *(link.by for link in chain)]
    starts = [*(link.of for link in chain), first.by]
    return all(
        a is not None and b is not None and ground.means_the_same(a, b)
        for a, b in zip(ends, starts, strict=True)
    )


def agree(trials: Sequence[Trial], a: int, b: int) -> bool:
    """Whether two sides are equal in every trial."""
    return all(same(t.values[a], t.values[b]) for t in trials)


def same(a: object, b: object) -> bool:
    """Whether two values are the same numbers, a single one in whatever shape."""
    assert isinstance(a, np.ndarray)
    assert isinstance(b, np.ndarray)
    if a.size == b.size == 1:
        a, b = a.reshape(()), b.reshape(())
    if a.shape != b.shape or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    size = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0))
    return bool(np.abs(a - b).max(initial=0.0) <= CLOSE * size)


def _fault(trials: Sequence[Trial], side: int) -> MeaningError | None:
    return next((v for t in trials if isinstance(v := t.values[side], MeaningError)), None)


def _trials(ground: Ground, sides: Sequence[Node], pinned: Mapping[str, int]) -> list[Trial]:
    found: list[Trial] = []
    batched = speaks_of_a_batch(ground, sides)
    for number, point in enumerate(ground.points):
        if (len(point.case.x) > 1) != batched:
            continue
        scope = Scope(ground.words, point, point.values, pinned, ground.helpers)
        for free in _free(scope, sides, pinned)[:MOST_ASSIGNMENTS]:
            here = replace(scope, free=free)
            found.append(Trial(number, here, tuple(_value(here, side) for side in sides)))
    if not found:
        raise MeaningError("layer", "the network has no layer that this holds for", sides[0].span)
    return found


def _free(scope: Scope, sides: Sequence[Node], pinned: Mapping[str, int]) -> list[Mapping[str, int]]:
    if is_application(sides[0]) and _is_about_a_function(scope, sides[0]):
        return [{ANY_LAYER: layer, "l": layer} for layer in _layers(scope)]
    return [{**pinned, **free} for free in islice(assignments(scope, sides), 4 * MOST_ASSIGNMENTS)]


def _is_about_a_function(scope: Scope, side: Node) -> bool:
    """σ′(z) = σ(z)(1 - σ(z)) holds at any layer's z."""
    assert isinstance(side, Product)
    head = side.factors[0]
    text = head.base.text if isinstance(head, Scripted) and isinstance(head.base, Symbol) else ""
    text = head.text if isinstance(head, Symbol) else text
    argument = [n for n, _ in nodes(side.factors[1]) if isinstance(n, Symbol)]
    reference = scope.words.reference(argument[0]) if len(argument) == 1 else None
    return named(text) is not None and reference is not None and reference.layer is None


def _layers(scope: Scope) -> list[int]:
    return [n + scope.words.offset("z") for n in range(1, len(scope.words.chain.layers) + 1)]


def _value(scope: Scope, side: Node) -> Array | MeaningError:
    try:
        with np.errstate(all="ignore"):
            return np.asarray(scope.value(side))
    except MeaningError as error:
        return error
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        return MeaningError("unsupported", f"this can't be evaluated ({error})", side.span)


def speaks_of_a_batch(ground: Ground, sides: Sequence[Node]) -> bool:
    """Whether the number of examples, or a sum over them, occurs."""
    for side in sides:
        for node, _ in nodes(side):
            if isinstance(node, Symbol) and node.text in ("m", "N", "M", "sum", "mean"):
                return ground.words.reference(node) is None and node.text not in ground.helpers
            if isinstance(node, BigSum) and not _over_units(ground.words, node):
                return True
    return False


def _over_units(words: Vocabulary, node: BigSum) -> bool:
    """Whether a sum's letters are indices of entries."""
    letters = {n.text for n in node.indices if isinstance(n, Symbol)}
    used: set[str] = set()
    for inner, _ in nodes(node.body):
        if isinstance(inner, (Symbol, Scripted)) and (reference := words.reference(inner)):
            used |= {i.text for i in reference.indices if isinstance(i, Symbol)}
    return letters <= used


def equates(relations: Sequence[str]) -> bool:
    """Whether the relations of a claim are those of a chain of equalities."""
    return all(relation in _EQUAL for relation in relations)
