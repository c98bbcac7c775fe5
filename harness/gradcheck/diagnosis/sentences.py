"""A diagnosis in words, in the learner's letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradcheck.diagnosis.diagnose import Findings
from gradcheck.diagnosis.names import Names, listed
from gradcheck.diagnosis.predictions import Faults
from gradcheck.diagnosis.remarks import Remarks, nearness, sentence
from gradcheck.diagnosis.standing import standing
from gradcheck.mistakes.equations import Equations
from gradcheck.mistakes.records import Fault
from gradcheck.mistakes.statements import Statements
from gradcheck.oracle.key import AnswerKey
from gradcheck.verdict.records import Diagnosis, Quantity, Verdict
from gradcheck.verdict.repetition import ANOTHER, TWICE

MOST = 3
"""How many explanations with the same numbers are given."""
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
    equations: Equations,
    findings: Findings,
    remarks: Remarks,
    quantities: Mapping[str, Quantity],
) -> Diagnosis:
    """The diagnosis of findings on a spec's answers; `quantities` are the verdict's, by canonical names."""
    names, words = Names(key), Words(key, equations)
    best = findings.explanations[0] if findings.explanations else ()
    what = sentence(names, remarks)
    if best:
        what = words.of_all(findings.explanations, remarks) + _rest(names, findings)
    return Diagnosis(
        quantity=findings.place.first,
        symbol=names.of(findings.place.first),
        location=standing(names, findings.place, quantities, remarks.nearly),
        category="; ".join(dict.fromkeys(_KINDS[f.mistake.kind] for f in best)),
        mistake=what,
        question=" ".join(dict.fromkeys(f.mistake.hint for f in best)),
        explanations=tuple(
            tuple(dict.fromkeys(f.mistake.slug for f in faults)) for faults in findings.explanations
        ),
    )


def _rest(names: Names, findings: Findings) -> str:
    rest = names.asked(lambda n: n in findings.unexplained, findings.unexplained)
    return f" That does not explain {listed(rest)}: something else is wrong there." if rest else ""


@dataclass(frozen=True)
class Words:
    """What is written of mistakes in the answers to a spec."""

    key: AnswerKey
    equations: Equations

    def of_all(self, explanations: Sequence[Faults], remarks: Remarks) -> str:
        """The likeliest explanation with its formula, then others."""
        first, *others = explanations
        near = nearness(remarks)
        if len(first) == 1:
            text = f"Your numbers are{near} those of {self._formula(first[0])}: {self._clause(first[0])}."
        else:
            text = f"Two mistakes together give{near} your numbers: {self._clauses(first)}."
        for faults in others[: MOST - 1]:
            text += f" The same numbers: {self._clauses(faults)}."
        more = len(others) - (MOST - 1)
        return text + (f" So do {more} more explanations." if more > 0 else "")

    def _formula(self, fault: Fault) -> str:
        """The equation that the mistake makes; of ∂J/∂a as such where the spec asks for it."""
        statements = self._statements(fault)
        asked, mistake = f"da{fault.layers[-1]}", fault.mistake
        if "da" in mistake.makes and asked in self.key.symbols and not mistake.builds_on:
            return statements.of_itself(mistake)
        return statements.of_mistake(mistake)[0].wrong

    def _clauses(self, faults: Faults) -> str:
        return "; and ".join(map(self._clause, faults))

    def _clause(self, fault: Fault) -> str:
        return self._statements(fault).clause(fault.mistake.says) + self._likewise(fault)

    def _likewise(self, fault: Fault) -> str:
        """Where else the mistake is made; ∂J/∂ the input counts where it is asked for."""
        layers = [layer for layer in fault.layers if layer or "dx" in self.key.symbols]
        if len(layers) == 1 or fault.mistake.scope == "network":
            return ""
        return f", and likewise in the layer{'s' * (len(layers) > 2)} before"

    def _statements(self, fault: Fault) -> Statements:
        """Of the last of the layers, which the reverse pass comes to first."""
        spec = self.key.spec
        return Statements(
            spec.layered_notation,
            self.equations,
            fault.layers[-1],
            {fault.mistake.unknown: fault.unknown} if fault.mistake.unknown else {},
            single=all(plan.batch == 1 for plan in spec.cases),
        )


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
