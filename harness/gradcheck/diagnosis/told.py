"""A diagnosis in words, in the learner's letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradcheck.diagnosis.diagnose import Findings
from gradcheck.diagnosis.facts import Fact
from gradcheck.diagnosis.predictions import Faults
from gradcheck.mistakes.records import Fault
from gradcheck.mistakes.speaker import Speaker
from gradcheck.mistakes.spoken import clause, equation, statements
from gradcheck.oracle.key import AnswerKey
from gradcheck.report.digits import short
from gradcheck.spec.quantity import split
from gradcheck.verdict.finding import TWICE
from gradcheck.verdict.records import Diagnosis, Verdict

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
        self.key, self.notation = key, key.spec.notation

    def of(self, name: str) -> str:
        """One quantity: δ², dW3; of what a notation folds into another, its part of that."""
        letter, layer = split(name)
        if letter == "db" and layer in self.notation.folded:
            return f"row 0 of {self.notation.pretty(f'dW{layer}')}"
        return self.notation.pretty(name)

    def asked(self, holds: Callable[[str], bool], among: Sequence[str]) -> list[str]:
        """The quantities that the spec asks for, all of whose parts among these are so; in their order."""
        parts = {name: [n for n in self.notation.unfolded([name]) if n in among] for name in self.key.symbols}
        found = [name for name, own in parts.items() if own and all(map(holds, own))]
        return [self.of(name) for name in sorted(found, key=lambda name: among.index(parts[name][0]))]


def _where(names: _Names, findings: Findings) -> str:
    place = findings.place
    parts = [f"{names.of(place.first)} is the first wrong quantity"]
    told = set(names.asked(lambda n: n == place.first or n in place.follows.values(), place.wrong))
    for cause in dict.fromkeys(place.follows.values()):
        follows = names.asked(lambda n, by=cause: place.follows.get(n) == by, place.wrong)  # type: ignore[misc]
        told.update(follows)
        if follows:
            alone = "" if cause == place.first else f"{names.of(cause)} is wrong by itself, too, and "
            parts.append(f"{alone}{_listed(follows)} {'follows' if len(follows) == 1 else 'follow'} from it")
    if others := [name for name in names.asked(lambda n: True, place.wrong) if name not in told]:
        parts.append(f"{_listed(others)} {'is' if len(others) == 1 else 'are'} wrong, too")
    if right := names.asked(lambda n: n in place.right, (*place.right, *place.wrong)):
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
    rest = names.asked(lambda n: n in findings.unexplained, findings.unexplained)
    return f" That does not explain {_listed(rest)}: something else is wrong there." if rest else ""


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
        f"{n.of(f.name)} is right up to {short(f.number, 1)} of its size, as after difference quotients, "
        "in low precision, or where a small constant is added"
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
