"""What many variants of a network make in one case, all at once, as sketches: most are left out by these.

A variant of the forward pass changes numbers everywhere; its reverse pass is that of the right network but
for what the edited equations hand back, which is worked out in numbers (`expr/pullback.py`). What can't be
worked out so may be anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array
from gradcheck.diagnosis.reach import selected
from gradcheck.diagnosis.sketch import multiples, near, sketches_of
from gradcheck.diagnosis.witness import Values, Witness
from gradcheck.edits.edit import Edit, behind, by_equation
from gradcheck.edits.explanation import Explanation, Pass
from gradcheck.expr.named import Lengths, Named, arranged
from gradcheck.expr.operation import Moving
from gradcheck.expr.pullback import Pullback
from gradcheck.expr.simplify import terms
from gradcheck.expr.tree import Apply, Axes, Expr, Name, axis_of
from gradcheck.network.backward import adjoint, title
from gradcheck.network.copies import COPIES, Copies, Copy
from gradcheck.network.graph import needed
from gradcheck.network.records import Equation, Loop, Network, change_equations, equations_of, named

NUMBERS = 1 << 20
"""How many numbers copies may have at once."""


@dataclass(frozen=True, eq=False)
class Screen:
    """Explanations, and what each makes of what is asked for."""

    explanations: Sequence[Explanation]
    sketches: Mapping[str, Array]
    """Quantity -> [explanations, 2]."""
    unknown: Mapping[str, NDArray[np.bool_]]
    """Quantity -> [explanations], where it may be anything."""

    def possible(self, one: Witness) -> list[Explanation]:
        """Those that may make what was handed in for the case."""
        evidence, may = one.evidence, np.ones(len(self.explanations), bool)
        for name in evidence.yours.keys() & self.sketches.keys() - evidence.misshapen:
            agree = near(self.sketches[name], evidence.yours[name], evidence.widest(name))
            may &= agree | self.unknown[name]
        return self._chosen(may)

    def proportional(self, one: Witness, names: Collection[str]) -> list[Explanation]:
        """Those that may make one multiple of what was handed in of these quantities."""
        evidence, may = one.evidence, np.ones(len(self.explanations), bool)
        constants = np.full(len(self.explanations), np.nan)
        for name in sorted(names & self.sketches.keys()):
            several, yours = self.sketches[name], evidence.yours[name]
            unseen = np.isnan(constants)
            constants[unseen] = multiples(several[unseen], yours, evidence.widest(name))
            agree = near(several * constants[:, None], yours, evidence.widest(name))
            may &= agree | np.isnan(constants) | self.unknown[name]
        return self._chosen(may)

    def _chosen(self, may: NDArray[np.bool_]) -> list[Explanation]:
        return [one for one, is_possible in zip(self.explanations, may, strict=True) if is_possible]


@dataclass(frozen=True)
class Unknown(Moving):
    """An equation that hands back what is worked out elsewhere, under names of its own."""

    equation: str

    def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
        """The names."""
        return tuple(
            Name(_back(self.equation, a.text), a.axes) for a in node.arguments if isinstance(a, Name)
        )


def _back(equation: str, name: str) -> str:
    """What a quantity gets of an equation."""
    return f"{equation} to {name}"


@dataclass
class Screening:
    """One case of a spec in which variants are made."""

    forward: Network
    whole: Network
    derived: Network
    """The reverse pass as it is derived."""
    reverse: Callable[[Network], Network]
    asked: Set[str]
    values: Values
    lengths: Lengths

    def screen(self, explanations: Sequence[Explanation]) -> Screen:
        """What they all make."""
        sketches = {name: np.full((len(explanations), 2), np.nan) for name in self.asked}
        unknown = {name: np.zeros(len(explanations), bool) for name in self.asked}
        kinds: dict[tuple[Pass, frozenset[str]], list[int]] = {}
        for n, one in enumerate(explanations):
            together = frozenset[str]() if one.where is Pass.BACKWARD else one.at
            kinds.setdefault((one.where, together), []).append(n)
        for (where, _), several in kinds.items():
            for part in self._parts(several):
                edits = [explanations[n].edits for n in part]
                made, beyond = self._made(where, edits)
                for name in self.asked:
                    sketches[name][part] = self._sketches(name, made)
                failed = {n for n in made.failed if self._is_needed(edits[n])}
                unfit = (made.unfit | made.failed) - failed
                for name in self.asked:
                    unknown[name][part] = [
                        n not in failed and (name in beyond or n in unfit) for n in range(len(part))
                    ]
                    sketches[name][[part[n] for n in failed]] = np.nan
        return Screen(explanations, sketches, unknown)

    def _is_needed(self, edits: Sequence[Edit]) -> bool:
        """Whether a variant is worked out with the value of an edited equation: of several, who knows."""
        return len(edits) == 1 and edits[0].equation in self._needed

    @cached_property
    def _needed(self) -> Set[str]:
        """What is read where the equations are right, for what is asked."""
        networks = (self.whole, Network({}, (*self.forward.steps, *self.derived.steps)))
        return frozenset.intersection(*(frozenset(needed(one, self.asked).equations) for one in networks))

    def _parts(self, several: Sequence[int]) -> Iterator[list[int]]:
        """As many at a time as there is room for."""
        layouts = self.whole.layouts.values()
        size = sum(prod(self.lengths[axis_of(axis)] for axis in named(layout)) for layout in layouts)
        count = max(1, NUMBERS // size)
        return ([*several[n : n + count]] for n in range(0, len(several), count))

    def _sketches(self, name: str, made: Copies) -> Array:
        try:
            return sketches_of(made.values[name], self.whole.layouts[name], made)
        except ValueError:  # axes that it should not have
            made.unfit |= {*range(made.count)}
            return np.full((made.count, 2), np.nan)

    def _made(self, where: Pass, several: Sequence[Sequence[Edit]]) -> tuple[Copies, Collection[str]]:
        """What variants make, with edits in the equations of the same quantities, and what is not known."""
        others = by_equation(several)
        copies = Copies(self.values, self.lengths, len(several), others)
        for n, edits in enumerate(several):
            if where is not Pass.BACKWARD and any(set(e.new.axes) != set(e.old.axes) for e in edits):
                copies.unfit.add(n)
        if where is Pass.BACKWARD:
            copies.run(needed(self.whole, [name for name in self.asked if name in self.whole.equations]))
            return copies, ()
        copies.run(behind(self.forward, others))
        if where is Pass.FORWARD_ALONE:
            copies.run(needed(self.derived, [name for name in self.asked if name in self.derived.equations]))
            return copies, ()
        if any(e.name in others for s in self.forward.steps if isinstance(s, Loop) for e in s.equations):
            return copies, self._run_before(copies, others)
        absent = Return(self, copies, others).run()
        for name in absent.keys() & self.asked & self.values.keys():
            self._put_zeros(copies, name, absent[name])
        return copies, ()

    def _put_zeros(self, copies: Copies, name: str, where: Collection[int]) -> None:
        """Put zeros for a quantity into some copies, in which nothing comes back to it."""
        axes, lengths = named(self.whole.layouts[name]), {**self.lengths, COPIES: copies.count}
        array = np.array(arranged(copies.values[name], (COPIES, *axes), lengths))
        array[[*where]] = 0.0
        copies.values[name] = Named(array, (COPIES, *axes))

    def _run_before(self, copies: Copies, others: Iterable[str]) -> Collection[str]:
        """Run what is before equations hand back; what is behind that is returned."""
        equations = self.forward.equations
        back = {adjoint(name) for other in others for name in equations[other].expression.reads}
        affected = behind(self.derived, back & self.derived.equations.keys()).equations.keys()
        network = needed(self.derived, [name for name in self.asked if name in self.derived.equations])
        copies.run(selected(network, network.equations.keys() - affected))
        return affected


class Return:
    """The reverse pass of copies in which equations of the forward pass are others."""

    def __init__(self, case: Screening, copies: Copies, others: Mapping[str, Mapping[int, Expr]]) -> None:
        self.case, self.copies, self.others = case, copies, others
        quantity = case.forward.quantity
        self.reads = {
            q: [quantity(name) for name in case.forward.layouts if any(name in e.reads for e in new.values())]
            for q, new in others.items()
        }
        self.due: dict[str, str] = {}
        """The adjoint of each of the others -> what it is of."""
        self.given: set[tuple[int, str, str]] = set()
        """(a copy, an edited equation, a quantity that gets something back of it there)."""

    def run(self) -> dict[str, set[int]]:
        """Add its numbers to those of the copies; gradient -> the copies in which there is none."""
        network = self.case.reverse(replace(self.case.forward, steps=self._unknown()))
        self.due = {title(q, network.given): q for q in self.others}
        network = needed(network, [n for n in {*self.case.asked, *self.due} if n in network.equations])
        for q in (q for name, q in self.due.items() if name not in network.equations):
            self._hand_back(q, self._plain(q))
        for step in network.steps:
            self.copies.run(Network({}, (step,)))
            if isinstance(step, Equation) and step.name in self.due:
                self._hand_back(self.due[step.name], self.copies.values[step.name])
        return self._absent(network)

    def _unknown(self) -> tuple[Equation | Loop, ...]:
        def equation(e: Equation) -> Equation:
            if e.name not in self.others:
                return e
            return replace(e, expression=Apply(Unknown(e.name), tuple(self.reads[e.name])))

        return change_equations(self.case.forward.steps, equation)

    def _plain(self, q: str) -> Named | None:
        """What is handed on where there is no equation of it: what is given, or 1; None of what isn't."""
        given = self.copies.values.get(adjoint(q))
        if given is not None:
            return given
        return Named(np.ones(()), ()) if q == "J" else None

    def _hand_back(self, q: str, g: Named | None) -> None:
        copies, names = self.copies, self.reads[q]
        arrays = {name.text: np.zeros(self._shape(name.axes)) for name in names}
        everywhere = Pullback(copies.values, copies.lengths, {})
        for n, new in self.others[q].items():
            if g is None or n in copies.unfit | copies.failed:
                continue
            is_plain = COPIES not in g.axes and new.reads.isdisjoint(copies.changed)
            own = Copy({**copies.values, "": g}, n)
            pullback = everywhere if is_plain else Pullback(own, copies.lengths, {})
            try:
                for to, term in pullback.of(new, g if is_plain else own[""]).items():
                    arrays[to][n] = arranged(term, self._axes(to), copies.lengths)
                    self.given.add((n, q, to))
            except (ValueError, KeyError, IndexError, NotImplementedError):
                copies.unfit.add(n)
        for name in names:
            at = _back(q, name.text)
            copies.values[at] = Named(arrays[name.text], (COPIES, *name.axes))
            copies.changed.add(at)

    def _axes(self, name: str) -> Axes:
        return self.case.forward.quantity(name).axes

    def _shape(self, axes: Axes) -> tuple[int, ...]:
        return self.copies.count, *(self.copies.lengths[axis_of(axis)] for axis in axes)

    def _absent(self, network: Network) -> dict[str, set[int]]:
        """Gradient -> the copies in which nothing comes back, so that there is none."""
        none = {
            _back(q, name.text): self._without(q, name.text) for q in self.reads for name in self.reads[q]
        }
        absent = {name: copies for name, copies in none.items() if copies}
        for step in network.steps:
            for equation in equations_of(step):
                several = [
                    set[int]().union(*(absent.get(name, ()) for name in term.reads))
                    for term in terms(equation.expression)
                ]
                copies = set.intersection(*several)
                if isinstance(step, Loop):  # its equations may hand back to each other alone
                    self.copies.unfit |= set[int]().union(*several)
                elif copies:
                    absent[equation.name] = copies
                    q = self.due.get(equation.name, "")
                    for back in (_back(q, name.text) for name in self.reads.get(q, ())):
                        absent[back] = absent.get(back, set()) | copies
        return absent

    def _without(self, q: str, name: str) -> set[int]:
        return {n for n in range(self.copies.count) if (n, q, name) not in self.given}
