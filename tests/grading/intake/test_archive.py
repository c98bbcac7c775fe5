"""Zips from strangers."""

from __future__ import annotations

import io
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.errors import GradcheckError, SubmissionError
from gradcheck.grading.intake.archive import unpack
from gradcheck.grading.intake.bounds import CLASS, STUDENT, Bounds
from gradcheck.grading.intake.take import take


def made(path: Path, *entries: tuple[str, bytes, int]) -> Path:
    """A zip of these entries: name, content, mode."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


FILE = stat.S_IFREG | 0o644


@pytest.mark.parametrize(
    ("name", "mode", "says"),
    [
        ("../x.py", FILE, "leads outside"),
        ("a/../../x.py", FILE, "leads outside"),
        ("/etc/x.py", FILE, "leads outside"),
        ("..\\x.py", FILE, "leads outside"),
        ("C:\\x.py", FILE, "leads outside"),
        ("x.py", stat.S_IFLNK | 0o777, "a symbolic link"),
        ("x.py", stat.S_IFIFO | 0o644, "is not a regular file"),
        ("/".join("a" * 40), FILE, "more than 20 folders deep"),
        ("x" * 300, FILE, "can't be unpacked"),
    ],
)
def test_hostile_entries(tmp_path: Path, name: str, mode: int, says: str) -> None:
    """A student's zip with one is refused; nothing is written outside."""
    path = made(tmp_path / "hw.zip", ("fine.py", b"1", FILE), (name, b"/etc/passwd", mode))
    with pytest.raises(SubmissionError, match=says) as told:
        unpack(path, tmp_path / "into" / "deep")
    assert str(told.value).startswith("hw.zip: ")
    assert not list(tmp_path.glob("*.py"))
    assert not list((tmp_path / "into").glob("*.py"))


def test_a_virtual_environment_is_left_out(tmp_path: Path) -> None:
    """Its links and its thousands of files don't matter."""
    path = made(
        tmp_path / "x.zip",
        ("hw/main.py", b"x = 1", FILE),
        ("hw/env/bin/python", b"/usr/bin/python3", stat.S_IFLNK | 0o777),
        ("hw/env/pyvenv.cfg", b"", FILE),
        ("__MACOSX/hw/._main.py", b"", FILE),
    )
    unpack(path, tmp_path / "out")
    assert [one.name for one in (tmp_path / "out").rglob("*")] == ["hw", "main.py"]


def test_in_a_class_they_cost_themselves(tmp_path: Path) -> None:
    """What can't be taken is left out, and named; the others are there."""
    path = made(
        tmp_path / "class.zip",
        ("ann.py", b"1", FILE),
        ("../bob.py", b"2", FILE),
        ("cid.py", b"/etc/passwd", stat.S_IFLNK | 0o777),
    )
    faults = unpack(path, tmp_path / "into", CLASS)
    assert [fault.partition(",")[0] for fault in faults] == ["../bob.py", "cid.py"]
    assert [one.name for one in (tmp_path / "into").iterdir()] == ["ann.py"]


def test_what_is_there_twice(tmp_path: Path) -> None:
    """Which of them is graded would be a matter of luck."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = made(tmp_path / "hw.zip", ("a.py", b"1", FILE), ("a.py", b"2", FILE))
    with pytest.raises(SubmissionError, match=r"contains a\.py twice"):
        unpack(path, tmp_path / "into")


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    """It can't be unpacked, and says so."""
    path = made(tmp_path / "hw.zip", ("a", b"1", FILE), ("a/b.py", b"2", FILE))
    with pytest.raises(SubmissionError, match=r"hw\.zip: can't be unpacked"):
        unpack(path, tmp_path / "into")


@pytest.mark.slow
def test_a_bomb(tmp_path: Path) -> None:
    """What unpacks to more than anybody hands in is stopped on the way, whatever its entries say."""
    path = made(tmp_path / "hw.zip", *((f"{n}.py", bytes(40 << 20), FILE) for n in range(3)))
    data = bytearray(path.read_bytes())
    for at in range(len(data) - 4):  # the sizes in the list of contents
        if data[at : at + 4] == b"PK\x01\x02":
            struct.pack_into("<I", data, at + 24, 10)
    path.write_bytes(data)
    with pytest.raises(SubmissionError):
        unpack(path, tmp_path / "into")
    written = sum(one.stat().st_size for one in (tmp_path / "into").rglob("*") if one.is_file())
    assert written <= STUDENT.bytes + (2 << 20)


def test_bounds(tmp_path: Path) -> None:
    """Too many files, too many bytes, too much for the zip's own size."""
    path = made(tmp_path / "hw.zip", *((f"{n}.py", bytes(1000), FILE) for n in range(10)))
    for bounds in (Bounds(9, 1 << 30, 10, is_class=True), Bounds(10, 9000, 10, is_class=True)):
        with pytest.raises(SubmissionError, match=r"more than 9 files|too large when unpacked"):
            unpack(path, tmp_path / "into", bounds)


def test_a_password(tmp_path: Path) -> None:
    """It is named as what it is."""
    path = made(tmp_path / "hw.zip", ("a.py", b"1", FILE))
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(SubmissionError, match="has a password"):
        unpack(path, tmp_path / "into")


def _sound() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("two_layer.py", "import numpy\n" * 20)
        archive.writestr("notes/x.md", "x")
    return stream.getvalue()


SOUND = _sound()


PLACES = st.integers(0, len(SOUND) - 1)


@given(st.lists(st.tuples(PLACES, st.integers(0, 255)), max_size=4), st.integers(0, len(SOUND)))
def test_damage_costs_its_student_alone(changes: list[tuple[int, int]], length: int) -> None:
    """However a zip is damaged, the others are there, and it is, or says why it isn't."""
    data = bytearray(SOUND)
    for at, value in changes:
        data[at] = value
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        (folder / "in" / "ann.py").write_text("1")
        (folder / "in" / "bob.zip").write_bytes(data[:length])
        ann, bob = take(folder / "in", folder / "unpacked").submissions
        assert not ann.refused
        assert bob.error is None
        assert bob.refused or bob.path.is_dir()


def test_a_class_that_is_no_zip(tmp_path: Path) -> None:
    """It says so."""
    (tmp_path / "class.zip").write_bytes(b"no zip")
    with pytest.raises(GradcheckError, match=r"class\.zip: can't be unpacked"):
        take(tmp_path / "class.zip", tmp_path / "unpacked")
