"""One child process, and the runs that it serves."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from types import TracebackType
from typing import TYPE_CHECKING

from gradcheck.errors import GradcheckError
from gradcheck.submission.familiar import familiar
from gradcheck.submission.records import IMPORTS, Budget, Call, Code, Ending, Job, Start, Transcript

if TYPE_CHECKING:
    from gradcheck.submission.runner import Runner
    from gradcheck.submission.stage import Stage
    from gradcheck.submission.talk import Talk


_LEAST = 1e-3
"""Seconds that are left in any case, so that it is the conversation that says that they are too few."""


class Process:
    """Runs one submission for one spec after the other in the same child, as long as that lives.

    Made by Runner.process. The child is forked for the first run, and anew when it died, ran out of time,
    or when a run comes with another budget or folder.
    """

    def __init__(self, runner: Runner, runs: int) -> None:
        self._runner = runner
        self._runs = runs
        self._talk: Talk | None = None
        self._imports = IMPORTS
        """Seconds that all its children together may still spend on importing installed packages."""
        self._repeats = False
        """Whether a job was repeated, since its child was killed from outside."""
        self._stage: Stage | None = None

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, and remove the copy of the submission's folder."""
        self._end()
        if self._stage is not None:
            self._stage.clear()
            self._stage = None

    def run(self, code: Code, calls: Sequence[Call], budget: Budget | None = None) -> Transcript:
        """Load a submission and call it once for each of `calls`, within `budget` (by default, Budget()).

        Raises what `run_all` does.
        """
        (transcript,) = self.run_all([Job(code, tuple(calls), budget or Budget())])
        return transcript

    def run_all(self, jobs: Sequence[Job]) -> list[Transcript]:
        """Do one job of a submission after the other; each has its own budget's time.

        Returns the transcripts of the first of them, of at least one: up to the first that ended the child,
        and to the first with another budget. The others are for the next call.
        Raises GradcheckError when no process can be started, UnprotectedError where the runner's protection
        is asked for in vain, SubmissionError where the folder can't be handed over.
        """
        budget = jobs[0].budget
        alike = list(takewhile(lambda job: job.budget == budget, jobs))
        begun = time.monotonic()
        try:
            staged = [replace(job, code=self._staged(job.code, begun + job.seconds)) for job in alike]
            copying = time.monotonic() - begun
            staged[0] = replace(staged[0], left=max(staged[0].seconds - copying, _LEAST))
            first, *others = self._run_all(staged, budget)
            return [replace(first, spent=first.spent + copying), *others]
        except GradcheckError:
            raise
        except BaseException:
            self._talk = self._stage = None
            self._runner.close()
            raise

    def _run_all(self, jobs: Sequence[Job], budget: Budget) -> list[Transcript]:
        start = Start(budget, self._runs, jobs[0].code.folder)
        if self._talk is None or not self._goes_on(self._talk, start):
            self._talk = None
            self._talk = self._runner.greet(self, start, self._modules(jobs), self._imports)
        talk = self._talk
        accounts = talk.hold(jobs)
        self._imports = talk.imports
        ending = self._end() if accounts[-1].broken or talk.left == 0 else None
        transcripts = [account.transcript(ending or Ending(None)) for account in accounts]
        if self._repeats or not transcripts[-1].is_passing:
            return transcripts
        self._repeats = True
        return transcripts[:-1] or self._run_all(jobs, budget)

    def _modules(self, jobs: Sequence[Job]) -> list[str]:
        return sorted({module for job in jobs for module in familiar(job.code.source)})

    def _goes_on(self, talk: Talk, start: Start) -> bool:
        return self._runner.serves(self) and talk.start == start and talk.waits()

    def _end(self) -> Ending | None:
        self._talk = None
        return self._runner.end(self)

    def _staged(self, code: Code, deadline: float) -> Code:
        """The code with the folder as the child sees it: a copy where it is held as a stranger's."""
        if self._runner.form == "light" or code.folder is None:
            return code
        from gradcheck.submission.stage import Stage

        if self._stage is None or self._stage.source != code.folder:
            if self._stage is not None:
                self._stage.clear()
                self._stage = None
            self._stage = Stage(code.folder, self._runner.stages, deadline)
        return replace(code, folder=self._stage.folder)
