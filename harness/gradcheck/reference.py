"""The right solution that a spec names, and what is wrong with a spec whose solution is not right."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from gradcheck.specification.complaint import Complaint, listed
from gradcheck.specification.records import Spec
from gradcheck.submission.find import Submission, at


def solution(spec: Spec) -> Submission | Complaint | None:
    """The submission that the spec's `reference` names, or a complaint where it is not there.

    None where the spec names none. Raises SubmissionError where it is neither a folder nor code.
    """
    if spec.reference is None:
        return None
    path = Path(solution_path(spec))
    if not path.exists():
        message = f"the reference {spec.reference.path} is not there"
        advice = "name a right solution, a file or a folder, by its path from the spec's folder"
        return Complaint(path=spec.path, line=spec.reference.line, message=message, help=advice)
    return at(path)


def complaint(spec: Spec, report: Mapping[str, Any]) -> Complaint | None:
    """What is wrong with the spec where its reference has this report (docs/json.md).

    None where the reference is right, or gradcheck itself has failed.
    """
    if spec.reference is None or report["status"] in ("right", "internal error"):
        return None
    advice = f"gradcheck {solution_path(spec)} --spec {spec.path} shows the whole report"
    failure = report["failure"]
    if failure:
        line = line_of_run(failure, spec.path) or spec.reference.line
        message = f"the reference {spec.reference.path} fails: {failure['message']}"
        return Complaint(path=spec.path, line=line, message=message, help=advice)
    bad = [f"{q['symbol']} ({q['status']})" for q in report["quantities"] if q["status"] != "right"]
    message = f"the reference {spec.reference.path} is not right: {listed(bad)}"
    return Complaint(path=spec.path, line=spec.reference.line, message=message, help=advice)


def solution_path(spec: Spec) -> str:
    """Where the reference lies, seen from the current folder."""
    assert spec.reference is not None
    return os.path.normpath(Path(spec.path).parent / spec.reference.path)


def line_of_run(failure: Mapping[str, Any] | None, spec: str) -> int | None:
    """The line of the spec's own file at which a submission failed; None where it failed elsewhere."""
    location = failure["location"] if failure else None
    return location["line"] if location and location["file"] == PurePath(spec).name else None
