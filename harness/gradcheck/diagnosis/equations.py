"""Wrong answers to a spec in equations: where they go wrong first, and by which edit.

Nothing is said that fails in any case that was run: an edit is named where it makes all numbers that were
handed in, right and wrong, and a quantity follows from another where the right equations make it of that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.causes import following
from gradcheck.diagnosis.changes import Changes
from gradcheck.diagnosis.consequences import readings
from gradcheck.diagnosis.evidence import Evidence, decimals
from gradcheck.diagnosis.findings import Change
from gradcheck.diagnosis.names import listed
from gradcheck.diagnosis.remarks import UNKNOWN
from gradcheck.diagnosis.sentences import BY_HAND, forward_location
from gradcheck.diagnosis.standing import sentence_of
from gradcheck.diagnosis.tracing import Tracing, explanations
from gradcheck.diagnosis.variants import Variants
from gradcheck.diagnosis.witness import Witness, makes
from gradcheck.edits.candidates import Candidates
from gradcheck.edits.objectives import objectives
from gradcheck.expr.writing.paper import Paper
from gradcheck.expr.writing.plain import Plain
from gradcheck.network.backward import backward
from gradcheck.network.case import Case, draw, everything
from gradcheck.network.forward import laid
from gradcheck.network.model import Model
from gradcheck.network.records import Network
from gradcheck.network.write import writer_of
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.specification.records import Spec
from gradcheck.submission.records import Outcome, Transcript
from gradcheck.verdict.finding import examine
from gradcheck.verdict.records import Diagnosis, Status, Verdict

ALIKE = 1e-8
"""How far numbers may be off a multiple of the right ones, relative to the largest."""


def diagnosed(verdict: Verdict, key: AnswerKey, transcript: Transcript) -> Verdict:
    """The verdict with where the answers go wrong and, where edits make all numbers, by which."""
    tracing = _tracing(verdict, key, transcript)
    if not tracing.wrong:
        return verdict
    pretty = key.spec.notation.pretty
    follows = _follows(tracing)
    first = next(name for name in tracing.wrong if name not in follows)
    found = explanations(tracing.variants, tracing.witnesses)
    if not found and tracing.misshapen.issuperset(tracing.wrong):
        return verdict
    changes = changes_of(key.spec, tracing.whole, key.symbols)
    change = changes.change(found) if found else Change((), (), (), 0, BY_HAND.format(pretty(first)), "")
    quantity, symbol = change.quantity or first, change.symbol or pretty(first)
    is_assumed = change.is_assumed(tracing.wrong)
    if change.quantity:
        location, consequences = forward_location(symbol, is_wrong=not is_assumed)
    else:
        location = _location(verdict, first, pretty)
        consequences = _consequences(tracing, first, follows, change, changes.symbol)
    diagnosis = Diagnosis(
        quantity=quantity,
        symbol=symbol,
        location=location,
        consequences=consequences,
        category=change.category,
        corrections=change.corrections,
        is_assumed=is_assumed,
        alternatives=change.alternatives,
        more=change.more,
        remark="" if found else _ratios(tracing, pretty),
        question=change.question,
    )
    shown = {name: pretty(by) for name, by in follows.items()}
    return replace(
        verdict,
        diagnosis=diagnosis,
        quantities=tuple(replace(q, follows=shown.get(q.name, "")) for q in verdict.quantities),
        accepted=tuple(replace(q, follows=shown.get(q.name, "")) for q in verdict.accepted),
    )


def _follows(tracing: Tracing) -> dict[str, str]:
    """Wrong quantity -> the wrong one before it from which its right equations make it."""
    agreeing = set(tracing.wrong) - set(tracing.start.roots)
    return following(readings(tracing.whole), {}, tracing.wrong, tracing.submitted, agreeing)


def _ratios(tracing: Tracing, pretty: Callable[[str], str]) -> str:
    """That no edit makes the numbers, and which are off by one factor in every case."""
    parts = []
    for name in (one for one in tracing.wrong if one not in tracing.misshapen):
        factors = [_factor(one, name) for one in tracing.witnesses]
        if all(k is not None and abs(k - (factors[0] or 0.0)) <= ALIKE * abs(k) for k in factors):
            parts.append(f"{pretty(name)} is {factors[0]:.6g} times what it should be in every case")
    return f"{UNKNOWN}, but {'; '.join(parts)}." if parts else f"{UNKNOWN}."


def _factor(one: Witness, name: str) -> float | None:
    """By how much numbers are what they should be; None where it is not one factor."""
    true, yours = one.evidence.true[name], one.evidence.yours[name]
    square = float((true * true).sum())
    k = float((true * yours).sum()) / square if square else 0.0
    off = float(np.abs(yours - k * true).max(initial=0.0))
    return k if k and off <= ALIKE * abs(k) * float(np.abs(true).max()) else None


def _tracing(verdict: Verdict, key: AnswerKey, transcript: Transcript) -> Tracing:
    """The numbers of every case in which there are any."""
    model = key.spec.model
    assert model is not None
    first, _, *rest = transcript.results
    answers = []
    for number, (case, result) in enumerate(zip(key.cases, (first, *rest), strict=True)):
        if isinstance(result, Outcome):
            answers.append((number, _drawn(case, model), result))
    numbers = {f"{n} {name}": array for n, _, result in answers for name, array in result.arrays.items()}
    places = decimals({name: a for name, a in numbers.items() if np.isfinite(a).all()})
    witnesses = [_witness(verdict, key, *one, places) for one in answers]
    return Tracing(_variants(key.own), witnesses)


def _drawn(case: KeyCase, model: Model) -> Case:
    """The numbers that a case gives."""
    drawn = case.drawn or draw(model, case.plan.sizes or {}, case.plan.seed)
    assert isinstance(drawn, Case)
    return drawn


def _witness(
    verdict: Verdict, key: AnswerKey, number: int, case: Case, result: Outcome, places: int | None
) -> Witness:
    """One case's numbers, each quantity in the shape that it should have."""
    whole, true = case.model.whole, everything(case)
    yours: dict[str, Array] = {}
    for name in result.arrays.keys() & whole.equations.keys():
        array = np.asarray(result.arrays[name], np.float64)
        if np.isfinite(array).all():
            yours[name] = array
    arrays = {name: laid(whole, name, true[name], case.lengths) for name in yours}
    precision = verdict.precision
    asked = [name for name in yours if name in key.symbols]
    fair = {n for n in asked if not examine(key, n, number, result, precision).wrong_entries.any()}
    evidence = Evidence(number, yours, arrays, places, precision.single, fair=frozenset(fair))
    return Witness(case.lengths, true, evidence)


