"""The copy of a submission's folder that a stranger's code may see."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck.errors import MachineError, SubmissionError
from gradcheck.submission.stage import MAX_FILES, Stage
from gradcheck.submission.tree import remove_tree

if sys.platform == "win32":
    pytest.skip("the full form is not for Windows", allow_module_level=True)

names = st.text("abcXYZ_é ", min_size=1, max_size=8).map(lambda name: f"n{name}")


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    """A submission's folder."""
    folder = tmp_path / "anna"
    folder.mkdir()
    (folder / "main.py").write_text("import part")
    return folder


@pytest.fixture
def stages(tmp_path: Path) -> Path:
    """Where copies are made."""
    folder = tmp_path / "stages"
    folder.mkdir()
    return folder


@given(files=st.dictionaries(st.tuples(names, names), st.binary(max_size=100), max_size=5))
@settings(max_examples=20, deadline=None)
def test_the_copy_is_the_folder(
    tmp_path_factory: pytest.TempPathFactory, files: dict[tuple[str, str], bytes]
) -> None:
    """Every plain file arrives byte by byte, for all to read and for its owner to write."""
    root = tmp_path_factory.mktemp("class")
    source, stages = root / "anna", root / "stages"
    stages.mkdir()
    source.mkdir()
    for (folder, name), data in files.items():
        (source / f"d{folder}").mkdir(exist_ok=True)
        (source / f"d{folder}" / name).write_bytes(data)
    copy = Path(Stage(str(source), stages).folder)
    found = [path for path in copy.rglob("*") if path.is_file()]
    assert {path.relative_to(copy): path.read_bytes() for path in found} == {
        Path(f"d{folder}", name): data for (folder, name), data in files.items()
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} <= {0o644}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (copy, *copy.rglob("*")) if path.is_dir()} == {
        0o755
    }


def test_what_is_hidden_stays_behind(anna: Path, stages: Path) -> None:
    """Caches, hidden files and virtual environments are not copied, whatever is in them."""
    (anna / "__pycache__").mkdir()
    (anna / ".git").mkdir()
    (anna / ".secret").symlink_to("/etc/passwd")
    (anna / "venv" / "bin").mkdir(parents=True)
    (anna / "venv" / "pyvenv.cfg").write_text("home = /usr/bin")
    (anna / "venv" / "bin" / "python").symlink_to("/usr/bin/python3")
    assert [path.name for path in Path(Stage(str(anna), stages).folder).iterdir()] == ["main.py"]


def test_a_cleared_copy_is_gone(anna: Path, stages: Path) -> None:
    """Clearing removes the copy and leaves the original."""
    copy = Stage(str(anna), stages)
    copy.clear()
    assert (list(stages.iterdir()), list(anna.iterdir())) == ([], [anna / "main.py"])


def _deep(anna: Path) -> None:
    (anna / "/".join(30 * "d")).mkdir(parents=True)


def _large(anna: Path) -> None:
    (anna / "large.py").write_bytes(bytes((1 << 20) + 1))


def _huge(anna: Path) -> None:
    for n in range(2):
        with (anna / f"data{n}").open("wb") as file:
            file.truncate(40 << 20)


def _many(anna: Path) -> None:
    for n in range(1001):
        (anna / f"n{n}").touch()


