"""A verdict with its diagnosis: asked for only where numbers are wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from gradcheck.diagnosis.costs import cause, excused, wrong_parts
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.findings import blurred
from gradcheck.diagnosis.names import Names, listed
from gradcheck.diagnosis.questions import Questions, questions
from gradcheck.diagnosis.remarks import blur, remarks
from gradcheck.diagnosis.sentences import diagnosis_of, of_state
from gradcheck.diagnosis.standing import origin
from gradcheck.oracle.key import AnswerKey
from gradcheck.submission.records import Call, Failure, Outcome, Transcript
from gradcheck.verdict.credit import credited
from gradcheck.verdict.records import Quantity, Verdict

Results = Sequence[Outcome | Failure]


def diagnosed(
    verdict: Verdict, key: AnswerKey, transcript: Transcript, ask: Callable[[Sequence[Call]], Results]
) -> Verdict:
    """The verdict with where the answers go wrong, by what mistake, and the points that follow from it.

    `ask` puts more calls to the submission: probes, where the spec's sizes vary.
    """
    if any(q.reason == "unrepeatable" for q in verdict.quantities):
        return replace(verdict, diagnosis=of_state(verdict))
    asked = questions(key.own)
    first, _, *rest = transcript.results
    known = len(key.own.cases) - 1
    results: Results = (first, *rest[:known], *(ask(asked.more) if asked.more else ()))
    with np.errstate(all="ignore"):  # what is handed in may be as large as it likes
        evidence = asked.evidence(results, verdict.precision)
        calls = max((r.most_calls for r in transcript.results if isinstance(r, Outcome)), default=0)
        return _explained(verdict, key, asked, evidence, rest[known:], calls)


def _explained(
    verdict: Verdict,
    key: AnswerKey,
    asked: Questions,
    evidence: Sequence[Evidence],
    fresh: Results,
    calls: int,
) -> Verdict:
    """The verdict, with the findings on the spec's own cases as far as they hold on the `fresh` one.

    `calls` is what `remarks.blur` takes.
    """
    spec, everything = key.spec, evidence
    judged = (*verdict.quantities, *verdict.accepted)
    findings = asked.findings(evidence) if evidence else None
    source = asked.source(findings.explanations if findings else ())
    for outcome in fresh:
        if findings is not None and isinstance(outcome, Outcome):
            findings, source, everything = asked.tried(findings, evidence, key, outcome, verdict.precision)
    if findings is None:
        off = [q.name for q in judged if q.reason == "values"]
        findings = blurred(source, evidence, spec.notation.unfolded(off)) if evidence else None
    if findings is None:
        return verdict
    findings, facts = asked.completed(findings, source, everything)
    wrong = wrong_parts(asked.key, evidence, judged)
    names = Names(key)
    by_name = {name: list(map(names.of, cause(findings, parts))) for name, parts in wrong.items()}
    follows = {name: listed(causes) for name, causes in by_name.items() if causes}
    own = remarks(source, everything, findings, facts)
    why = {name: origin(names, findings, parts, follows.get(name, "")) for name, parts in wrong.items()}
    if len(wrong) < 2:
        why = {}

    def explained(quantity: Quantity) -> Quantity:
        name = quantity.name
        known = why.get(name, "") if quantity.reason == "values" else ""  # of a shape, it says all
        return replace(quantity, follows=follows.get(name, ""), cause=known)

    note = blur(names, own, everything, findings, calls)
    verdict = replace(
        verdict,
        notes=(*verdict.notes, note) if note else verdict.notes,
        diagnosis=diagnosis_of(asked.key, findings, own, {q.name: q for q in judged}),
        quantities=tuple(map(explained, verdict.quantities)),
        accepted=tuple(map(explained, verdict.accepted)),
    )
    costly = {q.name: wrong[q.name] for q in verdict.quantities if q.name in wrong and q.max_points}
    return credited(verdict, spec.scoring, excused(asked.source(findings.explanations), findings, costly))
