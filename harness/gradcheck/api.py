"""For Python and notebooks: check a function or a file against a spec, and look at the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from gradcheck.checker import Checker, check_live
from gradcheck.submission.find import find
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
        from gradcheck.report.data import as_data

        return as_data([self.verdict])

    def __str__(self) -> str:
        from gradcheck.report.terminal import render

        return render(self.verdict)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        from gradcheck.report.html import render

        return render(self.verdict)


def check(submission: Callable[..., Any] | str | PathLike[str], spec: str | PathLike[str]) -> Report:
    """Hold a submission against a spec.

    `submission` is a function, which runs here and now, or the path of a file or folder, which runs in
    a process of its own. Raises SpecError with all complaints about the spec, and SubmissionError where
    there is no such file.
    """
    if callable(submission):
        return Report(check_live(submission, Path(spec)))
    with Checker() as checker:
        return Report(checker.check(find(Path("submissions"), str(submission)), Path(spec)))
