"""What is said of a submission: one record for the whole, one for each quantity, one for each weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradcheck.arrays import Array
from gradcheck.boundary import InternalError
from gradcheck.submission.records import Failure

if TYPE_CHECKING:
    from gradcheck.specification.notation import Unit
    from gradcheck.specification.records import Feedback, Node


class Status(StrEnum):
    """What is known of a quantity, or of a whole submission."""

    RIGHT = "right"
    WRONG = "wrong"
    CANNOT_TELL = "cannot tell"
    ERROR = "error"
    """There are no numbers to compare: the code failed, or gave something else."""
    INTERNAL = "internal error"
    """gradcheck itself has failed: nothing is known."""


_WORST_FIRST = (Status.INTERNAL, Status.ERROR, Status.WRONG, Status.CANNOT_TELL, Status.RIGHT)

Reason = Literal[
    "values",
    "not finite",
    "shape",
    "not numbers",
    "precision",
    "missing",
    "unrepeatable",
    "failed",
    "oracles",
    "internal",
]
"""Why a quantity is not right."""


@dataclass(frozen=True)
class Precision:
    """What an answer is judged by, as a whole."""

    single: bool = False
    """Whether float32's errors are forgiven."""
    strict: frozenset[str] = frozenset()
    """The quantities, by canonical names, in which they are not: they are right in double precision, or what
    is off there stands alone."""
    stored: bool = False
    """Whether float32 shows in the numbers that were returned, not in their errors alone."""
    epsilon: float = 0.0
    """The constant that the answer has in the loss's logarithms or quotients; 0 for none."""
    shifts: Sequence[Mapping[str, Array]] = field(default=(), repr=False)
    """Of each case what the constant adds to each quantity, in the learner's layout; where it is allowed."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Every weight of one quantity in one case; all arrays have the quantity's shape."""

    case: int
    """The case's number, from 0."""
    yours: Array
    autograd: Array | None
    """None where a function is checked by differences alone."""
    differences: Array
    error: Array
    """The error bar of `differences`."""
    wrong: NDArray[np.bool_]
    """Where `yours` is wrong."""
    unknown: NDArray[np.bool_]
    """Where the oracles don't support a verdict."""
    tolerance: float | Array
    """How far a right value may lie from the true one, in the quantity's own unit: any, or each entry's."""

    @property
    def tolerances(self) -> Array:
        """How far each entry may lie off."""
        return np.broadcast_to(self.tolerance, self.yours.shape)

    @property
    def true(self) -> Array:
        """Autograd's values, or else the difference quotients."""
        return self.differences if self.autograd is None else self.autograd

    @property
    def off(self) -> Array:
        """|yours - true|."""
        return np.abs(self.yours - self.true)


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """One weight that is not right."""

    label: str
    """Its name in the learner's notation: w²₁₂, W1[0, 2]."""
    index: tuple[int, ...]
    yours: float
    autograd: float | None
    differences: float
    error: float
    """The error bar of `differences`."""
    wrong: bool
    """False where nobody can tell."""

    @property
    def true(self) -> float:
        """Autograd's value, or else the difference quotient."""
        return self.differences if self.autograd is None else self.autograd

    @property
    def off(self) -> float:
        """How far yours lies from the true value."""
        return abs(self.yours - self.true)


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """The verdict on one checked quantity, over all cases."""

    name: str
    """Canonical, such as dW1."""
    symbol: str
    """In the learner's notation, as `run` names it."""
    status: Status
    reason: Reason | None = None
    message: str = ""
    """One line: what is wrong, with numbers."""
    help: str = ""
    """One line: what to do, or what the numbers have in common with the right ones."""
    table: Table | None = None
    """The numbers of the case that shows most, or else of the first."""
    discrepancies: tuple[Discrepancy, ...] = ()
    """The entries that are not right in that case, worst first; a bounded number of them."""
    count: int = 0
    """How many entries are not right in that case."""
    unit: Unit = "entry"
    """What a report calls an entry."""
    entries: int = 0
    """How many entries there are in that case."""
    entries_by_case: tuple[int, ...] = ()
    """How many entries were judged in each case that had numbers to judge."""
    wrong_cases: int = 0
    cases: int = 0
    relative_tolerance: float = 0.0
    absolute_tolerance: float = 0.0
    """What is allowed beyond that, in the quantity's own unit."""
    single: bool = False
    """Whether single precision was judged."""
    follows: str = ""
    """The quantity that this one, wrong as it is, follows from by the right rules."""
    cause: str = ""
    """Why it is wrong, beside others that are, in a few words; empty where nobody has asked."""
    points: float = 0.0
    max_points: float = 0.0
    withheld: bool = False
    """Whether nothing but status and points may be seen."""

    def without_numbers(self) -> Quantity:
        """The same without its numbers, and without what they have in common with the right ones."""
        table = self.table if self.status is Status.WRONG else None
        return replace(
            self,
            table=None,
            discrepancies=(),
            count=self.count if table is None else int(table.wrong.sum()),
            help="" if self.reason == "shape" else self.help,
        )


