"""A class graded by the workers of a cluster: the same rows, whatever becomes of the workers."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="needs Dask: it is not installed")
if sys.platform != "linux":
    pytest.skip("processes are looked for in /proc", allow_module_level=True)

from clusters import PATIENCE, Cluster, cluster, graded, graders, grading, on, recorded, rows, wait_for

import gradcheck
from exercise import DOUBLED, RIGHT, exercise, hand_in, instead
from gradcheck.grading.run import GRADEBOOK

pytestmark = pytest.mark.slow

SLOWLY = "import time\ntime.sleep(0.5)\n" + RIGHT
UNPROTECTED = (
    "from gradcheck.submission.protection import Protection\n"
    "Protection.sound = property(lambda self: False)\n"
)
OTHER_NUMPY = "import numpy\nnumpy.__version__ = '1.0.0'\n"
LOSES_BEN = """
import os
from gradcheck.grading import grader
grade = grader.grade
grader.grade = lambda task: os.abort() if task.submission.name == "ben" else grade(task)
"""
FULL = """
from gradcheck.grading.engine import parcel
def _write(*arguments):
    raise OSError(28, "No space left on device")
parcel._write = _write
"""
FORGETS = "from gradcheck.grading.engine import station\nstation.IDLE = 0.2\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A class with all kinds of answers, each a little different, as files and as folders."""
    here = tmp_path / "project"
    here.mkdir()
    exercise(here, anna=RIGHT, ben=DOUBLED, carl=instead("raise ValueError(str(x.shape))"), dora="def (")
    shutil.copy(here / "specs" / "layer.yaml", here / "specs" / "again.yaml")
    hand_in(here, **{f"late{n}": f"# {n}\n" + SLOWLY for n in range(6)}, eve=instead("print(__file__)"))
    folder = here / "submissions" / "fay"
    folder.mkdir()
    (folder / "layer.py").write_text("from inner.code import gradients\n", "utf-8")
    (folder / "inner").mkdir()
    (folder / "inner" / "code.py").write_text(RIGHT, "utf-8")
    (here / "submissions" / "gus").mkdir()
    (here / "submissions" / "gus" / "layer.py").symlink_to("/etc/passwd")
    (here / "submissions" / "hal").symlink_to(folder)
    return here


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster, as yet without workers."""
    with cluster(tmp_path / "cluster") as started:
        yield started


def test_rows_are_those_of_this_machine(project: Path, one: Cluster) -> None:
    """All of them, also where a worker is killed in the midst of its work; and each is there once."""
    graded(project, "local")
    killed, _ = one.worker(), one.worker()
    with grading(project, "out", *on(one)) as run:
        wait_for(lambda: recorded(project, "out") >= 4)
        killed.kill()
        _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, said
    assert "is gone: what it was given is graded by others" in said
    assert rows(project, "out") == rows(project, "local")
    with sqlite3.connect(project / "out" / GRADEBOOK) as book:
        assert book.execute("SELECT count(*) FROM grade").fetchone() == (len(rows(project, "local")),)


def test_paths_from_elsewhere(project: Path, one: Cluster, tmp_path: Path) -> None:
    """Reports name the client's paths, wherever it works and wherever the files lie."""
    one.worker()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in list((project / "submissions").glob("late*")):
        name.unlink()
    more = [str(project / "submissions"), "--spec", str(project / "specs"), "--spec", "../project/specs"]
    command = [sys.executable, "-m", "gradcheck", "grade", *more, "--seed", "1", "--out"]
    for out, options in (("local", []), ("out", on(one))):
        subprocess.run([*command, out, *options], cwd=elsewhere, check=True, capture_output=True)
    assert rows(elsewhere, "out") == rows(elsewhere, "local")


def test_a_cluster_of_this_machine(project: Path) -> None:
    """Where no scheduler is named, processes here are the workers."""
    graded(project, "local")
    assert "Dask, 2 workers with 2 threads in all: isolation: " in graded(
        project, "out", "--engine", "dask", "--jobs", "2"
    )
    assert rows(project, "out") == rows(project, "local")


def test_an_interrupted_run_resumes(project: Path, one: Cluster) -> None:
    """What had come back stays graded, and the workers' processes are gone."""
    worker = one.worker()
    with grading(project, "out", *on(one)) as run:
        wait_for(lambda: recorded(project, "out") >= 4)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2
    assert said.rstrip().endswith("interrupted")
    assert "Traceback" not in said
    wait_for(lambda: not graders(worker))
    before = recorded(project, "out")
    said = graded(project, "out", *on(one))
    assert f"{(len(rows(project, 'out')) - before) // 2} submissions graded" in said
    graded(project, "local")
    assert rows(project, "out") == rows(project, "local")
    with sqlite3.connect(project / "out" / GRADEBOOK) as book:
        assert book.execute("SELECT count(*) FROM grade").fetchone() == (len(rows(project, "local")),)


