"""A class graded as a course system hands it out, up to the file that it takes back."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from exercise import DOUBLED, RIGHT, exercise
from gradcheck.cli import main

pytestmark = pytest.mark.slow

GRADE = ["grade", "submissions.zip", "--spec", "specs", "--out", "out", "--jobs", "1"]
EXPORT = """\
Student,ID,SIS User ID,SIS Login ID,Section,HW1 (12345)
    Points Possible,,,,,10
"Doe, Jane",4321,A1,jd,1,
"Roe, John",4322,A2,jr,1,
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A zip from Canvas: one right, one wrong and late, one that leads out of its zip."""
    exercise(tmp_path)
    monkeypatch.chdir(tmp_path)
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../layer.py", RIGHT)
    with zipfile.ZipFile("submissions.zip", "w") as archive:
        archive.writestr("doejane_4321_98765_layer-1.py", RIGHT)
        archive.writestr("roejohn_LATE_4322_98766_layer.py", DOUBLED)
        archive.writestr("evil_4323_98767_hw.zip", evil.getvalue())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "policy.yaml").write_text(
        "deadline: 2026-10-01 23:59 +02:00\npenalty_per_day: 10%\n", encoding="utf-8"
    )
    return tmp_path


def lines(project: Path) -> dict[str, dict[str, str]]:
    """Submission -> its line of grades.csv."""
    text = (project / "out" / "grades.csv").read_text(encoding="utf-8")
    return {line["submission"]: line for line in csv.DictReader(io.StringIO(text))}


def test_from_canvas_to_canvas(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names, lateness and points are those of Canvas's students; nothing is graded twice."""
    assert main(GRADE) == 0
    said = capsys.readouterr()
    assert "the file names are those of Canvas" in said.err
    assert "3 submissions graded" in said.err
    table = lines(project)
    grades = {name: (line["total"], line["graded total"], line["late days"]) for name, line in table.items()}
    assert grades == {"doejane": ("2", "2", ""), "evil": ("0", "0", ""), "roejohn": ("0.9", "1", "1")}
    assert table["evil"]["specs/layer.yaml: status"] == "refused"
    assert main(GRADE) == 0
    assert "0 submissions graded" in capsys.readouterr().err
    (project / "export.csv").write_text(EXPORT, encoding="utf-8")
    export = ["--format", "canvas", "--template", "export.csv", "--output", "filled.csv"]
    assert main(["gradebook", "out", *export]) == 0
    filled = (project / "filled.csv").read_text(encoding="utf-8")
    assert filled.splitlines()[2:] == ['"Doe, Jane",4321,A1,jd,1,10', '"Roe, John",4322,A2,jr,1,4.5']
    assert "without a line in export.csv: evil" in capsys.readouterr().err


def test_an_override_outlives_a_regrade(project: Path) -> None:
    """Even where everything is graded anew."""
    assert main(GRADE) == 0
    assert main(["gradebook", "out", "--override", "roejohn", "layer", "2", "--reason", "a typo"]) == 0
    assert main([*GRADE, "--fresh"]) == 0
    john = lines(project)["roejohn"]
    assert (john["total"], john["graded total"]) == ("1.8", "1")
    assert john["notes"].startswith("layer: 2 instead of 1: a typo")


def test_a_broken_policy_stops_the_command_before_anything_runs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the gradebook is not begun."""
    (project / "out" / "policy.yaml").write_text("late_days: x\n", encoding="utf-8")
    assert main(GRADE) == 2
    assert "policy.yaml:1:12" in capsys.readouterr().err
    assert [path.name for path in (project / "out").iterdir()] == ["policy.yaml"]
