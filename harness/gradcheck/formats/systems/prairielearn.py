"""PrairieLearn: a question that is graded externally, and the image that it is graded in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID

from gradcheck.formats.bundle import bundle, command, environment, script, ungraded
from gradcheck.formats.exercise import Exercise
from gradcheck.formats.reports.prairielearn import render
from gradcheck.formats.system import System

IMAGE = "gradcheck-numpy"
"""What the image is called until it is pushed somewhere."""
_SPARE = 15
"""Seconds between the end of a run and that of its container."""


def _run(exercise: Exercise) -> bytes:
    return script(
        [
            "# Grades one submission. results.json first says that nothing is graded, and is then replaced.",
            'root="$(cd "${GRADE_ROOT:-/grade}" && pwd)" || exit',
            'python="${GRADE_PYTHON:-python3}"',
            'submission="$root/student" results="$root/results/results.json"',
            'cd "$root/tests" || exit',
            'mkdir -p "$root/results"',
            'cp ungraded.json "$results.draft" && mv "$results.draft" "$results"',
            environment(),
            command(exercise, "--name submission", "--format prairielearn", '--output "$results"'),
            "exit 0",
        ]
    )


def _info(exercise: Exercise) -> str:
    digest = sha256(b"".join(exercise.specs.values())).digest()
    info = {
        "uuid": str(UUID(bytes=digest[:16], version=4)),
        "title": exercise.keys[0].spec.title,
        "topic": "Backpropagation",
        "type": "v3",
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": IMAGE,
            "entrypoint": "/grade/tests/run.sh",
            "timeout": exercise.seconds + _SPARE,
        },
    }
    return json.dumps(info, indent=2, ensure_ascii=False) + "\n"


def _page(exercise: Exercise) -> str:
    names = ",".join(exercise.files)
    return (
        f'<pl-question-panel><pl-file-upload file-names="{names}"></pl-file-upload></pl-question-panel>\n'
        "<pl-submission-panel>\n  <pl-external-grader-results></pl-external-grader-results>\n"
        "  <pl-file-preview></pl-file-preview>\n</pl-submission-panel>\n"
    )


_IMAGE = b"""\
FROM python:3.12-slim
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
"""


def files(exercise: Exercise) -> Mapping[str, bytes]:
    """The folder of a question, and that of its image."""
    tests = bundle(exercise, "question/tests/")
    requirements = tests.pop("question/tests/requirements.txt")
    return {
        "question/info.json": _info(exercise).encode(),
        "question/question.html": _page(exercise).encode(),
        "question/tests/run.sh": _run(exercise),
        "question/tests/ungraded.json": ungraded(exercise, render).encode(),
        **tests,
        "image/Dockerfile": _IMAGE,
        "image/requirements.txt": requirements,
    }


SYSTEM = System(
    about="PrairieLearn: a question, and the image that grades it",
    files=files,
    seconds=None,
    most_seconds=600,
    spare=_SPARE,
    next=f"build and push image/ as {IMAGE}, or under another name and change question/info.json; then "
    "add question/ to the course's questions",
)
