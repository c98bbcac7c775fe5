"""Files that are called otherwise than the spec has it: taken where only one can be meant, and said so."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.errors import SubmissionError
from gradcheck.submission.find import at, source
from gradcheck.submission.runner import Runner

ROOT = Path(__file__).parents[2]
RIGHT = (ROOT / "submissions" / "right" / "two_layer.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "two_layer (1).py",
        "Two_Layer.py",
        "two-layer.py",
        "twolayer.py",
        "Copy of two_layer.py",
        "two_layer - Copy.py",
        "two_layer copy 2.py",
        "two layer (2) (1).py",
        "hw1/two_layer.py",
        "hw1/src/Two Layer (3).py",
    ],
)
def test_the_only_file_that_is_called_alike_is_taken(name: str, tmp_path: Path) -> None:
    """And a note says so."""
    file = tmp_path / "anna" / name
    file.parent.mkdir(parents=True)
    file.write_text(f"import helper\n{RIGHT}", encoding="utf-8")
    (file.parent / "helper.py").write_text("x = 1")
    (tmp_path / "anna" / "__MACOSX").mkdir()
    (tmp_path / "anna" / "__MACOSX" / "two_layer.py").write_text("resources of a Mac")
    with Runner() as runner:
        verdict = Checker(runner).check(at(tmp_path / "anna"), ROOT / "specs" / "two_layer.yaml")
    assert (verdict.status, verdict.notes) == ("right", (f"{name} is taken for two_layer.py",))


def test_of_two_none_is_taken(tmp_path: Path) -> None:
    """They are named."""
    for name in ("two_layer (1).py", "two_layer (2).py"):
        (tmp_path / name).write_text("x = 1")
    with pytest.raises(SubmissionError, match=r"Is it two_layer \(1\)\.py or two_layer \(2\)\.py\?"):
        source(at(tmp_path), "two_layer.py")


def test_the_name_itself_comes_first(tmp_path: Path) -> None:
    """Whatever else is there."""
    (tmp_path / "two_layer (1).py").write_text("old = 1")
    (tmp_path / "two_layer.py").write_text("new = 1")
    assert source(at(tmp_path), "two_layer.py")[0] == "new = 1"
    assert not at(tmp_path).misnamed("two_layer.py")


@pytest.mark.parametrize("name", ["two_layers.py", "three_layer.py", "two_layer.txt", ".two_layer.py"])
def test_other_names_are_missing(name: str, tmp_path: Path) -> None:
    """What is only near is suggested, and not taken."""
    (tmp_path / name).write_text("x = 1")
    with pytest.raises(SubmissionError, match="there is no such file"):
        source(at(tmp_path), "two_layer.py")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """It may lead anywhere."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "two_layer.py").write_text("x = 1")
    (tmp_path / "anna").mkdir()
    (tmp_path / "anna" / "hw1").symlink_to(tmp_path / "other")
    with pytest.raises(SubmissionError, match="there is no such file"):
        source(at(tmp_path / "anna"), "two_layer.py")
