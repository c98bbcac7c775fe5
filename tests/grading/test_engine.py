"""The processes that grade a class: nobody waits for another's code."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from exercise import RIGHT, SPEC, exercise
from gradcheck.errors import GradcheckError
from gradcheck.grading.engine import Lanes
from gradcheck.grading.lane import Terms
from gradcheck.grading.records import Row
from gradcheck.grading.task import Task, tasks
from gradcheck.oracle.kept import answer_key
from gradcheck.submission.find import submissions
from gradcheck.verdict.records import Status

pytestmark = pytest.mark.slow

PATIENT = SPEC.replace("submission: {", "submission: {seconds: 600, ")
SLEEPS = "import time\ntime.sleep(500)\n" + RIGHT


def order(folder: Path) -> tuple[Terms, list[Task]]:
    """What is to be graded in a folder, alphabetically."""
    (spec,) = (folder / "specs").glob("*.yaml")
    hashes = {spec: answer_key(spec, 1).spec.text_hash}
    terms = Terms(1, hashes, "", frozenset(), unsafe=True, isolate=False, feedback=None)
    return terms, list(tasks(submissions(folder / "submissions"), hashes, {}))


def test_others_go_on_beside_one_that_waits(tmp_path: Path) -> None:
    """With one job, too, all but the next in line end before a submission that sleeps its time away."""
    names = [f"student{number}" for number in range(6)]
    exercise(tmp_path, spec=PATIENT, **{"anna": SLEEPS} | dict.fromkeys(names, RIGHT))
    terms, due = order(tmp_path)
    found: list[Row] = []
    with Lanes(terms, jobs=1) as lanes:
        for rows in lanes.grade(due):
            found += rows
            if len(found) == len(names) - 1:
                break
    assert {row.submission for row in found} < set(names)
    assert {row.status for row in found} == {Status.RIGHT}


@pytest.mark.skipif(sys.platform != "linux", reason="it is found in /proc")
def test_a_lost_process_is_told(tmp_path: Path) -> None:
    """A process that grades and is killed ends the run with a message; what came back stays."""
    exercise(tmp_path, spec=PATIENT, anna=RIGHT, ben=SLEEPS)
    terms, due = order(tmp_path)
    with Lanes(terms, jobs=1) as lanes:
        found = lanes.grade(due)
        assert next(found)[0].submission == "anna"
        for process in (Path("/proc/self/task") / str(os.getpid()) / "children").read_text().split():
            if b"spawn_main" in Path("/proc", process, "cmdline").read_bytes():
                os.kill(int(process), signal.SIGKILL)
        with pytest.raises(GradcheckError, match="a process that grades was lost"):
            list(found)
