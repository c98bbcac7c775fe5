"""`gradcheck.check` and the report that it returns."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import gradcheck
from exercise import DOUBLED, RIGHT, SPEC, exercise, hand_in, instead
from gradcheck.errors import SpecError, SubmissionError, UsageError

Array = NDArray[np.float64]


def gradients(x: Array, y: Array, W1: Array, b1: Array) -> tuple[Array, Array]:
    """The right gradients of the exercise, as a live function."""
    a = 1 / (1 + np.exp(-(x @ W1 + b1)))
    delta = (a - y) * a * (1 - a) / len(x)
    return x.T @ delta, delta.sum(axis=0)


def doubled(x: Array, y: Array, W1: Array, b1: Array) -> tuple[Array, Array]:
    """One of them with a factor too many."""
    dW, db = gradients(x, y, W1, b1)
    return 2 * dW, db


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project with two submissions, as the current folder."""
    exercise(tmp_path, right=RIGHT, doubled=DOUBLED)
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "submission", [gradients, "right", "submissions/right.py", Path("submissions/right.py")]
)
def test_right(submission: object) -> None:
    """A function, a name, and a path all earn what they are worth."""
    report = gradcheck.check(submission, "specs/layer.yaml")  # type: ignore[arg-type]
    assert report.ok
    assert (report.points, report.max_points) == (2, 2)


@pytest.mark.parametrize("submission", [doubled, "doubled"])
def test_wrong(submission: object) -> None:
    """What is wrong earns nothing, what is right beside it does."""
    report = gradcheck.check(submission, Path("specs/layer.yaml"))  # type: ignore[arg-type]
    assert not report.ok
    assert (report.points, report.max_points) == (1, 2)
    assert "dW1  WRONG  6 of 6 weights" in str(report)
    assert [q["status"] for q in report.data()["results"][0]["quantities"]] == ["wrong", "right"]


def test_a_function_of_another_name_than_run_has() -> None:
    """is what is checked, though its module has a function of that name, too."""
    assert "gradients" in doubled.__globals__
    assert not gradcheck.check(doubled, "specs/layer.yaml").ok


@pytest.mark.slow
def test_every_form_tells_the_same() -> None:
    """Text, HTML and data name the submission, the spec and the worst weight."""
    report = gradcheck.check("doubled", "specs/layer.yaml")
    data = json.dumps(report.data(), allow_nan=False)
    for form in (str(report), repr(report), report._repr_html_(), data):
        for part in ("specs/layer.yaml", "doubled", "dW1", "W1[2, 1]"):
            assert part in form


def test_a_live_function_that_fails() -> None:
    """is an error in the report, at its line, and no exception."""

    def broken(x: Array, y: Array, W1: Array, b1: Array) -> Array:
        raise ValueError("not yet")

    report = gradcheck.check(broken, "specs/layer.yaml")
    assert not report.ok
    assert "ValueError: not yet" in str(report)
    assert "test_api.py" in str(report)


def test_a_lambda_is_called_as_the_function_that_run_names() -> None:
    """Where `run` calls one name that nobody defines, that is the function, whatever it is called."""
    report = gradcheck.check(lambda *inputs: gradients(*inputs), "specs/layer.yaml")
    assert report.ok


def test_a_file_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    """A submission that ends its process leaves this one alone."""
    hand_in(tmp_path, leaver=instead("import os; os._exit(0)"))
    report = gradcheck.check("leaver", "specs/layer.yaml")
    assert "the code ended its process with exit code 0" in str(report)


@pytest.mark.parametrize(
    ("submission", "complaint"),
    [
        ("rihgt", "rihgt: no such submission in submissions. Did you mean right?"),
        ("elsewhere/anna.py", "elsewhere/anna.py: there is no such file or folder"),
    ],
)
def test_no_such_submission(submission: str, complaint: str) -> None:
    """SubmissionError says which, and what there is."""
    with pytest.raises(SubmissionError) as error:
        gradcheck.check(submission, "specs/layer.yaml")
    assert str(error.value).startswith(complaint)


@pytest.mark.parametrize("submission", [gradients, "right"])
def test_a_broken_spec(tmp_path: Path, submission: object) -> None:
    """SpecError has every complaint, for functions and files alike."""
    broken = SPEC.replace("sigmoid}", "sigmiod}") + "colour: red\n"
    (tmp_path / "specs" / "layer.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(SpecError) as error:
        gradcheck.check(submission, "specs/layer.yaml")  # type: ignore[arg-type]
    assert [complaint.line for complaint in error.value.complaints] == [2, 7]


@pytest.mark.parametrize("spec", ["nowhere.yaml", "specs", "a\0b"])
def test_no_such_spec(spec: str) -> None:
    """SpecError, whatever the path is."""
    with pytest.raises(SpecError):
        gradcheck.check("right", spec)


@pytest.mark.slow
def test_the_projects_own_folder_of_submissions(tmp_path: Path) -> None:
    """As pytest finds it."""
    (tmp_path / "submissions").rename(tmp_path / "work")
    ini = "[pytest]\ngradcheck_specs = specs\ngradcheck_submissions = work\n"
    (tmp_path / "pytest.ini").write_text(ini, encoding="utf-8")
    assert gradcheck.check("right", "specs/layer.yaml").ok


def test_formulas_show_themselves() -> None:
    """As text, as HTML, as data; with a spec and without."""
    right = gradcheck.formula("d/dx x^2 = 2x")
    assert right.ok
    assert "1 of 1 claim right" in str(right) == repr(right)
    wrong = gradcheck.formula("d/dx x^2 = x (x > 0)")
    assert not wrong.ok
    assert "(x &gt; 0)" in wrong._repr_html_()
    assert wrong.data()["results"][0]["status"] == "wrong"
    (spec,) = Path("specs").glob("*.yaml")
    assert gradcheck.formula("z1 = x @ W1 + b1", spec).derivation.spec == str(spec)
    with pytest.raises(UsageError, match="go without a spec"):
        gradcheck.formula("dz1 = 1", spec, of="x", wrt="x")
