"""Other networks that people have in mind: an edit of the forward pass, or one edit in several equations.

What such a network makes of a case depends on no submission, so it is worked out once for a spec, where it
is asked for. A mistake on the way forward leaves the equations of the reverse pass as they are down to those
that its own equation hands back: these are tried first, so that few reverse passes are derived anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from gradcheck.arrays import Array
from gradcheck.diagnosis.evaluation import Basis
from gradcheck.diagnosis.reach import Reach
from gradcheck.diagnosis.screen import Screen, Screening
from gradcheck.diagnosis.sketch import Choices
from gradcheck.diagnosis.witness import Values, Witness, numbers
from gradcheck.edits.candidates import Candidates
from gradcheck.edits.edit import Edit, behind, edited, retyped
from gradcheck.edits.explanation import Explanation, Pass
from gradcheck.edits.kinds import KINDS
from gradcheck.edits.objectives import is_of_function, other_losses
from gradcheck.expr.errors import ExprError
from gradcheck.expr.tree import ZERO
from gradcheck.network.graph import needed
from gradcheck.network.records import Equation, Network

Numbers = Mapping[str, Array]

ROOM, ENTRY = 16 << 20, 400
"""Bytes that the numbers of variants may take, and about how many each takes beside them."""

BASES = 4
"""For how many sets of quantities that are handed in it is kept what edits make of right numbers."""


@dataclass
class Variants:
    """The variants of one spec's network."""

    candidates: Candidates
    asked: Sequence[str]
    """What may be handed in."""
    known: int
    """How many cases are the spec's own: what variants make of these is remembered."""
    answers: dict[tuple[object, ...], list[Explanation]] = field(default_factory=dict)
    """Digest of an answer that there was -> what explains it."""
    _bases: dict[tuple[frozenset[str], ...], Basis] = field(default_factory=dict)
    _choices: dict[str, Choices] = field(default_factory=dict)
    _networks: dict[Explanation, Network | None] = field(default_factory=dict)
    _numbers: dict[tuple[Explanation, int], Numbers | None] = field(default_factory=dict)
    _screens: dict[tuple[str, int], Screen] = field(default_factory=dict)
    _room: int = ROOM

    def basis(self, submitted: Collection[str], misshapen: Collection[str]) -> Basis:
        """What edits make of right numbers where these quantities are handed in."""
        at = frozenset(submitted), frozenset(misshapen)
        if at not in self._bases:
            if len(self._bases) >= BASES:
                self._bases.clear()
            whole, forward = self.candidates.whole, self.candidates.forward.equations
            gradients = [name for name in whole.equations if name not in forward]
            self._bases[at] = Basis(Reach(whole, gradients, at[0] | at[1], at[1]), self.known)
        return self._bases[at]

    def choices(self, name: str) -> Choices:
        """The edits of an equation, as they are looked through."""
        if name not in self._choices:
            self._choices[name] = Choices.of(self.candidates.of(name))
        return self._choices[name]

    def forward(self, witnesses: Sequence[Witness], of: Collection[str] = ()) -> list[Explanation]:
        """The edits of the forward pass that make all numbers, with either reverse pass.

        `of` are the only equations that are tried, if there are any.
        """
        possible = self._screen("forward", self._forward_explanations, witnesses[0]).possible(witnesses[0])
        found = [e for e in possible if not of or e.edits[0].equation in of]
        made = [e for e in found if all(self.makes(e, one) for one in witnesses)]
        return sorted(made, key=lambda e: (*_rank(e), *self._distance(e)))

    def _distance(self, explanation: Explanation) -> tuple[bool, int]:
        """Of a sign, whether it is gained, and how far from the loss, which has terms of either sign."""
        edit, order = explanation.edits[0], list(self.candidates.forward.equations)
        is_sign = edit.kind == "sign"
        return edit.gains_sign, len(order) - order.index(edit.equation) if is_sign else 0

    def _screen(self, name: str, several: Sequence[Explanation], one: Witness) -> Screen:
        """Some explanations, and what they make of a case; remembered of the spec's own."""
        at = name, one.evidence.number
        if at in self._screens:
            return self._screens[at]
        c = self.candidates
        networks = c.forward, c.whole, c.derived
        asked = frozenset(self.asked) & c.whole.layouts.keys()  # not ∂a/∂z alone, which no equation makes
        screen = Screening(*networks, c.reverse, asked, one.true, one.lengths).screen(several)
        if one.evidence.number < self.known:
            self._screens[at] = screen
        return screen

    def _passes(self, edits: tuple[Edit, ...]) -> Sequence[Pass]:
        """With which reverse passes edits change anything that is asked for."""
        is_read = not self._read.keys().isdisjoint(edit.equation for edit in edits)
        return (Pass.FORWARD, Pass.FORWARD_ALONE) if is_read else (Pass.FORWARD,)

    def backward(self, witnesses: Sequence[Witness]) -> list[Explanation]:
        """The edits of several equations of the reverse pass that do."""
        screen = self._screen("backward", [*map(Explanation, self._backward)], witnesses[0])
        several = screen.possible(witnesses[0])
        return sorted((e for e in several if all(self.makes(e, one) for one in witnesses)), key=_rank)

    @cached_property
    def _backward(self) -> list[tuple[Edit, ...]]:
        """The groups of edits, of what may be handed in or is read for it."""
        groups = (tuple(e for e in group if e.equation in self._read) for group in self.candidates.groups)
        throughout = (g for g in self.candidates.throughout if any(e.equation in self._read for e in g))
        return list(dict.fromkeys((*filter(None, groups), *throughout)))

    @cached_property
    def _read(self) -> Mapping[str, Equation]:
        """The equations of what may be handed in, and of what is read for it."""
        whole = self.candidates.whole
        return needed(whole, [name for name in self.asked if name in whole.equations]).equations

    @cached_property
    def _forward_explanations(self) -> list[Explanation]:
        return [Explanation(edits, where) for edits in self._forward for where in self._passes(edits)]

    @cached_property
    def _with_losses(self) -> list[Explanation]:
        """Other functions of layers, each with another loss: both change as the task is taken for another."""
        losses = other_losses(self.candidates)
        functions = [edits for edits in self._forward if all(map(is_of_function, edits))]
        return [Explanation((*edits, loss), Pass.FORWARD) for edits in functions for loss in losses]

    @cached_property
    def _forward(self) -> list[tuple[Edit, ...]]:
        """Edits of equations of the forward pass on which something depends that may be handed in."""
        forward = self.candidates.forward
        read = {n for e in self.candidates.whole.equations.values() for n in e.expression.reads}
        ends = [name for name in forward.equations if name in read or name in self.asked or name == "J"]
        single = [(edit,) for name in needed(forward, ends).equations for edit in self.candidates.of(name)]
        return [*single, *self.candidates.forward_groups]

    def proportional(
        self, one: Witness, gradients: Collection[str], *, with_losses: bool
    ) -> list[Explanation]:
        """The edits of the forward pass that may make gradients of which those handed in are multiples.

        Alone, or each with another loss.
        """
        several = self._with_losses if with_losses else self._forward_explanations
        screen = self._screen("losses" if with_losses else "forward", several, one)
        return [e for e in screen.proportional(one, gradients) if e.where is Pass.FORWARD]

    def makes(self, explanation: Explanation, one: Witness) -> bool:
        """Whether a variant makes all that was handed in for a case."""
        numbers = self.numbers_of(explanation, one)
        return numbers is not None and one.evidence.yours.keys() <= numbers.keys() and one.matches(numbers)

    def numbers_of(self, explanation: Explanation, one: Witness) -> Numbers | None:
        """What a variant makes of all that may be handed in for a case; None where arrays don't meet."""
        at = explanation, one.evidence.number
        numbers = self._numbers[at] if at in self._numbers else self._find_numbers(explanation, one)
        if at not in self._numbers and one.evidence.number < self.known and self._room > 0:
            self._room -= ENTRY + sum(array.nbytes for array in (numbers or {}).values())
            self._numbers[at] = numbers
        return numbers

    def _find_numbers(self, explanation: Explanation, one: Witness) -> Numbers | None:
        if explanation not in self._networks:
            self._networks[explanation] = self._network(explanation)
        network = self._networks[explanation]
        return None if network is None else self._run(network, one.true, one)

    def _run(self, network: Network, values: Values, one: Witness) -> Numbers | None:
        """What the equations make of all that may be handed in; None where arrays don't meet."""
        return numbers(self.candidates.whole, network, self.asked, values, one.lengths)

    def _network(self, explanation: Explanation) -> Network | None:
        """The variant's equations of what is asked for, as far as they differ; None without derivatives."""
        whole, edits = self.candidates.whole, explanation.edits
        if explanation.where is Pass.BACKWARD:
            network = behind(edited(whole, edits), explanation.at)
            return needed(network, [name for name in self.asked if name in network.equations])
        forward = edited(self.candidates.forward, edits)
        if any(set(edit.new.axes) != set(edit.old.axes) for edit in edits):
            forward = retyped(forward, self.candidates.forward)
        try:
            is_alone = explanation.where is Pass.FORWARD_ALONE
            reverse = self.candidates.derived if is_alone else self.candidates.reverse(forward)
            network = Network(whole.given, (*forward.steps, *reverse.steps, *self._zeros(forward, reverse)))
        except (NotImplementedError, ExprError):
            return None
        return needed(network, [name for name in self.asked if name in network.equations])

    def _zeros(self, forward: Network, reverse: Network) -> Iterator[Equation]:
        """The gradients of what such a network doesn't read, which hands nothing back."""
        equations = self.candidates.whole.equations
        for name in (name for name in self.asked if name in equations):
            if name not in forward.equations and name not in reverse.equations:
                yield replace(equations[name], expression=ZERO)


def _rank(explanation: Explanation) -> tuple[bool, bool, int]:
    """An odd number on the way forward is the last that people mean."""
    kind, is_backward = explanation.edits[0].kind, explanation.where is Pass.BACKWARD
    return explanation.where is Pass.FORWARD_ALONE, kind == "constant" and not is_backward, KINDS[kind].rank
