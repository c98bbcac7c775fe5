"""What a command is to check: a function, or a submission against specs, which a project may name."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.commands.specs import specs_at
from gradcheck.errors import SpecError, SubmissionError, UsageError

if TYPE_CHECKING:
    from gradcheck.project.settings import Settings
    from gradcheck.submission.find import Submission
    from gradcheck.submission.wanted import Wanted

SUBMISSIONS = Path("submissions")
"""Where submissions are, unless a project says otherwise."""


@dataclass(frozen=True)
class Target:
    """A submission, and the specs that may ask for it."""

    submission: Submission
    specs: tuple[Path, ...]
    named: bool
    """Whether the specs were named, so that each is asked for; else those of the project that it answers."""

    def asked(self, wanted: Callable[[Path], Wanted]) -> list[Path]:
        """The specs to check against. Raises SubmissionError where the submission answers none of them.

        A file that is called as a spec asks is for that spec; any other file answers all. A spec that can't
        be used is among them: whoever checks it says why.
        """
        if self.named:
            return list(self.specs)
        asked: dict[Path, Wanted] = {}
        for spec in self.specs:
            with contextlib.suppress(SpecError):
                asked[spec] = wanted(spec)
        answered = [spec for spec, one in asked.items() if self.submission.answers(one)]
        path = self.submission.path
        if path.is_file():
            alike = [spec for spec in answered if Path(asked[spec].file).stem == path.stem]
            answered = alike or answered
        if asked and not answered:
            files = ", ".join(dict.fromkeys(one.file for one in asked.values()))
            raise SubmissionError(f"{path}: has no file for any spec of this project: they ask for {files}")
        return [spec for spec in self.specs if spec in answered or spec not in asked]


def function_of(target: str) -> tuple[Path, str] | None:
    """The file and the function of FILE.py:FUNCTION; None for anything else."""
    file, colon, function = target.rpartition(":")
    return (Path(file), function) if colon and file.endswith((".py", ".ipynb")) else None


def submission_at(target: str, specs: Sequence[Path]) -> Target:
    """The submission and its specs, by default those of the project around the current folder.

    Raises SubmissionError where there is no such submission, UsageError where no specs are named.
    """
    from gradcheck.submission.find import find

    if specs:
        return Target(find_submission(target), tuple(specs_at(specs)), named=True)
    from gradcheck.project.settings import missing, settings

    project = settings(Path.cwd())
    if project is None or not project.specs:
        find(SUBMISSIONS, target)  # one that isn't there comes first
        raise UsageError(
            f"{target}: give a spec with --spec SPEC, or a function as FILE.py:FUNCTION; "
            f"or state once where the specs are: {missing(Path.cwd())}"
        )
    folder = _shown(project.submissions)
    return Target(find(folder, target), tuple(_specs_of(project)), named=False)


def find_submission(target: str) -> Submission:
    """The submission of the usual folder or, failing that, of the one that the project names."""
    from gradcheck.submission.find import find

    try:
        return find(SUBMISSIONS, target)
    except SubmissionError:
        from gradcheck.project.settings import settings

        with contextlib.suppress(UsageError):  # a fault of the configuration is no answer here
            project = settings(Path.cwd())
            if project and project.submissions.is_dir() and project.submissions != SUBMISSIONS.absolute():
                return find(_shown(project.submissions), target)
        raise


def _specs_of(project: Settings) -> list[Path]:
    for folder in project.specs:
        if not folder.is_dir():
            where = f"{project.place}: there is no folder {_shown(folder)}"
            raise UsageError(f"{where}; create it, or name another one")
    return specs_at([_shown(folder) for folder in project.specs])


def _shown(path: Path) -> Path:
    """The path as seen from the current folder."""
    try:
        return Path(os.path.relpath(path))
    except ValueError:  # on another drive
        return path
