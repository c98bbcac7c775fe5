"""From what a submission answered to a verdict: every quantity, over all cases, first fault first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from harness.maths._arrays import Array
from harness.oracle.entry import Entry
from harness.oracle.key import AnswerKey
from harness.submission.records import Call, Failure, Outcome, Transcript
from harness.verdict.compare import DOUBLE, Judged, compare, is_single
from harness.verdict.listing import discrepancies
from harness.verdict.records import Quantity, Reason, Status, Verdict


@dataclass(frozen=True)
class Finding:
    """What one case says of one quantity."""

    status: Status
    reason: Reason | None = None
    message: str = ""
    help: str = ""
    judged: Judged | None = None
    single: bool = False


def calls(key: AnswerKey) -> list[Call]:
    """What a submission is asked: every case once, the first twice in a row."""
    reads = tuple(key.spec.notation.symbol(name) for name in (*key.spec.check, *key.spec.accept))
    once = [Call(case.inputs, reads) for case in key.cases]
    return [once[0], *once]


def judge(key: AnswerKey, submission: str, transcript: Transcript) -> Verdict:
    """The verdict on the answers to `calls(key)`."""
    first, again, *rest = transcript.results
    results = (first, *rest)
    checked = tuple(_quantity(key, name, again, results) for name in key.spec.check)
    accepted = tuple(_quantity(key, name, again, results) for name in key.spec.accept)
    failures = [result for result in transcript.results if isinstance(result, Failure)]
    return Verdict(
        submission=submission,
        spec=key.spec.path,
        title=key.spec.title,
        quantities=checked,
        accepted=tuple(q for q in accepted if q.reason not in ("missing", "failed")),
        failure=failures[0] if failures else None,
        notes=tuple(_notes(transcript.results, checked)),
        output=transcript.output,
    )


def failed(key: AnswerKey, submission: str, failure: Failure) -> Verdict:
    """The verdict on a submission that can't even be asked: a missing file, say."""
    results = (failure,) * (len(key.cases) + 1)
    return judge(key, submission, Transcript(results, output="", truncated=False))


def _quantity(
    key: AnswerKey, name: str, again: Outcome | Failure, results: Sequence[Outcome | Failure]
) -> Quantity:
    findings = [_finding(key, name, number, result) for number, result in enumerate(results)]
    findings[0] = _repeated(findings[0], _finding(key, name, 0, again))
    told = _told(findings)
    bad = [number for number, f in enumerate(findings) if f.status is not Status.RIGHT]
    quantity = Quantity(
        name=name,
        symbol=key.spec.notation.symbol(name),
        status=told.status,
        reason=told.reason,
        message=told.message and told.message + _whereabouts(key, findings.index(told), bad),
        help=told.help,
        wrong_cases=len(bad),
        cases=len(findings),
        worst=max((f.judged.relative for f in findings if f.judged), default=0.0),
        single=any(f.single for f in findings),
        max_points=key.spec.points.get(name, 0.0),
    )
    fair = quantity.status in (Status.RIGHT, Status.CANNOT_TELL)
    quantity = replace(quantity, points=quantity.max_points if fair else 0.0)
    return quantity if told.judged is None else _with_table(key, quantity, told.judged)


def _told(findings: Sequence[Finding]) -> Finding:
    """The first fault: cases go from the plain to the odd, and so should what is said of them."""
    for faults in ((Status.WRONG, Status.ERROR), (Status.CANNOT_TELL,)):
        for finding in findings:
            if finding.status in faults:
                return finding
    return max(findings, key=lambda f: f.judged.relative if f.judged else 0.0)


def _with_table(key: AnswerKey, quantity: Quantity, judged: Judged) -> Quantity:
    table = judged.table
    examples = key.cases[table.case].plan.batch
    return replace(
        quantity,
        table=table,
        relative_tolerance=judged.relative_tolerance,
        weights=table.yours.size,
        count=int((table.wrong | table.unknown).sum()),
        discrepancies=discrepancies(
            table, lambda place: key.spec.notation.entry(quantity.name, place, examples=examples)
        ),
    )


