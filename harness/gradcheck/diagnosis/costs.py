"""What a diagnosis means for each quantity: what it follows from, and whether it costs points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.findings import Findings
from gradcheck.diagnosis.singles import Known
from gradcheck.oracle.key import AnswerKey
from gradcheck.verdict.records import Quantity, Status

Wrong = Mapping[str, Sequence[str]]
"""The quantities that are wrong -> what is wrong of them, where a notation folds several into one."""


def wrong_parts(key: AnswerKey, evidence: Sequence[Evidence], quantities: Sequence[Quantity]) -> Wrong:
    """Of the quantities that have wrong numbers in some cases, and numbers in all."""
    wrong = frozenset().union(*(one.wrong for one in evidence))
    own = [one.yours for one in evidence if one.number < len(key.cases)]
    found: dict[str, Sequence[str]] = {}
    for quantity in quantities:
        parts = key.spec.notation.unfolded([quantity.name])
        whole = len(own) == len(key.cases) and all(part in yours for part in parts for yours in own)
        if quantity.status is Status.WRONG and whole and wrong.intersection(parts):
            found[quantity.name] = [part for part in parts if part in wrong]
    return found


def cause(findings: Findings, parts: Sequence[str]) -> Sequence[str]:
    """The canonical names of what these follow from; none where they follow from nothing that is known."""
    place = findings.place
    causes = [place.follows.get(part, ()) if part not in place.siblings else () for part in parts]
    return causes[0] if causes and all(causes) else ()


def excused(predictions: Known, findings: Findings, wrong: Wrong) -> frozenset[str]:
    """The quantities that cost nothing where points follow through: every mistake costs one.

    The others follow from it, or are changed alike.
    """
    free = set(findings.place.follows)
    if findings.place.changed:
        free |= {part for parts in wrong.values() for part in parts} - set(findings.unexplained)
    paying = set(_paying(predictions, findings, wrong))
    return frozenset(name for name, parts in wrong.items() if free.issuperset(parts)) - paying


def _paying(predictions: Known, findings: Findings, wrong: Wrong) -> Iterator[str]:
    """For each mistake the first quantity, on the way back from the loss, that it changes."""

    def position(part: str) -> int:
        return predictions.order.index(part) if part in predictions.order else -1

    left = sorted(wrong, key=lambda name: position(wrong[name][0]))
    for changed in _reached(predictions, findings):
        name = next((name for name in left if changed.intersection(wrong[name])), None)
        if name is not None:
            left.remove(name)
            yield name
    if not findings.place.changed:
        first = position(findings.place.first)
        yield from [name for name in left if position(wrong[name][0]) >= first][:1]


def _reached(predictions: Known, findings: Findings) -> Iterator[frozenset[str]]:
    """Of each mistake, or change of equations, the quantities that it changes."""
    if findings.explanations:
        yield from map(predictions.changed, findings.explanations[0])
        return
    follows = findings.place.follows
    for names in findings.place.changed:
        yield frozenset(names).union(name for name in follows if not set(follows[name]).isdisjoint(names))
