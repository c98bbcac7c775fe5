"""A diagnosis in words, in the learner's letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.diagnosis.diagnose import Findings
from harness.diagnosis.facts import Fact
from harness.diagnosis.library import Faults
from harness.mistakes.records import Fault
from harness.mistakes.speaker import Speaker
from harness.mistakes.spoken import clause, equation, statements
from harness.oracle.key import AnswerKey
from harness.report.digits import short
from harness.verdict.finding import TWICE
from harness.verdict.records import Diagnosis, Verdict

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


def told(key: AnswerKey, findings: Findings) -> Diagnosis:
    """The diagnosis of findings on a spec's answers."""
    place = findings.place
    names = _Names(key)
    best = findings.explanations[0] if findings.explanations else ()
    return Diagnosis(
        first=names.of(place.first),
        where=_where(names, findings),
        kind="; ".join(dict.fromkeys(_KINDS[f.mistake.kind] for f in best)),
        what=_what(key, findings.explanations) + _rest(names, findings)
        if best
        else _facts(names, findings.facts),
        think=" ".join(dict.fromkeys(f.mistake.hint for f in best)),
        mistakes=tuple(dict.fromkeys(f.mistake.slug for f in best)),
        alternatives=tuple(
            tuple(dict.fromkeys(f.mistake.slug for f in faults)) for faults in findings.explanations[1:]
        ),
    )


class _Names:
    """How the quantities of a spec are printed."""

    def __init__(self, key: AnswerKey) -> None:
        self.key = key

    def of(self, name: str) -> str:
        """One quantity: δ², dW3."""
        return self.key.spec.notation.pretty(name)

    def asked(self, names: Sequence[str]) -> list[str]:
        """Those of the quantities that the spec asks for: what a notation folds together counts once."""
        return [self.of(name) for name in names if name in self.key.symbols]


def _where(names: _Names, findings: Findings) -> str:
    place = findings.place
    parts = [f"{names.of(place.first)} is the first wrong quantity"]
    for cause in dict.fromkeys(place.follows.values()):
        if follows := names.asked([n for n, by in place.follows.items() if by == cause]):
            source = "it" if cause == place.first else names.of(cause)
            parts.append(f"{_listed(follows)} {'follows' if len(follows) == 1 else 'follow'} from {source}")
    if right := names.asked(place.right):
        parts.append(f"{_listed(right)} {'is' if len(right) == 1 else 'are'} right")
    return "; ".join(parts) + "."


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _what(key: AnswerKey, found: Sequence[Faults]) -> str:
    first, *others = found
    if len(first) == 1:
        said = f"Your numbers are those of {_formula(key, first[0])}: {_clause(key, first[0])}."
    else:
        said = f"Two mistakes together give your numbers: {_clauses(key, first)}."
    for faults in others[: MOST - 1]:
        said += f" The same numbers: {_clauses(key, faults)}."
    more = len(others) - (MOST - 1)
    return said + (f" So do {more} more explanations." if more > 0 else "")


def _rest(names: _Names, findings: Findings) -> str:
    rest = names.asked(findings.unexplained)
    return f" That does not explain {_listed(rest)}: something else is wrong there." if rest else ""


def _formula(key: AnswerKey, fault: Fault) -> str:
    """The equation that the mistake makes; of ∂J/∂a as such where the spec asks for it."""
    speaker = _speaker(key, fault)
    asked = f"da{fault.layers[-1]}"
    if "da" in fault.mistake.makes and asked in key.symbols and "right" not in fault.mistake.wrong:
        return equation("da", fault.mistake.wrong, speaker)
    return statements(fault.mistake, speaker)[0].wrong


def _clause(key: AnswerKey, fault: Fault) -> str:
    several = len(fault.layers) > 1 and fault.mistake.scope == "layer"
    likewise = ", and likewise in the layers before" if several else ""
    return clause(fault.mistake.says, _speaker(key, fault)) + likewise


def _clauses(key: AnswerKey, faults: Faults) -> str:
    return "; and ".join(_clause(key, fault) for fault in faults)


def _speaker(key: AnswerKey, fault: Fault) -> Speaker:
    """Speaks of the last of the layers, which the reverse pass comes to first."""
    spec = key.spec
    return Speaker(
        spec.notation,
        spec.chain(spec.cases[0]),
        fault.layers[-1],
        {fault.mistake.unknown: fault.unknown} if fault.mistake.unknown else {},
        single=all(plan.batch == 1 for plan in spec.cases),
    )


def _facts(names: _Names, found: Sequence[Fact]) -> str:
    if not found:
        return "No mistake in the catalogue makes these numbers."
    said = "; ".join(_SAID[fact.kind](names, fact) for fact in found)
    return f"No mistake in the catalogue makes these numbers, but {said}."


def _quantity(names: _Names, fact: Fact) -> str:
    """A slope or a quantity that a fact has to do with: σ′(z²), a², dW1."""
    if fact.other.startswith("slope("):
        return f"the derivative at {names.of(fact.other[6:-1])}"
    return names.of(fact.other)


_SAID: dict[str, Callable[[_Names, Fact], str]] = {
    "zero": lambda n, f: f"{n.of(f.name)} is zero everywhere",
    "rounded": lambda n, f: f"{n.of(f.name)} is right to the {f.number:g} decimals that it has",
    "noise": lambda n, f: (
        f"{n.of(f.name)} is right up to {short(f.number, 1)} of its size: difference quotients, "
        "low precision, or a small constant added somewhere?"
    ),
    "sign": lambda n, f: f"{n.of(f.name)} has the wrong sign, and nothing else is wrong with it",
    "ratio": lambda n, f: f"{n.of(f.name)} is {short(f.number, 4)} times what it should be",
    "batch": lambda n, f: (
        f"{n.of(f.name)} is {'m times' if f.number > 0 else 'one m-th of'} what it should be, with m examples"
    ),
    "transpose": lambda n, f: f"{n.of(f.name)} is the transpose of what it should be",
    "permutation": lambda n, f: f"{n.of(f.name)} has the right numbers in other places",
    "elsewhere": lambda n, f: f"{n.of(f.name)} is what {n.of(f.other)} should be",
    "factor": lambda n, f: f"{n.of(f.name)} has a factor too many, {_quantity(n, f)}",
    "missing_factor": lambda n, f: f"{n.of(f.name)} lacks a factor, {_quantity(n, f)}",
    "example": lambda n, f: f"{n.of(f.name)} is what it would be with one example fewer",
    "part": lambda n, f: f"only one {f.other} of {n.of(f.name)} is wrong",
}
"""What each kind of fact says."""


def told_of_state(verdict: Verdict) -> Diagnosis:
    """The diagnosis of answers that are right once and not again."""
    first = next(q for q in verdict.quantities if q.reason == "unrepeatable")
    return Diagnosis(
        first=first.symbol,
        where=f"{first.symbol} depends on earlier calls.",
        kind="state that outlives a call",
        what=f"{first.symbol} is {first.message}.",
        think="Call twice on the same data: what is still there from the first call?",
        mistakes=("accumulates-over-calls",) if TWICE in first.message else (),
    )
