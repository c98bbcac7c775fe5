"""Tests that need a program which is not there: they are named, and fail a run that asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFTEST = (Path(__file__).parents[1] / "conftest.py").read_text(encoding="utf-8")
TEST = """
import pytest

@pytest.mark.skip(reason="needs Chromium: it is not installed")
def test_page(): ...

def test_jail():
    pytest.skip("needs bubblewrap: No permissions to create a new namespace")

@pytest.mark.skip(reason="only root can be another")
def test_other(): ...

def test_fine(): ...
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with this one's conftest."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TEST)
    return pytester


def test_what_was_not_tried_is_named(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the program that it needs, with how to install that; nothing fails for it."""
    monkeypatch.delenv("GRADCHECK_TESTS_NEED", raising=False)
    result = project.runpytest("-p", "no:hypothesispytest")
    result.stdout.fnmatch_lines(
        [
            "*not tried without Chromium: apt-get install chromium*",
            "*::test_page: it is not installed",
            "*not tried without bubblewrap: apt-get install bubblewrap*",
            "*::test_jail: No permissions to create a new namespace",
        ]
    )
    result.stdout.no_fnmatch_line("*test_other: *")
    assert result.ret == 0


@pytest.mark.slow
@pytest.mark.parametrize(("need", "status"), [("Chromium bubblewrap", 1), (" bubblewrap", 1), ("", 0)])
def test_what_is_needed_has_to_be_tried(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, need: str, status: int
) -> None:
    """Where a program was installed for its tests, to skip them is a failure."""
    monkeypatch.setenv("GRADCHECK_TESTS_NEED", need)
    assert project.runpytest().ret == status


def test_a_name_of_nobody_asks_for_nothing(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the tests of that program count."""
    monkeypatch.setenv("GRADCHECK_TESTS_NEED", "Chromium")
    assert project.runpytest("--deselect", "test_what_is_named.py::test_page", "-k", "jail").ret == 0


@pytest.mark.slow
def test_it_holds_where_tests_run_in_several_processes(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a process of xdist has skipped is named and counted by the one that reports."""
    monkeypatch.setenv("GRADCHECK_TESTS_NEED", "Chromium")
    result = project.runpytest_subprocess("-n", "1")
    result.stdout.fnmatch_lines(["*not tried without Chromium*", "*::test_page: it is not installed"])
    assert result.ret == 1
