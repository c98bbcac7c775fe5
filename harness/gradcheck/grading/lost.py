"""The row of a submission that gradcheck could not deal with."""

from __future__ import annotations

import json
from pathlib import Path

from gradcheck.boundary import InternalError
from gradcheck.grading.records import Row
from gradcheck.grading.task import Task
from gradcheck.grading.terms import Terms
from gradcheck.submission.text import one_line
from gradcheck.verdict.internal import ADVICE
from gradcheck.verdict.records import Status


def lost(terms: Terms, task: Task, spec: Path, error: InternalError) -> Row:
    """The row of a submission of which nothing is known, made without any stage's help."""
    column = terms.columns[spec]
    status = Status.INTERNAL
    data = {
        "submission": one_line(task.submission.name),
        "spec": one_line(str(spec)),
        "title": one_line(column.title),
        "status": str(status),
        "points": 0.0,
        "max_points": column.max_points,
        "summary": None,
        "withheld": column.hidden,
        "quantities": [],
        "accepted": [],
        "failure": None,
        "feedback": terms.feedback,
        "diagnosis": None,
        "notes": [f"{error}: {ADVICE}"],
        "output": None,
        "network": [],
    }
    return Row(
        submission=task.submission.name,
        spec=str(spec),
        submission_hash=task.submission_hash,
        spec_hash=terms.specs[spec],
        gradcheck_hash=terms.gradcheck_hash,
        seed=terms.secret,
        status=status,
        points=0.0,
        max_points=column.max_points,
        seconds=0.0,
        data=json.dumps(data),
        hidden=column.hidden,
        reason=str(status),
        final=False,
        fault=error.trace,
    )
