"""Reading a spec's file."""

import hashlib
from pathlib import Path

import pytest
from spec_examples import GOOD, edited

from gradcheck.errors import SpecError
from gradcheck.specification.read import read


def refusal(path: Path) -> str:
    with pytest.raises(SpecError) as caught:
        read(path)
    return str(caught.value)


def test_reads_a_file(tmp_path: Path) -> None:
    """The spec knows its path and the hash of its bytes."""
    path = tmp_path / "two_layer.yaml"
    path.write_text(GOOD)
    spec = read(path)
    assert spec.path == str(path)
    assert spec.text_hash == hashlib.sha256(GOOD.encode()).hexdigest()


def test_complaints_name_the_file(tmp_path: Path) -> None:
    """The path is shown as it was given."""
    path = tmp_path / "two_layer.yaml"
    path.write_text(edited(("title:", "titel:")))
    assert refusal(path).startswith(f"{path}:1:1: the spec has no key titel\n")


def test_what_is_not_there_is_a_complaint(tmp_path: Path) -> None:
    """A file that is missing gets one line."""
    path = tmp_path / "none.yaml"
    assert refusal(path) == f"{path}: the spec can't be read: No such file or directory\n\nFound 1 complaint."


def test_a_folder_is_no_spec(tmp_path: Path) -> None:
    """Nor is anything else that is no file."""
    assert refusal(tmp_path) == f"{tmp_path}: this is no file\n\nFound 1 complaint."


def test_a_path_that_can_be_none() -> None:
    """Even one that no system takes gets a complaint."""
    assert "this is no" in refusal(Path("a\0b.yaml"))


def test_no_more_is_read_than_a_spec_may_have(tmp_path: Path) -> None:
    """A huge file is refused by its size."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 32)
    assert "a spec has at most 1048576" in refusal(path)
