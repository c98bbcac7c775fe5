"""A machine that is short of something, or a caller that has closed a stream: neither looks like a fault."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from exercise import DOUBLED, RIGHT, exercise
from gradcheck.errors import GradcheckError
from gradcheck.grading import processes
from gradcheck.grading.gradebook import Gradebook
from gradcheck.shortage import REMEDIES, explained
from gradcheck.verdict.records import Status

if sys.platform == "win32":
    pytest.skip("a POSIX shell closes the streams", allow_module_level=True)

CHECK = "doubled --spec specs"
GRADE = "grade submissions --spec specs --out grades --jobs 1 --unsafe"
CLOSED = {"stdin": "<&-", "stdout": ">&-", "stderr": "2>&-", "all": "<&- >&- 2>&-"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    exercise(tmp_path, right=RIGHT, doubled=DOUBLED)
    return tmp_path


def command(project: Path, line: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """What comes of `gradcheck` with the arguments and redirections of a line of a shell."""
    return subprocess.run(
        ["/bin/sh", "-c", f"{before} exec {sys.executable} -m gradcheck {line}"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_stream_changes_nothing_else(project: Path, name: str) -> None:
    """Not the exit status, and not what the other streams get."""
    before = command(project, f"{CHECK} 2>/dev/null")
    after = command(project, f"{CHECK} {CLOSED[name]}")
    assert (after.returncode, after.stderr) == (1, "")
    assert after.stdout == ("" if name in ("stdout", "all") else before.stdout)
    assert command(project, f"--help {CLOSED[name]}").returncode == 0


@pytest.mark.slow
def test_no_file_takes_the_place_of_a_closed_stream(project: Path) -> None:
    """What is printed there would go into the gradebook."""
    assert command(project, f"{GRADE} {CLOSED['all']}").returncode == 0
    with Gradebook.reading(project / "grades" / "gradebook.sqlite") as book:
        assert {row.submission: row.status for row in book.rows()} == {
            "right": Status.RIGHT,
            "doubled": Status.WRONG,
        }


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("line", [CHECK, "spec schema", GRADE])
def test_a_full_disk(project: Path, line: str) -> None:
    """It is named where there is room for that, and could not judge is the status in any case."""
    done = command(project, f"{line} >/dev/full")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "this machine: No space left on device; free some space"
    assert "Traceback" not in done.stderr
    assert command(project, f"{line} >/dev/full 2>/dev/full").returncode == 2


@pytest.mark.slow
def test_too_few_files_may_be_open(project: Path) -> None:
    done = command(project, GRADE, "ulimit -n 20;")
    assert done.returncode == 2
    assert "Too many open files; allow more open files, with `ulimit -n 1024`" in done.stderr
    assert "fault" not in done.stderr


@pytest.mark.slow
def test_the_current_folder_is_gone(project: Path) -> None:
    done = command(project, "formula 'a = a'", "mkdir gone; cd gone; rmdir ../gone;")
    assert done.returncode == 2
    assert done.stderr == "the current folder: No such file or directory; change to another\n"


def test_processes_need_semaphores(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container without /dev/shm."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(processes, "ProcessPoolExecutor", refuse)
    with pytest.raises(GradcheckError, match=r"/dev/shm: .*; processes need it to be writable"):
        processes.pool(1, print)


@pytest.mark.parametrize("number", REMEDIES)
def test_every_shortage_has_a_remedy(number: int) -> None:
    error = OSError(number, os.strerror(number))
    assert explained(error) == f"this machine: {os.strerror(number)}; {REMEDIES[number]}"
    error.filename = "grades/gradebook.sqlite"
    assert explained(error).startswith("grades/gradebook.sqlite: ")


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread")])
def test_errors_without_a_number(error: Exception) -> None:
    assert explained(error).startswith("this machine: ")


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "gone"), OSError("?"), RuntimeError("?")])
def test_other_errors_are_nothing_of_the_kind(error: Exception) -> None:
    assert not explained(error)
