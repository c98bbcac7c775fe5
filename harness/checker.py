"""One submission against one spec: where the key, the student's process and the judge meet."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from harness.submission.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.oracle.key import AnswerKey
    from harness.submission.find import Submission
    from harness.verdict.records import Verdict


class Checker:
    """Checks submissions against specs; keeps what is needed again.

    Enter it early: the process for submissions starts while the caller imports and reads.
    """

    def __init__(self) -> None:
        self._runner = Runner()
        self._keys: dict[Path, AnswerKey] = {}

    def __enter__(self) -> Checker:
        self._runner.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.close()

    def key(self, spec: Path) -> AnswerKey:
        """The spec's answer key. Raises SpecError with all complaints where it can't be used."""
        if spec not in self._keys:
            from harness.oracle.kept import answer_key

            self._keys[spec] = answer_key(spec)
        return self._keys[spec]

    def check(self, submission: Submission, spec: Path) -> Verdict:
        """The verdict. Raises SpecError; whatever is wrong with the submission is in the verdict."""
        from harness.errors import SubmissionError
        from harness.submission.find import source
        from harness.submission.records import Budget, Code, Failure
        from harness.verdict.judge import calls, failed, judge

        key = self.key(spec)
        contract = key.spec.contract
        try:
            text, shown, folder = source(submission, contract.file)
        except SubmissionError as error:
            return failed(key, submission.name, Failure("missing", str(error)))
        code = Code(text, shown, folder, contract.run, key.spec.path, contract.run_line)
        budget = Budget(seconds=contract.seconds, memory=contract.memory_mb << 20)
        return judge(key, submission.name, self._runner.run(code, calls(key), budget))


def check_live(function: Callable[..., object], spec: Path) -> Verdict:
    """The verdict on a function of this process, as a notebook has it; nothing limits it."""
    from harness.oracle.kept import answer_key
    from harness.submission.here import run_here
    from harness.submission.records import Live
    from harness.verdict.judge import calls, judge

    key = answer_key(spec)
    live = Live(function, key.spec.contract.run, key.spec.path, key.spec.contract.run_line)
    return judge(key, getattr(function, "__name__", "function"), run_here(live, calls(key)))