@lru_cache(maxsize=64)
def _variants(key: AnswerKey) -> Variants:
    """The edits of a spec's equations, and other networks, made once for a whole class."""
    model = key.spec.model
    assert model is not None
    candidates = candidates_of(model, [_drawn(case, model) for case in key.cases])
    return Variants(candidates, list(key.symbols), len(key.cases))


def candidates_of(model: Model, cases: Sequence[Case]) -> Candidates:
    """The edits of a network's equations that may be made in some of the cases."""
    first = cases[0]
    return Candidates(
        model.network,
        model.whole,
        model.parameters,
        [case.lengths for case in cases],
        partial(backward, upstream=model.upstream or None),
        partial(makes, model.whole, everything(first), first.lengths),
        objectives(model.network, model.parameters),
    )


def _location(verdict: Verdict, first: str, pretty: Callable[[str], str]) -> str:
    judged = (*verdict.quantities, *verdict.accepted)
    right = [pretty(q.name) for q in judged if q.status is Status.RIGHT]
    parts = [f"{listed(right)} {_are(right)} right"] if right else []
    return sentence_of([f"{pretty(first)} is the first wrong quantity", *parts])


def _consequences(
    tracing: Tracing, first: str, follows: Mapping[str, str], change: Change, symbol: Callable[[str], str]
) -> str:
    """What else is wrong, and because of what."""
    hidden = [name for name in change.equations if name not in tracing.submitted]
    others = [name for name in tracing.wrong if name != first and name not in follows]
    rest = [name for name in others if name not in change.equations]
    parts = []
    if rest and len(hidden) == 1:
        parts.append(f"{_follow([*map(symbol, rest)])} {symbol(hidden[0])}, too")
    elif rest:
        parts.append(f"{listed([*map(symbol, rest)])} {_are(rest)} wrong, too")
    why = "by the same mistake" if len(change.corrections) == 1 else "by itself, too"
    for cause in dict.fromkeys((*(name for name in others if name not in rest), *follows.values())):
        after = [symbol(name) for name, by in follows.items() if by == cause]
        alone = f"{symbol(cause)} is wrong {why}" if cause in others else ""
        follow = f"{_follow(after)} {'it' if alone else symbol(cause)}" if after else ""
        parts.append(", and ".join(filter(None, (alone, follow))))
    return sentence_of(parts)


def _follow(names: Sequence[str]) -> str:
    return f"{listed(names)} {'follows' if len(names) == 1 else 'follow'} from"


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def changes_of(spec: Spec, whole: Network, asked: Collection[str]) -> Changes:
    """The words for edits of a spec's equations: code where its notation writes code, else paper."""
    notation = spec.notation
    dialect = Plain() if notation.display.writes_code else Paper(symbol=notation.pretty)
    return Changes(whole, writer_of(whole, dialect), asked)
