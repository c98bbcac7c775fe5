"""Gradescope: an autograder as a zip."""

from __future__ import annotations

from collections.abc import Mapping

from gradcheck.formats.bundle import bundle, command, environment, script, ungraded
from gradcheck.formats.exercise import Exercise
from gradcheck.formats.reports.gradescope import render
from gradcheck.formats.system import System

_SETUP = script(
    """\
# Makes the image: Python 3.11 or newer, and some packages. The answers are here, PyTorch is not needed.
set -euo pipefail
cd "${AUTOGRADER_ROOT:-/autograder}/source"
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  apt-get update
  apt-get install -y --no-install-recommends python3.11 python3.11-venv
  python=python3.11
fi
if ! "$python" -m venv venv; then
  apt-get update
  apt-get install -y --no-install-recommends python3-venv
  "$python" -m venv venv
fi
venv/bin/python -m pip install --no-cache-dir -r requirements.txt
venv/bin/python -m compileall -q lib
""".splitlines()
)


def _run(exercise: Exercise) -> bytes:
    return script(
        [
            "# Grades one submission. results.json first says that nothing is graded, and is then replaced:",
            "# whatever happens, it is there as a whole, and no submission can write it.",
            'root="$(cd "${AUTOGRADER_ROOT:-/autograder}" && pwd)" || exit',
            'submission="$root/submission" results="$root/results/results.json"',
            'cd "$root/source" || exit',
            'mkdir -p "$root/results"',
            'cp ungraded.json "$results.draft" && mv "$results.draft" "$results"',
            "python=venv/bin/python",
            environment(),
            'name="$("$python" name.py "$root/submission_metadata.json")"',
            command(exercise, '--name "${name:-submission}"', "--format gradescope", '--output "$results"'),
            "exit 0",
        ]
    )


_NAME = b'''\
"""Prints who has handed in, by submission_metadata.json; nothing where that is not to be had."""

import json
import sys

try:
    with open(sys.argv[1], encoding="utf-8") as file:
        names = [str(user["name"]) for user in json.load(file)["users"]]
except (OSError, ValueError, LookupError, TypeError):
    names = []
print(" and ".join(names)[:200].encode("ascii", "backslashreplace").decode())
'''


def files(exercise: Exercise) -> Mapping[str, bytes]:
    """What lies at the root of the zip."""
    return {
        "setup.sh": _SETUP,
        "run_autograder": _run(exercise),
        "name.py": _NAME,
        "ungraded.json": ungraded(exercise, render).encode(),
        **bundle(exercise),
    }


SYSTEM = System(
    about="Gradescope: an autograder as a zip",
    files=files,
    is_archive=True,
    has_visibility=True,
    seconds=540,  # of the 600 after which Gradescope itself ends a run, and overwrites its results
    most_seconds=2400,
    spare=60,
    next="upload it under Configure Autograder > Zip file upload, with base image Ubuntu 22.04 or newer",
)
