"""Wrong numbers traced back to edits of equations: where they go wrong by themselves, and by what change.

Each quantity that was handed in is made anew by its right equation, from what was handed in before it. One
that comes out as another is a root: the mistake lies in its own equation, or in one between it and what was
handed in. An edit explains a root where it makes the same numbers in every case, and keeps right what agrees.
What other roots there are is explained by further edits, each at its own place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.constants import Fit, fits
from gradcheck.diagnosis.variants import Variants
from gradcheck.diagnosis.witness import Values, Witness
from gradcheck.edits.candidates import FACTOR, Candidates
from gradcheck.edits.edit import Edit
from gradcheck.edits.explanation import Explanation
from gradcheck.edits.kinds import KINDS
from gradcheck.edits.rewrites import RATE
from gradcheck.expr.by_numpy import evaluate, remembered
from gradcheck.expr.named import Named, arranged
from gradcheck.expr.simplify import simplified
from gradcheck.expr.tree import ONE, ZERO, Expr, axis_of, substituted
from gradcheck.network.forward import laid, run
from gradcheck.network.graph import needed
from gradcheck.network.records import (
    Equation,
    Loop,
    Network,
    change_equations,
    equations_of,
    named,
    select_equations,
)

BEAM = 6
"""With how many of the edits that explain one root others are tried."""
LARGE = 1 << 20
"""How many numbers the effects of one quantity on another may be."""
REMEMBERED = 256
"""How many different wrong answers to a spec keep what explains them."""


@dataclass(frozen=True)
class State:
    """Some edits, and what is left to be explained with them."""

    edits: tuple[Edit, ...]
    values: tuple[Values, ...]
    """Of each case what equations read."""
    roots: tuple[str, ...]
    """What is wrong, and not because of what is wrong before it."""

    def expression(self, whole: Network, name: str) -> Expr:
        """A quantity's equation with the edits."""
        return next((e.new for e in self.edits if e.equation == name), whole.equations[name].expression)

    @property
    def rank(self) -> tuple[int, ...]:
        """How likely the edits are, the likeliest first: as few things left and changed as may be."""
        places = {edit.place for edit in self.edits}
        return (len(self.roots), len(places), *sorted((KINDS[e.kind].rank for e in self.edits), reverse=True))


class Trial:
    """What edits make in one case, beside some that are made already."""

    def __init__(self, tracing: Tracing, state: State, one: Witness, values: Values) -> None:
        """With what equations read in that case, `values`."""
        self.tracing, self.state, self.one, self.values = tracing, state, one, values
        self.memory: dict[Expr, Named] = {}
        """Expression -> its value: most of an edited equation is as before."""
        self._effects: dict[tuple[str, str], tuple[Array, Array]] = {}

    def makes(self, edit: Edit, root: str) -> bool:
        """Whether the edit makes the numbers that were handed in for a quantity."""
        array = self.array(edit.equation, edit.new, root)
        return array is not None and self.one.evidence.agrees(root, array)

    def fit(self, edit: Edit, root: str, unknown: str) -> Fit | None:
        """The constant that comes nearest, of which the root is a linear function."""
        still, moved = (
            self.array(edit.equation, substituted(edit.new, {unknown: number}), root)
            for number in (ZERO, ONE)
        )
        if still is None or moved is None:
            return None
        return Fit.of(self.one.evidence.yours[root] - still, moved - still)

    def array(self, name: str, new: Expr, root: str) -> Array | None:
        """What a quantity comes to where an equation before it, or its own, is this; None where none fits."""
        try:
            with np.errstate(all="ignore"):
                return self._array(name, new, root)
        except (ValueError, KeyError, IndexError):  # arrays that don't meet
            return None

    def _array(self, name: str, new: Expr, root: str) -> Array:
        whole, lengths = self.tracing.whole, self.one.lengths
        if name != root and (name in self.tracing.looped or self._is_large(name, root)):
            edit = Edit(name, "other", new, new)
            network = _changed(self.tracing.path(name, root), (*self.state.edits, edit))
            values = run(network, self.values, lengths)
            return laid(whole, root, evaluate(self.state.expression(whole, root), values, lengths), lengths)
        value = remembered(new, self.values, lengths, self.memory)
        if name == root:
            return laid(whole, root, value, lengths)
        still, moved = self._effect(name, root)
        array = arranged(value, named(whole.layouts[name]), lengths)
        return still + (array.ravel() @ moved).reshape(still.shape)

    def _is_large(self, name: str, root: str) -> bool:
        """Whether what each entry adds to a quantity takes too much room."""
        lengths = (self.one.lengths[axis_of(axis)] for axis in named(self.tracing.whole.layouts[name]))
        return prod(lengths) * self.one.evidence.true[root].size > LARGE

    def _effect(self, name: str, root: str) -> tuple[Array, Array]:
        """A quantity where another one is zero, and what a unit of each entry of that one adds to it.

        Gradients are linear in those that come before them on the way back.
        """
        if (name, root) not in self._effects:
            self._effects[name, root] = self._find_effect(name, root)
        return self._effects[name, root]

    def _find_effect(self, name: str, root: str) -> tuple[Array, Array]:
        whole, lengths = self.tracing.whole, self.one.lengths
        axes = named(whole.layouts[name])
        shape = [lengths[axis_of(axis)] for axis in axes]
        count = prod(shape)
        units = np.concatenate([np.zeros((1, count)), np.eye(count)]).reshape(count + 1, *shape)
        path = self.tracing.path(name, root)
        rest = _changed(_selected(path, path.equations.keys() - {name}), self.state.edits)
        values = run(rest, {**self.values, name: Named(units, ("*", *axes))}, lengths)
        made = evaluate(self.state.expression(whole, root), values, lengths)
        layout = named(whole.layouts[root])
        arrays = arranged(made, ("*", *layout), {**lengths, "*": count + 1})
        still = arrays[0].reshape(self.one.evidence.true[root].shape)
        return still, (arrays[1:] - arrays[0]).reshape(count, -1)


