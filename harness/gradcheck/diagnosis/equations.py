"""Wrong answers to a spec in equations traced back: where they go wrong first, and by which edit.

Nothing is said that fails in any case that was run: an edit is named where it makes all numbers that were
handed in, right and wrong, and a quantity follows from another where the right equations make it of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.causes import following
from gradcheck.diagnosis.consequences import readings, recompute
from gradcheck.diagnosis.names import listed
from gradcheck.expr.named import Named
from gradcheck.expr.tree import Expr
from gradcheck.expr.writing.dialect import Dialect
from gradcheck.expr.writing.paper import Paper
from gradcheck.expr.writing.plain import Plain
from gradcheck.network.case import Case, draw, everything
from gradcheck.network.edits import Edit, behind, edited, edits
from gradcheck.network.forward import laid, run
from gradcheck.network.model import Model
from gradcheck.network.records import Network, named
from gradcheck.network.write import within, write_equation, writer_of
from gradcheck.oracle.key import AnswerKey
from gradcheck.submission.records import Outcome, Transcript
from gradcheck.verdict.records import Diagnosis, Status, Verdict

EFFORT = 4000
"""How many edits are tried at most; what a report says must not depend on how fast a machine is."""
ALIKE = 1e-8
"""How far numbers may be off what an edit makes, relative to the largest."""

_PLAIN = ("term", "factor", "sign", "time", "mean", "other")
"""Which of two edits that make the same numbers is told: the likelier one."""
_QUESTIONS = {
    "term": "By how many ways does a change of it reach the loss? Is there a term for each of them?",
    "factor": "What does a change pass on its way from there to here? Is there a factor for each of them?",
    "sign": "Let it grow a little: does the loss grow or fall by this way?",
    "mean": "A sum over places has a derivative at each of them. What divides by how many there are?",
    "time": "From which time does the value come that is multiplied here?",
    "other": "Which quantity stands at this place on the way forward?",
}


@dataclass(frozen=True)
class Witness:
    """One case: what is true of it, and what was handed in."""

    case: Case
    true: Mapping[str, Named]
    yours: Mapping[str, Array]


@dataclass(frozen=True)
class Tracing:
    """The answers of one submission to one spec."""

    model: Model
    witnesses: Sequence[Witness]
    wrong: Sequence[str]
    """In the order in which they are made."""
    _rests: dict[frozenset[str], Network] = field(default_factory=dict)

    @cached_property
    def follows(self) -> dict[str, str]:
        """Wrong quantity -> the wrong one before it from which its right equations make it."""
        submitted = set.intersection(*(set(one.yours) for one in self.witnesses))
        agreeing = submitted.intersection(*map(self._agreeing, self.witnesses))
        return following(readings(self.model.whole), self.wrong, submitted, agreeing)

    def _agreeing(self, one: Witness) -> set[str]:
        """What is as its equations make it from what was handed in before it."""
        layouts = self.model.whole.layouts
        yours = {n: Named(_squeezed(a, one, n), named(layouts[n])) for n, a in one.yours.items()}
        found = recompute(self.model.whole, one.case.given, yours, one.case.lengths)
        return {name for name in yours if _alike(one, name, found[name])}

    @cached_property
    def explanations(self) -> list[tuple[Edit, ...]]:
        """The edits that make all numbers of all cases, the plainest first."""
        found = []
        for several in self._candidates[:EFFORT]:
            rest = edited(self._behind([edit.equation for edit in several]), several)
            if self._reaches(rest) and all(self._explains(rest, one) for one in self.witnesses):
                found.append(several)
        return sorted(found, key=lambda several: _PLAIN.index(several[0].kind))

    @property
    def is_exhausted(self) -> bool:
        """Whether all edits are tried."""
        return len(self._candidates) <= EFFORT

    @cached_property
    def _candidates(self) -> list[tuple[Edit, ...]]:
        """The edits of the reverse pass: as many as are tried, and one more if there are more."""
        return list(islice(edits(self.model.whole, list(self.model.backward.equations)), EFFORT + 1))

    @cached_property
    def _right(self) -> set[str]:
        """What was handed in as the right numbers."""
        return {
            name
            for name in self.witnesses[0].yours
            if all(name in one.yours and _alike(one, name, one.true[name]) for one in self.witnesses)
        }

    def _behind(self, equations: Sequence[str]) -> Network:
        key = frozenset(equations)
        if key not in self._rests:
            self._rests[key] = behind(self.model.whole, key)
        return self._rests[key]

    def _reaches(self, rest: Network) -> bool:
        """Whether a change of these equations reaches all that is wrong, and nothing that is right."""
        changed = rest.equations.keys()
        return changed >= set(self.wrong) and not changed & self._right

    def _explains(self, rest: Network, one: Witness) -> bool:
        try:
            values = {**one.true, **run(rest, one.true, one.case.lengths)}
        except ValueError:  # what is left has other axes than there is room for
            return False
        return all(_alike(one, name, values[name]) for name in one.yours)


def diagnosed(verdict: Verdict, key: AnswerKey, transcript: Transcript) -> Verdict:
    """The verdict with where the answers go wrong and, where one edit makes all numbers, by which."""
    tracing = _tracing(verdict, key, transcript)
    if tracing is None:
        return verdict
    pretty = key.spec.notation.pretty
    dialect = _dialect(key)
    first = next(name for name in tracing.wrong if name not in tracing.follows)
    found = tracing.explanations
    if found:
        mistake = _mistake(tracing.model, found[0], dialect)
        question = _QUESTIONS[found[0][0].kind]
        if more := len(found) - 1:
            mistake += f" {more} other change{'s' * (more > 1)} of an equation would make the same numbers."
    else:
        mistake, question = _ratios(tracing, {name: pretty(name) for name in tracing.wrong}), ""
    diagnosis = Diagnosis(
        quantity=first,
        symbol=pretty(first),
        location=_location(verdict, tracing, first, {name: pretty(name) for name in key.symbols}),
        mistake=mistake,
        question=question,
    )
    follows = {name: pretty(by) for name, by in tracing.follows.items()}
    return replace(
        verdict,
        diagnosis=diagnosis,
        quantities=tuple(replace(q, follows=follows.get(q.name, "")) for q in verdict.quantities),
        accepted=tuple(replace(q, follows=follows.get(q.name, "")) for q in verdict.accepted),
    )


def _ratios(tracing: Tracing, pretty: Mapping[str, str]) -> str:
    """That no edit makes the numbers, if all were tried, and which are off by one factor in every case."""
    said = []
    if tracing.is_exhausted:
        said.append("No term, factor, sign or quantity that is changed in one equation makes these numbers.")
    for name in tracing.wrong:
        factors = [_factor(one, name) for one in tracing.witnesses]
        if all(k is not None and abs(k - (factors[0] or 0.0)) <= ALIKE * abs(k) for k in factors):
            said.append(f"{pretty[name]} is {factors[0]:.6g} times what it should be in every case.")
    return " ".join(said)


def _factor(one: Witness, name: str) -> float | None:
    """By how much numbers are what they should be; None where it is not one factor."""
    true = laid(one.case.model.whole, name, one.true[name], one.case.lengths)
    square = float((true * true).sum())
    k = float((true * one.yours[name]).sum()) / square if square else 0.0
    off = float(np.abs(one.yours[name] - k * true).max(initial=0.0))
    return k if k and off <= ALIKE * abs(k) * float(np.abs(true).max()) else None


def _tracing(verdict: Verdict, key: AnswerKey, transcript: Transcript) -> Tracing | None:
    """What there is to trace; None where nothing wrong has numbers to speak of in every case."""
    model = key.spec.model
    assert model is not None
    first, _, *rest = transcript.results
    witnesses = []
    for case, result in zip(key.cases, (first, *rest), strict=True):
        drawn = case.drawn or draw(model, case.plan.sizes or {}, case.plan.seed)
        assert isinstance(drawn, Case)
        if isinstance(result, Outcome):
            witnesses.append(_witness(drawn, result.arrays))
    everywhere = [set(one.yours) for one in witnesses]
    known = set.intersection(*everywhere) if everywhere else set()
    judged = {q.name: q for q in (*verdict.quantities, *verdict.accepted)}
    wrong = [n for n in model.whole.equations if n in known and judged[n].status is Status.WRONG]
    return Tracing(model, witnesses, wrong) if wrong else None


def _witness(case: Case, arrays: Mapping[str, Array]) -> Witness:
    true = everything(case)
    whole, fitting = case.model.whole, {}
    for name in arrays.keys() & whole.equations.keys():
        if np.shape(arrays[name]) == laid(whole, name, true[name], case.lengths).shape:
            fitting[name] = np.asarray(arrays[name], np.float64)
    return Witness(case, true, fitting)


def _squeezed(array: Array, one: Witness, name: str) -> Array:
    """An array without its axes of length one that have no name."""
    layout = one.case.model.whole.layouts[name]
    return array.reshape([n for n, axis in zip(array.shape, layout, strict=True) if axis != "1"])


def _alike(one: Witness, name: str, value: Named) -> bool:
    array = laid(one.case.model.whole, name, value, one.case.lengths)
    size = max(float(np.abs(array).max(initial=0.0)), float(np.abs(one.yours[name]).max(initial=0.0)))
    with np.errstate(invalid="ignore", over="ignore"):
        return bool(np.abs(array - one.yours[name]).max(initial=0.0) <= ALIKE * size)


def _location(verdict: Verdict, tracing: Tracing, first: str, pretty: Mapping[str, str]) -> str:
    parts = [f"{pretty[first]} is the first wrong quantity"]
    for cause in dict.fromkeys(tracing.follows.values()):
        names = [pretty[name] for name, by in tracing.follows.items() if by == cause]
        parts.append(f"{listed(names)} {'follows' if len(names) == 1 else 'follow'} from {pretty[cause]}")
    others = [pretty[name] for name in tracing.wrong if name != first and name not in tracing.follows]
    if others:
        parts.append(f"{listed(others)} {'is' if len(others) == 1 else 'are'} wrong, too")
    right = [pretty[q.name] for q in (*verdict.quantities, *verdict.accepted) if q.status is Status.RIGHT]
    if right:
        parts.append(f"{listed(right)} {'is' if len(right) == 1 else 'are'} right")
    return "; ".join(parts) + "."


def _dialect(key: AnswerKey) -> Dialect:
    """Code where the notation writes code, else paper."""
    notation = key.spec.notation
    return Plain() if notation.display.index.startswith("[") else Paper(symbol=notation.pretty)


def _mistake(model: Model, several: Sequence[Edit], dialect: Dialect) -> str:
    """You have, it should be, and what is changed."""
    edit = several[0]
    yours, right = (_equation(model, edit.equation, e, dialect) for e in (edit.new, edit.old))
    part = _part(model, edit, edit.old if edit.part is None else edit.part, dialect)
    said = {
        "term": f"the term {part} is left out",
        "factor": f"the factor {part} is left out",
        "sign": f"{part} has the other sign",
        "mean": f"a mean stands in the place of {part}",
        "time": "the entry of the same time stands in the place of the one before it",
    }
    instead = _part(model, edit, edit.instead, dialect) if edit.instead is not None else ""
    change = said.get(edit.kind) or f"{instead} stands in the place of {part}"
    more = [_name(model, other.equation, dialect) for other in several[1:]]
    likewise = f", and likewise in {listed(more)}" if more else ""
    return f"Your numbers are those of {yours}. It should be {right}: {change}{likewise}."


def _name(model: Model, name: str, dialect: Dialect) -> str:
    return dialect.name(name, model.whole.layouts[name], None).text


def _equation(model: Model, name: str, expression: Expr, dialect: Dialect) -> str:
    writer = within(writer_of(model.whole, dialect), model.whole, name)
    return write_equation(replace(model.whole.equations[name], expression=expression), writer)


def _part(model: Model, edit: Edit, part: Expr, dialect: Dialect) -> str:
    writer = within(writer_of(model.whole, dialect), model.whole, edit.equation)
    layout = model.whole.layouts[edit.equation] if edit.kind in ("term", "sign") else ()
    if writer.moment is not None:
        layout = tuple(axis for axis in layout if axis != writer.moment.axis)
    return writer.write(part, layout).text
