"""What is noticed about a submission beside its verdict, and costs no point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from gradcheck.submission.records import Outcome, Transcript
from gradcheck.verdict.finding import Finding
from gradcheck.verdict.records import Precision, Status

Findings = Mapping[str, Sequence[Finding]]
"""By symbol, one a case."""


def notes(transcript: Transcript, findings: Findings, precision: Precision, fresh: int) -> Iterator[str]:
    """One line for each thing noticed; the last `fresh` cases are those that nobody could know before."""
    yield from transcript.notes
    outcomes = [result for result in transcript.results if isinstance(result, Outcome)]
    changed = {name for outcome in outcomes for name in outcome.changed}
    if changed:
        yield f"your code changes {_listed(sorted(changed))} in place; every call gets fresh copies here"
    if precision.single and (single := _those(findings, _is_single)):
        tolerance = max(f.judged.relative_tolerance for f in findings[single[0]] if f.judged)
        if precision.stored:
            yield f"{_listed(single)}: single precision (float32), judged to {tolerance:.0e}"
        else:
            yield (
                f"{_listed(single)}: off by what single precision (float32) leaves, and judged to "
                f"{tolerance:.0e}: float32 somewhere on the way?"
            )
    if precision.epsilon:
        size = f"{precision.epsilon:.0e}".replace("e-0", "e-")
        allowed = ", which this spec allows" if precision.shifts else ""
        yield f"your loss's gradient has an epsilon of about {size} in it{allowed}"
    if rough := _those(findings, _is_rough):
        calls = max(outcome.most_calls for outcome in outcomes)
        often = f" (one of your functions is called {calls:,} times)" if calls > 1 else ""
        yield (
            f"{_listed(rough)}: right, but further off than rounding explains{often}: "
            "difference quotients, or a small constant added somewhere?"
        )
    if any(outcome.turned_complex for outcome in outcomes):
        yield "your functions return complex numbers on the way: complex steps in place of a derivative?"
    if transcript.imports:
        yield f"your code imports {_listed(transcript.imports)}, which derives gradients by itself"
    if transcript.restricted:
        from gradcheck.submission.restricted import RULES

        yield from (f"your code {RULES[one].does}; {RULES[one].instead}" for one in transcript.restricted)
    if stored := _those(findings, lambda cases: _is_stored(cases, fresh)):
        yield f"{_listed(stored)}: right on the spec's own numbers, and on no others: stored answers?"


def _is_single(cases: Sequence[Finding]) -> bool:
    return any(finding.judged.single for finding in cases if finding.judged)


def _is_rough(cases: Sequence[Finding]) -> bool:
    """Whether right answers carry more error than a formula leaves behind."""
    if not any(finding.judged and finding.judged.rough for finding in cases):
        return False
    return all(finding.status is Status.RIGHT for finding in cases) and not _is_single(cases)


def _is_stored(cases: Sequence[Finding], fresh: int) -> bool:
    """Whether the fresh cases alone gave wrong numbers; code that fails there has stored nothing."""
    known = len(cases) - fresh
    if fresh == 0 or any(finding.reason != "values" for finding in cases[known:]):
        return False
    return all(finding.status is Status.RIGHT for finding in cases[:known])


def _those(findings: Findings, holds: Callable[[Sequence[Finding]], bool]) -> list[str]:
    return [symbol for symbol, cases in findings.items() if holds(cases)]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
