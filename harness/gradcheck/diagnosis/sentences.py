"""A diagnosis in words, in the learner's letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcheck.diagnosis.findings import Findings
from gradcheck.diagnosis.names import Names, listed
from gradcheck.diagnosis.remarks import Remarks, nearness, sentence
from gradcheck.diagnosis.singles import Words
from gradcheck.diagnosis.standing import standing
from gradcheck.mistakes.records import Faults
from gradcheck.oracle.key import AnswerKey
from gradcheck.verdict.records import Diagnosis, Quantity, Verdict
from gradcheck.verdict.repetition import ANOTHER, TWICE

MOST = 3
"""How many explanations with the same numbers are given."""
ON_THE_WAY_FORWARD = "{} is another one on the way forward already; all that is wrong follows from that."
_KINDS = {
    "factor": "a factor of the chain is missing, doubled or another one",
    "scale": "a constant is missing or too much",
    "sign": "a sign",
    "sum": "a sum is missing, or goes over too much",
    "index": "a quantity of another layer, or another index",
    "term": "a term is missing or too much",
    "order": "the right numbers at a wrong place or time",
}


def diagnosis_of(
    key: AnswerKey,
    words: Words,
    findings: Findings,
    remarks: Remarks,
    quantities: Mapping[str, Quantity],
) -> Diagnosis:
    """The diagnosis of findings on a spec's answers; `quantities` are the verdict's, by canonical names."""
    names = Names(key)
    best = findings.explanations[0] if findings.explanations else ()
    questions = [f.mistake.hint for f in best]
    if best:
        what = _of_all(words, findings.explanations, remarks) + _rest(names, findings)
    elif findings.change:
        what, questions = findings.change.sentence, [findings.change.question]
    else:
        what = sentence(names, remarks)
    quantity, symbol = findings.place.first, names.of(findings.place.first)
    location = standing(names, findings.place, quantities, remarks.nearly)
    if findings.change and findings.change.quantity:
        _, _, quantity, symbol = findings.change
        location = ON_THE_WAY_FORWARD.format(symbol)
    return Diagnosis(
        quantity=quantity,
        symbol=symbol,
        location=location,
        category="; ".join(dict.fromkeys(_KINDS[f.mistake.kind] for f in best)),
        mistake=what,
        question=" ".join(dict.fromkeys(questions)),
        explanations=tuple(
            tuple(dict.fromkeys(f.mistake.slug for f in faults)) for faults in findings.explanations
        ),
    )


def _rest(names: Names, findings: Findings) -> str:
    rest = names.asked(lambda n: n in findings.unexplained, findings.unexplained)
    return f" That does not explain {listed(rest)}: something else is wrong there." if rest else ""


def _of_all(words: Words, explanations: Sequence[Faults], remarks: Remarks) -> str:
    """The likeliest explanation with its formula, then others."""
    first, *others = explanations
    near = nearness(remarks)
    if len(first) == 1:
        text = f"Your numbers are{near} those of {words.formula(first[0])}: {words.clause(first[0])}."
    else:
        text = f"Two mistakes together give{near} your numbers: {_clauses(words, first)}."
    for faults in others[: MOST - 1]:
        text += f" The same numbers: {_clauses(words, faults)}."
    more = len(others) - (MOST - 1)
    return text + (f" So do {more} more explanations." if more > 0 else "")


def _clauses(words: Words, faults: Faults) -> str:
    return "; and ".join(map(words.clause, faults))


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
        mistake=f"{first.symbol} is {first.message}.",
        question="Call twice on the same data: what is still there from the first call?",
        explanations=(("accumulates-over-calls",),) if TWICE in first.message else (),
    )
