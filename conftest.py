"""For every test run from the root: pytester for the plugin's tests, and a cache of its own."""

from __future__ import annotations

import contextlib
import gc
import os
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from gradcheck.commands.judging import load_ahead

pytest_plugins = ["pytester"]

with contextlib.suppress(ModuleNotFoundError):  # specs are graded without what development needs
    from hypothesis import settings

    # Nothing is timed in tests: a busy machine is no fault of the code. Each run draws the same examples,
    # so that a change answers for itself alone; --hypothesis-profile=search draws others, and many.
    settings.register_profile("repeatable", deadline=None, derandomize=True)
    settings.register_profile("quick", deadline=None, derandomize=True, max_examples=8)
    settings.register_profile("search", deadline=None, max_examples=5_000)
    settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Where slow tests are left out, the others draw fewer examples."""
    if config.getoption("markexpr") == "not slow":
        with contextlib.suppress(NameError):
            settings.load_profile("quick")


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither read nor fill the user's cache of kept truths."""
    os.environ["GRADCHECK_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True, scope="session")
def _loaded() -> None:
    """Modules that can't be imported a second time, as pytester would have it, are imported first.

    So is what a command loads in a thread: pytest parses each module that it loads, and Python 3.11 can't
    build two syntax trees at a time (https://github.com/python/cpython/issues/106905).
    Garbage is seldom collected: each time all of them, and thousands of tests, are walked through.
    """
    for name in ("numpy", "torch"):
        with contextlib.suppress(ModuleNotFoundError):
            import_module(name)
    load_ahead()
    gc.set_threshold(100_000, 50, 50)  # gc.freeze() hides objects that Hypothesis looks for


PROGRAMS = {
    "Chromium": "apt-get install chromium",
    "bubblewrap": "apt-get install bubblewrap",
    "JupyterLab": "pip install -e '.[consumers]' -c constraints.txt",
    "nbgrader": "pip install -e '.[consumers]' -c constraints.txt",
    "axe": "pip install -e '.[dev]' -c constraints.txt",
}
"""What some tests need -> how to get it. Such a test is skipped for the reason "needs Chromium: ..."."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say by name what was not tried, and how to have it tried."""
    for program, tests in _untried(terminalreporter).items():
        terminalreporter.section(f"not tried without {program}: {PROGRAMS[program]}", sep="-")
        for test, why in tests:
            terminalreporter.write_line(f"{test}: {why}")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run fails that has left out tests for want of a program in $GRADCHECK_TESTS_NEED."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    needed = os.environ.get("GRADCHECK_TESTS_NEED", "").split()
    if reporter is not None and _untried(reporter).keys() & set(needed):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _untried(reporter: pytest.TerminalReporter) -> dict[str, list[tuple[str, str]]]:
    """Program -> (test, why it could not be used)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for test, reason in _skipped(reporter):
        if (need := re.search(r"needs (\w+): (.*)", reason)) and need[1] in PROGRAMS:
            found.setdefault(need[1], []).append((test, need[2]))
    return found


def _skipped(reporter: pytest.TerminalReporter) -> Iterator[tuple[str, str]]:
    for report in reporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple):
            yield report.nodeid, report.longrepr[2]
