"""What goes to another machine and comes back is what it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gradcheck.boundary import InternalError
from gradcheck.grading.engine.mirror import Mirror
from gradcheck.grading.engine.parcel import packed, unpacked
from gradcheck.grading.records import Row
from gradcheck.grading.task import MOST_FILES, Task, fingerprint
from gradcheck.submission.find import Submission, submissions
from gradcheck.submission.read import shown_path
from gradebooks import row


def task(path: Path, **fields: object) -> Task:
    """A task of the submission at a path."""
    return Task(Submission(path.stem, path, **fields), "", (Path("specs/one.yaml"),))  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the client works: two submissions, a file and a folder."""
    here = tmp_path / "client" / "course"
    (here / "submissions" / "anna" / "code" / "empty").mkdir(parents=True)
    (here / "submissions" / "anna" / "code" / "äöü \udcff.py").write_bytes(b"x = 1\n")
    (here / "submissions" / "anna" / ".git").mkdir()
    (here / "submissions" / "anna" / "layer.py").write_bytes(b"\xff\r\n\0")
    (here / "submissions" / "ben.py").write_bytes(b"y = 2\n")
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def mirror(tmp_path: Path, folder: Path) -> Mirror:
    """On the other machine."""
    return Mirror(tmp_path / "worker", folder)


@pytest.mark.parametrize("absolute", [False, True])
def test_files_arrive(folder: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, absolute: bool) -> None:
    """Whatever their names and contents; and nothing of them is left."""
    where = folder / "submissions" if absolute else Path("submissions")
    for one in submissions(where):
        content = fingerprint(one)
        parcel = packed(Task(one, content, ()))
        assert parcel is not None
        monkeypatch.chdir(mirror.folder)
        with unpacked(parcel, mirror) as there:
            (arrived,) = submissions(mirror.submission(where))
            assert (arrived.name, arrived.path) == (there.submission.name, there.submission.path)
            assert arrived.name == one.name
            assert fingerprint(there.submission) == content
        assert not list(mirror.folder.iterdir())
        monkeypatch.chdir(folder)


def test_a_linked_folder_arrives_as_one(folder: Path, mirror: Mirror) -> None:
    """What the submission is called, and where it lies, are two things on either side."""
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "layer.py").write_text("z = 3\n", "utf-8")
    (folder / "submissions" / "carl").symlink_to(folder / "elsewhere")
    parcel = packed(task(folder / "submissions" / "carl"))
    assert parcel is not None
    with unpacked(parcel, mirror) as there:
        assert there.submission.path.is_symlink()
        assert there.submission.resolved.name == "elsewhere"
        assert (there.submission.path / "layer.py").read_text("utf-8") == "z = 3\n"
    assert not list(mirror.folder.iterdir())


def make_link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_many(path: Path) -> None:
    path.mkdir()
    for number in range(MOST_FILES + 1):
        (path / str(number)).touch()


def make_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(65 << 20)


@pytest.mark.parametrize("make", [make_link, make_fifo, make_many, make_large])
def test_what_a_copy_would_change_is_not_carried(folder: Path, make: object) -> None:
    """Links, special files, and too much of anything: it is graded where it lies."""
    assert callable(make)
    make(folder / "submissions" / "anna" / "odd")
    assert packed(task(folder / "submissions" / "anna")) is None
    assert packed(task(folder / "submissions" / "nobody")) is None
    make(folder / "submissions" / "odd.py")
    assert packed(task(folder / "submissions" / "odd.py")) is None


def test_what_is_not_looked_at_needs_no_files(folder: Path) -> None:
    """A submission that is refused, or that gradcheck has failed of."""
    refused = task(folder / "submissions" / "anna", refused="no")
    failed = Task(refused.submission, "", (), InternalError("find", "", ""))
    for one in (packed(refused), packed(failed)):
        assert one is not None
        assert one.files == ()


@pytest.mark.parametrize(
    "path",
    ["specs/a.yaml", "../other/a.yaml", "../course/a.yaml", "/data/a.yaml", "HERE/a.yaml", "../" * 99],
)
def test_paths(mirror: Mirror, folder: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are shown in as many characters as on the client, and none leads out of the mirror."""
    root = folder.parents[1] / "worker"
    there = Path(path.replace("HERE", str(folder)))
    spec, submission = mirror.spec(there), mirror.submission(there)
    for one in (spec, submission):
        assert Path(os.path.normpath(mirror.folder / one)).is_relative_to(root)
    if path.count("..") < 9:
        assert len(str(spec)) == len(str(there))
        expected = shown_path(there)
        monkeypatch.chdir(mirror.folder)
        assert len(shown_path(submission)) == len(expected)


def test_rows_come_back_with_the_client_s_paths(mirror: Mirror, folder: Path) -> None:
    """Wherever a path is spoken of."""
    spec = folder.parent / "other" / "one.yaml"
    there, here = (_row_of(str(path)) for path in (mirror.spec(spec), spec))
    assert there != here
    assert mirror.seen_from_client(there) == here


def _row_of(spec: str) -> Row:
    notes = {"notes": [f"see {spec}"]}
    return row(spec=spec, fault=f"at {spec}:3", run_message=f"{spec} fails", report=notes)
