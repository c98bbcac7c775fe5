"""What is true of wrong numbers that no mistake makes, and how near others come to a mistake's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.diagnosis.evidence import NOISE, Evidence
from gradcheck.diagnosis.findings import Findings
from gradcheck.diagnosis.names import Names
from gradcheck.diagnosis.singles import Known
from gradcheck.digits import at_most, short

if TYPE_CHECKING:
    from gradcheck.diagnosis.facts import Fact


UNKNOWN = "No mistake that gradcheck knows makes these numbers"
"""What is said where nothing explains them."""
WIDE = 0.05
"""The most that difference quotients of a wide step are taken to be off, relative to the largest entry."""
ARRANGED = ("shape", "transpose")
"""Facts of numbers that are right, and lie otherwise."""


@dataclass(frozen=True)
class Remarks:
    """What one answer's own digits add to findings that others may share."""

    facts: tuple[Fact, ...] = ()
    """Where nothing explains the numbers: on the first wrong quantity, or on what was handed in of it."""
    complete: bool = True
    """Whether there are numbers of every case and probe."""
    decimals: int | None = None
    """How many decimals the numbers are rounded to, if they are."""
    nearly: Mapping[str, float] = field(default_factory=dict)
    """How far what is right but for a blur is off, relative to its size, by canonical name."""
    off: float = 0.0
    """How far the numbers are from those of the mistakes that explain them, relative to their size, where
    the verdict would see it; else 0."""

    @property
    def are_arranged(self) -> bool:
        """Whether the first wrong quantity has the right numbers, in another shape."""
        return any(fact.kind in ARRANGED for fact in self.facts)


def remarks(
    predictions: Known, evidence: Sequence[Evidence], findings: Findings, facts: Sequence[Fact]
) -> Remarks:
    """The remarks on an answer, with the facts on it where nothing explains it."""
    complete = len(evidence) == len(predictions)
    nearly = {name: _off(evidence, name) for name in findings.place.right}
    off = _distance(predictions, evidence, findings) if findings.explanations else 0.0
    return Remarks(tuple(facts), complete, evidence[0].decimals, nearly, off)


def _off(evidence: Sequence[Evidence], name: str) -> float:
    """How far a quantity is off in any case, relative to its largest entry."""
    pairs = [(one.yours[name], one.true[name]) for one in evidence if name in one.yours]
    sizes = [
        (float(np.abs(t).max(initial=0.0)), y.reshape(t.shape) - t) for y, t in pairs if y.size == t.size
    ]
    return max((float(np.abs(off).max(initial=0.0)) / (size or 1.0) for size, off in sizes), default=0.0)


def _distance(predictions: Known, evidence: Sequence[Evidence], findings: Findings) -> float:
    """How far the explained numbers are from those predicted, where the verdict would not let it pass."""
    worst = 0.0
    for one in evidence:
        changed = predictions.predicted(one.number, findings.explanations[0])
        made = {} if changed is None else {**one.true, **changed}
        for name in one.yours.keys() & made.keys():
            yours, predicted = one.yours[name], made[name]
            size, own = (float(np.abs(a).max(initial=0.0)) for a in (predicted, one.true[name]))
            if yours.size != predicted.size or not size:
                continue
            off = float(np.abs(yours.reshape(predicted.shape) - predicted).max())
            tolerance = one.tolerance_of(name) * (max(size / own, 1.0) if own else 1.0)
            worst = max(worst, off / size if off > tolerance + one.rounded else 0.0)
    return worst


def sentence(names: Names, remarks: Remarks) -> str:
    """The facts, in the learner's letters."""
    if not remarks.facts:
        return f"{UNKNOWN}."
    clauses = "; ".join(_SENTENCES[fact.kind](names, fact) for fact in remarks.facts)
    rounded = f", to the {remarks.decimals} decimals that the numbers have" if _is_rounded(remarks) else ""
    where = "" if remarks.complete else " where there are numbers,"
    says_all = remarks.are_arranged or all(fact.kind == "zero" for fact in remarks.facts)
    if says_all and not where:
        return f"{clauses}{rounded}."
    return f"{UNKNOWN}, but{where} {clauses}{rounded}."


def nearness(remarks: Remarks) -> str:
    """How near the numbers are to a mistake's; empty where they are the same."""
    if remarks.off:
        return f"This gives your numbers to within {at_most(remarks.off)} of their size."
    if remarks.decimals is not None:
        return f"This gives your numbers to their {remarks.decimals} decimals."
    return ""


