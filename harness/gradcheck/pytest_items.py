"""What pytest collects of specs: a file a spec, a node a submission, an item a checked quantity.

Loaded where a project has specs: see pytest_plugin.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradcheck.pytest_plugin import NO_VERDICT, STATE

if TYPE_CHECKING:
    from gradcheck.oracle.key import AnswerKey
    from gradcheck.submission.find import Submission
    from gradcheck.verdict.records import Quantity, Verdict


class SpecFile(pytest.File):
    """A spec: one collector a submission."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Submissions in the order of their names; a spec or a folder that can't be used is one item."""
        from gradcheck.errors import GradcheckError

        state = self.config.stash[STATE]
        try:
            key = state.checker.key(self.path)
            submissions = state.submissions(formula=key.spec.contract.formula)
        except GradcheckError as error:
            yield Unusable.from_parent(self, name="spec", error=error)
            return
        wanted = state.checker.wanted(self.path)
        for submission in submissions:
            if submission.answers(wanted) or (state.chosen() and state.is_asked(self.path)):
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
        key = self.config.stash[STATE].checker.key(self.path)
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
        verdict = self.config.stash[STATE].verdict(node.submission, self.path).shown
        quantity = next(q for q in verdict.quantities if q.name == self.quantity)
        self.user_properties += [
            ("points", float(quantity.points)),
            ("max_points", float(quantity.max_points)),
        ]
        why = "; ".join(filter(None, (quantity.message, quantity.help)))
        if quantity.status == "cannot tell":
            pytest.skip(f"{self.reportinfo()[2]}: cannot tell, and no point lost: {why}")
        if quantity.status == "internal error":
            pytest.skip(f"{self.reportinfo()[2]}: {NO_VERDICT}: {verdict.internal}")
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
        if self.submission.path in self.config.stash[STATE].answering:
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
