"""For Python and notebooks: check code against a spec, or a gradient by differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Unpack

from gradcheck.checker import Checker, judged
from gradcheck.commands.target import find_submission
from gradcheck.derivation.records import Derivation, Standing
from gradcheck.errors import GradientError, UsageError
from gradcheck.function.check import Function, Options, check_function
from gradcheck.oracle.lookup import answer_key
from gradcheck.paper.check import check as check_text
from gradcheck.paper.check import check_beside
from gradcheck.report import derivation, derivation_data, derivation_html, html, terminal
from gradcheck.report.data import as_data
from gradcheck.report.words import worst_summary
from gradcheck.submission.here import run_here
from gradcheck.submission.records import Call, Live, Transcript
from gradcheck.verdict.judge import calls
from gradcheck.verdict.records import Status, Verdict


@dataclass(frozen=True)
class Report:
    """A verdict that shows itself: as text when printed, as HTML in a notebook."""

    verdict: Verdict

    @property
    def ok(self) -> bool:
        """Whether everything checked is right."""
        return self.verdict.status is Status.RIGHT

    @property
    def points(self) -> float:
        """Points earned."""
        return self.verdict.points

    @property
    def max_points(self) -> float:
        """Points to earn."""
        return self.verdict.max_points

    def data(self) -> dict[str, Any]:
        """The report as JSON-able data; docs/json.md documents the format."""
        return as_data([self.verdict])

    def __str__(self) -> str:
        return terminal.render(self.verdict)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return html.render(self.verdict)


@dataclass(frozen=True)
class Formulas:
    """What is said of formulas: as text when printed, as HTML in a notebook."""

    derivation: Derivation

    @property
    def ok(self) -> bool:
        """Whether every claim is right, or answered."""
        return self.derivation.standing in (Standing.RIGHT, Standing.ANSWERED)

    def data(self) -> dict[str, Any]:
        """The report as JSON-able data; docs/json.md documents the format."""
        return derivation_data.as_data(self.derivation)

    def __str__(self) -> str:
        return derivation.render(self.derivation)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return derivation_html.render(self.derivation)


def formula(
    text: str,
    spec: str | PathLike[str] | None = None,
    *,
    of: str = "",
    wrt: str = "",
    shapes: str = "",
    where: str = "",
) -> Formulas:
    """Try every step of a text: of what it defines itself, or of a spec's network.

    `of`, `wrt`, `shapes` and `where` are the options of `gradcheck formula`, for texts without a spec. Raises
    UsageError where one of them makes no sense, and SpecError with all complaints about the spec.
    """
    if spec is None:
        return Formulas(check_text(text, "your formula", of=of, wrt=wrt, shapes=shapes, where=where))
    if of or wrt or shapes or where:
        raise UsageError("of, wrt, shapes and where go without a spec")
    return Formulas(check_beside(text, "your formula", Path(spec)))


def check(submission: Callable[..., Any] | str | PathLike[str], spec: str | PathLike[str]) -> Report:
    """Hold a submission against a spec.

    `submission` is a function, which runs here and now, or the path of a file or folder, which runs in
    a process of its own. Raises SpecError with all complaints about the spec, and SubmissionError where
    there is no such file.
    """
    if callable(submission):
        return Report(check_live(submission, Path(spec)))
    with Checker() as checker:
        return Report(checker.check(find_submission(str(submission)), Path(spec)))


def check_live(function: Callable[..., object], spec: Path) -> Verdict:
    """The verdict on a function of this process, as a notebook has it; nothing limits it."""
    key = answer_key(spec)
    live = Live(function, key.spec.contract.run, key.spec.path, key.spec.contract.run_line)

    def ask(questions: Sequence[Call]) -> Transcript:
        return run_here(live, questions)

    return judged(key, getattr(function, "__name__", "function"), ask(calls(key)), ask)


def gradcheck(
    f: Function,
    df: Function | None,
    *x: Any,
    seed: int = 0,
    **options: Unpack[Options],
) -> None:
    """Raise GradientError, an AssertionError whose text is the report, unless the gradient is right.

    Arguments as for `check_function`: seed, names, wrt, jacobian, rtol, atol, seconds.
    """
    __tracebackhide__ = True
    verdict = check_function(f, df, x, seed=seed, **options)
    if verdict.status is not Status.RIGHT:
        raise GradientError(f"{worst_summary(verdict)}\n\n{terminal.render(verdict)}")
