"""Tar files from strangers."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from gradcheck.errors import SubmissionError
from gradcheck.grading.intake.archive import unpack
from gradcheck.grading.intake.bounds import CLASS, Bounds


def packed(path: Path, *entries: tuple[str, bytes, bytes]) -> Path:
    """A tar file of these entries: name, content or a link's target, type."""
    kind = {".gz": "w:gz", ".xz": "w:xz", ".bz2": "w:bz2"}.get(path.suffix, "w")
    with tarfile.open(path, kind) as archive:  # type: ignore[call-overload]
        for name, content, of in entries:
            info = tarfile.TarInfo(name)
            info.type = of
            if of == tarfile.REGTYPE:
                info.size = len(content)
            else:
                info.linkname = content.decode()
            archive.addfile(info, io.BytesIO(content))
    return path


FILE = tarfile.REGTYPE


def names(folder: Path) -> list[str]:
    """The files below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tgz", "tar.bz2", "tar.xz", "TAR.GZ"])
def test_every_compression(tmp_path: Path, ending: str) -> None:
    """By the end of the name, in whichever case; what programs make is left out."""
    lower = packed(
        tmp_path / f"x.{ending.lower().replace('tgz', 'tar.gz')}",
        ("./hw/two_layer.py", b"x = 1", FILE),
        ("./__MACOSX/._x", b"", FILE),
        ("hw/venv/bin/python", b"/usr/bin/python3", tarfile.SYMTYPE),
        ("hw/venv/pyvenv.cfg", b"", FILE),
    )
    path = lower.rename(tmp_path / f"hw.{ending}")
    assert unpack(path, tmp_path / "out") == []
    assert names(tmp_path / "out") == ["hw/two_layer.py"]


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("../x.py", FILE, "leads outside"),
        ("/etc/x.py", FILE, "leads outside"),
        ("x.py", tarfile.SYMTYPE, "a symbolic link"),
        ("x.py", tarfile.LNKTYPE, "a symbolic link"),
        ("x.py", tarfile.FIFOTYPE, "not a regular file"),
        ("x.py", tarfile.CHRTYPE, "not a regular file"),
        ("fine.py", FILE, "fine.py twice"),
        ("/".join("a" * 40), FILE, "more than 20 folders deep"),
    ],
)
def test_hostile_entries(tmp_path: Path, name: str, kind: bytes, says: str) -> None:
    """A student's is refused, in a class it costs itself; nothing is written outside."""
    path = packed(tmp_path / "hw.tar.gz", ("fine.py", b"1", FILE), (name, b"/etc/passwd", kind))
    with pytest.raises(SubmissionError, match=says):
        unpack(path, tmp_path / "into" / "deep")
    (fault,) = unpack(path, tmp_path / "class" / "deep", CLASS)
    assert says in fault
    assert names(tmp_path / "class") == ["deep/fine.py"]


def test_bounds(tmp_path: Path) -> None:
    """Too many files, too many bytes, and a header that claims more than anybody hands in."""
    path = packed(tmp_path / "hw.tar", *((f"{n}.py", bytes(1000), FILE) for n in range(10)))
    for bounds, says in (
        (Bounds(9, 1 << 30, 10, is_class=False), "more than 9 files"),
        (Bounds(10, 9000, 10, is_class=False), "too large when unpacked"),
    ):
        with pytest.raises(SubmissionError, match=says):
            unpack(path, tmp_path / says, bounds)
    header = tarfile.TarInfo("x.py")
    header.size = 1 << 40
    (tmp_path / "liar.tar").write_bytes(header.tobuf() + bytes(1024))
    with pytest.raises(SubmissionError, match="liar"):
        unpack(tmp_path / "liar.tar", tmp_path / "liar")


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tar.xz", "tar.bz2"])
def test_damage(tmp_path: Path, ending: str) -> None:
    """What is none, or cut off, says so."""
    path = packed(tmp_path / f"x.{ending}", ("x.py", bytes(range(256)) * 40, FILE))
    for name, data in (
        ("none", b"none"),
        ("cut", path.read_bytes()[: path.stat().st_size // 3]),
        ("empty", b""),
    ):
        damaged = tmp_path / f"{name}.{ending}"
        damaged.write_bytes(data)
        with pytest.raises(SubmissionError, match=f"{name}.{ending}: can't be unpacked"):
            unpack(damaged, tmp_path / f"out {name}")