def test_who_is_gone_without_a_word_is_forgotten(project: Path, one: Cluster) -> None:
    """A worker ends what grades for a client that was killed; whom it forgets too soon has it made anew."""
    worker = one.worker(FORGETS)
    with grading(project, "out", *on(one)) as run:
        wait_for(lambda: recorded(project, "out") >= 2)
        assert graders(worker)
        run.kill()
    wait_for(lambda: not graders(worker))
    graded(project, "out", *on(one))
    wait_for(lambda: not list(Path(f"/proc/{worker.pid}/cwd").glob("**/gradcheck-*")))


def test_the_worker_replaces_a_process_that_grades(project: Path, one: Cluster) -> None:
    """A worker outlives what it has started, and nobody loses a row."""
    graded(project, "local")
    worker = one.worker()
    with grading(project, "out", *on(one)) as run:
        wait_for(lambda: recorded(project, "out") >= 4)
        for process in graders(worker):
            os.kill(process, signal.SIGKILL)
        run.communicate(timeout=PATIENCE)
    assert run.returncode == 0
    assert worker.poll() is None
    assert rows(project, "out") == rows(project, "local")


def test_who_loses_two_costs_itself(project: Path, one: Cluster) -> None:
    """A submission with which the process that grades is lost twice has an internal error, not final."""
    graded(project, "local")
    worker = one.worker(LOSES_BEN, threads=2)
    graded(project, "out", *on(one))
    assert worker.poll() is None
    found, expected = rows(project, "out"), rows(project, "local")
    bens = [found.pop(key) for key in list(found) if key[0] == "ben"]
    earned = [(row["status"], row["points"], row["final"]) for row in bens]
    assert earned == [("internal error", 0.0, False)] * 2
    assert found == {key: row for key, row in expected.items() if key[0] != "ben"}


def other_gradcheck(folder: Path) -> str:
    """A folder with a gradcheck of which one file is another one."""
    package = Path(gradcheck.__file__).parent
    shutil.copytree(package, folder / "gradcheck", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "gradcheck" / "text.py").open("a", encoding="utf-8") as file:
        file.write("# another one\n")
    return str(folder)


def test_workers_that_can_t_grade_are_refused(project: Path, one: Cluster, tmp_path: Path) -> None:
    """Without protection, with another gradcheck or NumPy: each is named with why, and given nothing."""
    refused = [
        one.worker(UNPROTECTED),
        one.worker(python_path=other_gradcheck(tmp_path / "other")),
        one.worker(OTHER_NUMPY),
    ]
    with grading(project, "none", *on(one)) as run:
        _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2
    assert "no worker of the cluster can grade:" in said
    assert "hostile code can't be held on this machine" in said
    assert "has other files than here; install the same" in said
    assert "it has numpy 1.0.0, and here is numpy " in said
    assert not recorded(project, "none")
    one.worker()
    said = graded(project, "out", *on(one))
    assert said.count("is refused: ") == len(refused)
    assert "Dask, 1 worker with 1 thread in all" in said
    graded(project, "local")
    assert rows(project, "out") == rows(project, "local")


def test_a_worker_on_which_nothing_works_is_refused(project: Path, one: Cluster) -> None:
    """What came to nothing there is graded by others."""
    one.worker(FULL)
    one.worker()
    said = graded(project, "out", *on(one))
    assert "is refused: OSError: [Errno 28] No space left on device" in said
    graded(project, "local")
    assert rows(project, "out") == rows(project, "local")


def test_unsafe_takes_what_there_is(project: Path, one: Cluster) -> None:
    """Whoever says so is graded without protection."""
    one.worker(UNPROTECTED)
    graded(project, "out", *on(one), "--unsafe")
    assert recorded(project, "out")


@pytest.mark.parametrize(
    ("code", "more", "says"),
    [
        ("", ["--scheduler", "tcp://127.0.0.1:1"], "--scheduler goes with --engine dask"),
        ("sys.modules['distributed'] = None", ["--engine", "dask"], "needs Dask; run: pip install"),
        (
            "import dask; dask.config.set({'distributed.comm.timeouts.connect': '1s'})",
            ["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"],
            "tcp://127.0.0.1:1: there is no Dask scheduler",
        ),
        ("", ["--engine", "dask", "--scheduler", "nonsense://1"], "nonsense://1: there is no Dask scheduler"),
    ],
)
def test_what_cannot_be_started(project: Path, code: str, more: list[str], says: str) -> None:
    """It says what to do, with status 2."""
    script = f"import sys; {code}\nfrom gradcheck.cli import main; sys.exit(main())"
    run = subprocess.run(
        [sys.executable, "-c", script, "grade", "submissions", "--spec", "specs", "--out", "out", *more],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert run.returncode == 2
    assert says in run.stderr
    assert "Traceback" not in run.stderr


def test_a_scheduler_that_is_lost(project: Path, one: Cluster) -> None:
    """The run ends and says so; what is graded stays graded."""
    one.worker()
    with grading(project, "out", *on(one)) as run:
        wait_for(lambda: recorded(project, "out") >= 2)
        one.processes[0].kill()
        _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2
    assert "the connection to the cluster's scheduler is lost" in said
    assert recorded(project, "out") >= 2
