"""However a run of grading is ended, nothing of it stays, and the next run goes on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from exercise import RIGHT, exercise, hand_in
from gradcheck.grading.gradebook import Gradebook
from gradcheck.submission.home import Home
from processes import TEMPORARY, children, is_running

if sys.platform != "linux":
    pytest.skip("processes are looked for in /proc", allow_module_level=True)

pytestmark = pytest.mark.slow

PATIENCE = 120.0
"""Seconds after which a test gives up waiting; it never takes that long."""
SLEEPER = f"import time\ntime.sleep(3600)\n{RIGHT}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A class in which one submission is done at once, and others sleep."""
    exercise(tmp_path, anna=RIGHT, bert=SLEEPER, carl=SLEEPER, dora=SLEEPER)
    spec = tmp_path / "specs" / "layer.yaml"
    spec.write_text(spec.read_text("utf-8").replace("submission: {", "submission: {seconds: 3600, "), "utf-8")
    return tmp_path


@pytest.fixture(params=TEMPORARY)
def temporary(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder for temporary files."""
    with TemporaryDirectory(prefix=request.param) as folder:
        yield Path(folder)


def _reset_signals() -> None:
    """Tests that run in the background, or under nohup, ignore some; a process would inherit that."""
    for name in ("SIGINT", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@contextmanager
def running(project: Path, temporary: Path) -> Iterator[subprocess.Popen[str]]:
    """`gradcheck grade`, with temporary files of its own; it ends with the test, whatever fails."""
    command = ["grade", "submissions", "--spec", "specs", "--out", "grades", "--jobs", "2", "--unsafe"]
    with subprocess.Popen(
        [sys.executable, "-m", "gradcheck", *command],
        cwd=project,
        env=os.environ | {"TMPDIR": str(temporary), "GRADCHECK_CACHE": str(project / "cache")},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        preexec_fn=_reset_signals,
    ) as run:
        try:
            yield run
        finally:
            run.kill()


def wait_for(what: Callable[[], bool]) -> None:
    """Until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


def processes(temporary: Path) -> Iterator[str]:
    """All that have to do with a run's temporary files."""
    mark = str(temporary).encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            state = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()[0]
        except OSError:
            continue
        if mark in said and state != "Z":
            yield folder.name


def recorded(project: Path) -> list[str]:
    """The submissions in the gradebook."""
    path = project / "grades" / "gradebook.sqlite"
    if not path.exists():
        return []
    try:
        with Gradebook.reading(path) as book:
            return [row.submission for row in book.rows()]
    except Exception:
        return []


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGKILL"])
def test_the_end_of_a_run_is_the_end_of_all_its_processes(project: Path, temporary: Path, name: str) -> None:
    """The run says that it was interrupted, workers, fork servers and submissions end, folders are removed.

    What was graded stays, and another run finds the gradebook sound.
    """
    with running(project, temporary) as run:
        wait_for(lambda: recorded(project) == ["anna"] or run.poll() is not None)
        assert run.poll() is None, run.communicate()[1]
        assert len(list(processes(temporary))) >= 4
        run.send_signal(getattr(signal, name))
        _, said = run.communicate(timeout=PATIENCE)
    if name != "SIGKILL":
        assert run.returncode == 2
        assert said.rstrip().endswith("interrupted")
        assert "Traceback" not in said
    wait_for(lambda: not list(processes(temporary)))
    wait_for(lambda: not list(temporary.glob("gradcheck-*")))
    assert recorded(project) == ["anna"]

    for one in ("bert", "carl", "dora"):
        hand_in(project, **{one: RIGHT})
    with running(project, temporary) as again:
        again.communicate(timeout=PATIENCE)
    assert again.returncode == 0
    assert recorded(project) == ["anna", "bert", "carl", "dora"]


def test_the_folder_of_a_killed_process_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that nobody holds goes, one that somebody holds stays."""
    script = (
        "from gradcheck.submission.home import Home; h = Home(); print(h.stages.parent, flush=True); input()"
    )
    kept, killed = (
        subprocess.Popen(
            [sys.executable, "-c", script],
            env=os.environ | {"TMPDIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    )
    with kept, killed:
        assert kept.stdout is not None
        assert killed.stdout is not None
        folders = [Path(one.stdout.readline().strip()) for one in (kept, killed) if one.stdout]
        killed.kill()
        killed.wait()
        assert all(folder.is_dir() for folder in folders)
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        home = Home()
        assert [folder.is_dir() for folder in folders] == [True, False]
        home.remove()
        kept.kill()
    assert not home.stages.exists()


@pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap: it is not installed")
def test_what_bubblewrap_leaves_of_a_killed_process_is_ended_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its second process outlives the first; that of another folder, which somebody holds, goes on."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    script = "from gradcheck.submission.home import Home; h = Home(); print(h.stages, flush=True); input()"
    owner = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    home, left = Home(), []
    with owner:
        assert owner.stdout is not None
        for stages in (home.stages, Path(owner.stdout.readline().decode().strip())):
            wrap = ["bwrap", "--unshare-pid", "--bind", "/", "/", "--bind", str(stages), str(stages)]
            with subprocess.Popen([*wrap, "sh", "-c", "echo; sleep 3600"], stdout=subprocess.PIPE) as first:
                assert first.stdout is not None
                first.stdout.readline()
                (child,) = children(first.pid)
                left.append(child)
                first.kill()
        owner.kill()
    again = Home()
    wait_for(lambda: not is_running(left[1]))
    assert is_running(left[0])
    home.remove()
    again.remove()
    os.kill(left[0], signal.SIGKILL)