@dataclass
class Tracing:
    """The answers of one submission to one spec."""

    variants: Variants
    witnesses: Sequence[Witness]
    _between: dict[tuple[str, str], Network] = field(default_factory=dict)
    _behind: dict[frozenset[str], tuple[Network, frozenset[str]]] = field(default_factory=dict)

    @property
    def candidates(self) -> Candidates:
        """The edits of its equations."""
        return self.variants.candidates

    @property
    def whole(self) -> Network:
        """The network, and behind it its reverse pass."""
        return self.candidates.whole

    @cached_property
    def submitted(self) -> tuple[str, ...]:
        """What was handed in for every case, in the right shape, in the order in which it is made."""
        fitting = [one.evidence.yours.keys() - one.evidence.misshapen for one in self.witnesses]
        everywhere = set.intersection(*map(set, fitting)) if fitting else set()
        return tuple(name for name in self.whole.equations if name in everywhere)

    @cached_property
    def wrong(self) -> tuple[str, ...]:
        """What is wrong of it in any case."""
        off = frozenset().union(*(one.evidence.wrong for one in self.witnesses))
        return tuple(name for name in self.submitted if name in off)

    @cached_property
    def start(self) -> State:
        """Nothing explained."""
        hidden = _selected(self.whole, self.whole.equations.keys() - set(self.submitted))
        values = []
        for one in self.witnesses:
            yours = {name: self._handed_in(one, name) for name in self.wrong if name in one.evidence.wrong}
            known = {**one.true, **yours}
            values.append((one.run(hidden, known) or known) if yours else known)
        pairs = zip(self.witnesses, values, strict=True)
        off = {name for one, known in pairs for name in self._off(State((), (known,), ()), one, self.wrong)}
        return State((), tuple(values), tuple(name for name in self.wrong if name in off))

    def _handed_in(self, one: Witness, name: str) -> Named:
        axes = named(self.whole.layouts[name])
        return Named(one.evidence.yours[name].reshape([one.lengths[axis_of(a)] for a in axes]), axes)

    @cached_property
    def explanations(self) -> list[Explanation]:
        """What explains everything, the likeliest first.

        One edit; else one of the forward pass; else the same in several equations; else two.
        """
        found = _ranked(self._by_one(self.start))
        if explained := _whole(found):
            return _explanations(explained)
        if found_whole := self.variants.forward(self.witnesses) or self.variants.backward(self.witnesses):
            return found_whole
        return _explanations(_whole(_ranked(more for one in found[:BEAM] for more in self._by_one(one))))

    def _by_one(self, state: State) -> Iterator[State]:
        """The states in which one more edit explains a root more: the first that any edit explains."""
        pairs = zip(self.witnesses, state.values, strict=True)
        trials = [Trial(self, state, one, values) for one, values in pairs]
        done = {edit.equation for edit in state.edits}
        for root in state.roots:
            found = [
                further
                for name in self.sources(root)
                if name not in done
                for edit in self.candidates.of(name)
                for fitted in _fitted(edit, root, trials)
                if (further := self._with(state, (fitted,))) is not None
            ]
            if found:
                yield from found
                return

    def sources(self, name: str) -> list[str]:
        """The equations in which a mistake makes this quantity wrong: its own, and those of what it reads."""
        found, queue = [name], [name]
        while queue:
            reads = self.whole.equations[queue.pop(0)].expression.reads
            more = [n for n in self._backward if n in reads and n not in found and n not in self.submitted]
            found += more
            queue += more
        return found

    @cached_property
    def _backward(self) -> list[str]:
        """The equations of the reverse pass, the last first."""
        forward = self.candidates.forward.equations
        return [name for name in reversed(list(self.whole.equations)) if name not in forward]

    @cached_property
    def looped(self) -> frozenset[str]:
        """What is made in loops over times."""
        loops = (step for step in self.whole.steps if isinstance(step, Loop))
        return frozenset(equation.name for loop in loops for equation in loop.equations)

    def path(self, name: str, root: str) -> Network:
        """The equations that are not handed in from one quantity to another that reads them."""
        if (name, root) not in self._between:
            reads = self.whole.equations[root].expression.reads
            self._between[name, root] = needed(self._after(frozenset((name,)))[0], reads)
        return self._between[name, root]

    def _after(self, names: frozenset[str]) -> tuple[Network, frozenset[str]]:
        """What is made of quantities: equations that are not handed in, and what is that reads them."""
        if names not in self._behind:
            self._behind[names] = self._find_after(names)
        return self._behind[names]

    def _find_after(self, names: frozenset[str]) -> tuple[Network, frozenset[str]]:
        reached, readers = set(names), set[str]()
        for step in self.whole.steps:
            for equation in equations_of(step) * 2:  # of a loop each may read each
                if equation.expression.reads & reached:
                    (readers if equation.name in self.submitted else reached).add(equation.name)
        return _selected(self.whole, reached), frozenset(readers)

    def _with(self, state: State, more: tuple[Edit, ...]) -> State | None:
        """The state with more edits; None where they explain no root, or make something wrong that agreed."""
        edits = (*state.edits, *more)
        changed = frozenset(edit.equation for edit in more)
        readers = changed.intersection(self.submitted)
        hidden = changed - readers
        network, later = self._after(hidden) if hidden else (Network({}, ()), frozenset[str]())
        network, readers = _changed(network, edits), readers.union(later)
        left, values = set(state.roots) - readers, list[Values]()
        for one, mine in zip(self.witnesses, state.values, strict=True):
            known = one.run(network, mine) if hidden else mine
            if known is None:
                return None
            values.append(known)
            left.update(self._off(State(edits, (known,), ()), one, readers))
            if not left < set(state.roots):
                return None
        return State(edits, tuple(values), tuple(name for name in state.roots if name in left))

    def _off(self, state: State, one: Witness, names: Collection[str]) -> list[str]:
        """What is not as its equation makes it in a case."""
        (values,) = state.values
        made = ((n, one.value(state.expression(self.whole, n), values)) for n in self.submitted if n in names)
        return [name for name, value in made if not one.agrees(self.whole, name, value)]


