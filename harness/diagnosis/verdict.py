"""A verdict with its diagnosis: asked for only where numbers are wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from harness.diagnosis.diagnose import Findings
from harness.diagnosis.questions import Questions, questions
from harness.diagnosis.told import told, told_of_state
from harness.oracle.key import AnswerKey
from harness.submission.records import Call, Failure, Outcome, Transcript
from harness.verdict.credit import credited
from harness.verdict.records import Quantity, Verdict

Results = Sequence[Outcome | Failure]


def diagnosed(
    verdict: Verdict, key: AnswerKey, transcript: Transcript, ask: Callable[[Sequence[Call]], Results]
) -> Verdict:
    """The verdict with where the answers go wrong, by what mistake, and the points that follow from it.

    `ask` puts more calls to the submission: probes, where the spec's sizes vary.
    """
    if any(q.reason == "unrepeatable" for q in verdict.quantities):
        return replace(verdict, diagnosis=told_of_state(verdict))
    asked = questions(key)
    first, _, *rest = transcript.results
    results: Results = (first, *rest, *(ask(asked.more) if asked.more else ()))
    evidence = asked.evidence(results)
    findings = asked.findings(evidence) if evidence else None
    if findings is None:
        return verdict
    diagnosis = told(key, findings)
    follows = frozenset(findings.place.follows)
    verdict = replace(
        verdict,
        diagnosis=diagnosis,
        quantities=tuple(_marked(q, follows, diagnosis.first) for q in verdict.quantities),
        accepted=tuple(_marked(q, follows, diagnosis.first) for q in verdict.accepted),
    )
    return credited(verdict, key.spec.scoring, follows - _paying(asked, findings, verdict))


def _marked(quantity: Quantity, follows: frozenset[str], first: str) -> Quantity:
    return replace(quantity, follows=first) if quantity.name in follows else quantity


def _paying(asked: Questions, findings: Findings, verdict: Verdict) -> frozenset[str]:
    """The quantities that pay for a mistake although they follow: the first checked one that each changes."""
    order = asked.library.order
    wrong = [q.name for q in verdict.quantities if q.points < q.max_points]
    checked = sorted((n for n in wrong if n in order), key=order.index)
    if not findings.explanations:
        after = [n for n in checked if order.index(n) >= order.index(findings.place.first)]
        return frozenset(after[:1])
    changed = [asked.library.changed(fault) for fault in findings.explanations[0]]
    return frozenset(next((n for n in checked if n in names), "") for names in changed)
