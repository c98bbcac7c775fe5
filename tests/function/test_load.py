"""A function out of a file, from its name to its verdict."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gradcheck.errors import GradcheckError, SubmissionError, UsageError
from gradcheck.function.check import check_file
from gradcheck.function.load import functions
from gradcheck.verdict.records import Status

SOURCE = """\
import numpy as np
from helper import square

print("loaded")

def loss(x):
    return square(x).sum()

def dloss(x):
    return 2 * x

def broken(x):
    return x[7] ** 2

def loud(x):
    print("x is", x)
    return (x**2).sum()

def in_helper(x):
    return square(x, 2)

class Model:
    def loss(self, x):
        return (x**2).sum()

    def grad(self, x):
        return 2 * x

model = Model()
number = 3
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "helper.py").write_text("def square(x):\n    return x * x\n")
    path = tmp_path / "model.py"
    path.write_text(SOURCE)
    return path


def test_a_file_that_fails_behind_its_functions_is_taken(tmp_path: Path) -> None:
    """With a note that says where it stops; one that fails without them fails."""
    path = tmp_path / "lab.py"
    path.write_text("def f(x): return x\nopen('nowhere')\n")
    with functions(path, ["f"]) as loaded:
        assert loaded.by_name["f"](3) == 3
        (note,) = loaded.notes
        assert "lab.py:2: FileNotFoundError" in note
    with pytest.raises(SubmissionError, match="FileNotFoundError"), functions(path, ["g"]):
        pass


def test_functions_run_with_the_folder_s_modules(file: Path) -> None:
    """A file may import its neighbours; afterwards nothing of it is left."""
    before = list(sys.path)
    with functions(file, ["loss", "dloss"]) as found:
        assert found.by_name["loss"].__module__ == "model"
        assert found.by_name["dloss"](3) == 6
    assert sys.path == before
    assert not {"model", "helper"} & set(sys.modules)


def test_a_file_is_checked(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The verdict goes by FILE:FUNCTION, and holds what the file prints."""
    verdict = check_file(file, "loss", "dloss", at="x=[1, 2, 3]")
    assert (verdict.status, verdict.submission) == (Status.RIGHT, f"{file}:loss")
    assert verdict.notes == ()
    printed = capsys.readouterr()
    assert (printed.out, printed.err, verdict.output) == ("", "", "loaded\n")


def test_without_a_point_one_is_drawn_and_said(file: Path) -> None:
    """A drawn point is noted, with how to choose another."""
    (note,) = check_file(file, "loss", "dloss").notes
    assert "--at" in note


def test_prints_are_kept_once(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A function that prints is heard once, though it is called dozens of times."""
    verdict = check_file(file, "loud", "dloss", at="x=[1., 2.]")
    assert verdict.output == "loaded\nx is [1. 2.]\n"
    assert capsys.readouterr() == ("", "")


def test_methods_go_by_their_object(file: Path) -> None:
    """FILE.py:model.loss is a function, too; what the object lacks is named."""
    assert check_file(file, "model.loss", "model.grad", at="x=[1., 2.]").status is Status.RIGHT
    with pytest.raises(UsageError, match=r"model\.py: model has no los"):
        check_file(file, "model.los", "model.grad", at="x=[1., 2.]")


def test_a_failure_in_another_file_of_the_folder_is_shown(file: Path) -> None:
    """The traceback ends at the line that failed, in whichever of the user's files it stands."""
    failure = check_file(file, "in_helper", "dloss", at="x=[1.0]").failure
    assert failure is not None
    assert "return square(x, 2)" in "".join(failure.trace)


def test_a_drawn_point_blames_no_shape(file: Path) -> None:
    """Where nobody said what the arguments are, a gradient of another shape may well be right."""
    (file.parent / "scale.py").write_text(
        "def f(w, scale): return (scale * w**2).sum()\ndef df(w, scale): return 2 * scale * w, (w**2).sum()\n"
    )
    drawn = check_file(file.parent / "scale.py", "f", "df")
    assert [q.status for q in drawn.quantities] == [Status.RIGHT, Status.CANNOT_TELL]
    assert "--at" in drawn.quantities[1].help
    assert check_file(file.parent / "scale.py", "f", "df", at="randn(3), 2.0").status is Status.RIGHT


def test_a_failing_function_is_told_at_its_line(file: Path) -> None:
    """The failure names the file's own line."""
    failure = check_file(file, "broken", "dloss", at="[1.0]").failure
    assert failure is not None
    assert str(failure.where) == "model.py:13 in broken"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("los", r"model\.py: there is no function 'los'; did you mean loss\? It defines"),
        ("number", r"model\.py: number is no function but of type int"),
    ],
)
def test_a_name_that_is_no_function(file: Path, name: str, message: str) -> None:
    """The complaint names what there is."""
    with pytest.raises(UsageError, match=message), functions(file, [name]):
        pass


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(x):\n    return x +\n", r"model\.py:2: SyntaxError: invalid syntax(.|\n)*\^"),
        ("import numpy\n1 / 0\n", r"model\.py:2: ZeroDivisionError: division by zero(.|\n)*1 / 0"),
        ("import no_such_module\n", r"model\.py:1: ModuleNotFoundError"),
        ("exit()\n", r"model\.py:1: SystemExit"),
    ],
)
def test_a_file_that_fails(tmp_path: Path, source: str, message: str) -> None:
    """Its own line is shown, and nothing of the harness."""
    path = tmp_path / "model.py"
    path.write_text(source)
    with pytest.raises(SubmissionError, match=message) as raised, functions(path, ["f"]):
        pass
    assert "gradcheck" not in str(raised.value)


@pytest.mark.parametrize("name", ["nothing.py", "folder.py"])
def test_a_file_that_isn_t_there(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are refused in one line."""
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(GradcheckError) as raised, functions(tmp_path / name, ["f"]):
        pass
    assert "\n" not in str(raised.value)
