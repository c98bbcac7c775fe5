"""Edits tried on what was handed in for a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from gradcheck.diagnosis.constants import Fit, fits
from gradcheck.diagnosis.evaluation import Evaluation
from gradcheck.diagnosis.sketch import Choices
from gradcheck.diagnosis.witness import Witness
from gradcheck.edits.candidates import unknown_of
from gradcheck.edits.edit import Edit
from gradcheck.expr.simplify import simplified
from gradcheck.expr.tree import ONE, ZERO, Expr, substituted


class Trial:
    """Edits tried on what was handed in for one case."""

    def __init__(self, one: Witness, evaluation: Evaluation) -> None:
        self.one, self.evaluation = one, evaluation

    def makes(self, edit: Edit, root: str) -> bool:
        """Whether the edit makes the numbers that were handed in for a quantity."""
        reach, evidence = self.evaluation.reach, self.one.evidence
        if root in reach.misshapen:
            value = self.one.value(edit.new, self.evaluation.values)
            return self.one.agrees_in_order(reach.whole, root, value, edit.layout)
        array = self.evaluation.array(edit.equation, edit.new, root)
        return array is not None and evidence.agrees(root, array)

    def possible(self, choices: Choices, root: str) -> Sequence[Edit]:
        """Those of some edits of one equation that may make them, as far as a look at sketches tells."""
        if root in self.evaluation.reach.misshapen or not choices.edits:
            return choices.edits
        sketches = self.evaluation.sketches(choices.edits[0].equation, root, choices)
        evidence = self.one.evidence
        return choices.possible(sketches, evidence.yours[root], evidence.widest(root))

    def possible_beside(self, first: Edit, several: Sequence[Choices], root: str) -> list[Edit]:
        """The same of edits of later equations, beside another one."""
        if root in self.evaluation.reach.misshapen:
            return [edit for one in several for edit in one.edits]
        known = self.evaluation.sketches_beside(first, several, root)
        yours, widest = self.one.evidence.yours[root], self.one.evidence.widest(root)
        pairs = zip(several, known, strict=True)
        return [edit for one, sketches in pairs for edit in one.possible(sketches, yours, widest)]

    def beside(self, first: Edit) -> Trial | None:
        """Edits of later equations beside another one; None where that can't be made."""
        evaluation = self.evaluation.beside(first)
        return None if evaluation is None else Trial(self.one, evaluation)

    def fit(self, edit: Edit, root: str, unknown: str) -> Fit | None:
        """The constant that comes nearest: the root is a linear function of it, or is clipped at it."""
        if edit.kind == "clipped":
            return self._bound(edit, root)
        still, moved = (
            self.evaluation.array(edit.equation, substituted(edit.new, {unknown: number}), root)
            for number in (ZERO, ONE)
        )
        yours = self.one.evidence.yours[root]
        if still is None or moved is None or yours.size != still.size:
            return None
        return Fit.of(yours.reshape(still.shape) - still, moved - still, self.one.evidence.widest(root))

    def _bound(self, edit: Edit, root: str) -> Fit | None:
        """The largest of the numbers that were handed in, where all beyond it are as large."""
        right, yours = self.evaluation.array(edit.equation, edit.old, root), self.one.evidence.yours[root]
        if right is None or yours.size != right.size:
            return None
        noise, bound = self.one.evidence.widest(root), float(np.abs(yours).max(initial=0.0))
        off = np.abs(yours.reshape(right.shape) - np.clip(right, -bound, bound))
        if not off.max(initial=0.0) <= noise:
            return None
        return Fit(bound, noise) if np.abs(right).max(initial=0.0) > bound + noise else Fit(None)


def with_constant(edit: Edit, unknown: str, value: Expr) -> Edit:
    """The edit with a value of its unknown number."""
    new, part, instead = (
        e if e is None else substituted(e, {unknown: value}) for e in (edit.new, edit.part, edit.instead)
    )
    new = simplified(new or edit.new)
    return replace(edit, new=new, part=part, instead=instead or value, constant=value)


def fitted(edit: Edit, root: str, trials: Sequence[Trial]) -> Iterator[Edit]:
    """The edit, with its constant if it has one, where it makes the root's numbers in every case."""
    unknown = unknown_of(edit)
    if unknown is None:
        if all(trial.makes(edit, root) for trial in trials):
            yield edit
        return
    constants = [trial.fit(edit, root, unknown) for trial in trials[:1]]
    if constants[0] is None:
        return
    constants += [trial.fit(edit, root, unknown) for trial in trials[1:]]
    for value in fits(constants, [trial.one.lengths for trial in trials]):
        fitted = with_constant(edit, unknown, value)
        if all(trial.makes(fitted, root) for trial in trials):
            yield fitted
            return
