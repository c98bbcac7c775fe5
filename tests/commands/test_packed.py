"""Submissions in archives, judged by `gradcheck` itself."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from exercise import RIGHT, exercise
from gradcheck.cli import main
from gradcheck.commands.packed import unpacked

CHECK = ["--spec", "specs/layer.yaml", "--format", "json"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An exercise, and zips: by itself, in a folder, one that fails, one that is none."""
    exercise(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "uploads").mkdir()
    failing = RIGHT.replace("a = 1", "raise ValueError(__file__)\n    a = 1")
    for name, code in (("hw.zip", RIGHT), ("uploads/hw.zip", RIGHT), ("fails.zip", failing)):
        with zipfile.ZipFile(name, "w") as archive:
            archive.writestr("layer.py", code)
    (tmp_path / "none.zip").write_text("none")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "name", "status"),
    [("hw.zip", "hw", "right"), ("uploads", "uploads", "right"), ("fails.zip", "fails", "error")],
)
def test_the_code_counts(
    project: Path, target: str, name: str, status: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under the archive's name, or the folder's, with the paths inside of it."""
    main([target, *CHECK])
    out = capsys.readouterr().out
    (result,) = json.loads(out)["results"]
    assert (result["submission"], result["status"]) == (name, status)
    assert "/layer.py" not in out


def test_what_is_no_archive_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing else is tried."""
    assert main(["none.zip", "--spec", "specs/layer.yaml"]) == 2
    assert "none.zip: can't be unpacked" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["layer.py", "submissions/anna", "nowhere", "anna"])
def test_anything_else_is_as_it_was(project: Path, target: str) -> None:
    """Also what is not there."""
    with unpacked(target) as path:
        assert path == target
