"""The specs' references, tried before the class is graded."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from gradcheck.errors import SpecError
from gradcheck.grading.engine import Engine
from gradcheck.grading.task import Task, tasks
from gradcheck.grading.terms import Terms
from gradcheck.oracle.key import AnswerKey
from gradcheck.reference import complaint, solution
from gradcheck.specification.complaint import Complaint
from gradcheck.submission.find import Submission


def try_references(engine: Engine, terms: Terms, keys: Mapping[Path, AnswerKey], stream: TextIO) -> None:
    """Grade the references of these specs, as any submission is graded.

    A reference that is not there is mentioned on the stream. Raises SpecError with what is wrong with each
    spec whose reference is not right.
    """
    specs = {str(path): key.spec for path, key in keys.items()}
    faults = [
        fault
        for rows in engine.grade(_tasks(terms, keys, stream))
        for row in rows
        if (fault := complaint(specs[row.spec], json.loads(row.data)))
    ]
    if faults:
        raise SpecError(faults)


def _tasks(terms: Terms, keys: Mapping[Path, AnswerKey], stream: TextIO) -> list[Task]:
    by_solution: defaultdict[Submission, list[Path]] = defaultdict(list)
    for path, key in keys.items():
        reference = solution(key.spec)
        if isinstance(reference, Complaint):
            print(
                f"{reference.path}:{reference.line}: {reference.message}: the spec is not tried first; "
                f"{reference.help}",
                file=stream,
            )
        elif reference is not None:
            by_solution[reference].append(path)
    return [
        task
        for submission, paths in by_solution.items()
        for task in tasks([submission], {path: terms.specs[path] for path in paths}, {})
    ]
