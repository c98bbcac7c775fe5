"""The processes that grade a class: nobody waits for another's code."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from exercise import RIGHT, SPEC, exercise
from gradcheck.errors import GradcheckError
from gradcheck.grading import grader
from gradcheck.grading.engine.local import LocalEngine
from gradcheck.grading.grader import grade as graded
from gradcheck.grading.records import Column, Row
from gradcheck.grading.task import Task, tasks
from gradcheck.grading.terms import Terms
from gradcheck.oracle.lookup import answer_key
from gradcheck.submission.find import submissions
from gradcheck.verdict.records import Status
from processes import children

pytestmark = pytest.mark.slow

PATIENT = SPEC.replace("submission: {", "submission: {seconds: 600, ")
SLEEPS = "import time\ntime.sleep(500)\n" + RIGHT


def order(folder: Path) -> tuple[Terms, list[Task]]:
    """What is to be graded in a folder, alphabetically."""
    (spec,) = (folder / "specs").glob("*.yaml")
    hashes = {spec: answer_key(spec).spec.text_hash}
    columns = {spec: Column(spec=str(spec), title="An exercise", max_points=2.0)}
    terms = Terms(
        1, hashes, columns, "", frozenset(), unsafe=True, isolate=False, elsewhere={}, feedback=None
    )
    return terms, list(tasks(submissions(folder / "submissions"), hashes, {}))


def test_others_go_on_beside_one_that_waits(tmp_path: Path) -> None:
    """With one job, too, all but the next in line end before a submission that sleeps its time away."""
    names = [f"student{number}" for number in range(6)]
    exercise(tmp_path, spec=PATIENT, **{"anna": SLEEPS} | dict.fromkeys(names, RIGHT))
    terms, due = order(tmp_path)
    found: list[Row] = []
    with LocalEngine(terms, jobs=1) as engine:
        for rows in engine.grade(due):
            found += rows
            if len(found) == len(names) - 1:
                break
    assert {row.submission for row in found} < set(names)
    assert {row.status for row in found} == {Status.RIGHT}


def grading_processes() -> list[int]:
    """Every process that grades and has not ended."""
    mine = children(os.getpid())
    servers = [one for one in mine if b"forkserver" in Path(f"/proc/{one}/cmdline").read_bytes()]
    return [one for server in servers for one in children(server)]


def kill_grading_processes() -> None:
    """End every process that grades."""
    for process in grading_processes():
        os.kill(process, signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="it is found in /proc")
@pytest.mark.parametrize("number", [1, 4])
def test_no_process_outlives_its_run(tmp_path: Path, number: int) -> None:
    """At the end all processes have ended, and their folders are gone: when all rows are read, or one is."""
    exercise(tmp_path, **{f"student{one}": RIGHT for one in range(4)})
    terms, due = order(tmp_path)
    with LocalEngine(terms, jobs=2) as engine:
        for _ in zip(range(number), engine.grade(due), strict=False):
            assert grading_processes()
    assert not grading_processes()


@pytest.mark.skipif(sys.platform != "linux", reason="it is found in /proc")
def test_a_pool_without_threads_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for tasks that are never done, and no process stays."""
    exercise(tmp_path, anna=RIGHT)
    terms, _ = order(tmp_path)

    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("multiprocessing.queues.Queue._start_thread", refuse)
    with pytest.raises(RuntimeError, match="new thread"), LocalEngine(terms, jobs=1) as engine:
        engine.prepare(1)
    assert not grading_processes()


@pytest.mark.skipif(sys.platform != "linux", reason="it is found in /proc")
def test_a_lost_process_is_replaced(tmp_path: Path) -> None:
    """What a process that grades was given is graded by another where it is killed; nobody loses a row."""
    exercise(tmp_path, anna=RIGHT, ben=SLEEPS, carl=RIGHT)
    terms, due = order(tmp_path)
    with LocalEngine(terms, jobs=1) as engine:
        found = engine.grade(due)
        rows = next(found)
        kill_grading_processes()
        rows += [row for more in found for row in more]
    assert sorted(row.submission for row in rows) == ["anna", "ben", "carl"]
    assert {row.status for row in rows if row.submission != "ben"} == {Status.RIGHT}


@pytest.mark.skipif(sys.platform != "linux", reason="it is found in /proc")
def test_who_loses_two_processes_has_an_internal_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A submission whose process is lost twice costs its own rows, which are not final."""
    exercise(tmp_path, anna=RIGHT, ben=RIGHT)
    terms, due = order(tmp_path)
    monkeypatch.setattr(grader, "grade", lose_ben)
    with LocalEngine(terms, jobs=1) as engine:
        rows = {rows[0].submission: rows[0] for rows in engine.grade(due)}
    assert (rows["anna"].status, rows["anna"].final) == (Status.RIGHT, True)
    assert (rows["ben"].status, rows["ben"].final, rows["ben"].points) == (Status.INTERNAL, False, 0.0)
    assert "lost twice" in rows["ben"].data


def lose_ben(task: Task) -> list[Row]:
    """Grade, or end the process for one of the submissions."""
    if task.submission.name == "ben":
        os.kill(os.getpid(), signal.SIGKILL)
    return graded(task)


def test_a_machine_that_loses_every_process_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one process after the other is lost, the run ends with a message."""
    exercise(tmp_path, **{f"student{number}": RIGHT for number in range(8)})
    terms, due = order(tmp_path)
    monkeypatch.setattr(grader, "grade", lose_all)
    with (
        LocalEngine(terms, jobs=1) as engine,
        pytest.raises(GradcheckError, match="a process that grades was lost"),
    ):
        list(engine.grade(due))


def lose_all(task: Task) -> list[Row]:
    """End the process."""
    os._exit(1)
