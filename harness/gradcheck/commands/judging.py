"""What comes of one submission against specs: as its author's own code, or as a stranger's."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from gradcheck.boundary import ENDING, InternalError, attempt
from gradcheck.commands import output, threads
from gradcheck.commands.target import find_submission, submission_at
from gradcheck.errors import GradcheckError

if TYPE_CHECKING:
    from gradcheck.checker import Checker
    from gradcheck.specification.records import Feedback, Visibility
    from gradcheck.submission.find import Submission
    from gradcheck.submission.wanted import Wanted
    from gradcheck.verdict.records import Verdict

_MOST_FILES = 100
"""Files of a submission that an annotation may be about."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What came of a submission, or of a function."""

    verdicts: Sequence[Verdict] = ()
    complaints: Sequence[GradcheckError] = ()
    """Why specs have no verdict."""
    files: Mapping[str, Callable[[], Path]] = field(default_factory=dict)
    """Of each spec what finds the file that was judged: few formats ask."""
    visibility: Mapping[str, Visibility] = field(default_factory=dict)
    """Of each spec, as it says itself."""
    hidden_visibility: Visibility = "visible"
    """Of hidden specs that say nothing."""
    checker: Checker | None = None
    """Who can keep what is worth keeping for the next submission."""

    def files_of(self, spec: str) -> list[str]:
        """The submission's files as annotations name them, the judged one first."""
        if spec not in self.files:
            return []
        main = self.files[spec]()
        beside = sorted(main.parent.glob("*.py"))[:_MOST_FILES] if main.is_file() else []
        return [_shown(path) for path in (main, *(path for path in beside if path != main))]

    def visibility_of(self, verdict: Verdict) -> Visibility:
        """When students may see what is said of a verdict."""
        stated = self.visibility.get(verdict.spec, "visible")
        return self.hidden_visibility if verdict.hidden and stated == "visible" else stated

    def as_packed(self, folder: Path) -> Judged:
        """The same of a submission that was unpacked into a folder, which is gone again."""
        from gradcheck.grading.student_paths import with_student_paths

        verdicts = [with_student_paths(one, folder, Path(one.spec)) for one in self.verdicts]
        return replace(self, verdicts=verdicts, files={})

    def keep(self) -> list[InternalError]:
        """Keep what mistakes predict, for the next submission; what went wrong."""
        return self.checker.keep_predictions(self.verdicts) if self.checker else []


def own(target: str, specs: Sequence[Path], feedback: Feedback | None) -> Judged:
    """A verdict a spec on code that its author runs; a spec that can't be used costs only itself.

    Without `specs` they are those of the project that the submission answers.
    """
    chosen = None if specs else submission_at(target, ())
    threads.one_each()
    from gradcheck.submission.runner import Runner

    verdicts, complaints, files = [], [], {}
    with Runner() as runner:
        # While the process for submissions loads NumPy, so does this one.
        from gradcheck.checker import Checker

        ahead = Thread(target=load_ahead)
        ahead.start()
        chosen = chosen or submission_at(target, specs)
        checker = Checker(runner, feedback=feedback, specs=chosen.specs)
        for spec in chosen.asked(checker.wanted):
            try:
                verdicts.append(checker.check(chosen.submission, spec))
                files[str(spec)] = partial(_file, chosen.submission, checker.wanted(spec))
            except GradcheckError as error:
                complaints.append(error)
        ahead.join()
    visibility = {verdict.spec: checker.key(Path(verdict.spec)).spec.visibility for verdict in verdicts}
    return Judged(
        verdicts=verdicts, complaints=complaints, files=files, visibility=visibility, checker=checker
    )


def load_ahead() -> None:
    """Load what a report and a diagnosis need, while the process for submissions is at work."""
    for module in ("gradcheck.report.terminal", "gradcheck.diagnosis.verdict"):
        import_module(module)


def strangers(
    target: str,
    specs: Sequence[Path],
    hidden: Sequence[Path],
    feedback: Feedback | None,
    *,
    name: str | None,
    unsafe: bool,
) -> Judged:
    """A verdict a spec on code that may be hostile, as a class's is graded: see gradcheck.grading.grader.

    Of hidden specs, those of `hidden` or that say so themselves, the verdicts withhold what could tell their
    numbers. Raises UnprotectedError where the code can't be held, and not `unsafe`.
    """
    threads.one_each()
    import secrets

    from gradcheck.checker import Checker
    from gradcheck.grading.groups import groups
    from gradcheck.submission.find import printable
    from gradcheck.submission.runner import Runner
    from gradcheck.verdict.hidden import withheld

    submission = find_submission(target)
    if name:
        submission = replace(submission, name=printable(name))
    runner = Runner("full", unsafe=unsafe)
    secret, every = secrets.randbits(53), (*specs, *hidden)
    with Checker(runner, secret=secret, feedback=feedback, specs=every) as checker:
        usable, complaints = _usable(checker, every)
        if warning := checker.insist().warning:
            output.show(warning, sys.stderr)
        secret_specs = {spec for spec in usable if spec in hidden or checker.key(spec).spec.hidden}
        verdicts: dict[Path, Verdict] = {}
        for group in groups(usable, secret_specs):
            for spec, verdict in zip(group, _verdicts(checker, submission, group), strict=True):
                verdicts[spec] = withheld(verdict) if spec in secret_specs else verdict
        files = {str(spec): partial(_file, submission, checker.wanted(spec)) for spec in usable}
        visibility = {str(spec): checker.key(spec).spec.visibility for spec in usable}
    return Judged(
        verdicts=[verdicts[spec] for spec in usable],
        complaints=complaints,
        files=files,
        visibility=visibility,
    )


def _usable(checker: Checker, specs: Sequence[Path]) -> tuple[list[Path], list[GradcheckError]]:
    """The specs that can be used, and what is wrong with the others."""
    usable, complaints = [], []
    for spec in dict.fromkeys(specs):
        try:
            checker.key(spec)
            usable.append(spec)
        except GradcheckError as error:
            complaints.append(error)
    return usable, complaints


def _verdicts(checker: Checker, submission: Submission, specs: Sequence[Path]) -> list[Verdict]:
    """A verdict a spec; where something is raised that no stage has caught, the others are unknown."""
    from gradcheck.grading.task import fingerprint
    from gradcheck.verdict.internal import unjudged

    content = attempt("fingerprint", partial(fingerprint, submission))
    if isinstance(content, InternalError):
        submission, content = replace(submission, error=content), ""
    verdicts: list[Verdict] = []
    error = attempt("grade", lambda: verdicts.extend(checker.check_all(submission, specs, content)), ENDING)
    if isinstance(error, InternalError):
        left = specs[len(verdicts) :]
        verdicts += [unjudged(checker.key(spec), submission.name, error) for spec in left]
    return verdicts


def _file(submission: Submission, wanted: Wanted) -> Path:
    """What the spec judges: the file of a folder, if there is one that can be meant, or the submission."""
    if not submission.path.is_dir():
        return submission.path
    paper = submission.paper(wanted) or submission.path / wanted.file
    return (submission.codes(wanted) or (paper,))[0]


def _shown(path: Path) -> str:
    """The path from the root of GitHub's checkout, or else from the current folder, where it lies there."""
    absolute = path.absolute()
    here = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else path).as_posix()