def _with_constant(edit: Edit, unknown: str, value: Expr) -> Edit:
    new, part = (e if e is None else substituted(e, {unknown: value}) for e in (edit.new, edit.part))
    return replace(edit, new=simplified(new or edit.new), part=part, instead=value)


def _fitted(edit: Edit, root: str, trials: Sequence[Trial]) -> Iterator[Edit]:
    """The edit, with its constant if it has one, where it makes the root's numbers in every case."""
    unknown = next((name.text for name in (FACTOR, RATE) if name.text in edit.new.reads), None)
    if unknown is None:
        if all(trial.makes(edit, root) for trial in trials):
            yield edit
        return
    constants = [trial.fit(edit, root, unknown) for trial in trials[:1]]
    if constants[0] is None:
        return
    constants += [trial.fit(edit, root, unknown) for trial in trials[1:]]
    for value in fits(constants, [trial.one.lengths for trial in trials]):
        fitted = _with_constant(edit, unknown, value)
        if all(trial.makes(fitted, root) for trial in trials):
            yield fitted
            return


def _ranked(states: Iterable[State]) -> list[State]:
    return sorted(states, key=lambda state: state.rank)


def _explanations(states: Iterable[State]) -> list[Explanation]:
    return [Explanation(state.edits) for state in states]


def _whole(states: Sequence[State]) -> list[State]:
    """Those that leave nothing unexplained."""
    return [state for state in states if not state.roots]


def _changed(network: Network, edits: Sequence[Edit]) -> Network:
    """The equations with the edits of those that are among them."""
    new = {one.equation: one.new for one in edits}

    def change(e: Equation) -> Equation:
        return replace(e, expression=new[e.name]) if e.name in new else e

    return replace(network, steps=change_equations(network.steps, change))


def _selected(network: Network, names: Collection[str]) -> Network:
    """The network with the equations of these quantities alone."""
    steps = (select_equations(step, names) for step in network.steps)
    return replace(network, steps=tuple(step for step in steps if step))


def explanations(variants: Variants, witnesses: Sequence[Witness]) -> list[Explanation]:
    """What makes all the numbers, the likeliest first; looked for once for all who have the same numbers.

    It is looked for in the spec's own cases, and tried on any others.
    """
    known = [one for one in witnesses if one.evidence.number < variants.known]
    at = tuple(one.evidence.digest for one in known)
    if at not in variants.found:
        if len(variants.found) >= REMEMBERED:
            variants.found.clear()
        variants.found[at] = Tracing(variants, known).explanations if known else []
    others = [one for one in witnesses if one not in known]
    return [found for found in variants.found[at] if all(variants.makes(found, one) for one in others)]
