"""What an edit makes of what was handed in behind it, in one case, worked out with what is known already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.constants import Fit, fits
from gradcheck.diagnosis.reach import Reach, selected
from gradcheck.diagnosis.witness import Values, Witness
from gradcheck.edits.candidates import unknown_of
from gradcheck.edits.edit import Edit, edited
from gradcheck.expr.by_numpy import evaluate, remembered
from gradcheck.expr.named import Named, arranged
from gradcheck.expr.simplify import simplified
from gradcheck.expr.tree import ONE, ZERO, Expr, axis_of, substituted
from gradcheck.network.forward import laid, run
from gradcheck.network.records import Network, named

LARGE = 1 << 20
"""How many numbers the effects of one quantity on another may be."""


def expression_of(whole: Network, edits: Sequence[Edit], name: str) -> Expr:
    """A quantity's equation with the edits."""
    return next((e.new for e in edits if e.equation == name), whole.equations[name].expression)


class Trial:
    """What edits make in one case, beside some that are made already."""

    def __init__(
        self,
        reach: Reach,
        edits: Sequence[Edit],
        one: Witness,
        values: Values,
        alone: Trial | None = None,
    ) -> None:
        """With what equations read in that case, `values`.

        Where the edits are of equations before all others that are tried, these have the effects that they
        have `alone`.
        """
        self.reach, self.edits, self.one, self.values = reach, edits, one, values
        self.alone = alone
        self.memory: dict[Expr, Named] = {}
        """Expression -> its value: most of an edited equation is as before."""
        self._rerun_values: dict[tuple[str, Expr], Values | None] = {}
        self._effects: dict[tuple[str, str], tuple[Array, Array]] = {}

    def makes(self, edit: Edit, root: str) -> bool:
        """Whether the edit makes the numbers that were handed in for a quantity."""
        if root in self.reach.misshapen:
            value = self.one.value(edit.new, self.values)
            return self.one.agrees_in_order(self.reach.whole, root, value, edit.layout)
        array = self.array(edit.equation, edit.new, root)
        return array is not None and self.one.evidence.agrees(root, array)

    def fit(self, edit: Edit, root: str, unknown: str) -> Fit | None:
        """The constant that comes nearest, of which the root is a linear function."""
        still, moved = (
            self.array(edit.equation, substituted(edit.new, {unknown: number}), root)
            for number in (ZERO, ONE)
        )
        yours = self.one.evidence.yours[root]
        if still is None or moved is None or yours.size != still.size:
            return None
        return Fit.of(yours.reshape(still.shape) - still, moved - still)

    def array(self, name: str, new: Expr, root: str) -> Array | None:
        """What a quantity comes to where an equation before it, or its own, is this; None where none fits."""
        try:
            with np.errstate(all="ignore"):
                return self._array(name, new, root)
        except (ValueError, KeyError, IndexError):  # arrays that don't meet
            return None

    def _array(self, name: str, new: Expr, root: str) -> Array:
        whole, lengths = self.reach.whole, self.one.lengths
        if name != root and (name in self.reach.looped or self._is_large(name, root)):
            values = self._rerun(name, new)
            return laid(
                whole, root, evaluate(expression_of(whole, self.edits, root), values, lengths), lengths
            )
        value = remembered(new, self.values, lengths, self.memory)
        if name == root:
            return laid(whole, root, value, lengths)
        still, moved = self._effect(name, root)
        array = arranged(value, named(whole.layouts[name]), lengths)
        return still + (array.ravel() @ moved).reshape(still.shape)

    def _rerun(self, name: str, new: Expr) -> Values:
        """What all equations behind an edited one make, once for all roots."""
        if (name, new) not in self._rerun_values:
            edit = Edit(name, "other", new, new)
            network = edited(self.reach.after(name)[0], (*self.edits, edit))
            self._rerun_values[name, new] = self.one.run(network, self.values)
        values = self._rerun_values[name, new]
        if values is None:
            raise ValueError(f"the axes of {name} don't meet")
        return values

    def _is_large(self, name: str, root: str) -> bool:
        """Whether what each entry adds to a quantity takes too much room."""
        lengths = (self.one.lengths[axis_of(axis)] for axis in named(self.reach.whole.layouts[name]))
        return prod(lengths) * self.one.evidence.true[root].size > LARGE

    def _effect(self, name: str, root: str) -> tuple[Array, Array]:
        """A quantity where another one is zero, and what a unit of each entry of that one adds to it.

        Gradients are linear in those that come before them on the way back.
        """
        if (name, root) not in self._effects:
            self._effects[name, root] = self._find_effect(name, root)
        return self._effects[name, root]

    def _find_effect(self, name: str, root: str) -> tuple[Array, Array]:
        whole, lengths = self.reach.whole, self.one.lengths
        axes = named(whole.layouts[name])
        if self.alone is not None:
            moved = self.alone._effect(name, root)[1]
            known = remembered(expression_of(whole, self.edits, root), self.values, lengths, self.memory)
            mine = arranged(self.values[name], axes, lengths).ravel() @ moved
            return laid(whole, root, known, lengths) - mine.reshape(self.one.evidence.true[root].shape), moved
        shape = [lengths[axis_of(axis)] for axis in axes]
        count = prod(shape)
        units = np.concatenate([np.zeros((1, count)), np.eye(count)]).reshape(count + 1, *shape)
        path = self.reach.path(name, root)
        rest = edited(selected(path, path.equations.keys() - {name}), self.edits)
        values = run(rest, {**self.values, name: Named(units, ("*", *axes))}, lengths)
        made = evaluate(expression_of(whole, self.edits, root), values, lengths)
        layout = named(whole.layouts[root])
        arrays = arranged(made, ("*", *layout), {**lengths, "*": count + 1})
        still = arrays[0].reshape(self.one.evidence.true[root].shape)
        return still, (arrays[1:] - arrays[0]).reshape(count, -1)


def with_constant(edit: Edit, unknown: str, value: Expr) -> Edit:
    """The edit with a value of its unknown number."""
    new, part, instead = (
        e if e is None else substituted(e, {unknown: value}) for e in (edit.new, edit.part, edit.instead)
    )
    return replace(edit, new=simplified(new or edit.new), part=part, instead=instead or value)


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
