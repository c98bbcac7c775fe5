"""The pytest plugin: every spec is collected for every submission, one item a checked quantity.

Loaded by pytest in every project of the environment, so it imports nothing heavy and does nothing
until the ini option gradcheck_specs names a folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradcheck.commands import feedback

if TYPE_CHECKING:
    from gradcheck.checker import Checker
    from gradcheck.submission.find import Submission
    from gradcheck.verdict.records import Verdict

NO_VERDICT = "no verdict"
"""Begins the reason for which a quantity is skipped that gradcheck itself has failed of."""
STATE = pytest.StashKey["State"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, each with its prefix."""
    group = parser.getgroup("gradcheck", "gradients derived by hand")
    group.addoption(
        "--submission",
        action="append",
        dest="gradcheck_submission",
        default=[],
        metavar="NAME",
        help="check this submission only: its name in the folder, or its path; may be repeated",
    )
    group.addoption(
        "--feedback",
        dest="gradcheck_feedback",
        **feedback.SETTINGS,
    )
    group.addoption(
        "--all-weights",
        action="store_true",
        dest="gradcheck_all",
        help="show all the numbers of a wrong gradient, not only the worst",
    )
    parser.addini("gradcheck_specs", "folders whose .yaml files are specs", type="paths", default=[])
    parser.addini(
        "gradcheck_submissions", "folder of the submissions (default: submissions)", default="submissions"
    )


def pytest_configure(config: pytest.Config) -> None:
    """A place for what one session keeps."""
    config.stash[STATE] = State(config)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A session that has lost a verdict is not green, though nobody's quantity has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if session.exitstatus == 0 and any(NO_VERDICT in str(report.longrepr) for report in skipped):
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    """What was lost to faults of gradcheck itself, and specs that are not collected."""
    if told := _overlooked(config, exitstatus):
        terminalreporter.section("specs that are not collected", yellow=True)
        terminalreporter.write_line(told)
    skipped = terminalreporter.stats.get("skipped", [])
    lost = [report.nodeid for report in skipped if NO_VERDICT in str(report.longrepr)]
    if lost:
        terminalreporter.section("internal errors of gradcheck", red=True)
        terminalreporter.write_line(f"no verdict, which says nothing about the work: {', '.join(lost)}")


def _overlooked(config: pytest.Config, exitstatus: int) -> str:
    """What to configure for specs that pytest was pointed to; empty where there are none.

    Where nothing was collected, they are looked for wherever pytest has looked.
    """
    nothing = exitstatus in (pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.USAGE_ERROR)
    if not nothing and config.args_source is not config.ArgsSource.ARGS:
        return ""
    named = _named(config)
    configured: list[Path] = config.getini("gradcheck_specs")
    if not nothing:
        named = [path for path in named if _is_yaml(path) and not {*configured} & {path, *path.parents}]
    if not named:
        return ""
    from gradcheck.errors import UsageError
    from gradcheck.project.overlooked import advice

    try:
        return advice(named, configured, config.rootpath, deep=nothing)
    except UsageError:  # a file that this version of pytest doesn't read
        return ""


def _named(config: pytest.Config) -> list[Path]:
    """The files and folders that pytest is to look at."""
    return [config.invocation_params.dir / arg.split("::")[0] for arg in config.args]


def _is_yaml(path: Path) -> bool:
    """Whether it is a file of YAML, or a folder that has some, and no Python beside them."""
    names = os.listdir(path) if path.is_dir() else [path.name]  # noqa: PTH208 (it may be a large folder)
    suffixes = {name.rpartition(".")[2] for name in names}
    return not suffixes.isdisjoint(("yaml", "yml")) and "py" not in suffixes


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the process for submissions."""
    # Where another plugin refuses to be configured, this one never was.
    if STATE in config.stash:
        config.stash[STATE].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Specs, and only below the folders that the project names."""
    if file_path.suffix not in (".yaml", ".yml"):
        return None
    folders: list[Path] = parent.config.getini("gradcheck_specs")
    if not any(folder in file_path.parents for folder in folders):
        return None
    from gradcheck.pytest_items import SpecFile

    return SpecFile.from_parent(parent, path=file_path)


@pytest.fixture(scope="session")
def gradcheck() -> Callable[..., None]:
    """`gradcheck(f, df, x)`: fails the test where df is not the gradient of f at x."""
    from gradcheck.api import gradcheck

    return gradcheck


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the short summary say what is wrong with a gradient, and not which class of error says so."""
    report = yield
    crash = getattr(report.longrepr, "reprcrash", None)
    if call.excinfo is not None and crash is not None:
        from gradcheck.errors import GradientError

        if isinstance(call.excinfo.value, GradientError):
            crash.message = str(call.excinfo.value).partition("\n")[0]
    return report


class State:
    """What one session keeps: the checker, and every verdict once it is known."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._checker: Checker | None = None
        self._verdicts: dict[tuple[Path, Path], Verdict] = {}
        self.answering: set[Path] = set()
        """The submissions that have something for some spec of the session."""

    @property
    def checker(self) -> Checker:
        """What checks submissions, started when it is first asked for."""
        if self._checker is None:
            from gradcheck.checker import Checker

            feedback = self._config.getoption("gradcheck_feedback")
            self._checker = Checker(feedback=feedback, specs=self._specs()).__enter__()
        return self._checker

    def close(self) -> None:
        """End the process for submissions."""
        if self._checker is not None:
            self._checker.__exit__(None, None, None)
            self._checker = None

    def submissions(self, *, formula: bool) -> list[Submission]:
        """Those chosen, or all; raises SubmissionError where there is none of that name, or two are."""
        from gradcheck.errors import SubmissionError
        from gradcheck.submission.find import find, submissions

        folder = self._config.rootpath / self._config.getini("gradcheck_submissions")
        chosen: list[str] = self._config.getoption("gradcheck_submission")
        if not chosen:
            return submissions(folder, formula=formula)
        by_name: dict[str, Submission] = {}
        for one in map(partial(find, folder), chosen):
            first = by_name.setdefault(one.name, one)
            if first.path.resolve() != one.path.resolve():
                # pytest takes two items of one node id without a word.
                raise SubmissionError(
                    f"{one.name}: there are {first.path} and {one.path}; rename or remove one"
                )
        return list(by_name.values())

    def chosen(self) -> bool:
        """Whether submissions were named, so that nothing is left out without a word."""
        return bool(self._config.getoption("gradcheck_submission"))

    def is_asked(self, spec: Path) -> bool:
        """Whether the spec was named, and not only a folder that holds it."""
        return spec.resolve() in {path.resolve() for path in _named(self._config)}

    def _specs(self) -> list[Path]:
        """The specs that were named or, unless all that was named are files, those of the project."""
        named = _named(self._config)
        if named and all(path.is_file() for path in named):
            return [path for path in named if path.suffix in (".yaml", ".yml")]
        folders: list[Path] = self._config.getini("gradcheck_specs")
        return [path for folder in folders for path in sorted(folder.rglob("*.y*ml"))]

    def verdict(self, submission: Submission, spec: Path) -> Verdict:
        """The verdict, found once."""
        at = (submission.path, spec)
        if at not in self._verdicts:
            self._verdicts[at] = self.checker.check(submission, spec)
        return self._verdicts[at]
