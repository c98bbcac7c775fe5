"""A verdict with its diagnosis: asked for only where numbers are wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from gradcheck.diagnosis.costs import cause, excused, wrong_parts
from gradcheck.diagnosis.diagnose import Findings, blurred
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.fresh import tried
from gradcheck.diagnosis.questions import Questions, questions
from gradcheck.diagnosis.told import told, told_of_state
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.submission.records import Call, Failure, Outcome, Transcript
from gradcheck.verdict.credit import credited
from gradcheck.verdict.records import Verdict

Results = Sequence[Outcome | Failure]


def diagnosed(
    verdict: Verdict, key: AnswerKey, transcript: Transcript, ask: Callable[[Sequence[Call]], Results]
) -> Verdict:
    """The verdict with where the answers go wrong, by what mistake, and the points that follow from it.

    `ask` puts more calls to the submission: probes, where the spec's sizes vary.
    """
    if any(q.reason == "unrepeatable" for q in verdict.quantities):
        return replace(verdict, diagnosis=told_of_state(verdict))
    asked = questions(key.own)
    first, _, *rest = transcript.results
    known = len(key.own.cases) - 1
    results: Results = (first, *rest[:known], *(ask(asked.more) if asked.more else ()))
    with np.errstate(all="ignore"):  # what is handed in may be as large as it likes
        evidence = asked.evidence(results)
        return _explained(verdict, asked, evidence, list(zip(key.fresh, rest[known:], strict=True)))


def _tried(
    findings: Findings, asked: Questions, evidence: Sequence[Evidence], case: KeyCase, outcome: Outcome
) -> Findings:
    predictions, fresh = asked.fresh(case, outcome, evidence)
    return tried(findings, predictions, evidence, fresh)


def _explained(
    verdict: Verdict,
    asked: Questions,
    evidence: Sequence[Evidence],
    fresh: Sequence[tuple[KeyCase, Outcome | Failure]],
) -> Verdict:
    spec = asked.key.spec
    findings = asked.findings(evidence) if evidence else None
    for case, outcome in fresh:
        if findings is not None and isinstance(outcome, Outcome):
            findings = _tried(findings, asked, evidence, case, outcome)
    if findings is None:
        off = [q.name for q in (*verdict.quantities, *verdict.accepted) if q.reason == "values"]
        findings = blurred(asked.predictions, evidence, spec.notation.unfolded(off)) if evidence else None
    if findings is None:
        return verdict
    wrong = wrong_parts(asked.key, evidence, (*verdict.quantities, *verdict.accepted))
    follows = {name: spec.notation.pretty(by) for name in wrong if (by := cause(findings, wrong[name]))}
    verdict = replace(
        verdict,
        diagnosis=told(asked.key, findings),
        quantities=tuple(replace(q, follows=follows.get(q.name, "")) for q in verdict.quantities),
        accepted=tuple(replace(q, follows=follows.get(q.name, "")) for q in verdict.accepted),
    )
    costly = {q.name: wrong[q.name] for q in verdict.quantities if q.name in wrong and q.max_points}
    return credited(verdict, spec.scoring, excused(asked.predictions, findings, costly))