def _inner_link(anna: Path) -> None:
    (anna / "sub").mkdir()
    (anna / "sub" / "link").symlink_to("/etc")


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link": (
        lambda anna: (anna / "link").symlink_to("/etc/passwd"),
        "anna/link: is a symbolic link; hand in",
    ),
    "a link to itself": (lambda anna: (anna / "link").symlink_to("link"), "anna/link: is a symbolic link"),
    "a link in a folder": (_inner_link, "anna/sub/link: is a symbolic link"),
    "a FIFO": (lambda anna: os.mkfifo(anna / "pipe.py"), "anna/pipe.py: is a FIFO"),
    "too deep": (_deep, "folders are nested more than 20 deep"),
    "too large": (_large, "anna/large.py: is larger than 1 MiB; hand in the code alone"),
    "too much": (_huge, "anna: is larger than 64 MiB in all"),
    "too many": (_many, "anna: holds more than 1000 files"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("spoil", "complaint"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused(anna: Path, stages: Path, spoil: Callable[[Path], object], complaint: str) -> None:
    """Nothing but plain files of a decent size is taken, and nothing is left behind."""
    spoil(anna)
    with pytest.raises(SubmissionError, match=complaint):
        Stage(str(anna), stages)
    assert list(stages.iterdir()) == []


def test_a_file_that_turns_into_a_link_is_not_followed(
    anna: Path, stages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was a plain file when it was looked at is opened as such or not at all."""
    before = (anna / "main.py").stat()
    (anna / "main.py").unlink()
    (anna / "main.py").symlink_to("/etc/passwd")
    monkeypatch.setattr("gradcheck.submission.stage.os.stat", lambda *_, **__: before)
    with pytest.raises(SubmissionError, match=r"anna/main\.py: can't be read"):
        Stage(str(anna), stages)


def test_a_folder_that_is_not_there(tmp_path: Path, stages: Path) -> None:
    """The reason is told."""
    with pytest.raises(SubmissionError, match="gone: can't be read: No such file"):
        Stage(str(tmp_path / "gone"), stages)


@pytest.fixture
def student(tmp_path: Path) -> Path:
    """A folder with one good file."""
    folder = tmp_path / "anna"
    folder.mkdir()
    (folder / "main.py").write_text("x = 1")
    return folder


def refusal(student: Path, into: Path, **options: float) -> SubmissionError:
    """Why the folder is refused; nothing of it stays."""
    into.mkdir()
    with pytest.raises(SubmissionError) as caught:
        Stage(str(student), into, **options)
    assert list(into.iterdir()) == []
    assert "\n" not in str(caught.value)
    return caught.value


def test_paths_that_are_too_long_are_refused(student: Path, tmp_path: Path) -> None:
    """Names that are fine one by one, and too long together."""
    descriptor = os.open(student, os.O_RDONLY)
    for _ in range(18):
        os.mkdir("n" * 250, dir_fd=descriptor)
        inner = os.open("n" * 250, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    assert "can't be copied: File name too long" in str(refusal(student, tmp_path / "into"))


def test_a_process_is_no_folder(tmp_path: Path) -> None:
    """A link to what the kernel tells of a process leads nowhere that is handed in."""
    (tmp_path / "anna").symlink_to("/proc/self")
    told = str(refusal(tmp_path / "anna", tmp_path / "into"))
    assert told.startswith("anna: leads into /proc/")


@pytest.mark.slow
def test_a_crowd_is_refused_before_it_is_looked_at(student: Path, tmp_path: Path) -> None:
    """Odd names, and more of them than may be."""
    for number in range(MAX_FILES + 10):
        (student / f"two\nlines\udc80{number}").touch()
    assert "holds more than" in str(refusal(student, tmp_path / "into"))


def test_an_odd_name_is_copied(student: Path, tmp_path: Path) -> None:
    """A line break and a byte that is no text are no obstacle."""
    (student / "two\nlines\udc80.txt").write_text("here")
    stage = Stage(str(student), tmp_path)
    names = sorted(path.name for path in Path(stage.folder).iterdir())
    assert names == ["main.py", "two\nlines\udc80.txt"]


def test_copying_has_a_deadline(student: Path, tmp_path: Path) -> None:
    """What is not copied in time is refused."""
    assert "takes too long to copy" in str(refusal(student, tmp_path / "into", deadline=0.0))


def test_a_full_disk_is_the_machines_doing(
    student: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row says so, and a later run tries again."""

    def write(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", write)
    error = refusal(student, tmp_path / "into")
    assert isinstance(error, MachineError)
    assert "No space left on device; this machine's doing" in str(error)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")
def test_a_copy_is_removed_whatever_its_rights(tmp_path: Path) -> None:
    """Depth and missing rights are no obstacle to tidying up."""
    folder = tmp_path / "deep"
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("inner", 0o700, dir_fd=descriptor)
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
        inner = os.open("inner", os.O_RDONLY, dir_fd=descriptor)
        os.fchmod(descriptor, 0o300)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    remove_tree(str(folder))
    assert not folder.exists()
