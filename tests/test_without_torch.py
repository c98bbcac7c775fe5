"""What needs no PyTorch works where it is not installed; what does says so in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from exercise import RIGHT, exercise

pytestmark = pytest.mark.slow

NO_TORCH = """
import sys

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError("No module named 'torch'", name="torch")

sys.meta_path.insert(0, Refusing())
"""
LAB = """
import numpy as np

def f(x):
    return float(np.sum(np.tanh(x)))

def df(x):
    return 1 - np.tanh(x) ** 2

def test_df(gradcheck):
    gradcheck(f, df, np.ones(3))
"""
SAYS = (
    "a spec's answers are worked out with PyTorch, once, and it can't be imported (No module named 'torch')"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An exercise, a function of its own, and a Python without PyTorch."""
    exercise(tmp_path, right=RIGHT)
    (tmp_path / "lab.py").write_text(LAB, encoding="utf-8")
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "sitecustomize.py").write_text(NO_TORCH, encoding="utf-8")
    ini = "[pytest]\ngradcheck_specs = specs\ngradcheck_submissions = submissions\n"
    (tmp_path / "pytest.ini").write_text(ini, encoding="utf-8")
    return tmp_path


def run(project: Path, *command: str, torch: bool = False) -> subprocess.CompletedProcess[str]:
    """A module of Python's in the project, with a cache of its own."""
    path = [] if torch else [str(project / "bare")]
    path += filter(None, [os.environ.get("PYTHONPATH")])
    given = {"PYTHONPATH": os.pathsep.join(path), "GRADCHECK_CACHE": str(project / "cache")}
    command = (sys.executable, "-m", *command)
    return subprocess.run(
        command, cwd=project, env=os.environ | given, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        ["gradcheck", "lab.py:f", "--grad", "df", "--at", "x=randn(3)"],
        ["gradcheck", "formula", "--of", "(tanh(s) - y)^2", "--wrt", "s", "2*(tanh(s) - y)*(1 - tanh(s)^2)"],
        ["gradcheck", "spec", "check", "specs"],
        ["gradcheck", "spec", "show", "specs/layer.yaml"],
        ["gradcheck", "mistakes"],
        ["pytest", "-q", "lab.py"],
    ],
)
def test_what_needs_no_torch_works(project: Path, command: list[str]) -> None:
    """One function, formulas without a spec, specs themselves, the catalogue, the fixture."""
    done = run(project, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "torch" not in done.stderr


def test_a_spec_is_checked_without_its_reference(project: Path) -> None:
    """What can be seen without PyTorch is seen, and the rest named."""
    spec = project / "specs" / "layer.yaml"
    spec.write_text(spec.read_text("utf-8") + "reference: ../submissions/right.py\n", encoding="utf-8")
    done = run(project, "gradcheck", "spec", "check", "specs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "layer.yaml: fine; " in done.stdout
    assert f"; the reference was not checked: {SAYS}; " in done.stdout


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["gradcheck", "right", "--spec", "specs"], 2),
        (["gradcheck", "grade", "submissions", "--spec", "specs", "--out", "out", "--unsafe"], 2),
        (["gradcheck", "formula", "dW1 = x", "--spec", "specs/layer.yaml"], 2),
        (["pytest", "-q", "specs"], 1),
    ],
)
def test_what_needs_torch_says_so(project: Path, command: list[str], status: int) -> None:
    """One line, with what to do; no traceback."""
    done = run(project, *command)
    said = done.stdout + done.stderr
    assert done.returncode == status, said
    assert f"{SAYS}; run: pip install torch" in said
    assert "Traceback" not in said


def test_answers_that_are_kept_need_no_torch(project: Path) -> None:
    """A spec whose answers were worked out before is judged."""
    assert run(project, "gradcheck", "right", "--spec", "specs", torch=True).returncode == 0
    done = run(project, "gradcheck", "right", "--spec", "specs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 of 2 right" in done.stdout
