"""What is kept on disk comes back whole, or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradcheck.arrays import Array
from gradcheck.oracle import store


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADCHECK_CACHE", str(tmp_path))
    return tmp_path


ARRAYS = st.lists(
    hnp.arrays(st.sampled_from([np.float64, np.int64]), hnp.array_shapes(min_dims=0)), max_size=4
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ARRAYS)
def test_round_trip(folder: Path, arrays: list[Array]) -> None:
    """Header and arrays come back bit by bit."""
    store.save("key", {"a": [1, "δ"]}, arrays)
    kept = store.load("key")
    assert kept is not None
    assert kept[0] == {"a": [1, "δ"]}
    for ours, theirs in zip(arrays, kept[1], strict=True):
        assert (ours.dtype, ours.shape, ours.tobytes()) == (theirs.dtype, theirs.shape, theirs.tobytes())


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_damage_is_noticed(folder: Path, at: int, by: int) -> None:
    """A byte changed or a piece cut off is as if nothing were kept."""
    store.save("key", {}, [np.arange(4.0)])
    file = folder / "key"
    raw = file.read_bytes()
    start = raw.index(b"\n") + 1
    place = start + at % (len(raw) - start)
    file.write_bytes(raw[:place] + bytes([raw[place] ^ by]) + raw[place + 1 :])
    assert store.load("key") is None
    file.write_bytes(raw[:place])
    assert store.load("key") is None


def test_nothing_kept(folder: Path) -> None:
    """An unknown key, and a folder that can't be written, are no errors."""
    assert store.load("unknown") is None
    (folder / "file").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADCHECK_CACHE", str(folder / "file"))
        store.save("key", {}, [])
        assert store.load("key") is None


def test_fingerprint_names_what_it_depends_on() -> None:
    """Other bytes, or the same bytes cut elsewhere, have another key."""
    assert store.fingerprint(b"ab", b"c") == store.fingerprint(b"ab", b"c")
    assert (
        len({store.fingerprint(b"ab", b"c"), store.fingerprint(b"a", b"bc"), store.fingerprint(b"abc")}) == 3
    )


def test_any_file_of_the_package_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is edited, what was kept is out of date; byte code and editors' leavings don't count."""
    package = tmp_path / "gradcheck"
    shutil.copytree(store.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(store, "PACKAGE", package)
    before = fingerprint()
    (package / "notes.txt").write_text("x", encoding="utf-8")
    (package / "oracle" / "__pycache__").mkdir()
    (package / "oracle" / "__pycache__" / "x.py").write_text("x", encoding="utf-8")
    assert fingerprint() == before
    for file in ("formulas/plain.py", "report/words.py", "cli.py", "specification/notations/adventures.yaml"):
        (package / file).write_bytes((package / file).read_bytes() + b"\n")
        assert fingerprint() != before, file
        before = fingerprint()


def fingerprint() -> str:
    """As another process would find it."""
    store._harness.cache_clear()
    try:
        return store.fingerprint()
    finally:
        store._harness.cache_clear()


def test_a_portable_folder_goes_by_contents(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its keys are those of the same package elsewhere, whatever its files' times, and of no other one."""
    package = tmp_path / "package"
    shutil.copytree(store.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))

    def keys() -> tuple[str, str]:
        store._harness.cache_clear()
        store._contents.cache_clear()
        (folder / store.PORTABLE).unlink(missing_ok=True)
        here = store.fingerprint(b"spec")
        (folder / store.PORTABLE).touch()
        return here, store.fingerprint(b"spec")

    at_home = keys()
    monkeypatch.setattr(store, "PACKAGE", package)
    os.utime(package / "digits.py", (1, 1))
    elsewhere = keys()
    assert at_home[0] != elsewhere[0]
    assert at_home[1] == elsewhere[1]
    (package / "digits.py").write_text("# another\n", encoding="utf-8")
    assert keys()[1] != elsewhere[1]
    monkeypatch.undo()
    store._harness.cache_clear()
    store._contents.cache_clear()
