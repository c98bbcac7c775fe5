"""Wrong numbers traced back to edits of equations: where they go wrong by themselves, and by what change.

Each quantity that was handed in is made anew by its right equation, from what was handed in before it. One
that comes out as another is a root: the mistake lies in its own equation, or in one between it and what was
handed in. An edit explains a root where it makes the same numbers in every case, and keeps right what agrees.
What other roots there are is explained by further edits, each at its own place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numpy as np

from gradcheck.diagnosis.consequences import recompute
from gradcheck.diagnosis.constants import oddness
from gradcheck.diagnosis.evaluation import Basis, Evaluation, expression_of
from gradcheck.diagnosis.multiples import Multiples
from gradcheck.diagnosis.reach import Reach, selected
from gradcheck.diagnosis.sketch import Choices
from gradcheck.diagnosis.trial import Trial, fitted
from gradcheck.diagnosis.variants import Variants
from gradcheck.diagnosis.witness import Values, Witness, values_of
from gradcheck.edits.candidates import Candidates
from gradcheck.edits.edit import Edit, alike, behind, edited, is_repeated
from gradcheck.edits.explanation import Explanation
from gradcheck.edits.kinds import PLAINEST
from gradcheck.expr.named import Named
from gradcheck.expr.tree import Axes, Size, nodes
from gradcheck.network.backward import adjoint
from gradcheck.network.forward import as_named
from gradcheck.network.records import Network, named

BEAM = 6
"""With how many of the edits that explain one root others are tried."""
LIKELY = 60
"""How many edits are tried two by two behind one root."""
_OF_SUMS = ("last", "first", "missed", "entry", "assigned")
_OF_LINES = (*_OF_SUMS, "mean", "constant", "sign")
"""Kinds of edits that people make in one line after another; the first ones of nothing but sums."""
_LIKELY = ("term", "factor", "sign", "mean", "last", "first", "transposed", "before", "after")
MISTAKES = 2
"""How many different ones an answer is explained by."""
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
    changed: tuple[frozenset[str], ...] = ()
    """Of each case what equations read otherwise than it is right."""

    @property
    def rank(self) -> tuple[int, ...]:
        """How likely the edits are, the likeliest first: as few things left and changed as may be."""
        ranks = sorted((edit.rank for edit in self.edits), reverse=True)
        odd = sum(oddness(edit.constant) for edit in self.edits if edit.constant is not None)
        gained = sum(edit.gains_sign for edit in self.edits)
        return (len(self.roots), self.mistakes, len(self.edits), odd, *ranks, gained)

    @property
    def mistakes(self) -> int:
        """How many different ones: what is changed alike in several equations is one."""
        return len(alike(self.edits))


@dataclass
class Tracing:
    """The answers of one submission to one spec."""

    variants: Variants
    witnesses: Sequence[Witness]

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
    def misshapen(self) -> frozenset[str]:
        """What was handed in for every case, and in some case in a wrong shape."""
        handed_in = [frozenset(one.evidence.yours) for one in self.witnesses]
        everywhere = frozenset.intersection(*handed_in) if handed_in else frozenset[str]()
        return everywhere.difference(self.submitted)

    @cached_property
    def wrong(self) -> tuple[str, ...]:
        """What is wrong in any case of what was handed in for every one."""
        off = frozenset().union(*(one.evidence.wrong for one in self.witnesses))
        compared = {*self.submitted, *self.misshapen}
        return tuple(name for name in self.whole.equations if name in compared & off)

    @cached_property
    def basis(self) -> Basis:
        """What edits make of right numbers."""
        return self.variants.basis(self.submitted, self.misshapen)

    @property
    def reach(self) -> Reach:
        """What lies between the quantities that were handed in."""
        return self.basis.reach

    @cached_property
    def start(self) -> State:
        """Nothing explained."""
        return self._state(())

    def _state(self, edits: tuple[Edit, ...]) -> State:
        """What is left to be explained; what edits make is read where it was handed in."""
        network, layouts = edited(self.whole, edits), {edit.equation: edit.layout for edit in edits}
        affected = behind(network, layouts)
        unread = selected(network, network.equations.keys() - self.submitted)
        values, several, off = list[Values](), list[frozenset[str]](), set[str]()
        for one in self.witnesses:
            made = values_of(affected, one.true, one.lengths) or one.true
            wrong = {
                name: as_named(self.whole, name, one.evidence.yours[name], one.lengths)
                for name in self.submitted
                if (
                    not self._agrees(one, name, made[name])
                    if name in affected.equations
                    else name in one.evidence.wrong
                )
            }
            changed = {*wrong, *behind(unread, wrong).equations}
            part = selected(network, {*changed, *self.wrong})
            yours = {name: wrong.get(name, made[name]) for name in self.submitted}
            with np.errstate(all="ignore"):  # what is handed in may be as large as it likes
                by_equation = recompute(part, {**made, **wrong}, yours, one.lengths)
            hidden = {name: by_equation[name] for name in changed - wrong.keys()}
            values.append({**made, **hidden, **wrong})
            several.append(frozenset(changed | affected.equations.keys()))
            compared = {*self.wrong, *wrong}
            off.update(n for n in compared if not self._agrees(one, n, by_equation[n], layouts.get(n)))
        roots = tuple(name for name in self.whole.equations if name in off)
        return State(edits, tuple(values), roots, tuple(several))

    @cached_property
    def explanations(self) -> list[Explanation]:
        """What explains everything, the likeliest first.

        One edit; else one of the forward pass; else the same in several equations; else two, each of which
        may be made alike at several roots.
        """
        if not self.start.roots:  # right numbers in another shape
            return []
        found = self._first
        if whole := _whole(found):
            explained = self._beside_siblings(whole)
            return [*self._plainer(explained), *explained, *self._sources(explained)]
        if variants := self._variants():
            return variants
        while found and not _whole(found):
            further = (more for one in self._likeliest(found) for more in self._further(one))
            found = _ranked(state for state in further if state.mistakes <= MISTAKES)
        if whole := _whole(found):
            return self._beside_siblings(whole)
        return [*Multiples(self.variants, self.witnesses).explanations()] or _explanations(
            _whole(_ranked(self._by_two()))
        )

    @property
    def part(self) -> tuple[list[Explanation], tuple[str, ...], tuple[str, ...]]:
        """What explains the first root, the likeliest first; the roots that it explains, and those left."""
        found = [one for one in self._first if self.start.roots[0] not in one.roots]
        left = min(found, key=lambda state: state.rank).roots if found else self.start.roots
        explained = tuple(name for name in self.start.roots if name not in left)
        return _explanations(_ranked(one for one in found if one.roots == left)), explained, left

    def _likeliest(self, found: Sequence[State]) -> list[State]:
        """Those with which others are tried: some that explain most, and some that explain what is first.

        A slip made twice leaves more than one factor with its square, which leaves what lies between.
        """
        earliest = self.start.roots[0]
        first = [n for n, one in enumerate(found) if earliest not in one.roots]
        return [found[n] for n in sorted({*range(min(BEAM, len(found))), *first[:BEAM]})]

    @cached_property
    def _first(self) -> list[State]:
        """The states with one edit that explains a root, the likeliest first."""
        return _ranked(self._further(self.start))

    def _variants(self) -> list[Explanation]:
        """One edit of the forward pass, and the same in several gradients: the nearer one first."""
        forward, backward = (find(self.witnesses) for find in (self.variants.forward, self.variants.backward))
        is_nearer = forward and backward and backward[0].rank < forward[0].rank
        return [*backward, *forward] if is_nearer else [*forward, *backward]

    def _further(self, state: State) -> Iterator[State]:
        """The states in which one more edit explains a root more.

        What an equation makes of rounded numbers is off by more than they are: then it is tried what the
        edits make of right ones.
        """
        further = self._by_one(state)
        if all(one.evidence.decimals is None and not one.evidence.single for one in self.witnesses):
            return further
        anew = (self._state(one.edits) for one in further)
        return (one for one in anew if len(one.roots) < len(state.roots))

    def _by_two(self) -> Iterator[State]:
        """The states in which two likely edits explain a root, neither of which does so alone."""
        root = min(self.start.roots, key=lambda name: len(self.reach.sources(name)), default="")
        likely = self._likely(root) if root else []
        trial, order = self._trials(self.start)[0], list(self.whole.equations)
        names = sorted({edit.equation for edit in likely}, key=order.index)
        choices = {name: Choices.of([e for e in likely if e.equation == name]) for name in names}
        for first in likely:
            later = [choices[name] for name in names[names.index(first.equation) + 1 :]]
            possible = trial.possible_beside(first, later, root) if later else []
            both = trial.beside(first) if possible else None
            if both is not None:
                pairs = [(first, e) for e in likely if e in possible and both.makes(e, root)]
                yield from (state for pair in pairs if (state := self._with(self.start, *pair)))

    def _likely(self, root: str) -> list[Edit]:
        """The likeliest edits of what is hidden before a root, and of its own equation."""
        sources = [n for n in self.reach.sources(root) if n not in self.reach.looped]
        edits = [edit for name in sources for edit in self.candidates.of(name) if edit.kind in _LIKELY]
        return sorted(edits, key=lambda edit: (edit.unusual, edit.rank))[:LIKELY]

    def _beside_siblings(self, whole: Sequence[State]) -> list[Explanation]:
        """The explanations, with the one that has a slip in each of several lines and not in one before them.

        Nobody makes a delta of one example alone, and many a line overwrites its sum.
        """
        explained = _explanations(whole)
        for hidden in (edit for edit in whole[0].edits if edit.equation not in self.submitted):
            if siblings := self._siblings(whole[0], hidden):
                repeated = Explanation(siblings.edits)
                is_nearer = _are_nearer(siblings.edits[len(whole[0].edits) - 1 :], hidden)
                return [repeated, *explained] if is_nearer else [*explained, repeated]
        return explained

    def _siblings(self, likeliest: State, hidden: Edit) -> State | None:
        """The same slip in each of several quantities that were handed in, in the place of a hidden one."""
        rest = tuple(edit for edit in likeliest.edits if edit is not hidden)
        base = self._with(self.start, *rest) if rest else self.start
        if base is None or len(base.roots) < 2:
            return None
        first, *others = base.roots
        repeated = (
            self._repeated(one)
            for one in (self._further(base) if rest else self._first)
            if one.edits[-1].equation == first and one.edits[-1].kind in _OF_LINES
            if len(others) == 1 or not _is_plain(one.edits[-1])
        )
        return next((one for one in repeated if one and one.mistakes <= likeliest.mistakes), None)

    def _repeated(self, state: State) -> State | None:
        """The state with its last edit at all roots that are left; None where it does not explain them."""
        edit = state.edits[-1]
        while state.roots:
            further = (
                one
                for one in self._further(state)
                if one.edits[-1].equation in self.start.roots and is_repeated(one.edits[-1], edit)
            )
            if (more := next(further, None)) is None:
                return None
            state = more
        return state

    def _plainer(self, found: Sequence[Explanation]) -> list[Explanation]:
        """One likely slip in several equations, which looks like an odd constant in one before them."""
        if found[0].edits[0].kind != "constant":
            return []
        several = self.variants.backward(self.witnesses)
        return [one for one in several if one.rank < found[0].rank]

    def _sources(self, found: Sequence[Explanation]) -> list[Explanation]:
        """Edits of the forward equations that hand back what is wrong, which may be meant by an odd edit."""
        if found[0].edits[0].kind in PLAINEST:
            return []
        wrong = frozenset().union(*(one.at for one in found))
        read = {name for name in self.candidates.forward.layouts if adjoint(name) in wrong}
        forward = self.candidates.forward.equations.values()
        return self.variants.forward(self.witnesses, [e.name for e in forward if e.expression.reads & read])

    def _by_one(self, state: State) -> Iterator[State]:
        """The states in which one more edit explains a root more: any, and then the first that one can."""
        trials = self._trials(state)
        done = {edit.equation for edit in state.edits}
        for root in state.roots:
            found = [
                further
                for name in self.reach.sources(root)
                if name not in done
                for edit in self._edits_of(name, root, trials[0])
                for one in fitted(edit, root, trials)
                if (further := self._with(state, one)) is not None
            ]
            yield from found
            if found and state.edits:
                return

    def _trials(self, state: State) -> list[Trial]:
        """What is tried of more edits, in each case."""
        return [
            Trial(one, Evaluation(self.reach, one.lengths, values, state.edits, right=right, changed=changed))
            for one, values, changed in zip(self.witnesses, state.values, state.changed, strict=True)
            for right in [self.basis.right(one)]
        ]

    def _edits_of(self, name: str, root: str, trial: Trial) -> Sequence[Edit]:
        """The edits of an equation that may explain a root; of a wrong shape, axes in other orders, too."""
        if root not in self.misshapen:
            return trial.possible(self.variants.choices(name), root)
        if name != root:
            return ()
        right, layout = self.whole.equations[name].expression, named(self.whole.layouts[name])
        turned = (axes for axes in permutations(layout) if axes != layout)
        orders = [Edit(name, "transposed", right, right, layout=axes) for axes in turned]
        return (*orders, *(edit for edit in self.candidates.of(name) if edit.kind != "zero"))

    def _with(self, state: State, *more: Edit) -> State | None:
        """The state with more edits; None where they explain no root, or spoil what agreed."""
        edits = (*state.edits, *more)
        is_hidden = any(edit.equation not in self.reach.submitted for edit in more)
        network, readers = self.reach.after(*(edit.equation for edit in more))
        behind = network.equations.keys()
        network = edited(network, edits)
        left, values = set(state.roots) - readers, list[Values]()
        for one, mine in zip(self.witnesses, state.values, strict=True):
            known = values_of(network, mine, one.lengths) if is_hidden else mine
            if known is None:
                return None
            values.append(known)
            left.update(self._off(State(edits, (known,), ()), one, readers))
            if not left < set(state.roots):
                return None
        roots = tuple(name for name in state.roots if name in left)
        return State(edits, tuple(values), roots, tuple(changed | behind for changed in state.changed))

    def _off(self, state: State, one: Witness, names: Collection[str]) -> list[str]:
        """What is not as its equation makes it in a case."""
        (values,) = state.values
        compared = (n for n in names if n in self.submitted or n in self.misshapen)
        expressions = {n: expression_of(self.whole, state.edits, n) for n in compared}
        made = {name: one.value(expression, values) for name, expression in expressions.items()}
        layouts = {edit.equation: edit.layout for edit in state.edits}
        return [n for n, value in made.items() if not self._agrees(one, n, value, layouts.get(n))]

    def _agrees(self, one: Witness, name: str, value: Named | None, layout: Axes | None = None) -> bool:
        """Whether a quantity was handed in for a case with this value."""
        if name in self.misshapen:
            return one.agrees_in_order(self.whole, name, value, layout)
        return one.agrees(self.whole, name, value)


def _are_nearer(siblings: Sequence[Edit], hidden: Edit) -> bool:
    """Whether people rather make a slip in several lines than one in what is read there."""
    edit = siblings[-1]
    if hidden.kind in PLAINEST or edit.rank > hidden.rank:
        return False
    return edit.kind in _OF_SUMS or (len(siblings) == 2 and not _is_plain(edit))


def _is_plain(edit: Edit) -> bool:
    """Whether it is a number that has nothing to do with sizes."""
    return edit.constant is not None and not any(isinstance(e, Size) for e in nodes(edit.constant))


def _ranked(states: Iterable[State]) -> list[State]:
    return sorted(states, key=lambda state: state.rank)


def _explanations(states: Iterable[State]) -> list[Explanation]:
    return [Explanation(state.edits) for state in states]


def _whole(states: Sequence[State]) -> list[State]:
    """Those that leave nothing unexplained."""
    return [state for state in states if not state.roots]


def explanations(variants: Variants, witnesses: Sequence[Witness]) -> list[Explanation]:
    """What makes all the numbers, the likeliest first; looked for once for all who have the same numbers.

    It is looked for in the spec's own cases, and tried on any others.
    """
    known = [one for one in witnesses if one.evidence.number < variants.known]
    if not any(one.evidence.wrong for one in known):
        return []  # what is off is off by less than edits are told apart by
    at = tuple(one.evidence.digest for one in known)
    if at not in variants.answers:
        if len(variants.answers) >= REMEMBERED:
            variants.answers.clear()
        variants.answers[at] = Tracing(variants, known).explanations
    others = [one for one in witnesses if one not in known]
    return [found for found in variants.answers[at] if all(variants.makes(found, one) for one in others)]
