"""What `gradcheck NAME` checks where no spec is named: what the project's configuration says."""

from __future__ import annotations

from pathlib import Path

import pytest

from exercise import DOUBLED, RIGHT, SPEC, exercise
from gradcheck.cli import main

INI = "[pytest]\ngradcheck_specs = specs\n"

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two specs; `half` answers the first alone."""
    exercise(tmp_path, right=RIGHT, doubled=DOUBLED)
    (tmp_path / "specs" / "other.yaml").write_text(SPEC.replace("layer.py", "other.py"), encoding="utf-8")
    half = tmp_path / "submissions" / "half"
    half.mkdir()
    (half / "layer.py").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(INI, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def headlines(output: Output) -> list[str]:
    """Spec and submission of every report."""
    return [line.partition("  ")[0] for line in output.readouterr().out.splitlines() if " · " in line]


@pytest.mark.parametrize(
    ("target", "reports"),
    [
        ("right", ["specs/layer.yaml · right", "specs/other.yaml · right"]),
        ("half", ["specs/layer.yaml · half"]),
        ("submissions/half/layer.py", ["specs/layer.yaml · layer"]),
        ("submissions/half", ["specs/layer.yaml · half"]),
    ],
)
def test_the_projects_specs(target: str, reports: list[str], capsys: Output) -> None:
    """Those that the submission answers; a file that is called as a spec asks is for that spec."""
    assert main([target]) == 0
    assert headlines(capsys) == reports


def test_from_a_folder_in_it(project: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are shown from there."""
    monkeypatch.chdir(project / "submissions" / "half")
    assert main(["layer.py"]) == 0
    assert headlines(capsys) == ["../../specs/layer.yaml · layer"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["right"],
        ["right", "--spec", "specs/layer.yaml"],
        ["right", "--spec", "specs/layer.yaml", "--sandbox"],
    ],
)
def test_its_folder_of_submissions(project: Path, arguments: list[str], capsys: Output) -> None:
    """Where the project calls it otherwise, submissions are found there, however they are checked."""
    (project / "submissions").rename(project / "handed in")
    (project / "pytest.ini").write_text(INI + "gradcheck_submissions = handed in\n", encoding="utf-8")
    assert main(arguments) == 0
    assert "specs/layer.yaml · right" in headlines(capsys)


@pytest.mark.parametrize(
    ("ini", "complaint"),
    [
        ("[pytest]\n", "right: give a spec with --spec SPEC, or a function as "),
        ("[pytest]\ngradcheck_specs = spec\n", "{0}:2: there is no folder spec; create it, or"),
        ("[pytest]\ngradcheck_spec = specs\n", "{0}:2: there is no setting gradcheck_spec; did you mean "),
        ("[pytest]\ngradcheck_specs = submissions\n", "submissions: no spec (.yaml) in this folder"),
        ("[pytest", "{0}:1: "),
    ],
)
def test_what_is_missing(ini: str, complaint: str, project: Path, capsys: Output) -> None:
    """Status 2, the file and the line."""
    (project / "pytest.ini").write_text(ini, encoding="utf-8")
    assert main(["right"]) == 2
    assert capsys.readouterr().err.startswith(complaint.format(project / "pytest.ini"))


def test_an_answer_to_none_of_them(project: Path, capsys: Output) -> None:
    (project / "submissions" / "half" / "layer.py").rename(project / "submissions" / "half" / "deep.py")
    assert main(["half"]) == 2
    assert "half: has no file for any spec of this project: they ask for layer.py, other.py" in (
        capsys.readouterr().err
    )


@pytest.mark.slow
def test_a_broken_spec_among_them(project: Path, capsys: Output) -> None:
    """The others are checked; its complaint follows, and the status is 2."""
    (project / "specs" / "other.yaml").write_text(SPEC.replace("sigmoid}", "sigmiod}"), encoding="utf-8")
    assert main(["half"]) == 2
    shown = capsys.readouterr()
    assert "specs/layer.yaml · half" in shown.out
    assert "there is no activation sigmiod" in shown.err
