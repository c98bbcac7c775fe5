"""Whether a claim holds: each of its steps at every point, for every value of its free letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite

import numpy as np

from gradcheck.derivation.context import Context
from gradcheck.derivation.errors import Kind, MeaningError
from gradcheck.derivation.evaluate import ANY_LAYER
from gradcheck.derivation.records import Standing
from gradcheck.derivation.trials import Trial, trials
from gradcheck.derivation.words import Words
from gradcheck.formulas.tree import Node
from gradcheck.formulas.walk import is_chain_rule

CLOSE = 1e-7
"""How near two sides must come, relative to the larger: differences are good to 1e-10."""


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

    @property
    def holds(self) -> bool:
        """Whether every side has a value, and is what stands before it."""
        return self.broken is None and not any(self.faults)

    def note(self, text: str) -> None:
        """Add what something was taken for."""
        self.trials[0].scope.effort.notes[text] = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What something was taken for."""
        return tuple(self.trials[0].scope.effort.notes)


def judge(context: Context, sides: Sequence[Node]) -> Outcome:
    """The sides tried; MeaningError where the claim as a whole means nothing here.

    Where names lack their layer, and with one layer for all of them everything holds, that one is meant.
    """
    try:
        return weigh(context.words, sides, list(trials(context, sides, {})))
    except MeaningError as error:
        if error.kind != "layer":
            raise
        for layer in range(context.words.last + 1):
            outcome = holding(context, sides, {ANY_LAYER: layer})
            if outcome is not None:
                outcome.note(f"names without a layer are taken for those of layer {layer}")
                return outcome
        raise


def holding(context: Context, sides: Sequence[Node], pinned: Mapping[str, int]) -> Outcome | None:
    """The outcome where every side is right; None at the first trial that says otherwise."""
    tried: list[Trial] = []
    try:
        for trial in trials(context, sides, pinned):
            if not _all_agree(trial):
                return None
            tried.append(trial)
    except MeaningError:
        return None
    outcome = weigh(context.words, sides, tried)
    return outcome if outcome.holds else None


def _all_agree(trial: Trial) -> bool:
    """Whether every side has a value, and that of the side before it or of the first."""
    if any(isinstance(value, MeaningError) for value in trial.values):
        return False
    return all(agree([trial], i - 1, i) or agree([trial], 0, i) for i in range(1, len(trial.values)))


def weigh(words: Words, sides: Sequence[Node], tried: Sequence[Trial]) -> Outcome:
    """How the sides stand, by what they were in the trials: each against the one before, or the first.

    A side that has no entry where the first has one is wrong, however right the others are.
    """
    whole = [trial for trial in tried if not any(map(_lacks_an_entry, trial.values))]
    if 0 < len(whole) < len(tried):
        outcome = _weighed(words, sides, whole, ())
        return outcome if outcome.broken is not None else _weighed(words, sides, tried, ("shape", "index"))
    return _weighed(words, sides, tried, ("shape",))


def _lacks_an_entry(value: object) -> bool:
    return isinstance(value, MeaningError) and value.kind == "index"


def _weighed(words: Words, sides: Sequence[Node], tried: Sequence[Trial], wrong: Sequence[Kind]) -> Outcome:
    """The same, with faults of these kinds taken for wrong."""
    faults = [_fault(tried, i) for i in range(len(sides))]
    known = [i for i, fault in enumerate(faults) if fault is None]
    standings = []
    broken: tuple[int, int] | None = None
    for i, fault in enumerate(faults):
        before = max((k for k in known if k < i), default=i)
        if fault is not None:
            links = is_chain_rule(sides[0], sides[i], partial(_mean_the_same, words))
            standing = (
                Standing.RIGHT if links else Standing.WRONG if fault.kind in wrong else Standing.CANNOT_TELL
            )
        else:
            same_as_before = agree(tried, before, i) or agree(tried, known[0], i)
            standing = Standing.RIGHT if same_as_before else Standing.WRONG
        if standing is Standing.WRONG and broken is None:
            broken = i, before
        standings.append(standing)
    ends_well = len(known) > 1 and agree(tried, known[0], known[-1])
    return Outcome(
        tuple(tried),
        tuple(standings),
        tuple(faults),
        broken=None if broken is None else broken[0],
        before=0 if broken is None else broken[1],
        end_right=broken is not None and ends_well and known[-1] != broken[0],
    )


def _mean_the_same(words: Words, a: Node, b: Node) -> bool:
    one, other = words.reference(a), words.reference(b)
    if one is None or other is None:
        return a == b
    return replace(one, span=(0, 0)) == replace(other, span=(0, 0))


def agree(tried: Sequence[Trial], a: int, b: int) -> bool:
    """Whether two sides are equal in every trial."""
    return all(same(t.values[a], t.values[b], t.doubts[a] + t.doubts[b]) for t in tried)


def same(a: object, b: object, doubt: float = 0.0) -> bool:
    """Whether two values are the same numbers, a single one in whatever shape."""
    assert isinstance(a, np.ndarray)
    assert isinstance(b, np.ndarray)
    if a.size == b.size == 1:
        one, other = a.item(), b.item()
        near = abs(one - other) <= (CLOSE + doubt) * max(abs(one), abs(other))
        return near and isfinite(one) and isfinite(other)
    if {a.ndim, b.ndim} == {1, 2}:
        a, b = np.atleast_2d(a, b)  # one row is a vector
    if a.shape != b.shape or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    size = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0))
    return bool(np.abs(a - b).max(initial=0.0) <= (CLOSE + doubt) * size)


def _fault(trials: Sequence[Trial], side: int) -> MeaningError | None:
    return next((v for t in trials if isinstance(v := t.values[side], MeaningError)), None)
