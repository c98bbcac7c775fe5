"""Processes beside the command."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from exercise import RIGHT, exercise
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.processes import Watch
from gradcheck.verdict.records import Status
from processes import TEMPORARY

MODULES = ("numpy", "pickle", "runpy", "selectors", "signal", "socket", "tempfile", "threading", "yaml")
"""What Python loads for a process, or gradcheck does."""


@pytest.mark.slow
@pytest.mark.parametrize("temporary", TEMPORARY)
def test_no_module_comes_from_the_current_folder(tmp_path: Path, temporary: str) -> None:
    """Graded where the submissions lie, a file that is called like a module is a submission and no more.

    A temporary folder with a long path has no room for the socket at which forks are asked for.
    """
    exercise(tmp_path)
    submissions = tmp_path / "submissions"
    (submissions / "anna.py").write_text(RIGHT)
    for name in MODULES:
        mark = tmp_path / f"executed-{name}"
        (submissions / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\nraise SystemExit('executed')\n")
    gradcheck = Path(sys.executable).with_name("gradcheck")
    command = [str(gradcheck), "grade", ".", "--spec", "../specs", "--out", "../grades", "--unsafe"]
    with TemporaryDirectory(prefix=temporary) as folder:
        environment = os.environ | {"TMPDIR": folder}
        subprocess.run(
            command, cwd=submissions, env=environment, check=True, timeout=120, capture_output=True
        )
    with Gradebook.reading(tmp_path / "grades" / "gradebook.sqlite") as book:
        statuses = {row.submission: row.status for row in book.rows()}
    assert statuses == {"anna": Status.RIGHT} | dict.fromkeys(MODULES, Status.ERROR)
    assert not [*tmp_path.glob("executed-*")]


def test_a_thread_that_ends_by_an_error_is_noticed() -> None:
    """While it is watched, and not after."""
    before = threading.excepthook
    with Watch() as watch:
        watch.check()
        thread = threading.Thread(target=int, args=["?"])
        thread.start()
        thread.join()
        with pytest.raises(ValueError, match="invalid literal"):
            watch.result(Future[None]())
    assert threading.excepthook is before
