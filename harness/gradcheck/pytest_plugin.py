"""The pytest plugin: every spec is collected for every submission, one item a checked quantity.

Loaded by pytest in every project of the environment, so it imports nothing heavy and does nothing
until the ini option gradcheck_specs names a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradcheck.commands import feedback
from gradcheck.errors import GradientError

if TYPE_CHECKING:
    from gradcheck.checker import Checker
    from gradcheck.oracle.key import AnswerKey
    from gradcheck.submission.find import Submission
    from gradcheck.verdict.records import Quantity, Verdict

_NO_VERDICT = "no verdict"
_STATE = pytest.StashKey["_State"]()


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
    config.stash[_STATE] = _State(config)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A session that has lost a verdict is not green, though nobody's quantity has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if session.exitstatus == 0 and any(_NO_VERDICT in str(report.longrepr) for report in skipped):
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What was lost to faults of gradcheck itself."""
    skipped = terminalreporter.stats.get("skipped", [])
    lost = [report.nodeid for report in skipped if _NO_VERDICT in str(report.longrepr)]
    if lost:
        terminalreporter.section("internal errors of gradcheck", red=True)
        terminalreporter.write_line(f"no verdict, which says nothing about the work: {', '.join(lost)}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the process for submissions."""
    # Where another plugin refuses to be configured, this one never was.
    if _STATE in config.stash:
        config.stash[_STATE].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Specs, and only below the folders that the project names."""
    if file_path.suffix not in (".yaml", ".yml"):
        return None
    folders: list[Path] = parent.config.getini("gradcheck_specs")
    if not any(folder in file_path.parents for folder in folders):
        return None
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
    error = call.excinfo.value if call.excinfo else None
    crash = getattr(report.longrepr, "reprcrash", None)
    if isinstance(error, GradientError) and crash is not None:
        crash.message = str(error).partition("\n")[0]
    return report


class _State:
    """What one session keeps: the checker, and every verdict once it is known."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._checker: Checker | None = None
        self._verdicts: dict[tuple[Path, Path], Verdict] = {}
        self.answering: set[Path] = set()
        """The submissions that have something for some spec of the session."""

    @property
    def checker(self) -> Checker:
        if self._checker is None:
            from gradcheck.checker import Checker

            self._checker = Checker(feedback=self._config.getoption("gradcheck_feedback")).__enter__()
        return self._checker

    def close(self) -> None:
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
        config = self._config
        named = {Path(config.invocation_params.dir, arg.split("::")[0]).resolve() for arg in config.args}
        return spec.resolve() in named

    def verdict(self, submission: Submission, spec: Path) -> Verdict:
        """The verdict, found once."""
        at = (submission.path, spec)
        if at not in self._verdicts:
            self._verdicts[at] = self.checker.check(submission, spec)
        return self._verdicts[at]


class SpecFile(pytest.File):
    """A spec: one collector a submission."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Submissions in the order of their names; a spec or a folder that can't be used is one item."""
        from gradcheck.errors import GradcheckError

        state = self.config.stash[_STATE]
        try:
            key = state.checker.key(self.path)
            submissions = state.submissions(formula=key.spec.contract.formula)
        except GradcheckError as error:
            yield Unusable.from_parent(self, name="spec", error=error)
            return
        contract = key.spec.contract
        for submission in submissions:
            if submission.answers(contract.file, formula=contract.formula) or (
                state.chosen() and state.is_asked(self.path)
            ):
                state.answering.add(submission.path)
                yield SubmissionNode.from_parent(self, name=submission.name, submission=submission)
            elif state.chosen():
                yield Unanswered.from_parent(self, name=submission.name, submission=submission, key=key)


class SubmissionNode(pytest.Collector):
    """A submission to one spec: one item a checked quantity."""

    def __init__(self, *, submission: Submission, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.submission = submission

    def collect(self) -> Iterator[pytest.Item]:
        """The checked quantities in the spec's order."""
        key = self.config.stash[_STATE].checker.key(self.path)
        for name in key.spec.check:
            yield QuantityItem.from_parent(self, name=key.spec.notation.symbol(name), quantity=name)


class WrongError(Exception):
    """A quantity that is not right: carries the verdict to the report."""

    def __init__(self, verdict: Verdict, quantity: Quantity) -> None:
        super().__init__(quantity.symbol)
        self.verdict = verdict
        self.quantity = quantity


class QuantityItem(pytest.Item):
    """One checked quantity of one submission."""

    # Plugins that expect a Python function look at these.
    obj = None
    funcargs: dict[str, Any] = {}  # noqa: RUF012 (never written to)

    def __init__(self, *, quantity: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.quantity = quantity

    def runtest(self) -> None:
        """Right passes; what nobody can tell is skipped with the reason; all else fails."""
        node = self.parent
        assert isinstance(node, SubmissionNode)
        verdict = self.config.stash[_STATE].verdict(node.submission, self.path)
        quantity = next(q for q in verdict.quantities if q.name == self.quantity)
        self.user_properties += [
            ("points", float(quantity.points)),
            ("max_points", float(quantity.max_points)),
        ]
        why = "; ".join(filter(None, (quantity.message, quantity.help)))
        if quantity.status == "cannot tell":
            pytest.skip(f"{self.reportinfo()[2]}: cannot tell, and no point lost: {why}")
        if quantity.status == "internal error":
            pytest.skip(f"{self.reportinfo()[2]}: {_NO_VERDICT}: {verdict.internal}")
        if quantity.status != "right":
            raise WrongError(verdict, quantity)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The per-weight report; its first line for the short summary."""
        error = excinfo.value
        if not isinstance(error, WrongError):
            return _complaint(error, self.path) or super().repr_failure(excinfo)
        from gradcheck.report.extent import SCREEN, WHOLE
        from gradcheck.report.terminal import render_quantity
        from gradcheck.report.words import summary

        whole = self.config.getoption("gradcheck_all")
        extent = WHOLE if whole else replace(SCREEN, option="--all-weights")
        text = render_quantity(error.verdict, error.quantity, extent=extent)
        return _representation(text, self.path, summary(error.quantity))

    def reportinfo(self) -> tuple[Path, int, str]:
        """The spec, and submission and quantity for the headline of a failure."""
        assert self.parent is not None
        return self.path, 0, f"{self.parent.name}: {self.name}"


class Unanswered(pytest.Item):
    """A spec for which a submission that was named has no file: skipped, where it has one for another."""

    obj = None
    funcargs: dict[str, Any] = {}  # noqa: RUF012 (never written to)

    def __init__(self, *, submission: Submission, key: AnswerKey, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.submission = submission
        self.file = key.spec.contract.file

    def runtest(self) -> None:
        """Skip, or fail where nothing at all was answered: a file may have the wrong name."""
        if self.submission.path in self.config.stash[_STATE].answering:
            pytest.skip(f"{self.submission.name} has no {self.file}, and {self.path.name} was not asked for")
        from gradcheck.errors import SubmissionError

        raise SubmissionError(
            f"{self.submission.path}: there is no file for any of these specs; "
            f"{self.path.name} asks for {self.file}"
        )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The complaint."""
        return _complaint(excinfo.value, self.path) or super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The spec and the submission."""
        return self.path, 0, f"{self.path.name}: {self.submission.name}"


class Unusable(pytest.Item):
    """A spec, or a folder of submissions, that can't be used: one failing item, and the others go on."""

    obj = None
    funcargs: dict[str, Any] = {}  # noqa: RUF012 (never written to)

    def __init__(self, *, error: Exception, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error = error

    def runtest(self) -> None:
        """Fail with all complaints."""
        raise self.error

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The complaints; the first for the short summary."""
        return _complaint(excinfo.value, self.path) or super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The spec."""
        return self.path, 0, self.path.name


def _complaint(error: BaseException, path: Path) -> Any:
    """What the harness says on purpose, as it says it; None for any other error."""
    from gradcheck.errors import GradcheckError

    if not isinstance(error, GradcheckError):
        return None
    text = str(error)
    return _representation(text, path, text.partition("\n")[0])


def _representation(text: str, path: Path, line: str) -> Any:
    """A failure that shows `text` whole, and `line` alone in the short summary, under xdist and JUnit too."""
    from _pytest._code.code import ExceptionChainRepr, ReprEntryNative, ReprFileLocation, ReprTraceback

    from gradcheck.text import muted

    entries = [ReprEntryNative([f"{part}\n" for part in muted(text).split("\n")])]
    trace = ReprTraceback(entries, None, style="native")
    return ExceptionChainRepr([(trace, ReprFileLocation(str(path), 1, line), None)])
