"""GitHub: an action for students' repositories, with a workflow for pushes and one for GitHub Classroom."""

from __future__ import annotations

from collections.abc import Mapping

from gradcheck.formats.bundle import bundle, command, environment, script, ungraded
from gradcheck.formats.exercise import Exercise
from gradcheck.formats.reports.classroom import result
from gradcheck.formats.system import System

_ACTION = """\
name: gradcheck
description: Checks gradients derived by hand, and says where they go wrong.
inputs:
  submission:
    description: the submitted file or folder, from the root of the repository
    default: .
  format:
    description: github, or classroom, which also passes the points to Classroom's reporter
    default: github
outputs:
  result:
    description: the points for Classroom's reporter
    value: ${{ steps.check.outputs.result }}
runs:
  using: composite
  steps:
    - uses: actions/setup-python@v5
      with: {python-version: "3.12"}
    - shell: bash
      run: pip install -r "$GITHUB_ACTION_PATH/requirements.txt"
    - id: check
      shell: bash
      run: bash "$GITHUB_ACTION_PATH/run.sh"
      env:
        SUBMISSION: ${{ inputs.submission }}
        FORMAT: ${{ inputs.format }}
"""
_CHECK = """\
name: gradients
on: [push]
permissions: {contents: read}
jobs:
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
      - uses: OWNER/REPOSITORY@main          # the repository with action.yml
"""
_CLASSROOM = """\
name: Autograding Tests
on: [push, repository_dispatch]
permissions: {checks: write, actions: read, contents: read}
jobs:
  run-autograding-tests:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
      - id: gradcheck
        uses: OWNER/REPOSITORY@main          # the repository with action.yml
        with: {format: classroom}
      - uses: classroom-resources/autograding-grading-reporter@v1
        if: always()
        env:
          GRADCHECK_RESULTS: ${{ steps.gradcheck.outputs.result }}
        with: {runners: gradcheck}
"""


def _run(exercise: Exercise) -> bytes:
    return script(
        [
            "# Checks one repository. Classroom gets a result whatever happens.",
            'submission="$GITHUB_WORKSPACE/$SUBMISSION" python="${PYTHON:-python3}"',
            'bundle="$(cd "$(dirname "$0")" && pwd)"',
            'cd "$bundle" || exit 2',
            environment(),
            command(exercise, '--name "${GITHUB_REPOSITORY:-submission}"', '--format "$FORMAT"'),
            "status=$?",
            'if [ "$FORMAT" = classroom ] && ! grep -q "^result=" "$GITHUB_OUTPUT"; then',
            '  cat ungraded.txt >> "$GITHUB_OUTPUT"',
            "fi",
            "exit $status",
        ]
    )


def files(exercise: Exercise) -> Mapping[str, bytes]:
    """A repository with the action, and the workflows for others."""
    return {
        "action.yml": _ACTION.encode(),
        "run.sh": _run(exercise),
        "ungraded.txt": f"{ungraded(exercise, result)}\n".encode(),
        "workflows/gradcheck.yml": _CHECK.encode(),
        "workflows/classroom.yml": _CLASSROOM.encode(),
        **bundle(exercise),
    }


SYSTEM = System(
    about="GitHub: an action, and workflows for pushes and for GitHub Classroom",
    files=files,
    seconds=540,
    most_seconds=6 * 60 * 60,
    spare=60,
    next="push it as a repository that students can't write to; then copy one of workflows/, with that "
    "repository's name in it, into their .github/workflows/",
)