def _finding(key: AnswerKey, name: str, number: int, result: Outcome | Failure) -> Finding:
    symbol = key.spec.notation.symbol(name)
    if isinstance(result, Failure):
        where = f" ({result.where})" if result.where else ""
        return Finding(Status.ERROR, "failed", result.message + where)
    if symbol in result.refused:
        return Finding(Status.ERROR, "not numbers", f"{symbol} is {result.refused[symbol]}")
    if symbol not in result.arrays:
        return Finding(Status.ERROR, "missing", f"{symbol} was not set", f"`run` must leave it in `{symbol}`")
    yours = result.arrays[symbol]
    if yours.dtype == np.float16:
        advice = "compute in float64, or in float32 at least"
        return Finding(Status.ERROR, "precision", f"{symbol} is float16, whose 3 digits tell nothing", advice)
    return _values(symbol, yours, key.cases[number].entries[name], number, key.spec.tolerance or DOUBLE)


def _values(symbol: str, yours: Array, entry: Entry, number: int, double: float) -> Finding:
    expected = entry.autograd.shape
    if yours.size == entry.autograd.size == 1:
        yours = yours.reshape(expected)  # one number, however it is wrapped
    if yours.shape != expected:
        message = f"{symbol} has shape {yours.shape}, not {expected}"
        return Finding(Status.WRONG, "shape", message, _shape_help(yours, entry, double))
    if not np.isfinite(yours).all():
        bad = int((~np.isfinite(yours)).sum())
        kinds = "NaN" if np.isnan(yours).any() else "infinite"
        return Finding(Status.WRONG, "not finite", f"{bad} of {yours.size} numbers of {symbol} are {kinds}")
    single = is_single(yours)
    judged = compare(yours, entry, number, double=double, single=single)
    table = judged.table
    if table.wrong.any():
        zeros = f"{symbol} is all zeros" if not yours.any() else ""
        return Finding(Status.WRONG, "values", zeros, judged=judged, single=single)
    if table.unknown.any():
        advice = "this is the spec's affair, not yours: tell whoever wrote it"
        return Finding(Status.CANNOT_TELL, "oracles", "", advice, judged, single)
    return Finding(Status.RIGHT, judged=judged, single=single)


def _shape_help(yours: Array, entry: Entry, double: float) -> str:
    """What the numbers would be worth in the right shape."""

    def right(candidate: Array) -> bool:
        if candidate.shape != entry.autograd.shape or not np.isfinite(candidate).all():
            return False
        table = compare(candidate, entry, 0, double=double, single=is_single(candidate)).table
        return not (table.wrong | table.unknown).any()

    if right(yours.T):
        return "its transpose has the right numbers"
    if yours.size == entry.autograd.size and right(yours.reshape(entry.autograd.shape)):
        return "the numbers themselves are right: only the shape is not"
    return ""


def _repeated(first: Finding, again: Finding) -> Finding:
    """The first call's finding, unless the second call on the same data takes it back."""
    if first.reason is not None or again.reason is None:
        return first
    if again.judged is None or first.judged is None:
        return replace(again, message=f"{again.message}, on a second call with the same data")
    twice = np.allclose(again.judged.table.yours, 2 * first.judged.table.yours, rtol=1e-6, atol=0)
    return Finding(
        Status.WRONG,
        "unrepeatable",
        "right on the first call, but not on a second one with the same data"
        + (": exactly twice as large" if twice else ""),
        "gradients pile up from call to call: start each call from zero" if twice else "",
        again.judged,
        again.single,
    )


def _whereabouts(key: AnswerKey, number: int, bad: Sequence[int]) -> str:
    """Which case a message speaks of, where not all cases are alike."""
    if not bad or len(bad) == len(key.cases):
        return ""
    return f" [case {number + 1} of {len(key.cases)}, a batch of {key.cases[number].plan.batch}]"


def _notes(results: Sequence[Outcome | Failure], quantities: Sequence[Quantity]) -> Iterator[str]:
    changed = {name for result in results if isinstance(result, Outcome) for name in result.changed}
    if changed:
        yield f"your code changes {', '.join(sorted(changed))} in place; every call gets fresh copies here"
    single = [q.symbol for q in quantities if q.single]
    if single:
        tolerance = max(q.relative_tolerance for q in quantities)
        yield f"{', '.join(single)}: single precision (float32), judged to {tolerance:.0e}"
