"""A spec's reference, tried before somebody else's code is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.errors import NoPyTorchError, SpecError

if TYPE_CHECKING:
    from gradcheck.checker import Checker
    from gradcheck.specification.records import Spec


def tried(spec: Spec, path: Path, checker: Checker) -> str:
    """What is to be said of a reference that is right; SpecError where it is not."""
    from gradcheck.reference import complaint, solution
    from gradcheck.report.data import result
    from gradcheck.specification.complaint import Complaint

    submission = solution(spec)
    if submission is None:
        return ""
    if isinstance(submission, Complaint):
        raise SpecError([submission])
    try:
        verdict = checker.check(submission, path)
    except NoPyTorchError as error:
        return f"; the reference was not checked: {error}"
    if verdict.internal is not None:
        return f"; the reference was not checked: {verdict.internal}"
    if fault := complaint(spec, result(verdict)):
        raise SpecError([fault])
    return "; the reference is right"
