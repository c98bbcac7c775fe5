"""Paths in reports as students know them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcheck.grading.student_paths import with_student_paths
from gradcheck.submission.records import Failure
from gradcheck.verdict.records import Verdict


def texts(failure: Failure, submission: Path, spec: Path) -> str:
    """What a verdict with this failure says of it, as its student reads it."""
    verdict = Verdict(
        submission="anna", spec=str(spec), title="", quantities=(), failure=failure, seconds=0.0
    )
    changed = with_student_paths(verdict, submission, spec).failure
    assert changed is not None
    return "\n".join([changed.message, *changed.trace])


@pytest.mark.parametrize("is_whole", [False, True])
def test_files_go_by_their_paths_as_handed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_whole: bool
) -> None:
    """However the folder was named, and in copies of it; the spec goes by its name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in" / "anna" / "hw").mkdir(parents=True)
    root = tmp_path if is_whole else Path()
    failure = Failure(
        "exception",
        f"{tmp_path}/in/anna/hw/x.py: bad /tmp/gradcheck-0/stages/{'0' * 16}/hw/y.py",
        trace=(
            '  File "in/anna/hw/x.py", line 1',
            f'  File "{root / "specs/a.yaml"}", line 2',
            "  a/in/anna/b",
        ),
    )
    shown = texts(failure, root / "in" / "anna", root / "specs/a.yaml")
    assert shown.splitlines() == [
        "hw/x.py: bad hw/y.py",
        '  File "hw/x.py", line 1',
        '  File "a.yaml", line 2',
        "  a/in/anna/b",
    ]


def test_a_file_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes by its name, whatever folder the class lies in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "anna.py").touch()
    failure = Failure("syntax", f"{tmp_path}/anna.py and anna.py: invalid")
    assert texts(failure, Path("anna.py"), Path("a.yaml")) == "anna.py and anna.py: invalid"
