"""Running submissions in processes of their own, with limits on their time, memory and prints."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from gradcheck.errors import GradcheckError, UnprotectedError
from gradcheck.submission.home import Home
from gradcheck.submission.zygote import Zygote

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path
    from types import TracebackType

    from gradcheck.submission.process import Process
    from gradcheck.submission.protection import Form, Layer, Protection
    from gradcheck.submission.records import Budget, Call, Code, Ending, Start, Transcript
    from gradcheck.submission.talk import Talk


class Runner:
    """Runs submissions one after the other, each in a fresh process; none can harm the next.

    One process that has loaded NumPy is kept ready and forks each submission's process. Enter the runner,
    or call `start`, before the work that can go on meanwhile: this module alone is quick to import.

    `protection` is "light" for people's own code, "full" for code that may be hostile. The full form is
    tried out before anything runs; where it does not hold, `run` raises UnprotectedError, unless `unsafe`.
    `without` leaves layers of the full form out. Not safe to share between threads, and to be used from
    the thread that started it.
    """

    def __init__(
        self, protection: Form = "light", *, unsafe: bool = False, without: Collection[Layer] = ()
    ) -> None:
        self._form: Form = protection
        self._unsafe = unsafe
        self._without = frozenset(without)
        self._home: Home | None = None
        self._zygote: Zygote | None = None
        self._user: Process | None = None
        """Whose child there is: the fork server has one at a time."""

    def __enter__(self) -> Runner:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def form(self) -> Form:
        """How student code is held."""
        return self._form

    @property
    def stages(self) -> Path:
        """The folder whose folders submissions may read, in the full form."""
        return self._private_home().stages

    @property
    def protection(self) -> Protection:
        """What holds student code here, after the self-test. Raises GradcheckError where nothing starts."""
        from gradcheck.submission.talk import BROKEN

        reason = ""
        for _ in range(2):
            try:
                return self._ready().protection()
            except BROKEN:
                reason = self._drop()
        raise _no_start(reason)

    def start(self) -> None:
        """Begin to start, and return at once; whoever needs a process gets the error of one that cannot."""
        with contextlib.suppress(GradcheckError):
            self._ready()

    def close(self) -> None:
        """End all processes. The runner can be used again."""
        self._drop()
        if self._home is not None:
            self._home.remove()
            self._home = None

    def run(self, code: Code, calls: Sequence[Call], budget: Budget | None = None) -> Transcript:
        """Load a submission and call it once for each of `calls`, within `budget` (by default, Budget()).

        Raises GradcheckError when no process can be started, SubmissionError where its folder can't be
        handed over; all else that the submission itself does wrong is a Failure.
        """
        with self.process(runs=1) as process:
            return process.run(code, calls, budget)

    def process(self, runs: int = 100) -> Process:
        """A process for up to `runs` runs; after them, and when it dies, the next run gets a fresh one.

        Where two are open at once, each run in turn takes a fresh process.
        """
        from gradcheck.submission.process import Process

        return Process(self, runs)

    def greet(self, user: Process, start: Start, modules: Collection[str], imports: float) -> Talk:
        """A conversation with a fresh process for `user`; whoever had one before has none any more.

        The process finds `modules` loaded, and may spend `imports` seconds on loading others. Raises
        GradcheckError when no process can be started.
        """
        from gradcheck.submission.talk import BROKEN, Talk

        self.end(self._user)
        reason = ""
        # The process that was kept ready may have been ended from outside: a second one is started then.
        for _ in range(2):
            try:
                self._insist(self._ready().protection())
                zygote = self._ready()
                talk = Talk(zygote.connect(modules), zygote.unsent, start, imports)
                self._user = user
                talk.greet()
            except BROKEN:
                reason = self._drop()
            else:
                return talk
        raise _no_start(reason)

    def end(self, user: Process | None) -> Ending | None:
        """End the process of `user`: how it ended; None where there is none."""
        if user is None or user is not self._user or self._zygote is None:
            return None
        self._user = None
        ending = self._zygote.end_child()
        if ending.status is None:  # the next submission gets a new fork server
            self._drop()
        return ending

    def serves(self, user: Process) -> bool:
        """Whether the process that there is belongs to `user`."""
        return self._user is user

    def insist(self) -> Protection:
        """The protection; raises UnprotectedError where it is asked for in vain, and not `unsafe`."""
        protection = self.protection
        self._insist(protection)
        return protection

    def _insist(self, protection: Protection) -> None:
        if self._form == "full" and not (protection.sound or self._unsafe):
            raise UnprotectedError(
                f"hostile code can't be held on this machine\n{protection}\n"
                "Grade on Linux 5.13 or newer, where seccomp and Landlock are there (also in a container), "
                "or with bubblewrap; or pass --unsafe to run submissions with your own rights."
            )

    def _ready(self) -> Zygote:
        if self._zygote is None:
            self._zygote = Zygote(self._private_home(), self._form, self._without)
        return self._zygote

    def _private_home(self) -> Home:
        if self._home is None:
            try:
                self._home = Home()
            except OSError as error:
                reason = error.strerror or str(error)
                raise GradcheckError(f"no temporary folder can be made: {reason}; set TMPDIR") from None
        return self._home

    def _drop(self) -> str:
        self._user = None
        zygote, self._zygote = self._zygote, None
        return zygote.close() if zygote else ""


def _no_start(output: str) -> GradcheckError:
    reason = output.strip().rpartition("\n")[2] or "it gives no reason"
    return GradcheckError(f"the process for submissions does not start: {reason}")
