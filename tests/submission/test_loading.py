"""Files that train, plot, read data or ask for something where they are imported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.submission.find import at
from gradcheck.submission.runner import Runner
from gradcheck.verdict.records import Verdict

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "specs" / "two_layer.yaml"
RIGHT = (ROOT / "submissions" / "right" / "two_layer.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    with Checker(Runner()) as checker:
        yield checker


def judged(checker: Checker, path: Path, text: str, spec: Path = SPEC) -> Verdict:
    """What is said of a file with that text."""
    path.write_text(text, encoding="utf-8")
    return checker.check(at(path), spec)


def within(seconds: int, folder: Path) -> Path:
    """The spec with another limit on time."""
    text = SPEC.read_text(encoding="utf-8").partition("reference:")[0]
    path = folder / "spec.yaml"
    path.write_text(text.replace("submission:\n", f"submission:\n  seconds: {seconds}\n"), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("fails", "message"),
    [
        ('data = open("train.csv").read()', "FileNotFoundError: [Errno 2] No such file"),
        ("n = int(input())", "EOFError: EOF when reading a line; nobody is there to answer input()"),
        ("import package_nowhere", "ModuleNotFoundError: No module named 'package_nowhere'"),
        ("assert 1 == 2", "AssertionError"),
        ("raise SystemExit", "SystemExit"),
        ("for epoch in range(3):\n    1 / epoch", "ZeroDivisionError: division by zero"),
        ("def deep(): deep()\ndeep()", "RecursionError"),
        ("import numpy as np\nnp.ones((1 << 20, 1 << 12))", "MemoryError"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_a_file_defines_is_judged(
    fails: str, message: str, first: bool, tmp_path: Path, checker: Checker
) -> None:
    """Before what fails, or behind it; the note has the line."""
    verdict = judged(checker, tmp_path / "anna.py", f"{fails}\n{RIGHT}" if first else f"{RIGHT}\n{fails}\n")
    assert verdict.status == "right"
    (note,) = verdict.notes
    assert message in note
    assert note.startswith("anna.py:")
    assert note.endswith("; what the file defines counts all the same")


def test_a_note_lists_skipped_lines(tmp_path: Path, checker: Checker) -> None:
    """With its lines; those of a notebook by their cells."""
    text = f"data = open('train.csv')\nprint(data)\ntrain(data)\n{RIGHT}\nprint('done')\n"
    (note,) = judged(checker, tmp_path / "anna.py", text).notes
    last = text.count("\n")
    assert note == (
        "anna.py:1: FileNotFoundError: [Errno 2] No such file or directory: 'train.csv'; of what follows, "
        f"only imports, functions, classes and constants count (left out: lines 2-3, {last})"
    )
    cells = ["x = 1", "y = 2\ndata = open('train.csv')", "print(data)", RIGHT, "train(data)\nprint(data)"]
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})
    (note,) = judged(checker, tmp_path / "two_layer.ipynb", notebook).notes
    assert note.startswith("two_layer.ipynb:cell 2:2: FileNotFoundError")
    assert note.endswith("(left out: cell 3:1, cell 5:1-2)")


def test_a_failure_in_a_function_has_two_locations(tmp_path: Path, checker: Checker) -> None:
    """By the statement that ended the file, and by the line that raised."""
    text = f"{RIGHT}\ndef read():\n    return open('train.csv')\n\ndata = read()\n"
    (note,) = judged(checker, tmp_path / "anna.py", text).notes
    lines = text.split("\n")
    assert note.startswith(f"anna.py:{lines.index('data = read()') + 1}: FileNotFoundError")
    assert f"(at anna.py:{lines.index('def read():') + 2} in read)" in note


def test_a_file_without_the_function_says_why(tmp_path: Path, checker: Checker) -> None:
    """The exception that ended it, and not the name that is missing for it."""
    verdict = judged(checker, tmp_path / "anna.py", "import numpy as np\nraise ValueError('early')\n")
    assert verdict.status == "error"
    assert verdict.failure is not None
    assert (verdict.failure.message, str(verdict.failure.where)) == ("ValueError: early", "anna.py:2")


def test_a_mistake_of_the_function_is_its_own(tmp_path: Path, checker: Checker) -> None:
    """What ends the file is no excuse for it, nor its cause."""
    text = "def backprop(*_):\n    return [][1]\n\nopen('nowhere')\n"
    verdict = judged(checker, tmp_path / "anna.py", text)
    assert verdict.failure is not None
    assert verdict.failure.message == "IndexError: list index out of range"


def test_a_name_that_is_missing_for_it_says_so(tmp_path: Path, checker: Checker) -> None:
    """A function may need what the file did not get to."""
    text = "m = len(open('data').read())\ndef backprop(*_): return m\n"
    verdict = judged(checker, tmp_path / "anna.py", text)
    assert verdict.failure is not None
    assert verdict.failure.message.startswith(
        "NameError: name 'm' is not defined; the file stops at anna.py:1: FileNotFoundError"
    )


@pytest.mark.parametrize("fails", ["open('nowhere')", "1 / 0", "import package_nowhere"])
def test_a_module_that_is_imported_counts_by_what_it_defines(
    fails: str, tmp_path: Path, checker: Checker
) -> None:
    """What fails in it does not cost the file that imports it."""
    folder = tmp_path / "anna"
    folder.mkdir()
    (folder / "layers.py").write_text(f"{fails}\n{RIGHT}\nprint(2)\n", encoding="utf-8")
    (folder / "two_layer.py").write_text("from layers import backprop\n", encoding="utf-8")
    verdict = checker.check(at(folder), SPEC)
    assert verdict.status == "right"
    assert verdict.notes[0].startswith("layers.py:1: ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trains", "first"),
    [
        ("while True: pass", True),
        ("import time\nwhile True:\n    try: time.sleep(9)\n    except Exception: pass", False),
        ("import threading\nthreading.Event().wait()", True),
        ("def train():\n    while True: print('epoch')\ntrain()", False),
        ("class Net:\n    while True: x = 1", True),
        ("import queue\nqueue.Queue().get()", False),
        ("while True:\n    try: n = int(input()); break\n    except: print('again')", True),
    ],
)
def test_what_runs_long_is_cut(trains: str, first: bool, tmp_path: Path, checker: Checker) -> None:
    """After half of the spec's time; what the file defines is judged in the other half."""
    text = f"{trains}\n{RIGHT}" if first else f"{RIGHT}\n{trains}\n"
    verdict = judged(checker, tmp_path / "anna.py", text, within(4, tmp_path))
    assert verdict.status == "right"
    (note,) = verdict.notes
    assert "ran longer than 2 s when it was loaded (training, or an endless loop)" in note


@pytest.mark.slow
def test_what_nothing_interrupts_costs_its_time(tmp_path: Path, checker: Checker) -> None:
    """Code that catches everything ends with its process."""
    loop = "import time\nwhile True:\n    try:\n        time.sleep(9)\n    except BaseException: pass\n"
    verdict = judged(checker, tmp_path / "anna.py", f"{RIGHT}\n{loop}", within(1, tmp_path))
    assert verdict.failure is not None
    assert verdict.failure.kind == "timeout"
