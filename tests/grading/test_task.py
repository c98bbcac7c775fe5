"""What is to be graded: everything that is new or has changed, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradcheck.grading.task import Task, fingerprint, tasks
from gradcheck.submission.find import Submission, submissions


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """Two folders and a file."""
    for name in ("anna", "ben"):
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / name / "lab.py").write_text(f"# {name}\n")
        (tmp_path / name / "data" / "x.txt").write_text("1\n")
    (tmp_path / "carl.py").write_text("pass\n")
    return tmp_path


def graded(found: list[Task], specs: dict[Path, str]) -> dict[tuple[str, str], tuple[str, str]]:
    """The gradebook after these tasks."""
    return {(t.submission.name, str(s)): (t.submission_hash, specs[s]) for t in found for s in t.specs}


SPECS = {Path("one.yaml"): "1", Path("two.yaml"): "2"}


def test_everything_is_due_at_first(handed_in: Path) -> None:
    """Every submission against every spec."""
    found = list(tasks(submissions(handed_in), SPECS, {}))
    assert [(t.submission.name, len(t.specs)) for t in found] == [("anna", 2), ("ben", 2), ("carl", 2)]


def test_nothing_is_due_twice(handed_in: Path) -> None:
    """What is graded stays graded."""
    done = graded(list(tasks(submissions(handed_in), SPECS, {})), SPECS)
    assert list(tasks(submissions(handed_in), SPECS, done)) == []


@pytest.mark.parametrize("file", ["lab.py", "data/x.txt", "new.py"])
def test_a_changed_submission_is_due(handed_in: Path, file: str) -> None:
    """One submission's file changed: all specs for it, and nothing for the others."""
    done = graded(list(tasks(submissions(handed_in), SPECS, {})), SPECS)
    (handed_in / "ben" / file).write_text("other\n")
    (found,) = tasks(submissions(handed_in), SPECS, done)
    assert (found.submission.name, found.specs) == ("ben", tuple(SPECS))


def test_a_changed_spec_is_due(handed_in: Path) -> None:
    """One spec changed: it alone, for everybody."""
    done = graded(list(tasks(submissions(handed_in), SPECS, {})), SPECS)
    found = list(tasks(submissions(handed_in), SPECS | {Path("two.yaml"): "2b"}, done))
    assert [t.specs for t in found] == [(Path("two.yaml"),)] * 3


FILES = st.dictionaries(st.sampled_from(["a.py", "b.py", "c/d.py"]), st.binary(max_size=5), max_size=3)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(FILES, FILES)
def test_fingerprint_tells_contents_apart(
    tmp_path_factory: pytest.TempPathFactory, one: dict[str, bytes], other: dict[str, bytes]
) -> None:
    """Two folders have one fingerprint just where they hold the same files."""
    prints = []
    for files in (one, other):
        folder = tmp_path_factory.mktemp("submission")
        for name, content in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        prints.append(fingerprint(Submission("x", folder)))
    assert (prints[0] == prints[1]) is (one == other)


def test_fingerprint_follows_no_link(handed_in: Path) -> None:
    """A link out of the folder, a FIFO and a link to itself cost nothing and are not read."""
    folder = handed_in / "anna"
    (folder / "out").symlink_to("/")
    (folder / "self").symlink_to("self")
    os.mkfifo(folder / "pipe")
    assert fingerprint(Submission("anna", folder)) == fingerprint(Submission("anna", folder))


def test_python_s_own_leftovers_do_not_count(handed_in: Path) -> None:
    """A cache of byte code is no change."""
    before = fingerprint(Submission("anna", handed_in / "anna"))
    (handed_in / "anna" / "__pycache__").mkdir()
    (handed_in / "anna" / "__pycache__" / "lab.pyc").write_text("")
    assert fingerprint(Submission("anna", handed_in / "anna")) == before
