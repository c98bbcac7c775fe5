"""A diagnosis in words, in the learner's letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcheck.diagnosis.diagnose import Findings
from gradcheck.diagnosis.names import Names, listed
from gradcheck.diagnosis.predictions import Faults
from gradcheck.diagnosis.remarks import Remarks, nearness, said
from gradcheck.diagnosis.standing import standing
from gradcheck.mistakes.records import Fault
from gradcheck.mistakes.speaker import Speaker
from gradcheck.mistakes.spoken import clause, equation, statements
from gradcheck.oracle.key import AnswerKey
from gradcheck.verdict.records import Diagnosis, Quantity, Verdict
from gradcheck.verdict.repetition import ANOTHER, TWICE

MOST = 3
"""How many explanations with the same numbers are told."""
_KINDS = {
    "factor": "a factor of the chain is missing, doubled or another one",
    "scale": "a constant is missing or too much",
    "sign": "a sign",
    "sum": "a sum is missing, or goes over too much",
    "index": "a quantity of another layer, or another index",
    "term": "a term is missing or too much",
    "order": "the right numbers at a wrong place or time",
}


def told(
    key: AnswerKey, findings: Findings, remarks: Remarks, quantities: Mapping[str, Quantity]
) -> Diagnosis:
    """The diagnosis of findings on a spec's answers; `quantities` are the verdict's, by canonical names."""
    place = findings.place
    names = Names(key)
    best = findings.explanations[0] if findings.explanations else ()
    return Diagnosis(
        quantity=place.first,
        symbol=names.of(place.first),
        location=standing(names, findings.place, quantities, remarks.nearly),
        category="; ".join(dict.fromkeys(_KINDS[f.mistake.kind] for f in best)),
        mistake=_what(key, findings.explanations, remarks) + _rest(names, findings)
        if best
        else said(names, remarks),
        question=" ".join(dict.fromkeys(f.mistake.hint for f in best)),
        explanations=tuple(
            tuple(dict.fromkeys(f.mistake.slug for f in faults)) for faults in findings.explanations
        ),
    )


def _what(key: AnswerKey, found: Sequence[Faults], remarks: Remarks) -> str:
    first, *others = found
    near = nearness(remarks)
    if len(first) == 1:
        said = f"Your numbers are{near} those of {_formula(key, first[0])}: {_clause(key, first[0])}."
    else:
        said = f"Two mistakes together give{near} your numbers: {_clauses(key, first)}."
    for faults in others[: MOST - 1]:
        said += f" The same numbers: {_clauses(key, faults)}."
    more = len(others) - (MOST - 1)
    return said + (f" So do {more} more explanations." if more > 0 else "")


def _rest(names: Names, findings: Findings) -> str:
    rest = names.asked(lambda n: n in findings.unexplained, findings.unexplained)
    return f" That does not explain {listed(rest)}: something else is wrong there." if rest else ""


def _formula(key: AnswerKey, fault: Fault) -> str:
    """The equation that the mistake makes; of ∂J/∂a as such where the spec asks for it."""
    speaker = _speaker(key, fault)
    asked = f"da{fault.layers[-1]}"
    if "da" in fault.mistake.makes and asked in key.symbols and "right" not in fault.mistake.wrong:
        return equation("da", fault.mistake.wrong, speaker)
    return statements(fault.mistake, speaker)[0].wrong


def _clause(key: AnswerKey, fault: Fault) -> str:
    return clause(fault.mistake.says, _speaker(key, fault)) + _likewise(key, fault)


def _likewise(key: AnswerKey, fault: Fault) -> str:
    """Where else the mistake is made; ∂J/∂ the input counts where it is asked for."""
    layers = [layer for layer in fault.layers if layer or "dx" in key.symbols]
    if len(layers) == 1 or fault.mistake.scope == "network":
        return ""
    return f", and likewise in the layer{'s' * (len(layers) > 2)} before"


def _clauses(key: AnswerKey, faults: Faults) -> str:
    return "; and ".join(_clause(key, fault) for fault in faults)


def _speaker(key: AnswerKey, fault: Fault) -> Speaker:
    """Speaks of the last of the layers, which the reverse pass comes to first."""
    spec = key.spec
    return Speaker(
        spec.layered_notation,
        spec.chain(spec.cases[0]),
        fault.layers[-1],
        {fault.mistake.unknown: fault.unknown} if fault.mistake.unknown else {},
        single=all(plan.batch == 1 for plan in spec.cases),
    )


def told_of_state(verdict: Verdict) -> Diagnosis:
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
