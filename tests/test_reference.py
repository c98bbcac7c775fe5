"""A spec's right solution: tried before anybody else's, and the spec's fault where it is not right."""

from __future__ import annotations

from pathlib import Path

import pytest

from exercise import DOUBLED, RIGHT, SPEC, exercise
from gradcheck.cli import main

GRADE = ["grade", "submissions", "--spec", "specs", "--out", "out", "--jobs", "1"]
REFERENCE = SPEC + "reference: ../solution.py\n"
LINE = SPEC.count("\n") + 1
UNDEFINED = SPEC.replace("= gradients(", "= gradient(")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class of two, and a solution beside it."""
    exercise(tmp_path, anna=RIGHT, ben=RIGHT)
    (tmp_path / "solution.py").write_text(RIGHT, "utf-8")
    pose(tmp_path, REFERENCE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pose(project: Path, spec: str) -> None:
    (project / "specs" / "layer.yaml").write_text(spec, "utf-8")


@pytest.mark.slow
def test_a_right_reference(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is in no table, and the check says that it was tried."""
    assert main(["spec", "check", "specs"]) == 0
    assert capsys.readouterr().out.endswith("; the reference is right\n")
    assert main(GRADE) == 0
    assert "2 submissions: 2 all right" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("command", [["spec", "check", "specs"], GRADE], ids=["check", "grade"])
@pytest.mark.parametrize(
    ("spec", "solution", "says"),
    [
        (
            REFERENCE,
            DOUBLED,
            f"specs/layer.yaml:{LINE}: the reference ../solution.py is not right: dW1 (wrong)",
        ),
        (REFERENCE, "x = (", f"specs/layer.yaml:{LINE}: the reference ../solution.py fails: SyntaxError"),
        (
            REFERENCE.replace("= gradients(", "= gradient("),
            RIGHT,
            "specs/layer.yaml:4: the reference ../solution.py fails: NameError: name 'gradient' is not",
        ),
        (
            REFERENCE.replace("half_squared", "squared"),
            RIGHT,
            "the reference ../solution.py is not right: dW1 (wrong), db1 (wrong)",
        ),
    ],
)
def test_a_wrong_reference(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    spec: str,
    solution: str,
    says: str,
) -> None:
    """It is the spec's fault, with its line; nobody is graded."""
    pose(project, spec)
    (project / "solution.py").write_text(solution, "utf-8")
    assert main(command) == 2
    captured = capsys.readouterr()
    said = captured.out + captured.err
    assert says in said
    assert "help: gradcheck solution.py --spec specs/layer.yaml shows the whole report" in said
    assert "anna" not in said


@pytest.mark.slow
def test_a_reference_that_is_not_there(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check complains; a class is graded all the same, and is told."""
    (project / "solution.py").unlink()
    assert main(["spec", "check", "specs"]) == 2
    assert f"specs/layer.yaml:{LINE}: the reference ../solution.py is not there" in capsys.readouterr().out
    assert main(GRADE) == 0
    assert "is not there: the spec is not tried first" in capsys.readouterr().err


@pytest.mark.slow
def test_a_line_that_nobody_gets_past(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said before everything else, and again by a run that grades nothing; it is no success."""
    pose(project, UNDEFINED)
    for _ in range(2):
        assert main(GRADE) == 2
        out = " ".join(capsys.readouterr().out.split())
        assert out.startswith(
            "SPEC AT FAULT: specs/layer.yaml:4: every submission (2) fails in this line of `run`: "
            "NameError: name 'gradient' is not defined"
        )
    pose(project, SPEC)
    assert main(GRADE) == 0
    assert "SPEC AT FAULT" not in capsys.readouterr().out


@pytest.mark.slow
def test_a_line_that_the_reference_alone_gets_past(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That is no fault of the spec, but of nobody alone either."""
    for name in ("anna", "ben"):
        (project / "submissions" / f"{name}.py").write_text(RIGHT.replace("gradients", "grad"), "utf-8")
    assert main(GRADE) == 2
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith("NOBODY GETS ON: specs/layer.yaml:4: every submission (2) fails in this line")
    assert "SPEC AT FAULT" not in out
