"""A spec's cases worked out anew, with its equations: for all that a table of single mistakes lacks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Generic, TypeVar

from gradcheck.diagnosis.changes import Changes
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.facts import Fact, facts_at
from gradcheck.diagnosis.findings import Change, Findings
from gradcheck.diagnosis.point import Point
from gradcheck.diagnosis.singles import Inputs, Table
from gradcheck.diagnosis.tracing import Tracing, explanations
from gradcheck.diagnosis.truths import Truths
from gradcheck.diagnosis.variants import Variants
from gradcheck.diagnosis.where import inferred
from gradcheck.diagnosis.witness import Witness, makes
from gradcheck.edits.candidates import Candidates
from gradcheck.edits.explanation import Explanation
from gradcheck.expr.tree import Expr
from gradcheck.mistakes.records import Faults
from gradcheck.network.records import Network
from gradcheck.oracle.key import KeyCase
from gradcheck.specification.records import Spec

Known = TypeVar("Known", bound=Truths)


class Workings(ABC, Generic[Known]):
    """The cases of one spec, with what is true of them and what edits make of its equations."""

    def __init__(self, spec: Spec, truths: Known) -> None:
        self.spec, self.truths = spec, truths
        self.asked = spec.notation.unfolded([*spec.check, *spec.accept])
        """What is checked or accepted, with what a notation folds into it."""

    @abstractmethod
    def point(self, case: KeyCase) -> Point:
        """A case of an answer key."""

    @abstractmethod
    def changes(self, found: Sequence[Explanation]) -> Changes:
        """The words for explanations."""

    @property
    @abstractmethod
    def candidates(self) -> Candidates:
        """The edits of the network's equations."""

    @property
    def forward(self) -> Collection[str]:
        """The quantities that the forward pass makes."""
        return self.truths.points[0].network.equations.keys()

    @property
    def probes(self) -> Sequence[Inputs]:
        """What `run` is given in the cases that are not the spec's own."""
        return ()

    @cached_property
    def variants(self) -> Variants:
        """Other networks that people have in mind."""
        return Variants(self.candidates, self.asked, len(self.truths))

    def findings(self, evidence: Sequence[Evidence]) -> Findings | None:
        """The findings; None where all numbers are right within what mistakes are told apart by."""
        is_wrong = any(one.wrong for one in evidence)
        return Findings(inferred(self.truths, evidence), ()) if is_wrong else None

    def tried(
        self, found: Findings, truths: Known, evidence: Sequence[Evidence], fresh: Evidence
    ) -> Findings:
        """The findings as far as they hold on a fresh case, of which the `truths` know."""
        return Findings(inferred(truths, [*evidence, fresh]), ())

    def facts(self, truths: Known, evidence: Sequence[Evidence], found: Findings) -> Sequence[Fact]:
        """What is true of numbers that nothing explains; `truths` are of all cases."""
        return facts_at(truths, evidence, found.place, self.spec.notation.folded)

    def change(self, truths: Known, evidence: Sequence[Evidence], meeting: Faults = ()) -> Change | None:
        """What is changed in equations that makes all numbers; `truths` are of all cases.

        `meeting` are mistakes that explain them, and are made one on top of the other.
        """
        found = self.explanations(truths, evidence)
        return self.changes(found).change(found) if found else None

    def explanations(self, truths: Known, evidence: Sequence[Evidence]) -> list[Explanation]:
        """The edits that make all numbers, the likeliest first."""
        witnesses = self._witnesses(truths, evidence)
        return explanations(self.variants, witnesses) if witnesses else []

    def part(self, truths: Known, evidence: Sequence[Evidence]) -> tuple[Change | None, tuple[str, ...]]:
        """What makes the first numbers that are wrong by themselves, and what is wrong by another mistake."""
        witnesses = self._witnesses(truths, evidence)
        found, explained, left = Tracing(self.variants, witnesses).part if witnesses else ([], (), ())
        if not found:
            return None, ()
        others = frozenset().union(*(one.wrong for one in evidence)).difference(explained)
        rest = (replace(e, yours={n: a for n, a in e.yours.items() if n not in others}) for e in evidence)
        named = self.named_of(truths, [one for one in rest if one.yours])
        return named or self.changes(found).change(found), left

    def named_of(self, truths: Known, evidence: Sequence[Evidence]) -> Change | None:
        """What is written of single mistakes of the catalogue that explain everything, if there are any."""
        return None

    def _witnesses(self, truths: Known, evidence: Sequence[Evidence]) -> list[Witness]:
        """Of all cases; none where something is wrong that no equation makes."""
        if any(not one.wrong <= truths.whole.equations.keys() for one in evidence):
            return []
        points = truths.points
        return [Witness(points[e.number].lengths, points[e.number].values, e) for e in evidence]

    def named(self, found: Sequence[Faults]) -> Change | None:
        """What is written of mistakes of the catalogue, the likeliest first; there are none by default."""
        return None

    def table(self, responses: Sequence[Mapping[str, float]]) -> Table | None:
        """What single mistakes make of all that is asked for, with what is said of them, if there are any.

        `responses` are what rounding does to each quantity.
        """
        return None


def candidates_of(
    truths: Truths, reverse: Callable[[Network], Network], alternatives: Mapping[str, Sequence[Expr]]
) -> Candidates:
    """The edits of a network's equations that may be made in some of its cases."""
    first, *_ = truths.points
    return Candidates(
        first.network,
        truths.whole,
        frozenset(truths.parameters),
        [point.lengths for point in truths.points],
        reverse,
        partial(makes, truths.whole, first.values, first.lengths),
        alternatives,
    )
