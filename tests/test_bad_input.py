"""Bad specs and bad submissions through the command: one clear line each, and nobody else is harmed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from exercise import RIGHT, SPEC, exercise, hand_in, instead
from gradcheck.checker import Checker
from gradcheck.cli import main
from gradcheck.submission.find import submissions
from gradcheck.submission.runner import Runner

pytestmark = pytest.mark.slow

HASTY = SPEC.replace("file: layer.py,", "file: layer.py, seconds: 3,")
BOMB = "\n".join(
    f"{n}: &{n} [{', '.join(9 * [f'*{m}'])}]" for m, n in zip("abcdefgh", "bcdefghi", strict=True)
)

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one right submission, as the current folder."""
    exercise(tmp_path, spec=HASTY, right=RIGHT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


@pytest.fixture(autouse=True)
def _one_runner(monkeypatch: pytest.MonkeyPatch, runner: Runner) -> None:
    """All commands of this file share one process for submissions: none may spoil it for the next."""
    monkeypatch.setattr("gradcheck.checker.Runner", lambda *_, **__: runner)
    monkeypatch.setattr(runner, "close", lambda: None)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """A runner that lives as long as these tests."""
    with Runner() as runner:
        yield runner


BAD_SPECS = {
    "empty": ("", "specs/bad.yaml:1:1: the spec is empty"),
    "only a comment": ("# soon\n", "specs/bad.yaml:1:1: the spec is empty"),
    "not YAML": ("title: [1, 2\nnetwork: }\n", "specs/bad.yaml:2:8: this is not YAML"),
    "a list": ("- 1\n- 2\n", "specs/bad.yaml:1:1: a spec is a mapping of keys to values, not a list"),
    "a text": ("a network\n", "specs/bad.yaml:1:1: a spec is a mapping of keys to values, not a text"),
    "2 MiB": (SPEC + "#" * (2 << 20), "specs/bad.yaml: the file is too large"),
    "deep": (
        f"{SPEC}x: {200 * '['}{200 * ']'}\n",
        "specs/bad.yaml:7:54: values are nested more than 50 deep",
    ),
    "anchors": (f"a: &a [x]\n{BOMB}\n{SPEC}", "specs/bad.yaml:1:4: anchors (&a) are not read"),
    "unknown activation": (
        SPEC.replace("sigmoid}", "sigmiod}"),
        "specs/bad.yaml:2:61: there is no activation sigmiod",
    ),
    "no units": (
        SPEC.replace("units: 2", "units: 0"),
        "specs/bad.yaml:2:46: units must be at least 1, not 0",
    ),
    "too many units": (
        SPEC.replace("units: 2", "units: 10000000000"),
        "specs/bad.yaml:2:46: units must be at most 10000, not 10000000000",
    ),
    "units in words": (
        SPEC.replace("units: 2", "units: two"),
        "specs/bad.yaml:2:46: units must be a whole number, not the text 'two'",
    ),
    "no such quantity": (
        SPEC.replace("[dW1, db1]", "[dW1, dW7]"),
        "specs/bad.yaml:5:14: this network has no quantity dW7",
    ),
    "run is not Python": (
        SPEC.replace("= gradients", "= = gradients"),
        "specs/bad.yaml:4:47: run is not Python: invalid syntax",
    ),
    "repeated key": (f"{SPEC}title: again\n", "specs/bad.yaml:7:1: the key title was given before"),
    "binary": (bytes(range(256)), "specs/bad.yaml:"),
    "UTF-16": (SPEC.encode("utf-16"), "specs/bad.yaml:1:1: the byte 0x"),
}


@pytest.mark.parametrize(("content", "complaint"), BAD_SPECS.values(), ids=BAD_SPECS)
def test_a_bad_spec(project: Path, capsys: Output, content: str | bytes, complaint: str) -> None:
    """The first line says what is wrong and where; the spec beside it gets its verdict."""
    data = content if isinstance(content, bytes) else content.encode()
    (project / "specs" / "bad.yaml").write_bytes(data)
    assert main(["right", "--spec", "specs"]) == 2
    out, err = capsys.readouterr()
    assert err.startswith(complaint)
    assert "Traceback" not in err
    assert "specs/layer.yaml · right" in out
    assert "2 of 2 right" in out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_a_spec_that_is_no_file(project: Path) -> None:
    """Nobody waits for the other end of a FIFO."""
    os.mkfifo(project / "specs" / "bad.yaml")
    code = "import sys; from gradcheck.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "right", "--spec", "specs"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("specs/bad.yaml: this is no file")
    assert "2 of 2 right" in done.stdout


BAD_SUBMISSIONS = {
    "syntax error": (
        "def gradients(x, y, W1, b1)\n    return 1\n",
        ["ERROR  SyntaxError: expected ':'", "at bad.py:1"],
    ),
    "no such function": (
        RIGHT.replace("gradients", "gradient"),
        [
            "ERROR  NameError: name 'gradients' is not defined; the spec gives W1, b1, x, y; bad.py defines",
            "at layer.yaml:4",
        ],
    ),
    "wrong arguments": (
        "def gradients(x, y): pass",
        [
            "ERROR  TypeError: gradients() takes 2 positional arguments but 4 were given",
            "at layer.yaml:4",
        ],
    ),
    "an exception": (
        instead("raise ValueError('two\\nlines')"),
        ["ERROR  ValueError: two lines", "at bad.py:10 in gradients"],
    ),
    "an endless loop": (instead("while True: pass"), ["ERROR  stopped after 3 s: an endless loop?"]),
    "an endless loop at import": (
        "while True: pass",
        ["ERROR  ran longer than 1.5 s when it was loaded (training, or an endless loop)"],
    ),
    "a flood of output": (
        instead("while True: print(10**6 * 'x')"),
        ["ERROR  stopped after 3 s: an endless loop?"],
    ),
    "a shape that would broadcast": (
        instead("return dW.mean(), db[None]"),
        [
            "dW1  WRONG  dW1 has shape (), not (3, 2)",
            "db1  WRONG  db1 has shape (1, 2), not (2,)",
            "help: the numbers themselves are right: only the shape is not",
        ],
    ),
    "transposed": (
        instead("return dW.T, db"),
        ["dW1  WRONG  dW1 has shape (2, 3), not (3, 2)", "help: its transpose has the right numbers"],
    ),
    "strings": (
        instead("return 'dW', np.array(['a', 'b'])"),
        ["dW1 is a string; give a NumPy array", "db1 is an array of strings; give numbers"],
    ),
    "objects": (
        instead("return object(), db.astype(object)"),
        ["dW1 is an object of class object; give a NumPy array", "db1 is an array of Python objects"],
    ),
    "complex numbers": (
        instead("return dW + 0j, db"),
        ["dW1  ERROR  dW1 is complex numbers (complex128): a gradient is real", "db1  right"],
    ),
    "whole numbers": (
        instead("return dW.astype(int), db"),
        ["dW1  ERROR  dW1 is whole numbers (int64): the fractions are cut off", "db1  right"],
    ),
    "nothing": (
        instead("pass"),
        ["ERROR  TypeError: gradients returned None (is a `return` missing?); run takes 2 values"],
    ),
    "None": (instead("return None, db"), ["dW1  ERROR  dW1 is None; is a `return` missing?", "db1  right"]),
    "NaN": (instead("return np.nan * dW, db"), ["dW1  WRONG  6 of 6 numbers of dW1 are NaN", "db1  right"]),
    "a huge array": (
        instead("return np.zeros((20000, 1000)), db"),
        ["ERROR  the results take 153 MiB, more than 1 MiB: dW1 (20000, 1000), db1 (2,)"],
    ),
    "more than its memory": (
        instead("return np.ones((10**9, 10)), db"),
        ["ERROR  MemoryError: Unable to allocate 74.5 GiB", "at bad.py:10 in gradients"],
    ),
    "os._exit": (
        instead("import os; os._exit(0)"),
        ["ERROR  the code ended its process with exit code 0; remove exit(), quit()"],
    ),
    "sys.exit": (
        instead("import sys; sys.exit(0)"),
        ["ERROR  SystemExit: the code ends the program itself; remove exit(), quit() or sys.exit()"],
    ),
    "a deep recursion": (
        instead("return gradients(x, y, W1, b1)"),
        ["ERROR  RecursionError: maximum recursion depth exceeded"],
    ),
    "killed": (instead("import os; os.kill(os.getpid(), 9)"), ["ERROR  was killed (SIGKILL)"]),
    "all zero": (
        instead("return 0 * dW, db"),
        ["dW1  WRONG  6 of 6 weights", "dW1 is all zeros", "db1  right"],
    ),
    "different when called twice": (
        instead("global n; n = globals().get('n', 0) + 1\nreturn dW * (1 + (n == 2)), db"),
        ["right on the first call, but not on a second one with the same data", "db1  right"],
    ),
    "gradients that pile up": (
        instead("global total; total = globals().get('total', 0) + dW[:1]\ndW[:1] = total\nreturn dW, db"),
        ["right on the first call, but not on a second one with the same data", "db1  right"],
    ),
    "all gradients pile up": (
        instead("global total; total = globals().get('total', 0) + db\nreturn dW, total"),
        ["exactly twice as large", "(gradcheck mistakes accumulates-over-calls explains it)"],
    ),
}


@pytest.mark.parametrize(("source", "told"), BAD_SUBMISSIONS.values(), ids=BAD_SUBMISSIONS)
def test_a_bad_submission(project: Path, capsys: Output, source: str, told: list[str]) -> None:
    """What went wrong is told on one line, without a word of the harness's own code; the next one passes."""
    hand_in(project, bad=source)
    assert main(["bad", "--spec", "specs"]) == 1
    out, err = capsys.readouterr()
    assert not err
    for line in told:
        assert line in out
    assert "Traceback" not in out
    assert "gradcheck/" not in out
    assert main(["right", "--spec", "specs"]) == 0


ODD_SUBMISSIONS = {
    "lists of lists": (instead("return dW.tolist(), tuple(db)"), "dW1  right"),
    "numbers of single precision": (
        instead("return dW.astype('f4'), db"),
        "note: dW1: single precision (float32), judged to 1e-05",
    ),
    "inputs changed in place": (
        instead("x *= 0\nW1[0] = 7\nreturn dW, db"),
        "note: your code changes W1, x in place; every call gets fresh copies here",
    ),
    "a chatty one": (instead("print('here')\nreturn dW, db"), "here"),
}


@pytest.mark.parametrize(("source", "told"), ODD_SUBMISSIONS.values(), ids=ODD_SUBMISSIONS)
def test_an_odd_submission(project: Path, capsys: Output, source: str, told: str) -> None:
    """What is right in spite of its form is right, and what is odd about it is said."""
    hand_in(project, odd=source)
    assert main(["odd", "--spec", "specs"]) == 0
    out = capsys.readouterr().out
    assert "2 of 2 right" in out
    assert told in out


def test_bad_files(project: Path, capsys: Output) -> None:
    """A submission that is no text, or a folder in place of the file, is an error of its own."""
    (project / "submissions" / "binary.py").write_bytes(b"# -*- coding: ascii -*-\nx = '\xff'\n")
    (project / "submissions" / "folder" / "layer.py").mkdir(parents=True)
    assert main(["binary", "--spec", "specs"]) == 1
    assert "submissions/binary.py:2: is not utf-8 text; save the file as UTF-8" in capsys.readouterr().out
    assert main(["folder", "--spec", "specs"]) == 1
    assert "submissions/folder/layer.py: can't be read: Is a directory" in capsys.readouterr().out


def test_one_bad_submission_among_many(project: Path) -> None:
    """In one run, each submission gets its own verdict, whatever the one before it did."""
    bad = ["os._exit(0)", "while True: pass", "sys.exit()", "os.kill(os.getpid(), 9)"]
    for number, body in enumerate(bad):
        hand_in(project, **{f"bad{number}": instead(f"import os, sys; {body}")})
    spec = Path("specs/layer.yaml")
    with Checker() as checker:
        points = {one.name: checker.check(one, spec).points for one in submissions(Path("submissions"))}
    assert points == {"bad0": 0, "bad1": 0, "bad2": 0, "bad3": 0, "right": 2}
