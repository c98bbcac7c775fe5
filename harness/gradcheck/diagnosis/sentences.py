"""A diagnosis in words, in the learner's letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcheck.diagnosis.findings import Change, Findings
from gradcheck.diagnosis.names import Names
from gradcheck.diagnosis.remarks import Remarks, nearness, sentence
from gradcheck.diagnosis.singles import Words
from gradcheck.diagnosis.standing import standing
from gradcheck.edits.kinds import CATEGORIES
from gradcheck.mistakes.records import Faults
from gradcheck.oracle.key import AnswerKey
from gradcheck.specification.default import NOTATION
from gradcheck.verdict.records import Diagnosis, Quantity, Verdict
from gradcheck.verdict.repetition import ANOTHER, TWICE

MOST = 3
"""How many explanations with the same numbers are given."""
BY_HAND = "Work {} out by hand for one example: at which step does your code do something else?"
"""The question where no mistake is known."""
SHAPE = "What shape is {} supposed to have, and what shape does yours have?"
"""The question where only the shape is wrong."""


def named(words: Words, found: Sequence[Faults]) -> Change:
    """What is written of mistakes of the catalogue that explain all numbers, the likeliest first."""
    best, *others = found
    clauses = ("; and ".join(words.correction(f).change for f in faults) for faults in others[: MOST - 1])
    return Change(
        equations=(),
        corrections=tuple(map(words.correction, best)),
        alternatives=tuple(clauses),
        more=max(len(others) - (MOST - 1), 0),
        question=" ".join(dict.fromkeys(f.mistake.hint for f in best)),
        category="; ".join(dict.fromkeys(CATEGORIES[f.mistake.kind] for f in best)),
        explanations=tuple(tuple(dict.fromkeys(f.mistake.slug for f in faults)) for faults in found),
    )


def diagnosis_of(
    key: AnswerKey, findings: Findings, remarks: Remarks, quantities: Mapping[str, Quantity]
) -> Diagnosis:
    """The diagnosis of findings on a spec's answers; `quantities` are the verdict's, by canonical names."""
    names, place = Names(key), findings.place
    by_hand = (SHAPE if remarks.are_arranged else BY_HAND).format(names.of(place.first))
    change = findings.change or Change((), (), (), 0, by_hand, "")
    symbol, is_assumed = change.symbol or names.of(place.first), change.is_assumed(place.wrong)
    location, consequences = standing(names, findings, quantities, remarks.nearly)
    if change.quantity:
        location, consequences = forward_location(symbol, change, is_wrong=not is_assumed)
    return Diagnosis(
        quantity=change.quantity or place.first,
        symbol=symbol,
        location=location,
        consequences=consequences,
        category=change.category,
        corrections=change.corrections,
        is_assumed=is_assumed,
        alternatives=change.alternatives,
        more=change.more,
        remark=nearness(remarks) if findings.change else sentence(names, remarks),
        question=change.question,
        explanations=change.explanations,
        notation=key.spec.notation.name if change.explanations and key.spec.notation.name != NOTATION else "",
    )


def forward_location(symbol: str, change: Change, *, is_wrong: bool) -> tuple[str, str]:
    """What is wrong first, and what follows, where the numbers are those of another forward pass.

    Where the quantity was not handed in, its value may be right all the same: `is_wrong` says that it isn't.
    """
    if is_wrong:
        return f"{symbol} already differs in the forward pass.", "All that is wrong follows from it."
    alone = ", or of a backward pass written for such a network" if change.is_consistent else ""
    return f"Your numbers are those of a network that computes {symbol} differently{alone}.", ""


def of_state(verdict: Verdict) -> Diagnosis:
    """The diagnosis of answers that are right once and not again."""
    first = next(q for q in verdict.quantities if q.reason == "unrepeatable")
    if ANOTHER in first.message:
        return Diagnosis(
            quantity=first.name,
            symbol=first.symbol,
            location=f"{first.symbol} is not the same in two calls with the same data.",
            category="random numbers, or state that outlives a call",
            question="Call twice on the same data: which line makes the difference?",
        )
    return Diagnosis(
        quantity=first.name,
        symbol=first.symbol,
        location=f"{first.symbol} depends on earlier calls.",
        category="state that outlives a call",
        remark=f"{first.symbol} is {first.message}.",
        question="Call twice on the same data: what is still there from the first call?",
        explanations=(("accumulates-over-calls",),) if TWICE in first.message else (),
    )
