"""What edits of equations make in one case, worked out with what is known already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.reach import Reach, selected
from gradcheck.diagnosis.sketch import Choices, sketches_of, weights
from gradcheck.diagnosis.witness import Values, Witness, values_of
from gradcheck.edits.edit import Edit, edited
from gradcheck.expr.by_numpy import evaluate, remembered
from gradcheck.expr.named import Lengths, Named, arranged
from gradcheck.expr.tree import Expr, axis_of
from gradcheck.network.copies import COPIES, Copies
from gradcheck.network.forward import laid, run
from gradcheck.network.records import Network, named

LARGE = 1 << 20
"""How many numbers the effects of one quantity on another may be, or what all edits of one equation make."""
NOTHING = np.full(2, np.nan)
"""The sketch of what can't be made."""
ROOM, ENTRY = 8 << 20, 400
"""Bytes that the values of expressions may take, and about how many each takes beside them."""


def expression_of(whole: Network, edits: Sequence[Edit], name: str) -> Expr:
    """A quantity's equation with the edits."""
    return next((e.new for e in edits if e.equation == name), whole.equations[name].expression)


class Evaluation:
    """What edits make in one case, beside some that are made already.

    `values` are what equations read there. What reads nothing that is `changed` is as in the evaluation
    `right`, if there is one, that serves all who hand in the same quantities. Where the edits are of
    equations before all others that are tried, these have the effects that they have `alone`.
    """

    def __init__(
        self,
        reach: Reach,
        lengths: Lengths,
        values: Values,
        edits: Sequence[Edit] = (),
        *,
        right: Evaluation | None = None,
        changed: Collection[str] = (),
        alone: Evaluation | None = None,
    ) -> None:
        self.reach, self.lengths, self.values, self.edits = reach, lengths, values, edits
        self.right, self.changed, self.alone = right, changed, alone
        self.memory: Memory = Memory(None if right is None else right.memory, changed)
        self._rerun_values: dict[tuple[str, Expr], Values | None] = {}
        self._effects: dict[tuple[str, str], tuple[Array, Array]] = {}
        self._matrices: dict[str, Array] = {}
        self._sketches: dict[tuple[str, str], Array] = {}
        self._pairs: dict[tuple[Edit, str], Sequence[Array]] = {}
        self._as_right: dict[tuple[str, str], bool] = {}

    def array(self, name: str, new: Expr, root: str) -> Array | None:
        """What a quantity comes to where an equation before it, or its own, is this; None where none fits."""
        try:
            with np.errstate(all="ignore"):
                return self._array(name, new, root)
        except (ValueError, KeyError, IndexError):  # arrays that don't meet
            return None

    def _array(self, name: str, new: Expr, root: str) -> Array:
        if self._is_rerun(name, root):
            values = self._rerun(name, new)
            expression = expression_of(self.reach.whole, self.edits, root)
            return self._laid(root, evaluate(expression, values, self.lengths))
        value = remembered(new, self.values, self.lengths, self.memory)
        if name == root:
            return self._laid(root, value)
        still, moved = self._effect(name, root)
        return still + (self._flat(name, value) @ moved).reshape(still.shape)

    def _laid(self, name: str, value: Named) -> Array:
        return laid(self.reach.whole, name, value, self.lengths)

    def _flat(self, name: str, value: Named) -> Array:
        return arranged(value, named(self.reach.whole.layouts[name]), self.lengths).ravel()

    def _size(self, name: str) -> int:
        return prod(self.lengths[axis_of(axis)] for axis in named(self.reach.whole.layouts[name]))

    def _is_rerun(self, name: str, root: str) -> bool:
        """Whether equations are run again: in loops, and where what each entry adds takes too much room."""
        return name != root and (name in self.reach.looped or self._size(name) * self._size(root) > LARGE)

    def _rerun(self, name: str, new: Expr) -> Values:
        """What all equations behind an edited one make, once for all roots."""
        if (name, new) not in self._rerun_values:
            network = edited(self.reach.after(name)[0], (*self.edits, Edit(name, "other", new, new)))
            self._rerun_values[name, new] = values_of(network, self.values, self.lengths)
        values = self._rerun_values[name, new]
        if values is None:
            raise ValueError(f"the axes of {name} don't meet")
        return values

    def _effect(self, name: str, root: str) -> tuple[Array, Array]:
        """A quantity where another one is zero, and what a unit of each entry of that one adds to it.

        Gradients are linear in those that come before them on the way back.
        """
        if self._is_right(name, root):
            return self._right._effect(name, root)
        if (name, root) not in self._effects:
            self._effects[name, root] = self._find_effect(name, root)
        return self._effects[name, root]

    def _find_effect(self, name: str, root: str) -> tuple[Array, Array]:
        whole, lengths = self.reach.whole, self.lengths
        axes = named(whole.layouts[name])
        if self.alone is not None:
            moved = self.alone._effect(name, root)[1]
            whole_of = expression_of(whole, self.edits, root)
            known = self._laid(root, remembered(whole_of, self.values, lengths, self.memory))
            mine = self._flat(name, self.values[name]) @ moved
            return known - mine.reshape(known.shape), moved
        shape = [lengths[axis_of(axis)] for axis in axes]
        count = prod(shape)
        units = np.concatenate([np.zeros((1, count)), np.eye(count)]).reshape(count + 1, *shape)
        path = self.reach.path(name, root)
        rest = edited(selected(path, path.equations.keys() - {name}), self.edits)
        values = run(rest, {**self.values, name: Named(units, (COPIES, *axes))}, lengths)
        made = evaluate(expression_of(whole, self.edits, root), values, lengths)
        layout = named(whole.layouts[root])
        arrays = arranged(made, (COPIES, *layout), {**lengths, COPIES: count + 1})
        still = self._laid(root, Named(arrays[0], layout))
        return still, (arrays[1:] - arrays[0]).reshape(count, -1)

    def sketches(self, name: str, root: str, choices: Choices) -> Array:
        """A root's, of each expression in an equation's place: [expressions, 2]; NaN where none fits."""
        if (name, root) not in self._sketches:
            with np.errstate(all="ignore"):
                if self._is_rerun(name, root):
                    self._sketches |= self._find_by_running(name, choices)
                elif self._is_right(name, root) and not self._others(choices):
                    return self._right.sketches(name, root, choices)
                else:
                    self._sketches[name, root] = self._find_sketches(name, root, choices)
        return self._sketches[name, root]

    def beside(self, first: Edit) -> Evaluation | None:
        """The evaluation of edits of later equations with another edit; None where arrays don't meet."""
        network, _ = self.reach.after(first.equation)
        values = values_of(edited(network, (first,)), self.values, self.lengths)
        if values is None:
            return None
        return Evaluation(self.reach, self.lengths, values, (first,), alone=self)

    def sketches_beside(self, first: Edit, several: Sequence[Choices], root: str) -> Sequence[Array]:
        """The same of several equations' expressions, beside another edit."""
        if self.right is not None and self._is_beside_right(first, several, root):
            return self.right.sketches_beside(first, several, root)
        if (first, root) not in self._pairs:
            both = self.beside(first)
            self._pairs[first, root] = [
                np.full((len(one.expressions), 2), np.nan)
                if both is None
                else both.sketches(one.edits[0].equation, root, one)
                for one in several
            ]
        return self._pairs[first, root]

    def _is_beside_right(self, first: Edit, several: Sequence[Choices], root: str) -> bool:
        """Whether nothing is changed that is read where two edits are made."""
        equations = self.reach.whole.equations
        sources = (equations[name].expression for name in self.reach.sources(root))
        edits = (first.new, *(new for one in several for new in one.expressions))
        return all(e.reads.isdisjoint(self.changed) for e in (*sources, *edits))

    def _find_sketches(self, name: str, root: str, choices: Choices) -> Array:
        vectors = weights(self._size(root))
        if name == root:
            return self._products(name, choices, vectors)
        try:
            still, moved = self._effect(name, root)
        except (ValueError, KeyError, IndexError):  # other edits have left arrays that don't meet
            return np.full((len(choices.expressions), 2), np.nan)
        return still.ravel() @ vectors + self._products(name, choices, moved @ vectors)

    def _products(self, name: str, choices: Choices, vectors: Array) -> Array:
        """What all expressions make of a quantity, times some vectors."""
        if len(choices.expressions) * self._size(name) <= LARGE:
            return self._matrix(name, choices) @ vectors
        return np.array([self._row(name, e) @ vectors for e in choices.expressions])

    def _matrix(self, name: str, choices: Choices) -> Array:
        """What all expressions make of a quantity, one a row."""
        if name not in self._matrices:
            matrix: Array = np.empty((len(choices.expressions), self._size(name)))
            if self.right is not None:
                matrix[:] = self.right._matrix(name, choices)
            for n in self._others(choices):
                matrix[n] = self._row(name, choices.expressions[n])
            if not self.memory.takes(matrix.nbytes):
                return matrix
            self._matrices[name] = matrix
        return self._matrices[name]

    def _row(self, name: str, expression: Expr) -> Array:
        """What an expression makes of a quantity; NaN where arrays don't meet."""
        try:
            return self._flat(name, remembered(expression, self.values, self.lengths, self.memory))
        except (ValueError, KeyError, IndexError):
            return np.full(self._size(name), np.nan)

    def _find_by_running(self, name: str, choices: Choices) -> dict[tuple[str, str], Array]:
        """The sketches of all roots that are run again for an edit of an equation."""
        network, readers = self.reach.after(name)
        roots = [root for root in readers if self._is_rerun(name, root)]
        right = [root for root in roots if self._is_right(name, root)]
        found = {
            (name, root): self._right.sketches(name, root, choices).copy()
            if root in right
            else np.full((len(choices.expressions), 2), np.nan)
            for root in roots
        }
        others = set(self._others(choices))
        rows = [n for n in range(len(choices.expressions)) if n in others or len(right) < len(roots)]
        count = max(1, LARGE // sum(map(self._size, (*network.equations, *roots)), 1))
        for part in ([*rows[n : n + count]] for n in range(0, len(rows), count)):
            several = [choices.expressions[n] for n in part]
            copies = Copies(self.values, self.lengths, len(part), {name: dict(enumerate(several))})
            copies.run(edited(network, self.edits))
            for root in roots:
                made = evaluate(
                    expression_of(self.reach.whole, self.edits, root), copies.values, self.lengths
                )
                sketches = sketches_of(made, self.reach.whole.layouts[root], copies)
                sketches[[*copies.failed]] = np.nan
                for n in copies.unfit:
                    sketches[n] = self._sketch(name, several[n], root)
                due = [n for n, row in enumerate(part) if root not in right or row in others]
                found[name, root][[part[n] for n in due]] = sketches[due]
        return found

    def _sketch(self, name: str, new: Expr, root: str) -> Array:
        """A root's, of one expression in an equation's place."""
        array = self.array(name, new, root)
        return NOTHING if array is None else array.ravel() @ weights(array.size)

    def _others(self, choices: Choices) -> list[int]:
        """The places of the expressions whose values are not those of the evaluation of what is right."""
        several = enumerate(choices.expressions)
        return [n for n, e in several if self.right is None or not e.reads.isdisjoint(self.changed)]

    def _is_right(self, name: str, root: str) -> bool:
        """Whether all that a root is made of, but for one equation, is as where all is right."""
        if self.right is None:
            return False
        if (name, root) not in self._as_right:
            path = self.reach.after(name)[0] if self._is_rerun(name, root) else self.reach.path(name, root)
            between = {**path.equations, root: self.reach.whole.equations[root]}
            between.pop(name, None)
            read = frozenset().union(*(e.expression.reads for e in between.values()))
            is_edited = any(edit.equation in between for edit in self.edits)
            changed = read.difference(between, (name,)).intersection(self.changed)
            self._as_right[name, root] = name == root or (not is_edited and not changed)
        return self._as_right[name, root]

    @property
    def _right(self) -> Evaluation:
        assert self.right is not None
        return self.right


@dataclass
class Basis:
    """What edits make of right numbers: the same for all answers that hand in the same quantities."""

    reach: Reach
    known: int
    """How many cases the spec has; those behind them are fresh, with other numbers for every submission."""
    _evaluations: dict[int, Evaluation] = field(default_factory=dict)

    def right(self, one: Witness) -> Evaluation:
        """What they make in a case."""
        number = one.evidence.number
        evaluation = self._evaluations.get(number)
        if evaluation is None or (number >= self.known and evaluation.values is not one.true):
            evaluation = self._evaluations[number] = Evaluation(self.reach, one.lengths, one.true)
        return evaluation


class Memory(dict[Expr, Named]):
    """Expression -> its value: most of an edited equation is as before. It has room for so many bytes.

    What reads nothing that is changed is remembered by another memory, if there is one.
    """

    def __init__(self, right: Memory | None, changed: Collection[str]) -> None:
        super().__init__()
        self._right, self._changed, self._room = right, changed, ROOM

    def get(self, key: Expr, default: None = None) -> Named | None:  # type: ignore[override]
        """The value, if it is remembered."""
        if self._right is not None and key.reads.isdisjoint(self._changed):
            return self._right.get(key)
        return super().get(key)

    def __setitem__(self, key: Expr, value: Named) -> None:
        if self._right is not None and key.reads.isdisjoint(self._changed):
            self._right[key] = value
        elif self.takes(np.asarray(value.array).nbytes):
            super().__setitem__(key, value)

    def takes(self, size: int) -> bool:
        """Whether there was room for something of so many bytes, which there now is less of."""
        self._room -= ENTRY + size
        return self._room > 0
