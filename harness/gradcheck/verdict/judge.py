"""From what a submission answered to a verdict: every quantity, over all cases, first fault first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.submission.records import Call, Failure, Outcome, Transcript, failure_of
from gradcheck.verdict.compare import Judged
from gradcheck.verdict.credit import earning
from gradcheck.verdict.finding import DEFAULT, Finding, examine
from gradcheck.verdict.listing import discrepancies
from gradcheck.verdict.notes import notes
from gradcheck.verdict.precision import recognise
from gradcheck.verdict.records import Discrepancy, Precision, Quantity, Status, Verdict
from gradcheck.verdict.repetition import is_same, repeated

SIMILAR = 4.3
"""Of cases that show about as much, within that factor, the first is shown: one number's last digit must
not choose another. No ratio of small numbers is near it."""


def calls(key: AnswerKey) -> tuple[Call, ...]:
    """What a submission is asked: every case once, the first twice in a row."""
    return (*_known_calls(key.own), *(_call(key.own, case) for case in key.fresh))


@lru_cache(maxsize=256)
def _known_calls(key: AnswerKey) -> tuple[Call, ...]:
    first, *others = (_call(key, case) for case in key.cases)
    return (first, replace(first, watched=True), *others)


def _call(key: AnswerKey, case: KeyCase) -> Call:
    return Call(case.inputs, tuple(key.symbols.values()), most=key.most)


def judge(key: AnswerKey, submission: str, transcript: Transcript) -> Verdict:
    """The verdict on the answers to `calls(key)`."""
    first, again, *rest = transcript.results
    results = (first, *rest)
    findings, precision = _examined(key, again, results), DEFAULT
    if any(f.status is not Status.RIGHT for cases in findings.values() for f in cases):
        often = max((r.most_calls for r in transcript.results if isinstance(r, Outcome)), default=0)
        precision = recognise(key, results, often)
        if precision != DEFAULT:
            findings = _examined(key, again, results, precision)
    decisive = {name: _decisive(cases) for name, cases in findings.items()}
    earned = earning({name: decisive[name].status for name in key.spec.check}, key.spec.scoring)
    quantities = {
        name: _quantity(key, name, decisive[name], cases, earns=name in earned)
        for name, cases in findings.items()
    }
    accepted = (quantities[name] for name in key.spec.accept)
    by_symbol = {key.symbols[name]: findings[name] for name in key.spec.check}
    failures = [failure for result in transcript.results if (failure := failure_of(result))]
    return Verdict(
        submission=submission,
        spec=key.spec.path,
        title=key.spec.title,
        quantities=tuple(quantities[name] for name in key.spec.check),
        graph=key.spec.graph,
        accepted=tuple(q for q in accepted if q.reason not in ("missing", "failed")),
        failure=failures[0] if failures else None,
        feedback=key.spec.feedback,
        precision=precision,
        notes=tuple(notes(transcript, by_symbol, precision, len(key.fresh))),
        output=transcript.output,
        seconds=transcript.seconds,
    )


def _examined(
    key: AnswerKey,
    again: Outcome | Failure,
    results: Sequence[Outcome | Failure],
    precision: Precision = DEFAULT,
) -> dict[str, list[Finding]]:
    """For each quantity a finding a case; the first call is repeated, and must hold."""
    by_name = {}
    for name in key.symbols:
        findings = [examine(key, name, number, result, precision) for number, result in enumerate(results)]
        if not is_same(results[0], again, key.symbols[name]):
            findings[0] = repeated(findings[0], examine(key, name, 0, again, precision))
        by_name[name] = findings
    return by_name


def _quantity(
    key: AnswerKey, name: str, decisive: Finding, findings: Sequence[Finding], *, earns: bool
) -> Quantity:
    """What is said of it, first of all by the finding `decisive`."""
    bad = [number for number, f in enumerate(findings) if f.status is not Status.RIGHT]
    judged = [f.judged for f in findings if f.judged]
    table = decisive.judged.table if decisive.judged else None
    max_points = key.spec.points.get(name, 0.0)
    return Quantity(
        name=name,
        symbol=key.symbols[name],
        status=decisive.status,
        reason=decisive.reason,
        message=_message(key, name, decisive, findings, bad),
        help=decisive.help,
        table=table,
        discrepancies=_discrepancies(key, name, decisive.judged),
        count=int((table.wrong | table.unknown).sum()) if table and bad else 0,
        unit=key.spec.notation.unit(name),
        entries=table.yours.size if table else 0,
        entries_by_case=tuple(one.yours.size for one in judged),
        wrong_cases=len(bad),
        cases=len(findings),
        relative_tolerance=decisive.judged.relative_tolerance if decisive.judged else 0.0,
        single=any(one.single for one in judged),
        points=max_points if earns else 0.0,
        max_points=max_points,
    )


def _message(
    key: AnswerKey, name: str, decisive: Finding, findings: Sequence[Finding], bad: Sequence[int]
) -> str:
    """What is said of the fault, with its case; of wrong numbers what is true of every case."""
    if decisive.reason == "values":
        zeros = all(f.judged is not None and not f.judged.yours.any() for f in findings)
        return f"{key.symbols[name]} is all zeros" if zeros else ""
    return decisive.message and decisive.message + _whereabouts(key, findings.index(decisive), bad)


def _decisive(findings: Sequence[Finding]) -> Finding:
    """The fault that shows most; of those that show about as much, the first.

    Cases go from the plain to the odd, and so should what is said of them.
    """
    for faults in ((Status.WRONG, Status.ERROR), (Status.CANNOT_TELL,)):
        there = [finding for finding in findings if finding.status in faults]
        if there and there[0].status is Status.ERROR:
            return there[0]
        if there:
            return next(f for f in there if SIMILAR * _weight(f) >= max(map(_weight, there)))
    return findings[0]


def _weight(finding: Finding) -> float:
    """How much a fault shows: how far entries are off on the average, in tolerances.

    No numbers show most, and so do those that are others in a second call: nothing else can be said of them.
    """
    if finding.judged is None or not finding.judged.tolerance or finding.reason == "unrepeatable":
        return math.inf
    with np.errstate(over="ignore"):
        off = np.abs(finding.judged.yours - finding.judged.entry.autograd)
        return float(np.mean(off / finding.judged.tolerance))


def _discrepancies(key: AnswerKey, name: str, judged: Judged | None) -> tuple[Discrepancy, ...]:
    """The entries that are not right, by their names."""
    if judged is None or judged.right:
        return ()
    examples = key.cases[judged.case].plan.batch
    return discrepancies(judged.table, lambda index: key.spec.notation.entry(name, index, examples=examples))


def _whereabouts(key: AnswerKey, number: int, bad: Sequence[int]) -> str:
    """Which case a message speaks of, where not all cases are alike."""
    if not bad or len(bad) == len(key.cases):
        return ""
    return f" [case {number + 1} of {len(key.cases)}, {key.cases[number].plan.words}]"