def blur(names: Names, remarks: Remarks, evidence: Sequence[Evidence], findings: Findings, calls: int) -> str:
    """A note on numbers that are right, or a mistake's, but for a blur as of difference quotients.

    `calls` says how often one call of the submission calls one of its own functions: as often as a quantity
    has entries, and difference quotients of a wider step are likely. Empty where there is no such blur, or it
    is known to be something else.
    """
    is_single = any(one.single for one in evidence)
    if is_single or remarks.decimals is not None or any(fact.kind != "noise" for fact in remarks.facts):
        return ""
    suspects = "difference quotients, low precision, or a small constant added somewhere?"
    often = f"; one of your functions is called {calls:,} times" if calls > 1 else ""
    if findings.change:
        mistakes = f"{suspects} The mistake's numbers are up to {at_most(remarks.off)} away{often}"
        return mistakes if remarks.off else ""
    offs = {name: _off(evidence, name) for name in findings.place.wrong}
    near = {
        name: off
        for name, off in offs.items()
        if off <= NOISE or (off <= WIDE and calls >= evidence[0].true[name].size)
    }
    blurred = names.asked(lambda name: name in near, list(offs))
    most = at_most(max(near.values(), default=0.0))
    if not blurred:
        return ""
    return f"{', '.join(blurred)}: {suspects} Off by at most {most} of the largest entry{often}"


def _is_rounded(remarks: Remarks) -> bool:
    return remarks.decimals is not None and not any(f.kind in ("rounded", "zero") for f in remarks.facts)


def _quantity(names: Names, fact: Fact) -> str:
    """A slope or a quantity that a fact has to do with: σ′(z²), a², dW1."""
    return f"the derivative at {names.of(fact.other)}" if fact.is_derivative else names.of(fact.other)


def _grown(fact: Fact) -> str:
    """m times, m/2 times, one m-th of, 2/m times."""
    ratio = fact.number
    if fact.other == "1/m":
        return "one m-th of" if _is_one(ratio) else f"{short(ratio, 4)}/m times"
    if _is_one(ratio):
        return "m times"
    if 1e-6 < ratio < 1 and _is_one(ratio * round(1 / ratio)):
        return f"m/{round(1 / ratio)} times"
    return f"{short(ratio, 4)} m times"


def _is_one(ratio: float) -> bool:
    return abs(ratio - 1) < 1e-6


def _line(names: Names, fact: Fact) -> str:
    """A row or a column of the learner's own array."""
    other = {"row": "column", "column": "row"}
    return other[fact.other] if names.turned(fact.name) else fact.other


_SENTENCES: dict[str, Callable[[Names, Fact], str]] = {
    "zero": lambda n, f: f"{n.of(f.name)} is zero everywhere",
    "rounded": lambda n, f: f"{n.of(f.name)} is right to the {f.number:g} decimals that it has",
    "noise": lambda n, f: (
        f"{n.of(f.name)} is right up to {at_most(f.number)} of its size, as after difference quotients, "
        "in low precision, or where a small constant is added"
    ),
    "sign": lambda n, f: f"{n.of(f.name)} has the wrong sign, and nothing else is wrong with it",
    "ratio": lambda n, f: f"{n.of(f.name)} is {short(f.number, 4)} times what it should be",
    "batch": lambda n, f: f"{n.of(f.name)} is {_grown(f)} what it should be, with m examples",
    "shape": lambda n, f: f"{n.of(f.name)} has the right numbers, and only its shape is not right",
    "transpose": lambda n, f: f"{n.of(f.name)} is the transpose of what it should be",
    "permutation": lambda n, f: f"{n.of(f.name)} has the right numbers in other places",
    "elsewhere": lambda n, f: f"{n.of(f.name)} is what {n.of(f.other)} should be",
    "factor": lambda n, f: f"{n.of(f.name)} has one factor too many: {_quantity(n, f)}",
    "missing_factor": lambda n, f: f"{n.of(f.name)} lacks a factor: {_quantity(n, f)}",
    "example": lambda n, f: (
        f"in every batch of several examples {n.of(f.name)} is what it would be with one example fewer"
    ),
    "part": lambda n, f: f"only one {_line(n, f)} of {n.of(f.name)} is wrong",
}
"""What each kind of fact says."""