class Correction(NamedTuple):
    """An equation that makes the wrong numbers beside the right one, in the learner's letters."""

    yours: str
    right: str
    """The same as `yours` where only what is handed in is another quantity."""
    change: str
    """What is another in yours: the start of a sentence, without its full stop."""


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """Where a wrong answer goes wrong and which mistake explains it, in the learner's letters."""

    quantity: str
    """The first wrong quantity on the way back from the loss, by its canonical name."""
    symbol: str
    """The same in the learner's notation."""
    location: str
    """One sentence: what is wrong first, and what is right."""
    consequences: str = ""
    """One sentence: what is wrong only because of that, and what else is wrong."""
    category: str = ""
    """What sort of mistake it is, in a few words."""
    corrections: tuple[Correction, ...] = ()
    """What together makes all the numbers, if anything does; else none."""
    is_assumed: bool = False
    """Whether that is of a quantity of the forward pass that was not handed in, and may be right."""
    alternatives: tuple[str, ...] = ()
    """What makes the same numbers: equations, or clauses such as "the factor W³ is left out"."""
    more: int = 0
    """How many more alternatives there are."""
    remark: str = ""
    """What else is known of the numbers."""
    question: str = ""
    """A question whose answer is the mistake."""
    explanations: tuple[tuple[str, ...], ...] = ()
    """Slugs of the catalogue's entries that together make every number, and of others that make the same; the
    likeliest first, none where none do."""
    notation: str = ""
    """In whose letters the catalogue explains them to the learner; empty for those that it has by itself."""

    @property
    def slugs(self) -> tuple[str, ...]:
        """Those of the likeliest explanation."""
        return self.explanations[0] if self.explanations else ()

    @property
    def mistake(self) -> str:
        """What the numbers are, and what they should be, or what is noticed about them."""
        starts = ("Your numbers are those of", *["Besides, you have"] * len(self.corrections[1:]))
        sentences = [
            f"{start} {one.yours}{_instead(one)}: {one.change}."
            for start, one in zip(starts, self.corrections, strict=False)
        ]
        return " ".join(filter(None, (*sentences, self.same, self.remark)))

    @property
    def same(self) -> str:
        """What makes the same numbers, as a sentence; empty where there is nothing."""
        more = f"{self.more} other change{'s' * (self.more > 1)}"
        shown = [*self.alternatives, *([more] if self.more else [])]
        return f"The same numbers could also mean: {'; or '.join(shown)}." if shown else ""

    def at(self, level: Feedback) -> Diagnosis:
        """What a learner may know of it."""
        if level == "full":
            return self
        known = replace(
            self, corrections=(), alternatives=(), more=0, remark="", explanations=(), notation=""
        )
        return known if level == "hint" else replace(known, category="", question="")


def _instead(correction: Correction) -> str:
    return "" if correction.right == correction.yours else f". It should be {correction.right}"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is said of one submission against one spec."""

    submission: str
    spec: str
    title: str
    quantities: tuple[Quantity, ...]
    graph: tuple[Node, ...] = field(default=(), repr=False)
    """The quantities of the spec's network, for drawing; none of a function."""
    accepted: tuple[Quantity, ...] = ()
    """Quantities the submission offered beyond those that are checked; they earn no points."""
    failure: Failure | None = None
    diagnosis: Diagnosis | None = None
    """Where and what the mistake is, where there are wrong numbers."""
    feedback: Feedback = "full"
    """How much of the diagnosis the learner may know."""
    hidden: bool = False
    """Whether what could tell the spec's numbers is left out: see gradcheck.verdict.hidden."""
    precision: Precision = field(default_factory=Precision, repr=False)
    """What the numbers were judged by."""
    notes: tuple[str, ...] = ()
    """Noticed, but no reason to lose a point: inputs changed in place, single precision."""
    output: str = ""
    """What the student's code printed."""
    seconds: float = 0.0
    """What it took to answer."""
    internal: InternalError | None = None
    """What went wrong in gradcheck itself: then the verdict, or its diagnosis, is not the last word."""

    @cached_property
    def status(self) -> Status:
        """The worst that is said of any checked quantity."""
        return min((q.status for q in self.quantities), key=_WORST_FIRST.index)

    @property
    def shown_diagnosis(self) -> Diagnosis | None:
        """What the learner may know of the diagnosis."""
        return self.diagnosis and self.diagnosis.at(self.feedback)

    @property
    def shown(self) -> Verdict:
        """What the learner may know: right numbers beside wrong ones tell the mistake, and are kept back."""
        if self.feedback == "full":
            return self
        return replace(
            self,
            diagnosis=self.shown_diagnosis,
            quantities=tuple(quantity.without_numbers() for quantity in self.quantities),
            accepted=tuple(quantity.without_numbers() for quantity in self.accepted),
        )

    @cached_property
    def points(self) -> float:
        """Points earned."""
        return sum(q.points for q in self.quantities)

    @cached_property
    def max_points(self) -> float:
        """Points to earn, whatever happened to run."""
        return sum(q.max_points for q in self.quantities)
