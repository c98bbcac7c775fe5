"""Submissions that are not looked at, each by its name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gradcheck.errors import SubmissionError
from gradcheck.submission.find import find, submissions


def refused(folder: Path) -> dict[str, str]:
    """Name -> why, of those that are refused."""
    return {one.name: one.refused for one in submissions(folder, formula=True) if one.refused}


def hand_in(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x = 1\n", "utf-8")


def test_twins(tmp_path: Path) -> None:
    """Who has a file and a folder of one name has a row for each, which says so; others have theirs."""
    hand_in(tmp_path, "a.py", "a/net.py", "a.md", "b.py", "c/net.py", "c.tex", "README.md")
    found = {one.name for one in submissions(tmp_path, formula=True)}
    assert found == {"a.md", "a.py", "a/", "b", "c.tex", "c/"}
    reason = "a: there are a.md and a.py and a/; rename or remove all but one"
    assert {name: why for name, why in refused(tmp_path).items() if name[0] == "a"} == dict.fromkeys(
        ("a.md", "a.py", "a/"), reason
    )
    assert "b" not in refused(tmp_path)
    assert find(tmp_path, "b").path == tmp_path / "b.py"
    with pytest.raises(SubmissionError, match="rename or remove all but one"):
        find(tmp_path, "a")


def test_formulas_count_only_where_they_are_taken(tmp_path: Path) -> None:
    """A note beside code is no second submission where formulas are not asked for."""
    hand_in(tmp_path, "a/net.py", "a.md")
    assert [(one.name, one.refused) for one in submissions(tmp_path)] == [("a", "")]


def test_links(tmp_path: Path) -> None:
    """A link to, into or around another's work, nowhere, or to the system is refused; the other is not."""
    folder, elsewhere = tmp_path / "submissions", tmp_path / "elsewhere"
    hand_in(folder, "anna/net.py", "ben.py")
    hand_in(elsewhere, "carl/net.py", "both/net.py")
    links = {
        "thief": "anna",
        "copy.py": "ben.py",
        "inner.py": "anna/net.py",
        "all": ".",
        "gone": "nobody",
        "self": "self",
        "system": "/proc/self",
        "carl": "../elsewhere/carl",
        "one": "../elsewhere/both",
        "two": "../elsewhere/both",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    found = refused(folder)
    assert set(found) == {name.removesuffix(".py") for name in links} - {"carl"}
    assert found["thief"] == (
        "thief: is a link to the work of another submission; hand in the files themselves"
    )
    assert "leads nowhere" in found["gone"]
    assert "of the system" in found["system"]
    assert refused(folder) == found


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_link_to_what_can_not_be_read(tmp_path: Path) -> None:
    """It is refused, and ends nothing."""
    hand_in(tmp_path, "secret/anna/net.py", "class/ben.py")
    (tmp_path / "class" / "carl").symlink_to(tmp_path / "secret" / "anna")
    (tmp_path / "secret").chmod(0)
    try:
        assert set(refused(tmp_path / "class")) == {"carl"}
    finally:
        (tmp_path / "secret").chmod(0o700)
