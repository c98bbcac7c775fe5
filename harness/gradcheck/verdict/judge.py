"""From what a submission answered to a verdict: every quantity, over all cases, first fault first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from gradcheck.oracle.key import AnswerKey
from gradcheck.submission.records import Call, Failure, Outcome, Transcript, failure_of
from gradcheck.verdict.compare import Judged
from gradcheck.verdict.credit import credited
from gradcheck.verdict.finding import Finding, examine, repeated
from gradcheck.verdict.listing import discrepancies
from gradcheck.verdict.notes import notes
from gradcheck.verdict.records import Discrepancy, Quantity, Status, Verdict


@lru_cache(maxsize=256)
def calls(key: AnswerKey) -> tuple[Call, ...]:
    """What a submission is asked: every case once, the first twice in a row."""
    reads = tuple(key.symbols.values())
    first, *others = (Call(case.inputs, reads, most=key.most) for case in key.cases)
    return (first, replace(first, watched=True), *others)


def judge(key: AnswerKey, submission: str, transcript: Transcript) -> Verdict:
    """The verdict on the answers to `calls(key)`."""
    first, again, *rest = transcript.results
    results = (first, *rest)
    findings = {name: _findings(key, name, again, results) for name in (*key.spec.check, *key.spec.accept)}
    checked = tuple(_quantity(key, name, findings[name]) for name in key.spec.check)
    accepted = tuple(_quantity(key, name, findings[name]) for name in key.spec.accept)
    by_symbol = {key.symbols[name]: findings[name] for name in key.spec.check}
    failures = [failure for result in transcript.results if (failure := failure_of(result))]
    verdict = Verdict(
        submission=submission,
        spec=key.spec.path,
        title=key.spec.title,
        quantities=checked,
        accepted=tuple(q for q in accepted if q.reason not in ("missing", "failed")),
        failure=failures[0] if failures else None,
        feedback=key.spec.feedback,
        notes=tuple(notes(transcript, by_symbol, key.spec.fresh)),
        output=transcript.output,
        seconds=transcript.seconds,
    )
    return credited(verdict, key.spec.scoring)


def _findings(
    key: AnswerKey, name: str, again: Outcome | Failure, results: Sequence[Outcome | Failure]
) -> list[Finding]:
    """One a case; the first call is repeated, and must hold."""
    findings = [examine(key, name, number, result) for number, result in enumerate(results)]
    findings[0] = repeated(findings[0], examine(key, name, 0, again))
    return findings


def _quantity(key: AnswerKey, name: str, findings: Sequence[Finding]) -> Quantity:
    told = _told(findings)
    bad = [number for number, f in enumerate(findings) if f.status is not Status.RIGHT]
    judged = [f.judged for f in findings if f.judged]
    table = told.judged.table if told.judged else None
    return Quantity(
        name=name,
        symbol=key.symbols[name],
        status=told.status,
        reason=told.reason,
        message=told.message and told.message + _whereabouts(key, findings.index(told), bad),
        help=told.help,
        table=table,
        discrepancies=_discrepancies(key, name, told.judged),
        count=int((table.wrong | table.unknown).sum()) if table else 0,
        weights=table.yours.size if table else 0,
        weights_by_case=tuple(one.yours.size for one in judged),
        wrong_cases=len(bad),
        cases=len(findings),
        relative_tolerance=told.judged.relative_tolerance if told.judged else 0.0,
        single=any(one.single for one in judged),
        max_points=key.spec.points.get(name, 0.0),
    )


def _told(findings: Sequence[Finding]) -> Finding:
    """The first fault, or else the first case: cases go from the plain to the odd, as should what is said."""
    for faults in ((Status.WRONG, Status.ERROR), (Status.CANNOT_TELL,)):
        for finding in findings:
            if finding.status in faults:
                return finding
    return findings[0]


def _discrepancies(key: AnswerKey, name: str, judged: Judged | None) -> tuple[Discrepancy, ...]:
    """The weights that are not right, by their names."""
    if judged is None or judged.right:
        return ()
    examples = key.cases[judged.case].plan.batch
    return discrepancies(judged.table, lambda place: key.spec.notation.entry(name, place, examples=examples))


def _whereabouts(key: AnswerKey, number: int, bad: Sequence[int]) -> str:
    """Which case a message speaks of, where not all cases are alike."""
    if not bad or len(bad) == len(key.cases):
        return ""
    return f" [case {number + 1} of {len(key.cases)}, a batch of {key.cases[number].plan.batch}]"
