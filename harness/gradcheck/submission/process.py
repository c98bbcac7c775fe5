"""One child process, and the runs that it serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from types import TracebackType
from typing import TYPE_CHECKING

from gradcheck.errors import GradcheckError
from gradcheck.submission.records import Budget, Call, Code, Job, Start, Transcript

if TYPE_CHECKING:
    from gradcheck.submission.runner import Runner
    from gradcheck.submission.stage import Stage
    from gradcheck.submission.talk import Talk


class Process:
    """Runs one submission for one spec after the other in the same child, as long as that lives.

    Made by Runner.process. The child is forked for the first run, and anew when it died, ran out of time,
    or when a run comes with another budget or folder.
    """

    def __init__(self, runner: Runner, runs: int) -> None:
        self._runner = runner
        self._runs = runs
        self._talk: Talk | None = None
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
        try:
            return self._run_all([replace(job, code=self._staged(job.code)) for job in alike], budget)
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
            self._talk = self._runner.greet(self, start)
        accounts = self._talk.hold(jobs)
        status = self._end() if accounts[-1].broken or self._talk.left == 0 else None
        return [account.transcript(status) for account in accounts]

    def _goes_on(self, talk: Talk, start: Start) -> bool:
        return self._runner.serves(self) and talk.start == start and talk.waits()

    def _end(self) -> int | None:
        self._talk = None
        return self._runner.end(self)

    def _staged(self, code: Code) -> Code:
        """The code with the folder as the child sees it: a copy where it is held as a stranger's."""
        if self._runner.form == "light" or code.folder is None:
            return code
        from gradcheck.submission.stage import Stage

        if self._stage is None or self._stage.source != code.folder:
            if self._stage is not None:
                self._stage.clear()
            self._stage = Stage(code.folder, self._runner.stages)
        return replace(code, folder=self._stage.folder)
