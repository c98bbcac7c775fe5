"""Running a submission in a process of its own, with limits on its time, memory and prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import GradcheckError
from harness.submission.zygote import Zygote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from harness.submission.records import Budget, Call, Code, Transcript
    from harness.submission.talk import Talk


class Runner:
    """Runs submissions one after the other, each in a fresh process; none can harm the next.

    One process that has loaded NumPy is kept ready and forks each submission's process. Enter the runner,
    or call `start`, before the work that can go on meanwhile: this module alone is quick to import.
    Not safe to share between threads.
    """

    def __init__(self) -> None:
        self._zygote: Zygote | None = None

    def __enter__(self) -> Runner:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Begin to start, and return at once. Raises GradcheckError where NumPy is not installed."""
        self._ready()

    def close(self) -> None:
        """End all processes. The runner can be used again."""
        self._drop()

    def run(self, code: Code, calls: Sequence[Call], budget: Budget | None = None) -> Transcript:
        """Load a submission and call it once for each of `calls`, within `budget` (by default, Budget()).

        Raises GradcheckError when no process can be started; all that the submission itself does wrong
        is a Failure.
        """
        try:
            talk = self._greet(code, budget)
            talk.hold(calls)
            status = self._ready().end_child()
        except BaseException:
            self.close()
            raise
        if status is None:  # the next submission gets a new fork server
            self.close()
        return talk.transcript(status)

    def _greet(self, code: Code, budget: Budget | None) -> Talk:
        # Imported while the fork server starts.
        from harness.submission.records import Budget
        from harness.submission.talk import BROKEN, Talk

        said = ""
        # The process that was kept ready may have been ended from outside: a second one is started then.
        for _ in range(2):
            try:
                talk = Talk(self._ready().connect(), budget or Budget())
                talk.greet(code)
            except BROKEN:
                said = self._drop()
            else:
                return talk
        reason = said.strip().rpartition("\n")[2] or "it gives no reason"
        raise GradcheckError(f"the process for submissions does not start: {reason}")

    def _ready(self) -> Zygote:
        if self._zygote is None:
            self._zygote = Zygote()
        return self._zygote

    def _drop(self) -> str:
        zygote, self._zygote = self._zygote, None
        return zygote.close() if zygote else ""
