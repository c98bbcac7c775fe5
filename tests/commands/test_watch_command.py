"""`--watch` as people use it: a process beside an editor."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from exercise import DOUBLED, RIGHT, SPEC, exercise
from gradcheck.cli import main

if sys.platform == "win32":
    pytest.skip("Ctrl-C is sent as a signal", allow_module_level=True)

pytestmark = pytest.mark.slow

PATIENCE = 120.0
"""Seconds after which a test gives up waiting; it never takes that long."""
FUNCTION = """\
import numpy as np
from helper import factor

def f(w):
    return np.sum(w**2)

def df(w):
    return factor * w
"""
LAST = "Ctrl-C ends)"


class Watching:
    """A running command, and its reports one by one."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gradcheck", *arguments, "--watch"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def report(self) -> str:
        """The next report, its last line included."""
        lines = ""
        while not lines.rstrip().endswith(LAST):
            lines += self._lines.get(timeout=PATIENCE)
        return lines

    def report_with(self, part: str) -> str:
        """The next report that says so; a save may be seen in two steps."""
        deadline = time.monotonic() + PATIENCE
        while part not in (report := self.report()):
            assert time.monotonic() < deadline, report
        return report

    def is_silent(self) -> bool:
        """Whether nothing is reported for a while."""
        with contextlib.suppress(Empty):
            return not self._lines.get(timeout=1.0).strip()
        return True

    def close(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def interrupt(self) -> int:
        """Ctrl-C: the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


Watch = Callable[..., Watching]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A wrong submission, a right one in a folder with a helper, and a function."""
    exercise(tmp_path, anna=DOUBLED)
    folder = tmp_path / "submissions" / "bert"
    folder.mkdir()
    (folder / "layer.py").write_text("from helper import gradients\n", encoding="utf-8")
    (folder / "helper.py").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "function.py").write_text(FUNCTION, encoding="utf-8")
    (tmp_path / "helper.py").write_text("factor = 2\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def watch(project: Path) -> Iterator[Watch]:
    started: list[Watching] = []

    def start(*arguments: str) -> Watching:
        started.append(Watching(project, *arguments))
        return started[-1]

    yield start
    for one in started:
        one.close()


def save(path: Path, text: str) -> None:
    """As most editors do: another file takes the place."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def test_a_save(project: Path, watch: Watch) -> None:
    """Each is judged, with what has changed; a touch changes nothing; Ctrl-C is how it ends."""
    file = project / "submissions" / "anna.py"
    anna = watch("anna", "--spec", "specs/layer.yaml")
    first = anna.report()
    assert "1 of 2 right" in first
    assert "  1 quantity to go  (2 files watched; " in first
    file.write_text(RIGHT, encoding="utf-8")
    assert "  dW1 is right now; all is right  (" in anna.report_with("2 of 2 right")
    save(file, DOUBLED)
    assert "  dW1 is not right any more; 1 quantity to go  (" in anna.report_with("1 of 2 right")
    os.utime(file)
    anna.report_with("  the same quantities are right as before; 1 quantity to go  (")
    assert anna.is_silent()
    assert anna.interrupt() == 0


def test_what_is_half_written(project: Path, watch: Watch) -> None:
    """Syntax errors are shown and cost nothing: the next save is compared with what was judged before."""
    file = project / "submissions" / "anna.py"
    anna = watch("anna", "--spec", "specs/layer.yaml")
    anna.report()
    file.write_text(RIGHT[:-5], encoding="utf-8")
    anna.report_with("  the code fails: SyntaxError")
    file.write_text("", encoding="utf-8")
    anna.report_with("the code fails: ")
    file.write_bytes(b"\xff\x00")
    anna.report()
    file.write_text(RIGHT, encoding="utf-8")
    assert "  dW1 is right now; all is right  (" in anna.report_with("2 of 2 right")


def test_a_file_that_is_away(project: Path, watch: Watch) -> None:
    """It is said so; when it is back, it is judged; one that is back at once is never missed."""
    file = project / "submissions" / "anna.py"
    anna = watch("anna", "--spec", "specs/layer.yaml")
    anna.report()
    file.rename(project / "away.py")
    report = anna.report_with("nothing to judge yet")
    assert "anna: there are no submissions" in report or "no such submission" in report
    assert "  nothing to judge yet  (" in report
    (project / "away.py").rename(file)
    anna.report_with("the same quantities are right as before; 1 quantity to go")
    file.unlink()
    time.sleep(0.05)
    file.write_text(RIGHT, encoding="utf-8")
    anna.report_with("2 of 2 right")


def test_a_spec(project: Path, watch: Watch) -> None:
    """Another question is asked at once; one that can't be is complained of."""
    spec = project / "specs" / "layer.yaml"
    anna = watch("anna", "--spec", "specs")
    anna.report()
    save(spec, SPEC.replace("sigmoid}", "sigmiod}"))
    report = anna.report_with("nothing to judge yet")
    assert "there is no activation sigmiod" in report
    assert "  nothing to judge yet  (" in report
    save(spec, SPEC.replace("check: [dW1, db1]", "check: [db1]"))
    assert "1 of 1 right" in anna.report_with("all is right")
    (project / "specs" / "more.yaml").write_text(SPEC, encoding="utf-8")
    anna.report_with("specs/more.yaml · anna")


def test_what_it_imports(project: Path, watch: Watch) -> None:
    """A file beside the submission's own, and one that is new there."""
    folder = project / "submissions" / "bert"
    bert = watch("bert", "--spec", "specs")
    assert "2 of 2 right" in bert.report()
    save(folder / "helper.py", DOUBLED)
    bert.report_with("dW1 is not right any more")
    (folder / "other.py").write_text(RIGHT, encoding="utf-8")
    bert.report()
    save(folder / "layer.py", "from other import gradients\n")
    bert.report_with("dW1 is right now")


def test_a_function(project: Path, watch: Watch) -> None:
    """Its file, and what that imports; each time from scratch."""
    one = watch("function.py:f", "--grad", "df")
    one.report_with("  all is right  (2 files watched")
    for factor in (3, 4):  # of one length, within one second
        save(project / "helper.py", f"factor = {factor}\n")
        one.report_with("dw  WRONG")
    save(project / "function.py", FUNCTION.replace("factor * w", "2 * w"))
    one.report_with("  dw is right now; all is right  (")
    save(project / "function.py", "import numpy as np\ndef f(w:\n")
    one.report_with("nothing to judge yet")
    save(project / "function.py", "import os\nos._exit(7)\n")
    one.report_with("the code ended its process, with status 7, before it answered")
    save(project / "function.py", FUNCTION.replace("factor * w", "2 * w"))
    one.report_with("all is right")
    assert one.interrupt() == 0


@pytest.mark.parametrize("target", [["anna", "--spec", "specs"], ["function.py:f", "--grad", "df"]])
def test_code_that_never_ends(target: list[str], project: Path, watch: Watch) -> None:
    """The next save does not wait for it, and nothing of it stays."""
    file = project / ("submissions/anna.py" if target[0] == "anna" else "function.py")
    text = RIGHT if target[0] == "anna" else FUNCTION
    spec = project / "specs" / "layer.yaml"
    spec.write_text(spec.read_text("utf-8").replace("submission: {", "submission: {seconds: 3600, "), "utf-8")
    one = watch(*target)
    one.report()
    save(file, f"while True:\n    try:\n        pass\n    except BaseException:\n        pass\n{text}")
    time.sleep(2)
    save(file, text)
    one.report_with("all is right")
    assert one.interrupt() == 0
    deadline = time.monotonic() + PATIENCE
    while any(str(project) in place for place in working_folders()):
        assert time.monotonic() < deadline, "a process is left"
        time.sleep(0.1)


def working_folders() -> Iterator[str]:
    """Of all processes but this one."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(process.name) != os.getpid() and "gradcheck" in (process / "cmdline").read_text():
                yield str((process / "cwd").readlink())


def test_many_saves(project: Path, watch: Watch) -> None:
    """However fast they come: the last one is judged."""
    file = project / "submissions" / "anna.py"
    anna = watch("anna", "--spec", "specs/layer.yaml")
    anna.report()
    for number in range(30):
        save(file, f"{DOUBLED}# {number}\n")
        time.sleep(0.02)
    save(file, RIGHT)
    anna.report_with("dW1 is right now; all is right")
    assert anna.is_silent()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("nobody --spec specs", "nobody: no such submission in submissions."),
        ("anna --spec specs --format json", "--watch shows reports on the terminal: leave out --format"),
        ("anna --spec specs --output report", "--watch shows reports on the terminal: leave out --format"),
        ("nowhere.py:f", "nowhere.py: there is no such file or folder"),
        ("function.py:g", "function.py: there is no function 'g'"),
        ("function.py:f --grad df --atol -1", "atol is -1.0; give a number that is not negative"),
        ("anna --spec specs --grad f", "--grad goes with FILE.py:FUNCTION, not with --spec"),
        ("anna", "anna: give a spec with --spec SPEC"),
    ],
)
def test_what_cannot_be_watched(
    arguments: str,
    complaint: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is said at once, with status 2."""
    monkeypatch.chdir(project)
    assert main([*arguments.split(), "--watch"]) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith(complaint)
    assert not shown.out


def test_a_project_and_the_end_of_its_terminal(project: Path, watch: Watch) -> None:
    """Without --spec the project's specs are taken; SIGHUP and SIGTERM end it as Ctrl-C does."""
    (project / "pytest.ini").write_text("[pytest]\ngradcheck_specs = specs\n", encoding="utf-8")
    for number in (signal.SIGTERM, signal.SIGHUP):
        anna = watch("anna")
        assert "specs/layer.yaml · anna" in anna.report()
        anna.process.send_signal(number)
        assert anna.process.wait(PATIENCE) == 0
